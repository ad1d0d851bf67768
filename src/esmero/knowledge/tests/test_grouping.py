"""Groups that are alike on the whole become one, and what somebody has decided stays."""

from datetime import timedelta

import pytest

from esmero.config import worker
from esmero.knowledge import actions, ports
from esmero.knowledge.actions import grouping
from esmero.knowledge.actions import questions as noting
from esmero.knowledge.adapters.lexical import Lexical
from esmero.knowledge.adapters.mixed import Mixed
from esmero.knowledge.adapters.tests.test_mixed import Beside
from esmero.knowledge.enums import CandidateState
from esmero.knowledge.models import Candidate, Question, Vector
from esmero.knowledge.rules import asking
from esmero.knowledge.tests.asking import group, publish, search
from tests.cast import NOON, open_house

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SCALE = ports.Scale(joins_from=0.6, merges_from=0.4)
STRINGS = ["afinar la zanfona", "zanfona por afinar", "afino mi zanfona"]
TUNING = ["ajustar cuerdas flojas", "cuerdas flojas sin ajustar", "ajusto las cuerdas flojas"]
OTHER = ["abrís los sábados", "abrís el sábado"]


class Told:
    """What tells likeness in these tests: a text's first word is its group, and some groups are
    like each other.
    """

    def __init__(self, **alike):
        self.alike = {frozenset(pair.split("_")): value for pair, value in alike.items()}
        self.texts, self.learnt = [], []
        self.left = 0
        self.meanwhile = lambda: None

    def learn(self, texts, *, language):
        self.learnt.append(list(texts))
        self.left -= 1
        return self.left >= 0

    def compare(self, texts, *, language):
        self.texts = list(texts)
        return self

    def _value(self, one, other):
        one, other = (self.texts[place].split()[0] for place in (one, other))
        return 0.9 if one == other else self.alike.get(frozenset((one, other)), 0.0)

    def nearest(self, places, *, limit):
        found = []
        for place in places:
            near = [(other, self._value(place, other)) for other in range(len(self.texts))]
            found.append(sorted(near, key=lambda one: -one[1])[:limit])
        return found, SCALE

    def between(self, pairs):
        self.meanwhile()
        return [self._value(one, other) for one, other in pairs], SCALE


@pytest.fixture(autouse=True)
def house():
    noting.forget()
    yield open_house()
    ports.use_likeness(Lexical())
    noting.forget()


@pytest.fixture
def told():
    made = Told(azul_rojo=0.55)
    ports.use_likeness(made)
    return made


def ask(*texts, at=NOON, likeness=None, **more):
    """Ask and group; return the questions' ids."""
    ids = [search(text, asker=f"{text} {at}", at=at, **more) for text in texts]
    if likeness is not None:
        ports.use_likeness(likeness)
    group(at)
    return ids


def asked(word, count=3):
    return [f"{word} {letter * 4}" for letter in "abcdefgh"[:count]]


def shelf():
    """Return the first word of each candidate with how many people asked, the oldest first."""
    rows = Candidate.objects.order_by("id").values_list("text", "count")
    return [(text.split()[0], count) for text, count in rows]


def apart():
    """Two candidates that are not yet known to be alike, and a third; return the first two."""
    ports.use_likeness(Told())
    ask(*asked("azul"))
    ask(*asked("gris", 2))
    ask(*asked("rojo"), at=NOON + HOUR)
    assert shelf() == [("azul", 3), ("gris", 2), ("rojo", 3)]
    return (
        Candidate.objects.get(text__startswith="azul"),
        Candidate.objects.get(text__startswith="rojo"),
    )


def test_groups_alike_on_the_whole_become_the_older_one(told):
    azul, rojo = apart()
    (new,) = ask("rojo zzzz", at=NOON + 2 * HOUR, likeness=told)
    found = Candidate.objects.get(pk=azul.pk)
    assert (found.count, found.first_at, found.last_at) == (7, NOON, NOON + 2 * HOUR)
    assert not Candidate.objects.filter(pk=rojo.pk).exists()
    assert Question.objects.get(pk=new).candidate_id == azul.pk
    assert Question.objects.filter(candidate=azul).count() == 7
    assert [word for word, _ in shelf()][1:] == ["gris"]


def test_nothing_new_there_is_nothing_done(told):
    apart()
    ask("gris zzzz", likeness=told)
    assert shelf() == [("azul", 3), ("gris", 3), ("rojo", 3)]


