"""Nothing is kept between two readers: warmed as one, read as another, each gets her own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from esmero.portal.tests.conftest import page_of, write_in
from esmero.shop import actions as shop
from tests.cast import NOON, House, forget

PLACES = ["/", "/contacto/", "/nuestra-palabra/"]


def words_of(page: bytes) -> str:
    """Return a page without what is made anew for each answer."""
    return re.sub(r'"X-CSRFToken": "\w+"|name="(?:stamp|once)" value="[^"]*"', "", page.decode())


@pytest.mark.parametrize("place", PLACES)
def test_a_page_warmed_in_one_language_is_read_in_another(house: House, place: str) -> None:
    spanish, english = Client(HTTP_ACCEPT_LANGUAGE="es"), Client(HTTP_ACCEPT_LANGUAGE="en")
    first = words_of(spanish.get(place).content)
    other = words_of(english.get(place).content)
    assert 'lang="es"' in first
    assert 'lang="en"' in other
    assert "Mis consultas" in first
    assert "Mis consultas" not in other
    assert words_of(spanish.get(place).content) == first


def test_a_page_warmed_in_one_voice_is_read_in_another(house: House) -> None:
    said = {}
    for voice in ("tu", "usted", "vos", "tu"):
        shop.change_shop(at=NOON, actor="system", voice=voice)
        forget()
        page = Client(HTTP_ACCEPT_LANGUAGE="es").get("/contacto/").content.decode()
        label = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
        assert label is not None
        assert said.setdefault(voice, label[1]) == label[1]
    assert len({said["tu"], said["usted"]}) == 2


def test_an_enquiry_warmed_by_one_customer_shows_nothing_to_another(house: House) -> None:
    mine = write_in(email="marta@cliente.example", text="Mi dirección es Calle Secreta 7")
    other = write_in(email="otra@cliente.example", text="Otra cosa", minutes=1)
    marta, eva = Client(), Client()
    for _ in range(2):
        assert "Calle Secreta" in marta.get(page_of(mine)).content.decode()
        for place in (page_of(other), *PLACES):
            assert "Calle Secreta" not in eva.get(place).content.decode()


def test_private_pages_are_kept_by_nobody_and_public_ones_are_asked_for_again(
    house: House,
) -> None:
    mine = write_in()
    client = Client()
    for place in (page_of(mine), "/nuestra-palabra/", "/mis-consultas/", "/ayuda/buscar/?q=a"):
        assert "no-store" in client.get(place).headers["Cache-Control"]
    for place in ("/", "/ayuda/", "/novedades/"):
        headers = client.get(place).headers
        assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert {"Cookie", "Accept-Language"} <= set(headers["Vary"].split(", "))
        assert headers["ETag"]
