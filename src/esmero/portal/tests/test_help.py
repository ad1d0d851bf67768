"""Help: found by misspelt words, read, voted on; what nobody finds leads to a person."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from esmero.kernel.models import EventRow
from esmero.knowledge import actions as knowledge
from esmero.knowledge.enums import Kind
from esmero.knowledge.models import Article, OldAddress, ReadCount, Vote
from esmero.portal import asked
from esmero.portal.tests import library
from esmero.portal.tests.test_contact import fill
from tests.cast import NOON, House, forget

READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140", "HTTP_ACCEPT_LANGUAGE": "es"}


@pytest.fixture
def reader() -> Client:
    return Client(**READER)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_misspelt_words_lead_to_the_article_with_the_words_marked(house, reader):
    library.put("¿Cómo devuelvo un pedido?", wordings="quiero el dinero de vuelta")
    library.put("Formas de pago", "Tarjeta y Bizum.")
    page = reader.get("/ayuda/buscar/", {"q": "como debuelvo mi pedio"}).content.decode()
    assert '<a href="/ayuda/como-devuelvo-un-pedido/?q=como+debuelvo+mi+pedio">' in page
    marked = reader.get("/ayuda/buscar/", {"q": "devolver un PEDIDO"}).content.decode()
    assert "<mark>pedido</mark>" in marked


def test_nothing_fits_is_said_and_the_question_goes_along(house, reader):
    library.put("Formas de pago", "Tarjeta y Bizum.")
    page = reader.get("/ayuda/buscar/", {"q": "xzqv 9931 wombat"}).content.decode()
    assert "No hemos encontrado nada que responda a esto" in page
    assert 'href="/contacto/?q=xzqv+9931+wombat"' in page
    form = reader.get("/contacto/?q=xzqv+9931+wombat").content.decode()
    assert re.search(r'name="subject" value="xzqv 9931 wombat"', form)
    assert re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*xzqv 9931 wombat</textarea>", form)


@pytest.mark.parametrize("query", ["", "%%%%", "a" * 10_000, "\x00", "<script>alert(1)</script>"])
def test_hostile_questions_are_answered_like_others(house, reader, query):
    library.put("Formas de pago", "Tarjeta y Bizum.")
    response = reader.get("/ayuda/buscar/", {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert reader.get("/ayuda/sugerencias/", {"q": query}).json() == {"items": []}


def test_suggestions_name_article_address_and_page(house, reader):
    library.put("¿Cómo devuelvo un pedido?")
    library.manual("Horno Kiln", ["Portada", "El error E42 significa que falla el sensor."])
    found = reader.get("/ayuda/sugerencias/", {"q": "devuelvo un pedido"}).json()["items"]
    assert found[0]["title"] == "¿Cómo devuelvo un pedido?"
    assert found[0]["url"].startswith("/ayuda/como-devuelvo-un-pedido/?q=")
    found = reader.get("/ayuda/sugerencias/", {"q": "error E42 falla el sensor"}).json()["items"]
    assert (found[0]["kind"], found[0]["url"].partition("?")[0]) == (
        "Manual, página 2",
        "/ayuda/pagina/horno-kiln/2/",
    )


def test_a_manual_is_opened_at_its_page_as_words_and_as_a_file(house, reader):
    _article, token = library.manual("Horno Kiln", ["Portada", "El error E42.", "Garantía."])
    page = reader.get("/ayuda/pagina/horno-kiln/2/?q=error").content.decode()
    assert f'href="/ayuda/archivo/{token}/#page=2"' in page
    assert "<mark>error</mark> E42." in page
    file = reader.get(f"/ayuda/archivo/{token}/")
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file["X-Content-Type-Options"] == "nosniff"
    inside = reader.get("/ayuda/horno-kiln/?q=error").content.decode()
    assert 'href="/ayuda/pagina/horno-kiln/2/?q=error"' in inside
    assert "/ayuda/pagina/horno-kiln/1/" not in inside
    assert reader.get("/ayuda/pagina/horno-kiln/4/").status_code == 404


def test_an_article_says_where_it_stands_and_what_else_helps(house, reader):
    parent = library.shelf("Envios")
    child = library.shelf("Islas", parent=parent)
    one = library.put("¿Llega a Canarias?", category=child.pk)
    beside = library.put("¿Llega a Baleares?", category=child.pk)
    chosen = library.put("Aduanas")
    library.relate(one, chosen)
    page = reader.get(f"/ayuda/{library.slug(one)}/").content.decode()
    crumbs = re.search(r'class="crumbs".*?</nav>', page, re.S)
    assert crumbs is not None
    assert re.findall(r">([^<]+)</a>", crumbs[0]) == ["Ayuda", "Envios", "Islas"]
    useful = page.split("También te puede servir")[1]
    assert useful.index(library.slug(chosen)) < useful.index(library.slug(beside))


def test_categories_count_what_is_in_them(house, reader):
    parent = library.shelf("Envios")
    child = library.shelf("Islas", parent=parent)
    library.shelf("Vacia")
    library.put("¿Llega a Canarias?", category=child.pk)
    library.put("¿Cuánto tarda?", category=parent.pk)
    page = reader.get("/ayuda/").content.decode()
    assert "2 respuestas" in page
    assert "Vacia" not in page
    assert reader.get("/ayuda/tema/vacia-es/").status_code == 404
    assert "¿Llega a Canarias?" in words(reader.get("/ayuda/tema/islas-es/"))


def test_voting_needs_no_cookie_and_counts_a_visit_once(house, reader, at):
    library.put("Otra cosa")
    article = library.put("¿Cómo devuelvo un pedido?")
    place = f"/ayuda/opinion/{library.slug(article)}/"
    answer = reader.post(place, {"sirve": "no", "q": "devolver"})
    assert answer.url == "/ayuda/como-devuelvo-un-pedido/?q=devolver&opinion=no#opinion"
    asked_why = reader.get(answer.url.partition("#")[0]).content.decode()
    assert f'href="/contacto/?q=devolver&amp;articulo={article}"' in asked_why
    answer = reader.post(place, {"sirve": "no", "motivo": "unclear", "comentario": "¿Y la talla?"})
    assert "opinion=enviada" in answer.url
    vote = Vote.objects.get()
    assert (vote.article_id, vote.is_helpful, vote.reason, vote.comment, vote.version) == (
        article, False, "unclear", "¿Y la talla?", 1,
    )  # fmt: skip
    assert not reader.cookies
    assert len(vote.voter) == 26
    reader.post(place, {"sirve": "si"})
    assert Vote.objects.get().is_helpful is True
    Client(**{**READER, "REMOTE_ADDR": "198.51.100.7"}).post(place, {"sirve": "si"})
    assert Vote.objects.count() == 2
    at(NOON + timedelta(days=1))
    reader.post(place, {"sirve": "si"})
    assert Vote.objects.count() == 3
    assert list(
        EventRow.objects.filter(kind="knowledge.voted")
        .order_by("id")
        .values_list("data", flat=True)
    )[1] == {"article_id": article, "language": "es", "is_helpful": False, "reason": "unclear"}


def test_a_reason_that_is_none_is_not_kept(house, reader):
    article = library.put("¿Cómo devuelvo un pedido?")
    reader.post(f"/ayuda/opinion/{library.slug(article)}/", {"sirve": "no", "motivo": "'; DROP"})
    assert Vote.objects.get().reason == ""


def test_reads_are_counted_in_memory_and_written_together(
    house, reader, django_assert_num_queries
):
    article = library.put("¿Cómo devuelvo un pedido?")
    place = f"/ayuda/{library.slug(article)}/"
    for _ in range(3):
        assert reader.get(place).status_code == 200
    Client(HTTP_USER_AGENT="Googlebot/2.1", HTTP_ACCEPT_LANGUAGE="es").get(place)
    assert ReadCount.objects.count() == 0
    asked.write_reads()
    asked.write_reads()
    reader.get(place)
    asked.write_reads()
    row = ReadCount.objects.get()
    assert (row.article_id, row.language, row.day, row.reads) == (article, "es", NOON.date(), 4)


def test_written_anyway_counts_against_the_articles_that_were_at_hand(house, reader):
    read, offered = library.put("Uno"), library.put("Dos")
    library.put("Tres")
    form = fill(reader, house)
    form |= {"articulo": str(read), "ofrecidos": f"{offered},999999,x,{offered}"}
    assert reader.post("/contacto/", form).status_code == 302
    assert sorted(ReadCount.objects.values_list("article_id", "contacts")) == [
        (read, 1),
        (offered, 1),
    ]


def test_old_addresses_lead_on_for_good(house, reader):
    article = library.put("¿Cómo devuelvo un pedido?")
    OldAddress.objects.create(language="es", slug="devoluciones", article_id=article, at=NOON)
    answer = reader.get("/ayuda/devoluciones/")
    assert (answer.status_code, answer["Location"]) == (301, "/ayuda/como-devuelvo-un-pedido/")
    english = Client(HTTP_ACCEPT_LANGUAGE="en").get("/ayuda/devoluciones/")
    assert (english.status_code, english["Location"]) == (
        301,
        "/es/ayuda/como-devuelvo-un-pedido/",
    )


def test_an_address_of_another_language_leads_to_its_text(house, reader):
    article = library.put("¿Cómo devuelvo un pedido?")
    library.translate(article, "How do I return an order?")
    answer = reader.get("/ayuda/how-do-i-return-an-order/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/en/ayuda/how-do-i-return-an-order/",
    )
    english = reader.get(answer["Location"]).content.decode()
    assert '<html lang="en"' in english
    assert 'href="/en/contacto/"' in english
    assert 'href="/es/ayuda/como-devuelvo-un-pedido/" lang="es"' in english


@pytest.mark.parametrize("place", ["/ayuda/nada/", "/nada/", "/en/nada/", "/ayuda/tema/nada/"])
def test_what_is_not_there_offers_to_look_for_it(house, reader, place):
    answer = reader.get(place)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'role="search"' in page
    assert "noindex" in page
    assert "no-store" in answer["Cache-Control"]


def test_most_asked_is_what_was_read_and_featured_before_it(house, reader):
    quiet, busy, shown = library.put("Quieta"), library.put("Leída"), library.put("Destacada")
    library.put("Noticia", kind=Kind.NEWS)
    knowledge.count_reads(reads={(busy, "es", NOON.date()): 5})
    knowledge.count_reads(reads={(quiet, "es", (NOON - timedelta(days=60)).date()): 50})
    Article.objects.filter(pk=shown).update(is_featured=True)
    page = reader.get("/").content.decode()
    most = re.findall(r"<summary>([^<]+)<svg", page)
    assert most == ["Destacada", "Leída", "Quieta"]
    assert "Noticia" in page.split('id="news"')[1]


def test_a_change_is_seen_at_once_by_whoever_looks_afresh(house, reader):
    article = library.put("¿Cómo devuelvo un pedido?", "Tienes 30 días.")
    place = f"/ayuda/{library.slug(article)}/"
    assert "30 días" in words(reader.get(place))
    knowledge.save_text(
        article_id=article, language="es", version=0, title="¿Cómo devuelvo un pedido?",
        summary="", body="<p>Tienes 60 días.</p>", at=NOON, by=None,
    )  # fmt: skip
    knowledge.publish_text(article_id=article, language="es", at=NOON, by=None)
    forget()
    assert "60 días" in words(reader.get(place))
    knowledge.withdraw_text(article_id=article, language="es", at=NOON, by=None)
    forget()
    assert reader.get(place).status_code == 404


def test_a_kept_page_costs_no_statement(house, reader, django_assert_num_queries):
    article = library.put("¿Cómo devuelvo un pedido?")
    for place in ("/", f"/ayuda/{library.slug(article)}/", "/ayuda/"):
        first = reader.get(place)
        with django_assert_num_queries(0):
            again = reader.get(place)
        assert again.content == first.content
        assert reader.get(place, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_page_that_is_not_kept_asks_little(house, reader, django_assert_max_num_queries):
    article = library.put("¿Cómo devuelvo un pedido?")
    reader.get("/ayuda/")
    with django_assert_max_num_queries(5):
        reader.get(f"/ayuda/{library.slug(article)}/")


def test_the_data_in_a_page_cannot_leave_its_block(house, reader):
    library.put("</script><script>alert(1)</script>", "</script><b>x</b>")
    page = reader.get("/").content.decode()
    assert "<script>alert" not in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert {one["@type"] for one in json.loads(block)} == {"Organization", "WebSite", "FAQPage"}


def test_reading_sets_no_cookie_anywhere(house: House, reader):
    article = library.put("¿Cómo devuelvo un pedido?")
    for place in (
        "/", "/ayuda/", f"/ayuda/{library.slug(article)}/", "/ayuda/buscar/?q=pedido", "/en/",
        "/novedades/", "/contacto/", "/mis-consultas/", "/legal/cookies/", "/nada/",
        "/ayuda/sugerencias/?q=pedido", "/mis-datos/", "/nuestra-palabra/",
    ):  # fmt: skip
        assert not reader.get(place).cookies, place
    assert not reader.cookies
