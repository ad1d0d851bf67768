"""What the shop gives the customers' pages, and what it may not give."""

from __future__ import annotations

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from esmero.kernel.models import Blob
from esmero.shop.queries import the_shop
from tests.cast import forget


def png(width: int = 40, height: int = 40, *, weight: int = 0) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height)
    return head + b"\x08\x06\x00\x00\x00" + b"\x00" * weight


def upload(client: Client, data: bytes, name: str = "logo.png"):
    return client.post("/c/ajustes/portal/logo/", {"logo": SimpleUploadedFile(name, data)})


def test_a_logo_is_shown_and_taken_away(desk):
    assert upload(desk.dora, png()).status_code == 302
    name = the_shop(fresh=True).logo_name
    assert name.endswith(".png")
    forget()
    picture = Client().get(f"/logo/{name}")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "immutable" in picture["Cache-Control"]
    assert f'src="/logo/{name}"' in Client().get("/").content.decode()
    assert Client().get("/logo/otro.png").status_code == 404
    assert desk.dora.post("/c/ajustes/portal/logo/", {"remove": "1"}).status_code == 302
    assert the_shop(fresh=True).logo_name == ""
    assert Blob.objects.count() == 0


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a\x01\x00\x01\x00",
        b"<html>",
        png(2001, 10),
        png(weight=200_001),
        b"",
    ],
)
def test_a_logo_that_may_not_be_is_refused_in_words(desk, data):
    answer = upload(desk.dora, data)
    assert answer.status_code == 422
    assert 'class="why"' in answer.content.decode()
    assert the_shop(fresh=True).logo_name == ""


def links(*lines: tuple[str, str, str, str]) -> dict[str, str]:
    found = {"links-TOTAL_FORMS": str(len(lines)), "links-INITIAL_FORMS": "0"}
    for place, line in enumerate(lines):
        names = ("place", "url", "label_es", "label_en")
        found |= {f"links-{place}-{n}": v for n, v in zip(names, line, strict=True)}
    return found


def test_own_links_stand_at_the_top_and_the_bottom(desk):
    said = links(
        ("head", "https://tienda.example/", "Tienda", "Shop"),
        ("foot", "/legal/devoluciones/", "Cambios", ""),
        ("head", "", "", ""),
    )
    assert desk.dora.post("/c/ajustes/portal/enlaces/", said).status_code == 302
    forget()
    spanish = Client(HTTP_ACCEPT_LANGUAGE="es").get("/").content.decode()
    assert '<a href="https://tienda.example/">Tienda</a>' in spanish
    english = Client().get("/en/").content.decode()
    assert '<a href="https://tienda.example/">Shop</a>' in english
    assert '<a href="/legal/devoluciones/">Cambios</a>' in english


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example/", "data:text/html,x", "ftp://x.example", ""]
)
def test_a_link_that_may_not_be_is_refused(desk, url):
    answer = desk.dora.post("/c/ajustes/portal/enlaces/", links(("head", url, "Malo", "")))
    assert answer.status_code == 422
    assert the_shop(fresh=True).links == ()


def test_a_legal_text_is_a_model_until_it_is_saved(desk):
    page = Client(HTTP_ACCEPT_LANGUAGE="es").get("/legal/devoluciones/").content.decode()
    assert "Es un modelo que está por revisar." in page
    place = "/c/ajustes/portal/legal/devoluciones/es/"
    assert "[por completar" in desk.dora.get(place).content.decode()
    assert desk.dora.post(place, {"title": "", "body": ""}).status_code == 422
    said = {"title": "Cambios y devoluciones", "body": "Tienes <30> días en {{ shop_name }}."}
    assert desk.dora.post(place, said).status_code == 302
    forget()
    page = Client(HTTP_ACCEPT_LANGUAGE="es").get("/legal/devoluciones/").content.decode()
    assert "<p>Tienes &lt;30&gt; días en " in page
    assert "modelo" not in page
    assert desk.dora.post(place, {"model": "1"}).status_code == 302
    forget()
    assert (
        "modelo" in Client(HTTP_ACCEPT_LANGUAGE="es").get("/legal/devoluciones/").content.decode()
    )
    assert desk.dora.get("/c/ajustes/portal/legal/otra/es/").status_code == 404
