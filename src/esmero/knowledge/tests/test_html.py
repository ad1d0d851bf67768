"""Pure rules of texts: what is cleaned, said without marks, compared, written in Markdown."""

import time

import pytest

from esmero.knowledge.rules import html
from esmero.knowledge.rules.comparing import compare
from esmero.knowledge.rules.markdown import to_html
from esmero.knowledge.rules.marked import to_markdown


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("<div>a <b>b</b> <i>c</i></div>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h1>t</h1><h6>u</h6>", "<h2>t</h2><h4>u</h4>"),
        ("<p>&nbsp;</p><p><b> </b></p><p>a</p>", "<p>a</p>"),
        ("<p style='x' class='y' onclick='z'>a<o:p></o:p></p>", "<p>a</p>"),
        ("<aside data-kind='boom'>a</aside>", '<aside data-kind="note">a</aside>'),
        ("<a href='javascript:x'>a</a>", '<a rel="noopener noreferrer">a</a>'),
        ("<img src='https://x.example/a.png' alt='b'>", '<img alt="b">'),
        ("a<script>b</script><style>c</style>", "a"),
    ],
)
def test_cleaning(given, wanted):
    assert html.clean(given) == wanted


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 80_000, "<p><b>" * 60_000, "<a " * 130_000, "<!--" * 100_000, "&" * 400_000,
        "<" * 400_000, "<table><tr><td>" * 20_000, "<a href='" * 40_000, "<svg><p>" * 50_000,
        "<![" * 130_000, "<o:p " * 80_000,
    ],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_hostile_html_takes_no_time(hostile):
    began = time.monotonic()
    html.clean(hostile)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "hostile",
    [
        "**a" * 60_000, "[" * 200_000, "[a](" * 50_000, "`" * 100_000, "> " * 100_000,
        "- " * 100_000, "|" * 100_000 + "\n" + "|-" * 900, "<a" * 60_000, "***" * 60_000,
        "".join(" " * n + "- a\n" for n in range(400)), "_a_" * 60_000, "#" * 100_000,
    ],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_hostile_markdown_takes_no_time(hostile):
    began = time.monotonic()
    html.clean(to_html(hostile))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "body",
    [
        "<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e*</code></p>",
        "<h2>t</h2><p>1. no es una lista</p><p># ni un título</p>",
        "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
        '<ol start="3"><li>a</li><li>b</li></ol>',
        "<blockquote><p>a</p><p>b</p></blockquote><hr><p>c<br>d</p>",
        '<aside data-kind="warning"><p>a</p><ul><li>b</li></ul></aside>',
        "<p>3 * 4 * 5, snake_case, a &lt; b &amp; c, [x], ~~</p>",
        '<p><a href="https://x.example/a_b" rel="noopener noreferrer">a</a></p>',
        '<table><thead><tr><th scope="col">A | B</th></tr></thead><tbody><tr>'
        "<td>1</td></tr></tbody></table>",
        "<pre><code>x = &lt;1&gt;\n\n  y</code></pre>",
        "<p>H<sub>2</sub>O <u>x</u></p>",
    ],
)
def test_markdown_there_and_back(body):
    assert html.clean(to_html(to_markdown(body))) == body


def said(before, after):
    return [
        (p.how, [(piece.how, piece.text) for piece in p.pieces]) for p in compare(before, after)
    ]


def test_a_changed_paragraph_marks_its_words():
    assert said("uno\nTienes 14 días para ello.", "uno\nTienes 30 días para ello.") == [
        ("same", [("same", "uno")]),
        ("changed", [("same", "Tienes "), ("gone", "14"), ("new", "30"),
                     ("same", " días para ello.")]),
    ]  # fmt: skip


def test_another_paragraph_is_not_a_changed_one():
    assert said("El envío es gratis.", "Cerramos en agosto por vacaciones.") == [
        ("new", [("new", "Cerramos en agosto por vacaciones.")]),
        ("gone", [("gone", "El envío es gratis.")]),
    ]


def test_long_texts_are_compared_in_no_time():
    began = time.monotonic()
    compare("a b c\n" * 2900, "a c b\n" * 2900)
    assert time.monotonic() - began < 5
