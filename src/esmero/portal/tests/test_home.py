"""The first page: the honest state of the team, the shop's word, what this browser wrote."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from esmero.channels import actions as channels
from esmero.portal.tests.conftest import page_of, write_in
from esmero.promises import actions as promises
from esmero.promises.models import Promise
from esmero.shop import actions as shop
from tests.cast import NOON, House, forget

LOCALE = Path(__file__).parents[1] / "locale"


@pytest.mark.parametrize(
    ("moment", "state", "answer"),
    [
        (NOON, "Abierto hasta las 14:00", "Hoy antes de las 18:30"),
        (
            datetime(2026, 11, 19, 14, 0, tzinfo=UTC),
            "Cerrado ahora. Abrimos hoy a las 16:30",
            "Mañana antes de las 11:00",
        ),
        (
            datetime(2026, 11, 20, 19, 0, tzinfo=UTC),
            "Cerrado ahora. Abrimos lunes 23 a las 9:00",
            "El lunes antes de las 13:00",
        ),
    ],
)
def test_it_says_honestly_whether_somebody_is_there(house, client, at, moment, state, answer):
    at(moment)
    page = client.get("/").content.decode()
    assert state in page
    assert re.findall("<small>(.*?)</small>", page)[0] == answer


def test_the_week_is_said_in_a_sentence(house, client):
    assert (
        "Barro. Atendemos de lunes a viernes, de 9:00 a 14:00 y de 16:30 a 19:00 (hora de Madrid)."
    ) in client.get("/").content.decode()


def test_a_shop_that_never_opens_says_no_more_than_closed(house, client):
    promises.change_hours(
        hours_id=house.hours, name="Nunca", zone="Europe/Madrid", country="", region="",
        week=[[]] * 7, at=NOON, actor="system")  # fmt: skip
    response = client.get("/")
    assert response.status_code == 200
    assert "Cerrado ahora" in response.content.decode()


def end(house: House, count: int, *, broken: int) -> None:
    for number in range(count):
        conversation = write_in(email=f"c{number}@cliente.example")
        promise = Promise.objects.get(subject_ref=f"conversation:{conversation.pk}")
        if number < broken:
            promises.break_promise(promise_id=promise.pk, at=promise.due_at + timedelta(seconds=1))
        else:
            promises.settle_promise(promise_id=promise.pk, at=NOON, by=house.ana)


def test_the_last_words_are_counted_and_drawn(house, client):
    end(house, 12, broken=2)
    page = client.get("/").content.decode()
    assert "De las últimas 12 veces que dimos una hora, cumplimos 10." in page
    assert page.count('class="hollow"') == 2
    assert '<a href="/nuestra-palabra/">Ver las 2 que fallaron</a>' in page
    word = client.get("/nuestra-palabra/").content.decode()
    assert word.count("Responderte<small>Era para hoy, 18:30; se nos pasó la hora.</small>") == 2
    assert "La fuente" not in word
    assert "cliente.example" not in word


def test_without_any_word_the_page_claims_nothing(house, client):
    page = client.get("/nuestra-palabra/").content.decode()
    assert "Ninguna." in page
    assert "De las últimas" not in page


def test_with_few_words_nothing_is_claimed(house, client):
    end(house, 9, broken=0)
    assert "De las últimas" not in client.get("/").content.decode()


def test_a_browser_remembers_what_was_written_by_link_until_told_to_forget(house, client):
    conversation = write_in()
    assert "Tus consultas en" not in client.get("/mis-consultas/").content.decode()
    client.post(page_of(conversation), {"text": "Más.", "once": channels.new_once()})
    cookie = client.cookies["esmero_customer"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert conversation.token not in cookie.value
    page = client.get("/mis-consultas/").content.decode()
    assert "Tus consultas en este navegador" in page
    assert "La fuente" in page
    assert client.post("/mis-consultas/olvidar/").status_code == 302
    assert "Tus consultas en" not in client.get("/mis-consultas/").content.decode()


def test_a_forged_memory_is_none(house, client):
    conversation = write_in()
    client.cookies["esmero_customer"] = f'["{conversation.token}"]:1abc:falso'
    assert "La fuente" not in client.get("/mis-consultas/").content.decode()


def test_the_shops_colour_is_the_only_one_made(house, client):
    assert client.get("/colores/123456.css").status_code == 404
    shop.change_shop(at=NOON, actor="system", primary_colour="#123456")
    forget()
    assert "/colores/123456.css" in client.get("/").content.decode()
    css = client.get("/colores/123456.css")
    assert css["Content-Type"] == "text/css; charset=utf-8"
    assert b"--primary" in css.content
    assert client.get("/colores/654321.css").status_code == 404


def read(code: str) -> dict[str, object]:
    with (LOCALE / code / "LC_MESSAGES" / "django.po").open("rb") as source:
        return {
            m.id if isinstance(m.id, str) else m.id[0]: m.string
            for m in read_po(source, locale="es")
            if m.id
        }


# Words of whoever is called tú. Those that are also other words ("marca", "pregunta") are left to
# the reader of the catalogue.
SECOND_PERSON = {
    "te", "tu", "tus", "ti", "tú", "tuyo", "tuyos", "escribe", "escríbenos", "envía", "envíalo",
    "espera", "deja", "mira", "perdona", "tienes", "tendrás", "lleva", "responderte", "llamarte",
    "contarte", "escribirte", "pediste", "dijiste", "ves", "puedes", "vacíalo", "quieres",
    "encuentras", "encuentres", "eres", "borras", "sigues", "has", "busca", "usa", "estás",
    "escribiste", "aceptaste", "vuelves", "llévatelos", "llevártelo", "llevártelos", "pide",
}  # fmt: skip
# Of these vos has other forms.
NOT_OF_VOS = {
    "tienes", "puedes", "quieres", "encuentras", "eres", "borras", "sigues", "ti", "escribe",
    "escríbenos", "espera", "deja", "mira", "busca", "usa", "pide", "envía", "vuelves", "perdona",
}  # fmt: skip
ALSO_OF_USTED = {"lleva", "pide"}


def words_of(text: object) -> set[str]:
    return set(str(text).lower().translate(str.maketrans(".,:;¿?¡!()<>\"'", " " * 14)).split())


def test_whatever_says_tu_has_a_wording_for_usted():
    spanish, usted = read("es"), read("es_Usted")
    assert [
        key for key, text in spanish.items() if words_of(text) & SECOND_PERSON and key not in usted
    ] == []
    said = SECOND_PERSON - ALSO_OF_USTED
    assert [key for key, text in usted.items() if words_of(text) & said] == []
    assert set(usted) <= set(spanish)
    assert [key for key in usted if usted[key] == spanish[key]] == []


def test_whatever_vos_says_otherwise_has_a_wording_of_its_own():
    spanish, vos = read("es"), read("es_Voseo")
    assert [
        key for key, text in spanish.items() if words_of(text) & NOT_OF_VOS and key not in vos
    ] == []
    assert [key for key, text in vos.items() if words_of(text) & NOT_OF_VOS] == []
    assert set(vos) <= set(spanish)
    assert [key for key in vos if vos[key] == spanish[key]] == []
