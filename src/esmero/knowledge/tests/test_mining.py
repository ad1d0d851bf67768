"""Alike questions come together, and the team makes articles of them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from esmero.conversations import queries as conversation_queries
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.models import EventRow
from esmero.knowledge import actions, ports, queries
from esmero.knowledge.actions import questions as noting
from esmero.knowledge.adapters.lexical import SCALE, Lexical, space_of
from esmero.knowledge.enums import CandidateState, Unhelpful
from esmero.knowledge.models import Candidate, Question, ReadCount, Text, Vote
from esmero.knowledge.rules import links
from esmero.knowledge.tests.asking import answer, group, mail, publish, react, search
from esmero.people import queries as people
from tests.cast import NOON, open_house

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SIZES = ["¿Puedo cambiar la talla?", "kiero camviar la talla", "cambio de talla por otra mayor"]


@pytest.fixture(autouse=True)
def house():
    noting.forget()
    ports.use_likeness(Lexical())
    yield open_house()
    noting.forget()


def ask(texts, prefix="v", **more):
    ids = [search(text, asker=f"{prefix}{n}", **more) for n, text in enumerate(texts)]
    group()
    return ids


def groups(**filters):
    found = Candidate.objects.filter(**filters).order_by("-count", "id")
    return list(found.values_list("text", "count"))


def candidate_of(pk):
    return Question.objects.get(pk=pk).candidate_id


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("¿Puedo cambiar la talla?", "kiero camviar la talla"),
        ("¿Dónde está mi pedido?", "donde esta mi pedido"),
        ("¿Cuánto cuesta el envío a Canarias?", "cuanto cuestan los envios a canarias"),
        ("¿Hacéis envoltorio para regalo?", "envoltorio de regalo"),
    ],
)
def test_the_same_in_other_words_is_alike(a, b):
    space = space_of([a, "¿Se puede pagar con tarjeta?", "¿Abrís los sábados?"], language="es")
    ((place, likeness), *_) = space.nearest(b, limit=3)
    assert place == 0
    assert likeness >= SCALE.joins_from


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("¿Dónde está mi pedido?", "quiero cancelar mi pedido"),
        ("¿Cuánto cuesta el envío?", "¿Cuánto cuesta la taza azul?"),
        ("¿Puedo pagar con tarjeta?", "¿Vendéis tarjetas de regalo?"),
        ("¿Puedo cambiar la talla?", "¿Abrís los sábados?"),
    ],
)
def test_another_thing_is_not(a, b):
    found = dict(space_of([a, "me llegó roto", "abrís hoy"], language="es").nearest(b, limit=3))
    assert found.get(0, 0) < SCALE.joins_from


def test_a_batch_is_grouped_and_the_next_one_joins_it():
    first = ask([*SIZES[:2], "¿Abrís los sábados?"])
    assert [candidate_of(pk) is not None for pk in first] == [True] * 3
    assert candidate_of(first[0]) == candidate_of(first[1]) != candidate_of(first[2])
    (third,) = ask(SIZES[2:], prefix="w")
    assert candidate_of(third) == candidate_of(first[0])
    assert groups() == [("¿Puedo cambiar la talla?", 3), ("¿Abrís los sábados?", 1)]
    assert actions.group_questions(at=NOON) == 0


def test_people_are_counted_not_questions():
    ask(["cambiar la talla"])
    ask(["cambiar la talla"], at=NOON + HOUR)
    assert groups() == [("cambiar la talla", 1)]
    assert Question.objects.count() == 2


def test_languages_do_not_mix():
    ask(["no funciona"])
    search("no funciona", asker="e", language="en")
    group()
    assert sorted(Candidate.objects.values_list("language", flat=True)) == ["en", "es"]


def test_long_mails_are_compared_by_what_they_ask(house):
    ask(["¿Cuánto tarda el envío a Canarias?"])
    conversation = mail(
        "Hola, compré un jarrón azul para mi madre, que cumple años este mes y le encanta la "
        "cerámica de toda la vida. ¿Cuánto tarda el envío a Canarias? No quisiera llegar tarde.",
    )
    group()
    assert groups() == [("¿Cuánto tarda el envío a Canarias?", 2)]
    assert Candidate.objects.get().conversation_ids == [conversation]


def test_a_dismissed_one_takes_its_askers_and_stays_away(house):
    (pk, *_rest) = ask(SIZES)
    actions.dismiss_candidate(candidate_id=candidate_of(pk), at=NOON, by=house.ana)
    ask(["cambiar la talla"], prefix="w")
    assert (groups(state="dismissed"), groups(state="open")) == (
        [("¿Puedo cambiar la talla?", 4)],
        [],
    )
    actions.reopen_candidate(candidate_id=candidate_of(pk), at=NOON, by=house.ana)
    assert groups(state="open") == [("¿Puedo cambiar la talla?", 4)]


def test_merged_and_split_by_hand(house):
    one, two, three = ask(["cambiar la talla", "me queda pequeño", "no me entra"])
    actions.merge_candidates(
        into=candidate_of(one), others=[candidate_of(two), candidate_of(three)],
        at=NOON, by=house.ana,
    )  # fmt: skip
    (found,) = Candidate.objects.all()
    assert found.count == 3
    own = actions.split_candidate(
        candidate_id=found.pk, question_ids=[three], at=NOON, by=house.ana
    )
    assert {candidate_of(one), candidate_of(two)} == {found.pk}
    assert candidate_of(three) == own
    assert dict(Candidate.objects.values_list("pk", "count")) == {found.pk: 2, own: 1}


def test_what_cannot_be_merged_or_split_is_refused(house):
    one, two = ask(["cambiar la talla", "¿Abrís los sábados?"])
    search("opening hours", asker="e", language="en")
    group()
    english = Candidate.objects.get(language="en").pk
    by = {"at": NOON, "by": house.ana}
    with pytest.raises(InvalidInput):
        actions.merge_candidates(into=candidate_of(one), others=[english], **by)
    with pytest.raises(NotFound):
        actions.merge_candidates(into=candidate_of(one), others=[999_999], **by)
    with pytest.raises(InvalidInput):
        actions.split_candidate(candidate_id=candidate_of(one), question_ids=[one], **by)
    with pytest.raises(InvalidInput):
        actions.split_candidate(candidate_id=candidate_of(one), question_ids=[two], **by)
    assert Candidate.objects.count() == 3


def test_ranked_by_people_and_by_how_long_answers_take(house):
    ask(["cambiar la talla", "cambiar talla", "cambio talla"])
    ask(["¿Abrís los sábados?", "abrís sábados", "abris el sabado"], prefix="s")
    for who in ("marta", "julian"):
        conversation = mail("¿Abrís los sábados?", who=who)
        answer(conversation, house.ana, "Sí, de 10 a 14.", at=NOON + 2 * HOUR, who=who)
    group()
    ask(["¿Hay tarjeta de regalo?"], prefix="x")
    found = list(queries.questions.candidates())
    # 9 to 14 that day: of the two hours all are business time.
    assert [(c.count, c.answer_minutes) for c in found] == [(5, 120), (3, None)]
    assert queries.questions.count_by_state() == {"open": 2}
    assert found[0].rank > found[1].rank


def test_the_best_replies_are_those_that_needed_no_further_word(house):
    short = mail("¿Puedo cambiar la talla?", who="marta")
    answer(short, house.ana, "Depende.", who="marta")
    mail("¿De qué depende?", who="marta", candidates=[short], at=NOON + HOUR)
    good = mail("¿Se puede cambiar la talla?", who="julian")
    best = answer(good, house.ana, "Sí, gratis durante 30 días.", who="julian", at=NOON + HOUR)
    group()
    (found,) = Candidate.objects.all()
    replies = queries.questions.replies_to(found, people.member(house.carla))
    assert (replies[0].message_id, replies[0].was_kept) == (best, True)
    assert [(r.text, r.agent_name, r.was_enough) for r in replies] == [
        ("Sí, gratis durante 30 días.", "Ana", True),
        ("Depende.", "Ana", False),
    ]


def test_replies_of_other_departments_are_not_shown(house):
    conversation = mail("¿Puedo cambiar la talla?", department_id=house.care)
    answer(conversation, house.ana, "Sí, 30 días.")
    group()
    (found,) = Candidate.objects.all()
    assert queries.questions.replies_to(found, people.member(house.bruno)) == []
    assert len(queries.questions.replies_to(found, people.member(house.ana))) == 1


def test_a_draft_takes_the_question_its_wordings_and_the_reply_without_names(house):
    conversation = mail("Hola, soy Marta. ¿Puedo cambiar la talla?")
    reply = answer(
        conversation, house.ana, "Hola Marta:\n\nSí, durante 30 días.\n\nUn saludo,\nAna"
    )
    ask(SIZES[1:])
    pk = Candidate.objects.get().pk
    article = actions.draft_candidate(candidate_id=pk, reply_id=reply, at=NOON, by=house.ana)
    text = Text.objects.select_related("article").get(article_id=article)
    assert (text.title, text.body) == ("¿Puedo cambiar la talla?", "<p>Sí, durante 30 días.</p>")
    assert sorted(text.wordings.splitlines()) == sorted(SIZES[1:])
    assert (text.state, text.article.origin_ref) == ("draft", f"candidate:{pk}")
    row = EventRow.objects.get(kind="knowledge.candidate_drafted")
    assert row.data == {"candidate_id": pk, "article_id": article}
    # Once more leads to the same draft.
    assert actions.draft_candidate(candidate_id=pk, at=NOON, by=house.ana) == article
    # Published, it covers the candidate; withdrawn, it does not.
    actions.publish_text(article_id=article, language="es", at=NOON, by=house.ana)
    react()
    assert Candidate.objects.get().state == CandidateState.COVERED
    actions.withdraw_text(article_id=article, language="es", at=NOON, by=house.ana)
    react()
    assert Candidate.objects.get().state == CandidateState.OPEN


def test_a_reply_to_somebody_else_makes_no_draft(house):
    other = answer(mail("¿Abrís los sábados?", who="julian"), house.ana, "Sí.", who="julian")
    (pk, *_rest) = ask(SIZES)
    with pytest.raises(NotFound):
        actions.draft_candidate(
            candidate_id=candidate_of(pk), reply_id=other, at=NOON, by=house.ana
        )
    assert Text.objects.count() == 0


def test_what_is_published_covers_what_it_fits_and_nothing_else(house):
    ask(["¿Puedo cambiar la talla?", "¿Abrís los sábados?"])
    article = publish("¿Puedo cambiar la talla?", "Sí, el primer cambio es gratis.")
    loop = actions.Coverage()
    while loop.step(NOON):
        pass
    found = dict(Candidate.objects.values_list("text", "state"))
    assert found == {"¿Puedo cambiar la talla?": "covered", "¿Abrís los sábados?": "open"}
    assert Candidate.objects.get(state="covered").article_id == article
    (pk,) = ask(["como cambio la talla"], prefix="w")
    assert Question.objects.get(pk=pk).candidate.state == "covered"


def test_an_article_of_a_reply(house):
    conversation = mail(
        "Hola, me llamo Marta Ruiz (pedido 12345). ¿Cómo lavo la fuente? Gracias", subject="Fuente"
    )
    reply = answer(conversation, house.ana, "Hola Marta: a mano, con agua tibia. Un saludo, Ana")
    article = actions.article_from_message(message_id=reply, at=NOON, by=house.ana)
    text = Text.objects.select_related("article").get()
    assert text.title == "¿Cómo lavo la fuente?"
    assert text.body == "<p>a mano, con agua tibia.</p>"
    assert text.article.origin_ref == f"message:{reply}"
    for said in (text.title, text.body, text.wordings):
        assert "Marta" not in said
        assert "12345" not in said
    assert actions.article_from_message(message_id=reply, at=NOON, by=house.ana) == article
    asked = conversation_queries.last_inbound(conversation)
    with pytest.raises(NotFound):
        actions.article_from_message(message_id=asked.pk, at=NOON, by=house.ana)


def test_a_reply_with_an_article_in_it_is_counted(house):
    article = publish("¿Cómo lavo la fuente?", "A mano.")
    publish("¿Abrís los sábados?", "Sí.")
    conversation = mail("¿Cómo lavo la fuente?")
    url = "https://barro.example/ayuda/como-lavo-la-fuente/"
    answer(conversation, house.ana, f"Mira aquí: {url}. Y otra vez: {url}")
    answer(conversation, house.ana, "Sin enlace: como-lavo-la-fuente", at=NOON + HOUR)
    assert queries.questions.answers_of([article]) == {article: 1}
    row = EventRow.objects.get(kind="knowledge.answered_from")
    assert row.data == {"article_id": article, "conversation_id": conversation}
    assert row.actor == f"agent:{house.ana}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/ayuda/como-pago/", ["como-pago"]),
        ("(http://a.example/en/help/pagos/how-to-pay?x=1)", ["pagos", "how-to-pay"]),
        ("mira /ayuda/como-pago.", ["como-pago"]),
        ("https://a.example/tienda/como-pago/", []),
        ("mira/ayuda/como-pago", []),
    ],
)
def test_links_to_help_pages(text, found):
    assert links.slugs_in(text) == found


# -- coverage ---------------------------------------------------------------------------------------


def covered(since=NOON - timedelta(days=1), days=2):
    return queries.questions.coverage(
        since=since, until=since + timedelta(days=days), zone=ZoneInfo("Europe/Madrid")
    )


def test_coverage_counts_what_an_article_answers(house):
    article = publish("¿Cómo devuelvo un pedido?")
    search("como devuelvo un pedido", asker="a")  # fits
    nothing = search("hay aparcamiento", asker="b")
    opened = search("plazos de garantia", asker="c")
    actions.note_opened(question_id=opened, article_id=article, at=NOON)
    search("hay wifi", asker="d")
    wrote = mail("¿Tenéis wifi en la tienda?")
    actions.note_contact(asker="d", conversation_id=wrote, at=NOON)
    group()
    found = covered()
    # The search of the one who then wrote does not count beside what she wrote.
    assert (found.total.asked, found.total.answered, found.share) == (4, 2, 0.5)
    assert (found.total.searches, found.total.nothing_found) == (3, 2)
    assert (found.opened, found.wrote) == (1, 1)
    assert [(p.since, p.asked) for p in found.parts] == [
        (date(2026, 11, 18), 0), (date(2026, 11, 19), 4), (date(2026, 11, 20), 0),
    ]  # fmt: skip
    # An article that fits it later answers it too.
    draft = actions.draft_candidate(candidate_id=candidate_of(nothing), at=NOON, by=house.ana)
    actions.save_text(
        article_id=draft, language="es", version=0, title="¿Hay aparcamiento?", summary="",
        body="<p>Sí, en la plaza.</p>", at=NOON, by=house.ana,
    )  # fmt: skip
    actions.publish_text(article_id=draft, language="es", at=NOON, by=house.ana)
    react()
    assert covered().share == 0.75


def test_a_long_period_is_told_by_weeks_and_nothing_is_no_share():
    found = covered(since=NOON - timedelta(days=60), days=61)
    assert len(found.parts) == 10
    assert all(part.since.weekday() == 0 for part in found.parts)
    assert (found.share, found.before.share) == (None, None)


def test_what_was_searched_in_vain_is_listed_by_people():
    for asker in "abc":
        search("aparcamiento", asker=asker)
    search("Wifi", asker="a", at=NOON + HOUR)
    publish("¿Cómo devuelvo un pedido?")
    search("devolver un pedido", asker="d")
    found = queries.questions.searches_without_result(since=NOON, until=NOON + 2 * HOUR)
    assert [(one.text, one.people) for one in found] == [("aparcamiento", 3), ("Wifi", 1)]


def test_articles_that_are_read_and_do_not_settle_it(house):
    good, bad = publish("Envíos", "Tres días."), publish("Pagos", "Con tarjeta.")
    day = NOON.date()
    for article, reads, contacts in ((good, 50, 0), (bad, 20, 7)):
        ReadCount.objects.create(
            article_id=article, language="es", day=day, reads=reads, contacts=contacts
        )
    for n, reason in enumerate((Unhelpful.UNCLEAR, Unhelpful.UNCLEAR, Unhelpful.WRONG)):
        Vote.objects.create(
            article_id=bad, language="es", version=1, voter=str(n), is_helpful=False,
            reason=reason, comment="No se entiende" if n == 0 else "", at=NOON,
        )  # fmt: skip
    found = queries.questions.weak_articles(since=day, until=day + timedelta(days=1))
    assert [(w.title, w.reads, w.contacts, w.unhelpful) for w in found] == [("Pagos", 20, 7, 3)]
    assert (found[0].reasons, found[0].comments) == (
        {"unclear": 2, "wrong": 1}, ["No se entiende"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "is_time"),
    [
        ([], False),
        ([0], False),  # at this moment
        ([9], False),
        ([10], True),
        ([30, 5], False),  # still coming in
        ([600, 5], True),  # but the first has waited long enough
    ],
)
def test_mail_comes_first_and_nobody_waits_for_ever(asked, is_time):
    for n, seconds in enumerate(asked):
        search(f"¿Hacéis {n} envíos a Canarias?", f"v{n}", at=NOON - timedelta(seconds=seconds))
    assert actions.is_time_to_group(at=NOON) is is_time
    group()
    assert actions.is_time_to_group(at=NOON + HOUR) is False