def test_few_questions_must_be_more_alike_than_many(told):
    told.alike[frozenset(("azul", "rojo"))] = 0.5
    ports.use_likeness(told)
    ask("azul aaaa", "rojo aaaa")
    assert shelf() == [("azul", 1), ("rojo", 1)]
    ask("azul bbbb", "rojo bbbb")
    assert Candidate.objects.get().count == 4


def test_two_groups_of_one_batch_become_one(told):
    ask(*asked("azul"), *asked("gris"), *asked("rojo"))
    assert [count for _, count in shelf()] == [6, 3]
    assert {q.is_grouped for q in Question.objects.all()} == {True}


def test_languages_do_not_mix(told):
    apart()
    ask(*asked("rojo"), language="en", likeness=told)
    assert Candidate.objects.filter(language="es").count() == 3
    assert Candidate.objects.get(language="en").count == 3


# -- what somebody has decided ---------------------------------------------------------------------


@pytest.mark.parametrize("state", ["dismissed", "drafted", "covered"])
@pytest.mark.parametrize("which", [0, 1])
def test_what_was_decided_is_left_alone(told, state, which):
    decided = apart()[which]
    Candidate.objects.filter(pk=decided.pk).update(state=state)
    for word in ("azul", "rojo"):
        ask(f"{word} zzzz", likeness=told)
    assert [count for _, count in shelf()] == [4, 2, 4]
    assert Candidate.objects.get(pk=decided.pk).state == state


def test_what_was_split_by_hand_stays_apart(told, house):
    azul, rojo = apart()
    by = {"at": NOON, "by": house.ana}
    actions.merge_candidates(into=azul.pk, others=[rojo.pk], **by)
    mine = Question.objects.filter(text__startswith="rojo").values_list("pk", flat=True)
    own = actions.split_candidate(candidate_id=azul.pk, question_ids=list(mine), **by)
    assert set(Candidate.objects.filter(is_kept_apart=True).values_list("pk", flat=True)) == {
        azul.pk, own,
    }  # fmt: skip
    told.alike[frozenset(("gris", "rojo"))] = 0.55
    for word in ("azul", "rojo", "gris"):
        ask(f"{word} zzzz", likeness=told)
    assert [count for _, count in shelf()] == [4, 3, 4]
    # Whoever joins by hand takes the mark along.
    gris = Candidate.objects.get(is_kept_apart=False)
    actions.merge_candidates(into=gris.pk, others=[own], **by)
    told.alike[frozenset(("gris", "verde"))] = 0.55
    ask("rojo yyyy", "verde aaaa", likeness=told)
    assert [count for _, count in shelf()] == [4, 8, 1]


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_decided_at_that_moment_stands(told, which):
    decided = apart()[which]
    told.meanwhile = lambda: Candidate.objects.filter(pk=decided.pk).update(state="dismissed")
    ask("rojo zzzz", likeness=told)
    assert shelf() == [("azul", 3), ("gris", 2), ("rojo", 4)]


def test_one_that_is_gone_at_that_moment_begins_again(told):
    _, rojo = apart()

    def gone():
        Question.objects.filter(candidate=rojo).update(candidate=None)
        Candidate.objects.filter(pk=rojo.pk).delete()

    told.meanwhile, told.alike = gone, {}
    (new,) = ask("rojo zzzz", likeness=told)
    assert shelf() == [("azul", 3), ("gris", 2), ("rojo", 1)]
    assert Question.objects.get(pk=new).candidate.state == CandidateState.OPEN


def test_nothing_goes_into_one_that_is_gone_at_that_moment(told):
    azul, rojo = apart()
    told.alike |= {frozenset(pair): 0.55 for pair in (("azul", "gris"), ("gris", "rojo"))}

    def decided():
        Question.objects.filter(candidate=azul).update(candidate=None)
        Candidate.objects.filter(pk=azul.pk).delete()
        Candidate.objects.filter(pk=rojo.pk).update(state="dismissed")

    told.meanwhile = decided
    ask("rojo zzzz", likeness=told)
    assert shelf() == [("gris", 2), ("rojo", 4)]


# -- what an article answers -----------------------------------------------------------------------


def fitting(text, article, **more):
    """Ask something that the search found an article for; return the question's id."""
    pk = search(text, asker=text, **more)
    Question.objects.filter(pk=pk).update(fits=True, best_article_id=article)
    return pk


