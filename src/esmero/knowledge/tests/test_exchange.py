"""Articles from files and back: the same files again change nothing."""

import io
import time
import zipfile

import pytest

from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Article, ArticleFile, Text
from esmero.knowledge.rules import exchange
from esmero.knowledge.tests.test_files import png
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db
MARKDOWN = b"""---
title: \xc2\xbfC\xc3\xb3mo devuelvo?
category: Devoluciones
state: published
wordings: devolucion|no me gusta
---

Tienes **30 d\xc3\xadas**.

![La caja](img/caja.png)

| A | B |
| --- | --- |
| 1 | 2 |
"""
ENGLISH = b"---\narticle: como-devuelvo\ntitle: How do I return?\n---\nYou have 30 days.\n"
FOLDER = {"es/devolver.md": MARKDOWN, "es/img/caja.png": png(), "en/return.md": ENGLISH}


def bring(files, **more):
    entries, problems = queries.read_files(files, language="es")
    assert problems == []
    return actions.bring_articles(entries=entries, at=NOW, by=None, **more)


def whats(lines):
    return [(line.source, line.what) for line in lines]


def test_a_folder_becomes_articles_and_again_changes_nothing():
    ordered = {"es/devolver.md": FOLDER["es/devolver.md"], "es/img/caja.png": png()}
    assert whats(bring(ordered)) == [("es/devolver.md", "new")]
    assert whats(bring(FOLDER)) == [("en/return.md", "new"), ("es/devolver.md", "same")]
    assert whats(bring(FOLDER)) == [("en/return.md", "same"), ("es/devolver.md", "same")]
    assert (Article.objects.count(), Text.objects.count()) == (1, 2)
    assert ArticleFile.objects.count() == 1
    text = queries.visible_to(Audience.PUBLIC, "es").get()
    token = ArticleFile.objects.get().token
    assert text.published.body == (
        "<p>Tienes <strong>30 días</strong>.</p>"
        f'<p><img src="/ayuda/archivo/{token}/" alt="La caja"></p>'
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_a_trial_says_the_same_and_changes_nothing():
    lines = bring(FOLDER, is_trial=True)
    assert {line.what for line in lines} == {"new"}
    assert (Article.objects.count(), ArticleFile.objects.count()) == (0, 0)


def test_what_is_taken_out_is_the_same_when_it_comes_back():
    bring(FOLDER)
    actions.create_article(
        kind=Kind.GUIDE, language="es", title="Guía *rara*", audience=Audience.TEAM,
        body='<p>a_b &lt;c&gt;</p><ul><li>x<ul><li>y</li></ul></li></ul>'
        '<aside data-kind="tip"><p>ojo</p></aside>', at=NOW, by=None,
    )  # fmt: skip
    files = dict(actions.exported_files())
    assert {name.rpartition(".")[2] for name in files} == {"md", "png"}
    assert {line.what for line in bring(files)} == {"same"}
    table = "".join(actions.exported_csv()).encode()
    assert {line.what for line in bring({"a.csv": table})} == {"same"}


def test_a_table_with_semicolons_and_accents_of_windows():
    data = "Título;Respuesta;Categoría\n¿Cómo pago?;Con tarjeta;Pagos\n;;\n".encode("cp1252")
    assert whats(bring({"a.csv": data})) == [("a.csv:2", "new")]
    assert Text.objects.get().body == "<p>Con tarjeta</p>"


def test_an_html_page_of_word_comes_in_clean():
    page = (
        b'<html lang="es"><head><title>x</title><style>p{}</style></head><body><div>'
        b"<h1>Pagos</h1><p class=MsoNormal style='x'>Con <b>tarjeta</b><o:p></o:p></p>"
        b"<script>alert(1)</script></div></body></html>"
    )
    bring({"pagos.html": page})
    text = Text.objects.get()
    assert (text.title, text.body) == ("Pagos", "<p>Con <strong>tarjeta</strong></p>")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.md", b"", "no_title"),
        ("a.csv", b"nombre,texto\na,b\n", "no_heads"),
        ("a.csv", b"titulo,texto\n,b\n", "no_title"),
        ("a.html", b"<p>a", "no_title"),
        ("a.md", b"# a\n" + b"x" * 2_000_001, "too_large"),
    ],
)
def test_what_cannot_be_read_is_named(name, data, why):
    entries, problems = queries.read_files({name: data}, language="es")
    assert (entries, [one.why for one in problems]) == ([], [why])


def test_hostile_html_is_reduced_in_no_time_and_said():
    began = time.monotonic()
    lines = bring({"a.html": b"<title>t</title>" + b"<div>" * 90_000 + b"hola"})
    assert time.monotonic() - began < 3
    assert lines[0].notes == ("reduced", "cut")
    assert "hola" not in Text.objects.get().body or len(Text.objects.get().body) < 100_000


def test_one_that_is_refused_leaves_the_others_alone():
    lines = bring({"a.md": b"---\ntitle: A\nstate: published\n---\n", "b.md": b"# B\nhola"})
    assert [(line.what, line.why) for line in lines] == [
        ("refused", "nothing_to_publish"), ("new", ""),
    ]  # fmt: skip
    assert list(Text.objects.values_list("title", flat=True)) == ["B"]


def test_an_unknown_audience_is_the_team():
    bring({"a.md": b"---\ntitle: A\naudience: amigos\n---\nhola"})
    assert Article.objects.get().audience == "team"


def test_a_zip_that_grows_too_large_is_cut_off(monkeypatch):
    monkeypatch.setattr(exchange, "BYTES_MOST", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", "# A\nhola")
        archive.writestr("b.md", "x" * 100_000)
        archive.writestr("c.md", "# C\n")
    found, problems = queries.unpack(out.getvalue())
    assert list(found) == ["a.md"]
    assert [one.why for one in problems] == ["too_large", "too_many"]


def test_a_cell_that_a_spreadsheet_would_run_is_harmless():
    actions.create_article(
        kind=Kind.FAQ, language="es", title="=cmd()", body="<p>a</p>", at=NOW, by=None
    )
    assert "'=cmd()" in "".join(actions.exported_csv())


def test_a_new_shop_begins_with_thirty_drafts_and_their_blanks():
    made = actions.lay_out_start(language="es", at=NOW, by=None)
    assert len(made) == 30
    assert (Text.objects.count(), Text.objects.exclude(state="draft").count()) == (60, 0)
    assert actions.lay_out_start(language="es", at=NOW, by=None) == {}
    body = Text.objects.get(slug="cuanto-cuesta-el-envio").body
    assert body.startswith("<p><strong>[[gastos de envío]]</strong>. A partir de <strong>[[")
