"""What was asked is written down once, without who, and with what became of it."""

from datetime import timedelta

import pytest

from esmero.conversations import actions as conversations
from esmero.knowledge import actions
from esmero.knowledge.actions import questions as noting
from esmero.knowledge.enums import Outcome, Source
from esmero.knowledge.models import Question, ReadCount
from esmero.knowledge.tests.asking import group, mail, publish, react, search
from tests.cast import NOON, open_house

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def house():
    noting.forget()
    yield open_house()
    noting.forget()


def asked():
    return list(Question.objects.order_by("id").values_list("text", flat=True))


def test_a_search_is_kept_without_who_searched():
    pk = search("¿Dónde está mi pedido 12345? soy marta@correo.example", asker="visita-1")
    row = Question.objects.get(pk=pk)
    assert (row.text, row.language, row.source) == ("¿Dónde está mi pedido?", "es", "search")
    assert (row.outcome, row.fits, row.is_grouped) == (Outcome.OPEN, False, False)
    assert "visita" not in row.asker
    assert len(row.asker) == 26


def test_what_fits_is_noted_with_its_article():
    publish("¿Cómo pago?", "Con tarjeta.")
    back = publish("¿Cómo devuelvo un pedido?")
    row = Question.objects.get(pk=search("como devuelvo un pedido"))
    assert (row.fits, row.best_article_id) == (True, back)
    assert row.confidence > 0.3


@pytest.mark.parametrize(
    ("first", "second", "minutes", "rows"),
    [
        ("devolver pedido", "Devolver  pedido!", 5, ["Devolver pedido!"]),
        ("talla", "talla pequeña", 1, ["talla pequeña"]),
        ("talla pequeña", "talla", 1, ["talla pequeña"]),
        ("devolver pedido", "devolver pedido", 11, ["devolver pedido", "devolver pedido"]),
        ("devolver pedido", "pagar con tarjeta", 1, ["devolver pedido", "pagar con tarjeta"]),
    ],
)
def test_asked_again_within_minutes_counts_once(first, second, minutes, rows):
    one = search(first)
    two = search(second, at=NOON + minutes * MINUTE)
    assert (one == two) is (len(rows) == 1)
    assert asked() == rows


def test_another_asker_counts_by_himself():
    assert search("devolver pedido", asker="a") != search("devolver pedido", asker="b")


def test_one_asker_does_not_fill_the_table():
    words = [
        "taza",
        "plato",
        "fuente",
        "jarra",
        "cuenco",
        "vaso",
        "bandeja",
        "florero",
        "maceta",
        "azulejo",
    ]
    ids = [
        search(f"{word} {other}", at=NOON + number * MINUTE / 60)
        for number, (word, other) in enumerate((w, o) for w in words for o in words if w != o)
    ]
    assert sum(pk is not None for pk in ids) == noting.OF_ASKER_MOST == Question.objects.count()
    assert search("taza azul", asker="otra") is not None
    assert search("taza azul", at=NOON + timedelta(days=1)) is not None


def test_a_day_of_all_has_an_end(monkeypatch):
    monkeypatch.setattr(noting, "OF_DAY_MOST", 3)
    ids = [search(f"taza {'ab'[n % 2]}zul", asker=f"bot{n}") for n in range(5)]
    assert [pk is not None for pk in ids] == [True, True, True, False, False]


@pytest.mark.parametrize("text", ["", "???", "12345", "qwrtp sdfgh", "1 UNION SELECT a FROM b"])
def test_nonsense_is_not_kept(text):
    assert search(text) is None
    assert asked() == []


def test_what_became_of_it():
    article = publish("¿Cómo devuelvo un pedido?")
    opened, wrote, gone = (
        search(text, asker=text) for text in ("devolver pedido", "devolver taza", "pagar plazos")
    )
    assert actions.note_opened(question_id=opened, article_id=article, at=NOON + MINUTE)
    assert actions.note_opened(question_id=wrote, article_id=article, at=NOON + MINUTE)
    assert (
        actions.note_contact(asker="devolver taza", conversation_id=None, at=NOON + 9 * MINUTE)
        == 1
    )
    assert actions.settle_outcomes(at=NOON + 29 * MINUTE) == 0
    assert actions.settle_outcomes(at=NOON + 31 * MINUTE) == 1
    found = {q.pk: (q.outcome, q.opened_article_id) for q in Question.objects.all()}
    assert found == {
        opened: ("article", article), wrote: ("contact", article), gone: ("nothing", None),
    }  # fmt: skip
    # The articles at hand are the portal's to count: it knows those that were not searched for.
    assert ReadCount.objects.count() == 0


