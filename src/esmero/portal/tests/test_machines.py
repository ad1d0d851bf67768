"""What machines read: sitemap, feed, robots, JSON-LD, canonical and hreflang; by their rules."""

from __future__ import annotations

import json
import re
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from esmero.knowledge.enums import Kind
from esmero.knowledge.models import Article, Text
from esmero.portal.machines import views as machines
from esmero.portal.tests import library
from esmero.shop import actions as shop
from tests.cast import NOON, forget

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"
OURS = settings.ENV.url
# What schema.org and the search engines ask of each thing that we name.
NEEDED = {
    "Organization": {"name", "url"},
    "ContactPoint": {"contactType"},
    "WebSite": {"name", "url", "potentialAction"},
    "BreadcrumbList": {"itemListElement"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "Article": {"headline", "datePublished", "dateModified", "author", "publisher"},
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "publisher"},
    "ListItem": {"position", "name", "item"},
}


@pytest.fixture
def library_of_three(house) -> dict[str, int]:
    shelf = library.shelf("Envios")
    both = library.put("¿Cómo devuelvo un pedido?", category=shelf.pk)
    library.translate(both, "How do I return an order?")
    return {
        "both": both,
        "guide": library.put("Cómo curar el barro", kind=Kind.GUIDE, category=shelf.pk),
        "news": library.put("Abrimos los <sábados> & más", kind=Kind.NEWS, summary="A las 10."),
    }


def parsed(answer: bytes) -> ET.Element:
    return ET.fromstring(answer)  # noqa: S314  our own


def things_of(page: str) -> list[dict]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(block)


def walk(thing: object):
    if isinstance(thing, dict):
        yield thing
        for value in thing.values():
            yield from walk(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from walk(value)


def test_the_sitemap_follows_its_rules(library_of_three, client):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    root = parsed(answer.content)
    assert root.tag == f"{SITEMAP}urlset"
    found = {}
    for url in root:
        assert url.tag == f"{SITEMAP}url"
        loc = url.findtext(f"{SITEMAP}loc")
        assert loc.startswith(f"{OURS}/")
        assert loc not in found
        lastmod = url.findtext(f"{SITEMAP}lastmod")
        if lastmod:
            assert datetime.fromisoformat(lastmod) == NOON
        found[loc] = {one.get("hreflang"): one.get("href") for one in url.iter(f"{XHTML}link")}
    spanish = f"{OURS}/ayuda/como-devuelvo-un-pedido/"
    english = f"{OURS}/en/ayuda/how-do-i-return-an-order/"
    assert found[spanish] == found[english] == {"es": spanish, "en": english}
    assert found[f"{OURS}/ayuda/como-curar-el-barro/"] == {}
    for loc in found:
        assert client.get(loc.removeprefix(OURS)).status_code == 200, loc


def test_a_large_sitemap_comes_in_parts(library_of_three, client, monkeypatch):
    monkeypatch.setattr(machines, "IN_A_SITEMAP", 2)
    index = parsed(client.get("/sitemap.xml").content)
    assert index.tag == f"{SITEMAP}sitemapindex"
    parts = [one.findtext(f"{SITEMAP}loc") for one in index]
    assert parts == [f"{OURS}/sitemap-1.xml", f"{OURS}/sitemap-2.xml"]
    articles = [
        loc.text
        for part in parts
        for loc in parsed(client.get(part.removeprefix(OURS)).content).iter(f"{SITEMAP}loc")
        if "/ayuda/" in loc.text and "/tema/" not in loc.text
    ]
    assert len(articles) == len(set(articles)) == 6  # four texts, and Help in two languages
    assert client.get("/sitemap-3.xml").status_code == 404


def test_the_feed_follows_its_rules(library_of_three, client):
    answer = client.get("/novedades/atom.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = parsed(answer.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated")) == NOON
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Barro"
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")}
    assert links == {
        "self": f"{OURS}/novedades/atom.xml",
        "alternate": f"{OURS}/novedades/",
    }
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Abrimos los <sábados> & más"
    assert re.fullmatch(r"tag:[^,]+,2026-11-19:article/\d+/es", entry.findtext(f"{ATOM}id"))
    assert entry.find(f"{ATOM}content").get("type") == "html"
    before = entry.findtext(f"{ATOM}id")
    Text.objects.filter(article_id=library_of_three["news"]).update(slug="otra")
    forget()
    again = parsed(client.get("/novedades/atom.xml").content).find(f"{ATOM}entry")
    assert again.findtext(f"{ATOM}id") == before


