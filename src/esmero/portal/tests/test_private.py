"""What is not for everybody shows nowhere: not by address, list, number, feed, map or time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from esmero.knowledge import actions as knowledge
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import OldAddress, ReadCount, Vote
from esmero.portal.tests import library
from esmero.portal.tests.library import SECRET
from esmero.portal.tests.test_contact import fill
from tests.cast import NOON, House

READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140", "HTTP_ACCEPT_LANGUAGE": "es"}


@pytest.fixture(params=[Audience.CUSTOMERS, Audience.TEAM])
def hidden(house: House, request) -> dict[str, object]:
    """Return what stands beside public articles and is not for everybody."""
    shelf = library.shelf("Todo")
    own = library.shelf("Oculta")
    public = library.put("Lo de todos", category=shelf.pk)
    article = library.put(
        f"El {SECRET}", f"Dice {SECRET}.", audience=request.param, category=shelf.pk
    )
    library.put(f"Otro {SECRET}", audience=request.param, category=own.pk)
    library.put(f"Novedad {SECRET}", kind=Kind.NEWS, audience=request.param)
    library.translate(article, f"The {SECRET}")
    library.relate(public, article)
    manual, token = library.manual(
        f"Manual {SECRET}", [f"Página {SECRET}"], audience=request.param
    )
    OldAddress.objects.create(language="es", slug="antes", article_id=article, at=NOON)
    draft = knowledge.create_article(
        kind=Kind.FAQ, language="es", title=f"Borrador {SECRET}", body="<p>a</p>", at=NOON, by=None
    )
    return {
        "public": public, "article": article, "manual": manual, "token": token,
        "picture": library.picture(article), "draft": draft,
    }  # fmt: skip


@pytest.fixture
def reader() -> Client:
    return Client(**READER)


LISTS = [
    "/", "/ayuda/", "/ayuda/tema/todo-es/", "/ayuda/lo-de-todos/", "/novedades/", "/en/",
    "/en/ayuda/", "/novedades/atom.xml", "/en/novedades/atom.xml", "/sitemap.xml", "/robots.txt",
    "/contacto/", f"/ayuda/sugerencias/?q={SECRET}", f"/en/ayuda/sugerencias/?q={SECRET}",
    f"/ayuda/sugerencias/?q=El+{SECRET}&cabe=1",
]  # fmt: skip


@pytest.mark.parametrize("place", LISTS)
def test_no_page_list_feed_map_or_suggestion_names_it(hidden, reader, place):
    answer = reader.get(place)
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode().lower()


def test_a_search_for_its_very_words_finds_nothing(hidden, reader):
    page = reader.get("/ayuda/buscar/", {"q": f"Dice {SECRET}"}).content.decode()
    assert "/ayuda/el-" not in page
    assert "/ayuda/pagina/" not in page
    assert "No hemos encontrado nada" in page


def test_no_number_counts_it(hidden, reader):
    page = reader.get("/ayuda/").content.decode()
    assert "1 respuesta<" in page
    assert "Oculta" not in page
    assert reader.get("/ayuda/tema/oculta-es/").status_code == 404


def test_its_addresses_answer_as_if_there_were_nothing(hidden, reader):
    token, picture = hidden["token"], hidden["picture"]
    nothing = reader.get("/ayuda/no-hay-nada/")
    for place in (
        f"/ayuda/el-{SECRET}/", f"/en/ayuda/the-{SECRET}/", f"/ayuda/the-{SECRET}/",
        "/ayuda/antes/", f"/ayuda/manual-{SECRET}/", f"/ayuda/pagina/manual-{SECRET}/1/",
        f"/ayuda/archivo/{token}/", f"/ayuda/archivo/{picture}/", f"/ayuda/borrador-{SECRET}/",
    ):  # fmt: skip
        answer = reader.get(place)
        assert (place, answer.status_code) == (place, 404)
        assert SECRET not in answer.content.decode()
    assert nothing.status_code == 404


def test_it_can_be_neither_voted_on_nor_counted(hidden, reader, house):
    assert reader.post(f"/ayuda/opinion/el-{SECRET}/", {"sirve": "si"}).status_code == 404
    form = fill(reader, house) | {"articulo": str(hidden["article"])}
    assert reader.post("/contacto/", form).status_code == 302
    assert Vote.objects.count() == 0
    assert ReadCount.objects.count() == 0


def test_the_public_one_beside_it_names_no_other_language_of_it(hidden, reader):
    page = reader.get("/ayuda/lo-de-todos/").content.decode()
    assert 'hreflang="en" href="http' not in page
    assert reader.get("/ayuda/lo-de-todos/").status_code == 200


def test_what_is_asked_of_the_database_does_not_tell_whether_it_is_there(hidden, reader):
    # Its time is told by nothing else: the same statements, and the same page of nothing.
    def asked(slug: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            reader.get(f"/ayuda/{slug}/")
        return [query["sql"].replace(slug, "SLUG") for query in captured]

    asked("calienta")
    missing = asked("el-inexistente")
    assert missing
    assert asked(f"el-{SECRET}") == missing


def test_a_page_warmed_by_a_customer_is_not_read_by_a_stranger(hidden, reader):
    warm = Client(**READER)
    warm.cookies["esmero_reader"] = "x" * 43  # of nobody: still no kept page is made of it
    for place in ("/", "/ayuda/"):
        assert warm.get(place)["Cache-Control"] == "no-store"
        assert reader.get(place)["Cache-Control"].startswith("public")
