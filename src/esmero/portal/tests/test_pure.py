"""The parts that ask nothing of the database: marks, prefixes, kept pages, tables."""

from __future__ import annotations

import pytest

from esmero.portal import kept, prefix
from esmero.portal.help import marking
from esmero.portal.help.dressing import dressed
from esmero.portal.legal.rendering import html_of


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("La devolución es gratis", "devolver", "La <mark>devolución</mark> es gratis"),
        ("El pedido y los pedidos", "PEDIDO", "El <mark>pedido</mark> y los <mark>pedidos</mark>"),
        ("<b>roto</b>", "roto", "&lt;b&gt;<mark>roto</mark>&lt;/b&gt;"),
        ("de la que", "de la que", "de la que"),
        ("nada", "", "nada"),
    ],
)
def test_the_words_asked_for_are_marked(text, query, marked):
    assert str(marking.marked(text, query)) == marked


def test_an_excerpt_is_around_the_first_word_found():
    text = "uno dos tres " * 60 + "la garantía dura tres años " + "cuatro cinco " * 60
    found = marking.excerpt(text, "garantía")
    assert "garantía" in found
    assert len(found) < 240
    assert found.startswith("… ")
    assert found.endswith(" …")


@pytest.mark.parametrize(
    ("path", "language", "bare"),
    [
        ("/", "", "/"),
        ("/en/", "en", "/"),
        ("/es/ayuda/a/", "es", "/ayuda/a/"),
        ("/en", "", "/en"),
        ("/fr/ayuda/", "", "/fr/ayuda/"),
        ("/enlaces/", "", "/enlaces/"),
    ],
)
def test_the_language_of_an_address(path, language, bare):
    assert (prefix.language_in(path), prefix.bare(path)) == (language, bare)
    if language:
        assert prefix.under(language, bare) == path


def test_kept_pages_stay_within_their_bounds():
    shelf = kept.Shelf(pages=3, size=100)
    for number in range(5):
        shelf.put(number, kept.Page(b"x" * 10, "text/html", f"{number}"))
    assert [shelf.get(number) is not None for number in range(5)] == [
        False, False, True, True, True,
    ]  # fmt: skip
    shelf.put("large", kept.Page(b"x" * 85, "text/html", "l"))
    assert shelf.get("large") is not None
    assert len(shelf) == 2


def test_tables_scroll_by_themselves_and_headings_have_names():
    found = dressed(
        "<h2>Uno</h2><h2>Dos</h2><h2>Tres &amp; más</h2><table><tr><td>a</td></tr></table>"
    )
    assert found.headings == [("s1", "Uno"), ("s2", "Dos"), ("s3", "Tres & más")]
    assert '<div class="scroll" tabindex="0" role="region"' in found.body
    assert dressed("<h2>Uno</h2>").headings == []


def test_a_legal_text_is_words_with_three_marks():
    assert str(html_of("## A <b>\n\n- uno\n- dos\n\nx\ny")) == (
        "<h2>A &lt;b&gt;</h2><ul><li>uno</li><li>dos</li></ul><p>x<br>y</p>"
    )
