"""The index: what is found, by whom, and what happens meanwhile."""

import threading
import zlib

import numpy as np
import pytest

from esmero.knowledge.search import (
    Document,
    EncoderUnavailable,
    Index,
    Passage,
    Role,
    Vocabulary,
)
from esmero.knowledge.search.text import is_small, words


class Bags:
    """An encoder for tests: each word has its own direction."""

    version = "bags-1"
    dimensions = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts):
        self.encoded += texts
        rows = np.full((len(texts), self.dimensions), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                if is_small(word, "es"):
                    continue
                row += np.random.default_rng(zlib.crc32(word.encode())).normal(
                    size=self.dimensions
                )
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def is_word(self, word):
        return False


class Broken(Bags):
    def encode(self, texts):
        raise EncoderUnavailable("no such processor")


def article(number, title, text="", audience="public", language="es"):
    passages = [Passage(f"{number}/q", Role.QUESTION, title)]
    if text:
        passages.append(Passage(f"{number}/a", Role.ANSWER, text))
    return Document(str(number), language, audience, tuple(passages))


ARTICLES = [
    article(1, "¿Cuánto cuesta el envío?", "El envío estándar cuesta 3,95 € en la península."),
    article(2, "¿Cómo hago una devolución?", "Tienes 30 días para devolver el producto."),
    article(3, "¿Cómo cambio un artículo por otra talla?", "Pide el cambio desde tu cuenta."),
    article(4, "El producto ha llegado roto", "Envíanos una foto y te mandamos otro."),
    article(5, "¿Qué formas de pago aceptan?", "Tarjeta, transferencia y contra reembolso."),
    article(6, "¿Dónde está mi factura?", "En tu cuenta, junto a cada pedido."),
]


@pytest.fixture(params=["by meaning", "by words"])
def index(request):
    made = Index(Bags() if request.param == "by meaning" else None)
    made.put(ARTICLES)
    return made


def ids(index, query, audiences=("public",), language="es"):
    return [
        hit.document_id for hit in index.search(query, language=language, audiences=audiences).hits
    ]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("cuanto sale el despacho", "1"),
        ("kiero camviar la talla", "3"),
        ("me yego roto!!!", "4"),
        ("la quiero devolver, me devuelven la plata?", "2"),
        ("puedo pagar con visa o transferencia", "5"),
        ("boleta", "6"),
        ("DONDE ESTA MI FACTURA", "6"),
    ],
)
def test_search_everyday_words_finds_the_article(index, query, wanted):
    assert ids(index, query)[0] == wanted


def test_search_private_article_leaves_no_trace_for_others():
    open_index, both = Index(Bags()), Index(Bags())
    open_index.put(ARTICLES)
    both.put([*ARTICLES, article(7, "Zanfonas en secreto", "Descuento zanfona", "team")])
    for query in ("zanfonas en secreto", "zanfona", "descuento", "envío", "zanfoña"):
        seen = both.search(query, language="es", audiences=["public"])
        assert seen == open_index.search(query, language="es", audiences=["public"])
    assert ids(both, "zanfonas en secreto", ["public", "team"])[0] == "7"


def test_search_other_language_is_not_found(index):
    index.put([article(8, "How much is the delivery?", language="en")])
    assert ids(index, "How much is the delivery?", language="en") == ["8"]
    assert "8" not in ids(index, "delivery")


def test_put_again_replaces(index):
    index.put([article(1, "¿Venden zanfonas?", "Sí, en madera.")])
    assert ids(index, "zanfonas")[0] == "1"
    assert ids(index, "cuánto cuesta el envío")[0] != "1"
    assert len(index) == 6


def test_remove_is_not_found(index):
    index.remove(["4", "unknown"])
    assert "4" not in ids(index, "ha llegado roto")
    assert index.ids() == {"1", "2", "3", "5", "6"}


def test_put_one_by_one_equals_at_once():
    slowly, once = Index(Bags()), Index(Bags())
    for one in ARTICLES * 3:
        slowly.put([one])
    once.put(ARTICLES)
    slowly.tidy()
    for query in ("talla", "cuanto cuesta", "devolver el dinero"):
        assert ids(slowly, query) == ids(once, query)


def test_search_number_of_a_page_opens_the_page(index):
    pages = tuple(
        Passage(f"page {n}", Role.PAGE, f"Cambie la pieza MX-{n}-7 con cuidado.")
        for n in range(30)
    )
    index.put([Document("manual", "es", "public", pages)])
    hit = index.search("mx-17-7", language="es", audiences=["public"]).hits[0]
    assert (hit.document_id, hit.passage_id) == ("manual", "page 17")


def test_search_exact_title_is_sure(index):
    found = index.search("¿qué formas de pago aceptan", language="es", audiences=["public"])
    assert found.fits
    assert found.hits[0].document_id == "5"


@pytest.mark.parametrize("query", ["", "   ", "%%%%", "¿?", "\x00", "_", "-"])
def test_search_without_words_finds_nothing_sure(index, query):
    assert not index.search(query, language="es", audiences=["public"]).fits


@pytest.mark.parametrize(
    "query", ["a1ñ" * 4000, "por q " * 3000, ". " * 5000, "hola " * 2500, "((" * 5000]
)
def test_search_ten_thousand_characters_is_survived(index, query):
    assert index.search(query, language="es", audiences=["public"]).confidence < 0.99


def test_search_nobody_finds_nothing(index):
    assert ids(index, "envío", []) == []
    assert ids(index, "envío", ["nobody"]) == []


def test_put_broken_encoder_is_found_by_words():
    index = Index(Broken())
    index.put(ARTICLES)
    found = index.search("kiero camviar la talla", language="es", audiences=["public"])
    assert found.hits[0].document_id == "3"
    assert not found.is_by_meaning
    assert index.encoder_problem == "no such processor"
    assert index.encoder_version == ""


def test_put_stored_vectors_are_not_encoded_again():
    first = Index(Bags())
    one = ARTICLES[0]
    stored = first.vectors_for(one)
    again = Bags()
    second = Index(again)
    passages = tuple(Passage(p.id, p.role, p.text, stored[p.id]) for p in one.passages)
    second.put([Document(one.id, "es", "public", passages, encoder="bags-1")])
    assert again.encoded == []
    second.put([Document(one.id, "es", "public", passages, encoder="older")])
    assert len(again.encoded) == 2


def test_synonyms_of_the_shop_are_understood():
    index = Index(None, Vocabulary(synonyms=(("zanfona", "organistrum", "hurdy-gurdy"),)))
    index.put([*ARTICLES, article(9, "¿Cómo afino una zanfona?")])
    assert ids(index, "organistrum")[0] == "9"


def test_search_while_writing_always_answers(index):
    problems = []
    is_over = threading.Event()

    def ask():
        while not is_over.is_set():
            try:
                assert "2" in ids(index, "devolución")
            except (AssertionError, IndexError, ValueError) as problem:
                problems.append(problem)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(40):
        index.put([article(100 + number, f"Pregunta número {number} del envío")])
        index.remove([str(100 + number - 5)])
    index.tidy()
    is_over.set()
    for thread in threads:
        thread.join()
    assert problems == []


def test_encode_texts_that_are_no_documents():
    encoder = Bags()
    texts = [f"pregunta {number}" for number in range(130)]
    found = Index(encoder).encode(texts)
    assert np.allclose(found, encoder.encode(texts))
    assert Index(encoder).encode([]).shape == (0, 64)
    for without in (Index(None), Index(Broken())):
        assert without.encode(texts) is None
