"""The shop's facts and its departments."""

from __future__ import annotations

import pytest

from esmero.console.settings.tests.desk import errors, text
from esmero.people import queries as people
from esmero.people.models import Department
from esmero.shop.queries import the_shop

GOOD = {
    "name": "Candil y Brasa", "country": "ES", "region": "CM", "zone": "Europe/Madrid",
    "language": "es", "voice": "usted", "primary_colour": "#b5541f",
    "website": "https://candil.example", "telephone": "+34 600 000 000",
}  # fmt: skip


def test_shop_saved_holds_every_fact(desk):
    answer = desk.dora.post("/c/ajustes/tienda/", GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/c/ajustes/tienda/")
    card = the_shop(fresh=True)
    assert (card.name, card.region, card.voice, card.primary_colour, card.telephone) == (
        "Candil y Brasa", "CM", "usted", "#B5541F", "+34 600 000 000",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"primary_colour": "terracota"},
        {"zone": "Europe/Siguenza"},
        {"region": "RM"},  # a region of Chile
        {"country": "XX", "region": ""},
        {"voice": "vosotros"},
        {"telephone": "llámame"},
        {"website": "javascript:alert(1)"},
        {"name": ""},
    ],
)
def test_shop_with_a_bad_value_answers_422_and_keeps_what_was_typed(desk, changes):
    answer = desk.dora.post("/c/ajustes/tienda/", {**GOOD, **changes})
    assert answer.status_code == 422
    assert len(errors(answer)) == 1
    assert 'value="+34 600 000 000"' in text(answer) or "telephone" in changes
    assert the_shop(fresh=True).name == "Barro"


def test_shop_another_country_offers_its_regions(desk):
    answer = desk.dora.post("/c/ajustes/tienda/", {**GOOD, "country": "CL", "region": "CM"})
    assert answer.status_code == 422
    assert 'value="RM"' in text(answer)


def test_shade_tells_a_faint_colour_from_a_strong_one(desk):
    faint = text(desk.dora.get("/c/ajustes/tienda/color/", {"primary_colour": "#FFD54F"}))
    strong = text(desk.dora.get("/c/ajustes/tienda/color/", {"primary_colour": "#7A2E12"}))
    assert "#FFD54F" not in faint.partition("</svg>")[0]  # darkened until it can be read
    assert "#7A2E12" in strong
    assert text(desk.dora.get("/c/ajustes/tienda/color/", {"primary_colour": "<b>"})).strip() == ""


def test_department_added_changed_and_closed(desk):
    client = desk.dora
    client.post("/c/ajustes/departamentos/nuevo/", {"name": "Taller", "description": "Arreglos"})
    added = Department.objects.get(name="Taller")
    assert (added.is_public, added.description) == (False, "Arreglos")
    where = f"/c/ajustes/departamentos/{added.pk}/"
    client.post(where, {"name": "Taller de Sigüenza", "is_public": "on"})
    added.refresh_from_db()
    assert (added.name, added.is_public) == ("Taller de Sigüenza", True)
    client.post(f"{where}cerrar/")
    assert added.pk not in people.departments().values_list("id", flat=True)
    assert client.get(where).status_code == 404


def test_department_without_a_name_answers_422(desk):
    answer = desk.dora.post("/c/ajustes/departamentos/nuevo/", {"name": " "})
    assert (answer.status_code, len(errors(answer))) == (422, 1)


def test_default_department_stays_and_says_why(desk):
    where = f"/c/ajustes/departamentos/{desk.house.care}/"
    answer = desk.dora.post(f"{where}cerrar/", {"next": where}, follow=True)
    assert Department.objects.get(pk=desk.house.care).closed_at is None
    assert 'data-kind="bad"' in text(answer)