def test_the_last_question_of_a_visit_is_what_an_article_is_opened_from():
    article = publish("¿Cómo devuelvo un pedido?")
    first = search("pagar plazos", asker="a")
    last = search("devolver pedido", asker="a", at=NOON + MINUTE)
    search("devolver taza", asker="b", at=NOON + MINUTE)
    assert actions.note_opened(article_id=article, asker="a", at=NOON + 2 * MINUTE)
    assert not actions.note_opened(article_id=article, asker="c", at=NOON + 2 * MINUTE)
    assert not actions.note_opened(article_id=article, at=NOON + 2 * MINUTE)
    opened = Question.objects.filter(outcome="article").values_list("pk", flat=True)
    assert list(opened) == [last] != [first]


def test_what_is_late_or_of_another_asker_changes_nothing():
    article = publish("¿Cómo devuelvo un pedido?")
    pk = search("devolver pedido", asker="a")
    late = NOON + 31 * MINUTE
    assert not actions.note_opened(question_id=pk, article_id=article, at=late)
    assert not actions.note_opened(question_id=pk, article_id=article, at=NOON, asker="b")
    assert not actions.note_opened(question_id=pk + 99, article_id=article, at=NOON)
    assert actions.note_contact(asker="a", conversation_id=None, at=late) == 0
    assert actions.note_contact(asker="b", conversation_id=None, at=NOON) == 0
    assert actions.note_contact(asker="", conversation_id=None, at=NOON) == 0
    assert Question.objects.get(pk=pk).outcome == Outcome.OPEN


def test_a_first_message_becomes_a_question_without_names(house):
    mail("Hola Ana:\n¿Llega a Canarias el pedido 12345?\nUn saludo,\nMarta Ruiz", at=NOON)
    group()
    row = Question.objects.get()
    assert (row.text, row.source, row.language) == (
        "¿Llega a Canarias el pedido?",
        "message",
        "es",
    )
    assert (row.outcome, row.at) == (Outcome.CONTACT, NOON)


@pytest.mark.parametrize(
    "more",
    [
        {"is_suspect": True},
        {"is_history": True},
        {"is_automatic": True},
        {"text": "12345"},
    ],
)
def test_what_asks_nothing_is_no_question(more):
    mail(**{"text": "¿Llega a Canarias?", **more})
    group()
    assert asked() == []


def test_a_further_message_is_no_question():
    first = mail("¿Llega a Canarias?")
    mail("¿Y a Baleares?", candidates=[first])
    group()
    assert asked() == ["¿Llega a Canarias?"]


def test_spam_that_was_none_asks_and_what_is_marked_asks_no_more(house):
    suspect = mail("¿Llega a Canarias?", is_suspect=True)
    fine = mail("¿Hacéis envoltorio?", who="julian")
    conversations.clear_suspicion(conversation_id=suspect, at=NOON, by=house.ana)
    conversations.mark_as_spam(conversation_id=fine, at=NOON, by=house.ana)
    react()
    group()
    assert asked() == ["¿Llega a Canarias?"]


def test_the_reaction_reads_nothing_of_the_mail(django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.note_messages([(7, NOON)])
    with django_assert_num_queries(1):
        actions.note_messages([(7, NOON)])
    assert Question.objects.count() == 1


def test_who_searches_and_then_writes_is_one_person():
    search("canarias", asker="visita")
    conversation = mail("¿Llega a Canarias?")
    actions.note_contact(asker="visita", conversation_id=conversation, at=NOON + MINUTE)
    group()
    searched, wrote = Question.objects.order_by("id")
    assert (searched.source, wrote.source) == (Source.SEARCH, Source.MESSAGE)
    assert searched.asker == wrote.asker != ""
