"""What the database finds by letters alone, and for whom."""

import pytest

from esmero.knowledge import actions, ports, queries
from esmero.knowledge.enums import Audience, Kind
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


def put(title, body, audience=Audience.PUBLIC, wordings=""):
    pk = actions.create_article(
        kind=Kind.FAQ, language="es", title=title, body=f"<p>{body}</p>", wordings=wordings,
        audience=audience, at=NOW, by=None,
    )  # fmt: skip
    actions.publish_text(article_id=pk, language="es", at=NOW, by=None)
    return pk


@pytest.fixture
def shelf():
    return {
        "back": put("¿Cómo devuelvo un pedido?", "Tienes 30 días desde que lo recibes."),
        "size": put("¿Puedo cambiar la talla?", "Sí, el primer cambio es gratis."),
        "pay": put(
            "Formas de pago", "Tarjeta, Bizum y transferencia.", wordings="pagar con paypal"
        ),
        "secret": put("Devoluciones fuera de plazo", "Hasta 45 días.", Audience.TEAM),
    }


def found(query, reader=Audience.PUBLIC):
    return [hit.article_id for hit in queries.search(query, language="es", reader=reader).hits]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("como debuelvo mi pedio", "back"),
        ("kiero camviar la talla", "size"),
        ("paypal", "pay"),
        ("cuantos dias tengo para devolverlo", "back"),
    ],
)
def test_misspelt_words_find_their_article(shelf, query, wanted):
    assert found(query)[0] == shelf[wanted]


def test_what_is_for_the_team_is_found_by_the_team_alone(shelf):
    query = "devoluciones fuera de plazo"
    assert found(query, Audience.TEAM)[0] == shelf["secret"]
    assert shelf["secret"] not in found(query, Audience.CUSTOMERS)


@pytest.mark.parametrize("query", ["", "   ", "%%%%", "\x00", "xzqv 9931", "a" * 10_000, "& | !"])
def test_nonsense_fits_nothing(shelf, query):
    assert queries.search(query, language="es", reader=Audience.PUBLIC).fits is False


def test_another_language_has_its_own(shelf):
    assert queries.search("pedido", language="en", reader=Audience.PUBLIC).hits == []


class Behind:
    """A search process whose index has nothing yet, or passages that are gone."""

    def __init__(self, *hits):
        self.hits = hits

    def search(self, query, *, language, audiences, limit=10):
        return ports.Found(self.hits, confidence=0.9, fits=True, is_by_meaning=True)


@pytest.mark.parametrize("hits", [(), (ports.Hit("1.es", "999999", 3.0),)])
def test_what_the_index_does_not_have_yet_is_found_by_letters(shelf, monkeypatch, hits):
    monkeypatch.setattr(ports, "_searcher", Behind(*hits))
    assert found("como debuelvo mi pedio")[0] == shelf["back"]