def candidate_of(pk):
    return Question.objects.get(pk=pk).candidate


def test_questions_that_an_article_answers_are_together(told):
    first, second = publish("¿Puedo cambiar la talla?"), publish("¿Abrís los sábados?")
    one, other, apart_ = (
        fitting("azul aaaa", first), fitting("gris bbbb", first), fitting("rosa cccc", second),
    )  # fmt: skip
    group()
    assert candidate_of(one) == candidate_of(other) != candidate_of(apart_)
    assert candidate_of(one).state == CandidateState.COVERED
    later = fitting("malva dddd", first)
    group(NOON + 200 * 24 * HOUR)  # nobody has asked for it in a long time
    assert candidate_of(later) == candidate_of(one)
    assert candidate_of(later).count == 3


def test_an_article_answers_in_one_language(told):
    article = publish("¿Puedo cambiar la talla?")
    one, other = fitting("azul aaaa", article), fitting("gris bbbb", article, language="en")
    group()
    assert candidate_of(one) != candidate_of(other)


def test_what_is_alike_comes_before_what_an_article_answers(told):
    article = publish("¿Puedo cambiar la talla?")
    fitting("azul aaaa", article)
    (open_one,) = ask("gris bbbb")
    new = fitting("gris cccc", article)
    group()
    assert candidate_of(new) == candidate_of(open_one)
    assert candidate_of(new).state == CandidateState.OPEN


def test_an_article_that_is_gone_holds_nothing_together(told):
    one, other = fitting("azul aaaa", None), fitting("gris bbbb", None)
    group()
    assert candidate_of(one) != candidate_of(other)


# -- with the search process -----------------------------------------------------------------------


def test_questions_of_one_meaning_in_other_words_come_together():
    ask(*STRINGS, *TUNING, *OTHER, likeness=Mixed(Beside()))
    assert sorted(Candidate.objects.values_list("count", flat=True)) == [2, 6]
    wanted = {asking.essence(text) for text in (*STRINGS, *TUNING, *OTHER)}
    assert Vector.objects.exclude(asked_on=None).count() > len(wanted)


def test_what_was_grouped_by_words_profits_from_an_encoder_that_comes_later():
    process = Beside()
    process.is_there = False
    ask(*STRINGS, *TUNING, *OTHER, likeness=Mixed(process))
    assert sorted(Candidate.objects.values_list("count", flat=True)) == [2, 3, 3]
    process.is_there = True
    ask("cuerdas por afinar", likeness=Mixed(process))
    assert sorted(Candidate.objects.values_list("count", flat=True)) == [2, 7]


# -- portions and bounds ---------------------------------------------------------------------------


def test_questions_wait_until_all_is_learnt(told):
    ask(*asked("azul", 2))
    told.left = 2
    search("gris aaaa", asker="g", at=NOON - HOUR)
    steps = []
    while Question.objects.filter(is_grouped=False).exists():
        steps.append(worker._questions(NOON))
    assert steps == [True, True, True]
    assert sorted(told.learnt[0]) == ["azul aaaa", "azul bbbb", "gris aaaa"]
    assert len(told.learnt) == 3


def test_a_question_is_compared_with_so_many_texts_and_no_more(told, monkeypatch):
    ask(*asked("azul", 6))
    ask(*asked("gris", 6), at=NOON + HOUR)
    monkeypatch.setattr(grouping, "SHOWN_OF_GROUP", 3)
    for word in ("azul", "gris"):
        Candidate.objects.filter(text__startswith=word).update(text=f"{word} aaaa")
    ask("rosa aaaa")
    shown = told.texts[:-1]
    # The typical one, and the latest three beside it; of each group once.
    assert len(shown) == len(set(shown)) == 8
    assert {"azul aaaa", "azul ffff", "gris aaaa", "gris dddd"} <= set(shown)
    monkeypatch.setattr(grouping, "TEXTS_MOST", 5)
    ask("malva aaaa")
    # The latest of each come first.
    assert {"azul ffff", "gris ffff"} < set(told.texts)
    assert len(told.texts) == 5 + 1
    monkeypatch.setattr(grouping, "COMPARED_MOST", 1)
    ask("lila aaaa")
    assert {text.split()[0] for text in told.texts[:-1]} == {"gris"}