def test_an_empty_feed_is_a_feed(house, client):
    root = parsed(client.get("/en/novedades/atom.xml").content)
    assert root.findtext(f"{ATOM}updated")
    assert root.findall(f"{ATOM}entry") == []


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("/", ["Organization", "WebSite", "FAQPage"]),
        ("/contacto/", ["Organization", "BreadcrumbList"]),
        ("/ayuda/como-devuelvo-un-pedido/", ["BreadcrumbList", "FAQPage"]),
        ("/ayuda/como-curar-el-barro/", ["BreadcrumbList", "Article"]),
        ("/ayuda/abrimos-los-sabados-mas/", ["BreadcrumbList", "NewsArticle"]),
        ("/ayuda/tema/envios-es/", ["BreadcrumbList"]),
    ],
)
def test_json_ld_names_what_a_page_is(library_of_three, client, place, kinds):
    shop.change_shop(at=NOON, actor="system", telephone="+34 900 000 000")
    forget()
    things = things_of(client.get(place).content.decode())
    assert [one["@type"] for one in things] == kinds
    for top in things:
        assert top["@context"] == "https://schema.org"
        for one in walk(top):
            if "@type" in one:
                assert NEEDED.get(one["@type"], set()) <= set(one), one
        for one in walk(top):
            for key in ("url", "item"):
                if key in one:
                    assert one[key].startswith("http")
            for key in ("datePublished", "dateModified"):
                if key in one:
                    assert datetime.fromisoformat(one[key]) == NOON
        if top["@type"] == "BreadcrumbList":
            steps = top["itemListElement"]
            assert [one["position"] for one in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize(
    ("place", "canonical"),
    [
        ("/ayuda/como-devuelvo-un-pedido/", "/ayuda/como-devuelvo-un-pedido/"),
        ("/es/ayuda/como-devuelvo-un-pedido/?q=a", "/ayuda/como-devuelvo-un-pedido/"),
        ("/en/ayuda/how-do-i-return-an-order/", "/en/ayuda/how-do-i-return-an-order/"),
    ],
)
def test_each_page_has_one_address_and_its_languages(library_of_three, client, place, canonical):
    page = client.get(place).content.decode()
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [OURS + canonical]
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page) == [
        ("en", f"{OURS}/en/ayuda/how-do-i-return-an-order/"),
        ("es", f"{OURS}/ayuda/como-devuelvo-un-pedido/"),
        ("x-default", f"{OURS}/ayuda/como-devuelvo-un-pedido/"),
    ]
    assert f'<meta property="og:url" content="{OURS}{canonical}">' in page


def test_pages_that_are_nobodys_business_are_not_listed(house, client):
    for place in ("/ayuda/buscar/?q=a", "/mis-consultas/", "/nada/", "/legal/privacidad/"):
        assert '<meta name="robots" content="noindex">' in client.get(place).content.decode()
    shop.word_text(
        key="legal_privacidad", language="es", subject="Privacidad",
        body="## Quién\n\n- {{ shop_name }}\n\n<b>Nada</b>", at=NOON, actor="system",
    )  # fmt: skip
    forget()
    page = client.get("/legal/privacidad/").content.decode()
    assert "noindex" not in page
    assert "<h2>Quién</h2><ul><li>Barro</li></ul><p>&lt;b&gt;Nada&lt;/b&gt;</p>" in page
    robots = client.get("/robots.txt").content.decode().splitlines()
    assert robots[0] == "User-agent: *"
    assert "Disallow: /mis-consultas/" in robots
    assert f"Sitemap: {OURS}/sitemap.xml" in robots


def test_a_copy_that_is_still_good_is_not_sent_again(library_of_three, client):
    for place in ("/", "/sitemap.xml", "/novedades/atom.xml", "/ayuda/como-curar-el-barro/"):
        first = client.get(place)
        again = client.get(place, HTTP_IF_NONE_MATCH=f'"x", W/{first["ETag"]}')
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"].startswith("public")
    first = client.get("/ayuda/como-curar-el-barro/")
    assert client.get(
        "/ayuda/como-curar-el-barro/", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]
    ).status_code == 304  # fmt: skip
    Article.objects.filter(pk=library_of_three["guide"]).update(position=9)
    forget()
    assert client.get("/", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 200


def test_the_unprefixed_address_is_in_the_shops_own_language(house):
    assert b'<html lang="es"' in Client().get("/").content
    assert b'<html lang="en"' in Client(HTTP_ACCEPT_LANGUAGE="en").get("/").content
    assert b'<html lang="es"' in Client(HTTP_ACCEPT_LANGUAGE="en").get("/es/").content
