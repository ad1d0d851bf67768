"""Who may see and change what; looking changes nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from esmero.kernel.models import AuditEntry
from esmero.promises.models import Hours, SpecialDay, StandardRow
from esmero.shop.models import Shop

ADMIN = [
    "/c/ajustes/tienda/", "/c/ajustes/tienda/color/?primary_colour=%23A23E1B",
    "/c/ajustes/horarios/", "/c/ajustes/horarios/nuevo/",
    "/c/ajustes/departamentos/", "/c/ajustes/departamentos/nuevo/",
    "/c/ajustes/promesas/", "/c/ajustes/promesas/nueva/", "/c/ajustes/promesas/previa/",
    "/c/ajustes/equipo/", "/c/ajustes/equipo/nuevo/",
    "/c/ajustes/buzones/", "/c/ajustes/buzones/nuevo/",
    "/c/ajustes/textos/", "/c/ajustes/textos/acknowledgement/es/",
    "/c/ajustes/textos/acknowledgement/es/vista/",
]  # fmt: skip
SUPERVISOR = [
    "/c/ajustes/ausencias/", "/c/ajustes/remitentes/", "/c/cuarentena/", "/c/apartados/",
    "/c/salud/", "/c/salida/tarde/",
]  # fmt: skip
EVERYBODY = ["/c/salida/", "/c/informes/promesas/", "/c/informes/promesas/incumplidas/"]
ACTS = [
    ("settings_special_day", [1]), ("settings_special_day_remove", [1, "2026-12-24"]),
    ("settings_hours_default", [1]), ("settings_hours_remove", [1]),
    ("settings_department_close", [1]), ("settings_standard_remove", [1]),
    ("settings_absence_end", [1]), ("settings_mailbox_test", [1]),
    ("settings_mailbox_consent", [1]), ("settings_text_built_in", ["acknowledgement", "es"]),
    ("settings_sender_forget", [1]), ("quarantine_retry", [1]), ("quarantine_dismiss", [1]),
    ("delivery_again", [1]), ("delivery_arrived", [1]),
]  # fmt: skip


@pytest.mark.parametrize("address", ADMIN)
def test_admin_pages_are_for_admins(desk, address):
    answers = [getattr(desk, who).get(address).status_code for who in ("ana", "carla", "dora")]
    assert answers == [403, 403, 200]


@pytest.mark.parametrize("address", SUPERVISOR)
def test_supervisor_pages_are_for_supervisors(desk, address):
    answers = [getattr(desk, who).get(address).status_code for who in ("ana", "carla", "dora")]
    assert answers == [403, 200, 200]


@pytest.mark.parametrize("address", EVERYBODY)
def test_other_pages_are_for_the_team_alone(desk, address):
    assert [getattr(desk, who).get(address).status_code for who in ("ana", "dora")] == [200, 200]
    assert Client().get(address)["Location"].startswith("/cuenta/login/")


@pytest.mark.parametrize("address", ADMIN)
def test_agents_cannot_post_to_admin_pages(desk, address):
    before = (Shop.objects.get().settings_version, StandardRow.objects.count())
    for who in ("ana", "carla"):
        assert getattr(desk, who).post(address, {"name": "X"}).status_code in (403, 405)
    assert (Shop.objects.get().settings_version, StandardRow.objects.count()) == before


@pytest.mark.parametrize(("name", "args"), ACTS)
def test_acts_answer_posts_only(desk, name, args):
    assert desk.dora.get(reverse(f"console:{name}", args=args)).status_code == 405


def test_looking_changes_nothing(desk):
    def state():
        return (
            Shop.objects.get().settings_version,
            AuditEntry.objects.count(),
            Hours.objects.count(),
            SpecialDay.objects.count(),
            StandardRow.objects.count(),
        )

    client = desk.dora  # signing in is written down
    before = state()
    for address in [*ADMIN, *SUPERVISOR, *EVERYBODY, "/c/ajustes/"]:
        client.get(address)
    assert state() == before


@pytest.mark.parametrize(
    ("who", "to"),
    [("ana", "/c/yo/"), ("carla", "/c/ajustes/ausencias/"), ("dora", "/c/ajustes/tienda/")],
)
def test_settings_lead_to_the_first_page_one_may_see(desk, who, to):
    assert getattr(desk, who).get("/c/ajustes/")["Location"] == to


def test_side_list_offers_what_one_may_see(desk):
    page = desk.carla.get("/c/ajustes/ausencias/").content.decode()
    assert "/c/ajustes/remitentes/" in page
    assert "/c/ajustes/equipo/" not in page
    assert "/c/ajustes/tienda/" not in page
