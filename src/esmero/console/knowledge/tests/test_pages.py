"""Saber's pages: who may do what, two editors at once, what the list shows."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.kernel.clock import now
from esmero.knowledge import actions, queries
from esmero.knowledge.actions import Named
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Article, Text, Version
from esmero.knowledge.tests.test_files import png
from esmero.promises.models import Promise

BODY = "<p>Tienes <strong>30 días</strong>.</p>"


def make(title="¿Cómo devuelvo un pedido?", by=None, **more):
    return actions.create_article(
        kind=Kind.FAQ, language="es", title=title, body=BODY, at=now(), by=by, **more
    )


@pytest.fixture
def article(team):
    make(title="Ruido de fondo")
    return make(by=team.ana.pk)


def text_of(pk):
    return Text.objects.get(article_id=pk, language="es")


def written(version, **more):
    return {
        "version": version, "written": "html", "title": "¿Cómo devuelvo un pedido?",
        "summary": "", "wordings": "", "html": BODY, "text": "",
    } | more  # fmt: skip


def step(client, pk, act, **more):
    return client.post(f"/c/saber/{pk}/es/paso/", {"act": act} | more)


def said(answer):
    return answer.content.decode()


def test_the_list_is_narrowed_by_the_address_and_by_words(team, article):
    client = team.client(team.ana)
    step(team.client(team.carla), article, "publish")
    for query, titles in (
        ("", ["¿Cómo devuelvo un pedido?", "Ruido de fondo"]),
        ("?estado=published", ["¿Cómo devuelvo un pedido?"]),
        ("?estado=draft", ["Ruido de fondo"]),
        ("?q=DEVOLVIO", []),
        ("?q=devuelvo", ["¿Cómo devuelvo un pedido?"]),
        ("?q=dias+30", ["¿Cómo devuelvo un pedido?", "Ruido de fondo"]),
        ("?idioma=-en", ["¿Cómo devuelvo un pedido?", "Ruido de fondo"]),
        ("?idioma=en", []),
        ("?para=team", []),
        ("?estado=nada&categoria=x", ["¿Cómo devuelvo un pedido?", "Ruido de fondo"]),
    ):
        page = said(client.get("/c/saber/" + query))
        both = ("¿Cómo devuelvo un pedido?", "Ruido de fondo")
        found = [title for title in both if f"<b>{title}</b>" in page]
        assert found == titles, query


def test_an_agent_asks_and_a_supervisor_decides(team, article):
    ana, carla = team.client(team.ana), team.client(team.carla)
    for act in ("publish", "schedule", "back", "withdraw"):
        assert step(ana, article, act).status_code == 403
    assert "Pedir que lo revisen" in said(ana.get(f"/c/saber/{article}/"))
    step(ana, article, "review", version=0)
    assert text_of(article).state == "review"
    step(carla, article, "back", note="Di quién paga el envío.")
    assert "Di quién paga el envío." in said(ana.get(f"/c/saber/{article}/"))
    step(carla, article, "publish", version=0)
    assert queries.visible_to(Audience.PUBLIC, "es").get().article_id == article


def test_who_may_read_it_is_no_matter_of_agents(team, article):
    data = {"kind": "faq", "category": "", "audience": "team", "products": ""}
    assert team.client(team.ana).post(f"/c/saber/{article}/datos/", data).status_code == 403
    team.client(team.carla).post(f"/c/saber/{article}/datos/", data)
    assert queries.article(article).audience == "team"


def test_two_editors_do_not_write_over_each_other(team, article):
    ana, bruno = team.client(team.ana), team.client(team.bruno)
    where = f"/c/saber/{article}/es/escribir/"
    bruno.post(where, written(0, html="<p>De Bruno.</p>"))
    answer = ana.post(where, written(0, html="<p>De Ana.</p>"))
    assert answer.status_code == 409
    page = said(answer)
    assert "De Bruno." in page
    assert "De Ana." in page
    assert text_of(article).body == "<p>De Bruno.</p>"
    ana.post(where, written(1, html="<p>De Ana.</p>", over="1"))
    assert text_of(article).body == "<p>De Ana.</p>"
    assert list(Version.objects.values_list("plain", "was_published")) == [("De Bruno.", False)]


def test_a_pause_saves_and_tells_the_next_number_and_that_somebody_else_did(team, article):
    ana, bruno = team.client(team.ana), team.client(team.bruno)
    where = f"/c/saber/{article}/es/guardar/"
    first = ana.post(where, written(0, html="<p>a</p>"), headers={"X-Autosave": "1"})
    assert first.json() == {"fields": {"version": "1"}}
    again = ana.post(where, written(1, html="<p>a</p>"), headers={"X-Autosave": "1"})
    assert again.json() == {"fields": {"version": "1"}}
    late = bruno.post(where, written(0, html="<p>b</p>"), headers={"X-Autosave": "1"})
    assert (late.status_code, text_of(article).body) == (409, "<p>a</p>")


def test_save_right_after_ones_own_pause_is_no_quarrel(team, article):
    ana = team.client(team.ana)
    ana.post(f"/c/saber/{article}/es/guardar/", written(0, html="<p>a</p>"),
             headers={"X-Autosave": "1"})  # fmt: skip
    answer = ana.post(f"/c/saber/{article}/es/escribir/", written(0, html="<p>ab</p>"))
    assert (answer.status_code, text_of(article).body) == (302, "<p>ab</p>")


def test_without_a_script_simple_text_is_written(team, article):
    ana = team.client(team.ana)
    where = f"/c/saber/{article}/es/escribir/"
    assert "Tienes **30 días**." in said(ana.get(where))
    ana.post(where, written(0, written="text", text="Tienes **30 días**.\r\n", html="<p>x</p>"))
    assert text_of(article).body == BODY
    ana.post(where, written(0, written="text", text="## Uno\r\n\r\n- a\r\n- b <script>x</script>"))
    assert text_of(article).body == (
        "<h2>Uno</h2><ul><li>a</li><li>b &lt;script&gt;x&lt;/script&gt;</li></ul>"
    )


def test_a_picture_is_seen_by_the_team_before_anybody_else(team, article):
    ana = team.client(team.ana)
    kept = ana.post(
        f"/c/saber/{article}/imagen/",
        {"picture": SimpleUploadedFile("a.png", png(3, 2)), "alt": "Una caja"},
    ).json()
    assert (kept["width"], kept["height"]) == (3, 2)
    shown = ana.get(kept["src"])
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    token = kept["src"].split("/")[-2]
    ana.post(f"/c/saber/{article}/es/escribir/",
             written(0, html=f'<p><img src="{kept["src"]}" alt="Una caja"></p>'))  # fmt: skip
    assert text_of(article).body == f'<p><img src="/ayuda/archivo/{token}/" alt="Una caja"></p>'
    assert kept["src"] in said(ana.get(f"/c/saber/{article}/es/vista/"))


def test_what_is_no_picture_is_said_in_words(team, article):
    answer = team.client(team.ana).post(
        f"/c/saber/{article}/imagen/", {"picture": SimpleUploadedFile("a.png", b"<svg/>")}
    )
    assert (answer.status_code, answer.json()) == (
        422, {"error": "Esa imagen no se puede mostrar. Trae PNG, JPEG, GIF o WebP."},
    )  # fmt: skip


def test_preview_is_the_portals_frame_and_may_do_nothing(team, article):
    answer = team.client(team.ana).get(f"/c/saber/{article}/es/vista/")
    assert "ui/portal" in said(answer)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in said(answer)


def test_another_language_begins_with_the_text_and_tells_when_it_is_behind(team, article):
    ana = team.client(team.ana)
    ana.post(f"/c/saber/{article}/idioma/", {"language": "en"})
    Text.objects.filter(article_id=article, language="en").update(
        saved_at=now() - timedelta(days=2)
    )
    page = said(ana.get(f"/c/saber/{article}/?idioma=en"))
    assert "se cambió después" in page


def test_a_version_shows_what_changed_and_is_brought_back(team, article):
    carla = team.client(team.carla)
    step(carla, article, "publish")
    carla.post(f"/c/saber/{article}/es/escribir/", written(0, html="<p>Tienes 14 días.</p>"))
    page = said(carla.get(f"/c/saber/{article}/es/versiones/1/"))
    assert "<del>" in page
    assert "14" in page
    carla.post(f"/c/saber/{article}/es/versiones/1/", {"version": 1})
    assert text_of(article).body == BODY


def test_a_review_that_is_near_stands_in_today_and_looking_it_over_keeps_it(team, article):
    ana = team.client(team.ana)
    soon = now().date() + timedelta(days=3)
    ana.post(f"/c/saber/{article}/revision/", {"owner": team.ana.pk, "review_on": soon})
    while actions.promise_review_one(at=now()):
        pass
    page = said(ana.get("/c/"))
    assert f"/c/saber/{article}/#revision" in page
    assert "Revisa un artículo" in page
    ana.post(f"/c/saber/{article}/revision/", {"act": "reviewed", "again": "1"})
    assert Promise.objects.get().state == "kept"
    assert "Revisa un artículo" not in said(ana.get("/c/"))


def test_a_review_whose_day_has_passed_stays_in_today_until_it_is_made(team, article):
    Article.objects.filter(pk=article).update(review_on=now().date() - timedelta(days=2))
    page = said(team.client(team.ana).get("/c/"))
    assert page.count(f"/c/saber/{article}/#revision") >= 1
    assert "Revisa un artículo" not in said(team.client(team.bruno).get("/c/"))


def test_shelves_are_made_moved_and_not_removed_while_in_use(team, article):
    carla = team.client(team.carla)
    carla.post("/c/saber/categorias/nueva/", {"parent": "", "name_es": "Pagos", "name_en": ""})
    pk = queries.shelf.category_tree("es")[0][0].pk
    actions.save_category(texts={"es": Named("Envíos")}, at=now(), by=None)
    carla.post(f"/c/saber/categorias/{pk}/mover/", {"up": "0"})
    assert [name for _r, name, _l in queries.shelf.category_tree("es")] == ["Envíos", "Pagos"]
    make(title="Con tarjeta", category_id=pk)
    carla.post(f"/c/saber/categorias/{pk}/quitar/")
    assert len(queries.shelf.category_tree("es")) == 2
    wrong = carla.post("/c/saber/categorias/nueva/", {"parent": "", "name_es": "", "name_en": ""})
    assert wrong.status_code == 422


def test_an_import_is_looked_over_and_then_done_with_the_file_that_was_looked_over(team):
    carla = team.client(team.carla)
    file = SimpleUploadedFile("a.csv", b"titulo,texto\nPagos,Con tarjeta\n,nada\n")
    answer = carla.post("/c/saber/traer/", {"file": file, "language": "es"})
    page = said(answer)
    assert (Text.objects.count(), "No tiene título." in page) == (0, True)
    kept, signature = (
        re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("kept", "signature")
    )
    forged = carla.post("/c/saber/traer/", {"kept": kept + "x", "signature": signature})
    assert (forged.status_code, Text.objects.count()) == (422, 0)
    carla.post("/c/saber/traer/", {"kept": kept, "signature": signature})
    assert list(Text.objects.values_list("title", flat=True)) == ["Pagos"]


def test_everything_can_be_taken_out(team, article):
    answer = team.client(team.carla).get("/c/saber/llevar/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    assert sorted(archive.namelist()) == [
        "es/como-devuelvo-un-pedido.md", "es/ruido-de-fondo.md",
    ]  # fmt: skip


def test_synonyms_need_two_words(team):
    carla = team.client(team.carla)
    alone = carla.post("/c/saber/sinonimos/", {"language": "es", "words": "lámpara"})
    assert alone.status_code == 422
    carla.post("/c/saber/sinonimos/", {"language": "es", "words": "lámpara, luz, Lampara"})
    assert queries.pages.synonyms().get().words == ["lámpara", "luz"]
