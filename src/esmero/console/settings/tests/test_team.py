"""Members, roles, absences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from esmero.console.settings.tests.desk import errors, text
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.people.models import Absence, Agent, Membership
from tests.cast import PASSWORD

NEW = {"name": "Elia", "email": "Elia@barro.example", "language": "es", "role": "agent"}


def test_member_added_signs_in_by_code_or_password(desk):
    wish = NEW | {"departments": [str(desk.house.sales)], "signature": "Elia\nBarro"}
    led = desk.dora.post("/c/ajustes/equipo/nuevo/", wish)["Location"]
    elia = Agent.objects.get(name="Elia")
    assert led == f"/c/ajustes/equipo/{elia.pk}/#invite"  # the invitation is what comes next
    assert (elia.email, elia.role, elia.has_usable_password()) == (
        "elia@barro.example", "agent", False,
    )  # fmt: skip
    assert list(Membership.objects.filter(agent=elia).values_list("department_id", flat=True)) == [
        desk.house.sales
    ]
    second = NEW | {"name": "Fidel", "email": "fidel@barro.example"}
    led = desk.dora.post("/c/ajustes/equipo/nuevo/", second | {"password": "caballo pila grapa"})
    assert led["Location"] == "/c/ajustes/equipo/"
    assert Agent.objects.get(name="Fidel").check_password("caballo pila grapa")


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ANA@barro.example"},
        {"email": "nadie"},
        {"role": "owner"},
        {"name": ""},
        {"password": "corta"},
        {"departments": ["999"]},
        {"language": "tlh"},
    ],
)
def test_member_with_a_bad_value_answers_422(desk, changes):
    answer = desk.dora.post("/c/ajustes/equipo/nuevo/", NEW | changes)
    assert answer.status_code == 422
    assert len(errors(answer)) == 1
    assert not Agent.objects.filter(name="Elia").exists()


def test_password_typed_is_never_shown_again(desk):
    answer = desk.dora.post(
        "/c/ajustes/equipo/nuevo/", NEW | {"email": "", "password": "caballo pila grapa"}
    )
    assert answer.status_code == 422
    assert "caballo" not in text(answer)


def test_member_changed_and_sent_away(desk):
    where = f"/c/ajustes/equipo/{desk.house.bruno}/"
    wish = {
        "name": "Bruno Gil", "email": "bruno@barro.example", "role": "supervisor",
        "departments": [str(desk.house.care)],
    }  # fmt: skip
    desk.dora.post(where, wish)
    bruno = Agent.objects.get(pk=desk.house.bruno)
    assert (bruno.name, bruno.role, bruno.is_active) == ("Bruno Gil", "supervisor", False)
    assert list(
        Membership.objects.filter(agent=bruno).values_list("department_id", flat=True)
    ) == [desk.house.care]
    assert "Bruno Gil" in text(desk.dora.get("/c/ajustes/equipo/"))


@pytest.mark.parametrize("wish", [{"role": "agent", "is_active": "on"}, {"role": "admin"}])
def test_last_admin_stays_and_the_form_says_why(desk, wish):
    where = f"/c/ajustes/equipo/{desk.house.dora}/"
    answer = desk.dora.post(where, {"name": "Dora", "email": "dora@barro.example", **wish})
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    dora = Agent.objects.get(pk=desk.house.dora)
    assert (dora.role, dora.is_active) == ("admin", True)


def test_admin_among_others_may_step_down(desk):
    people.hire_agent(
        email="gala@barro.example", name="Gala", role=Role.ADMIN, password=None, at=now()
    )
    where = f"/c/ajustes/equipo/{desk.house.dora}/"
    wish = {"name": "Dora", "email": "dora@barro.example", "role": "agent", "is_active": "on"}
    answer = desk.dora.post(where, wish)
    assert answer.status_code == 302
    assert desk.dora.get("/c/ajustes/equipo/").status_code == 403


def test_who_has_not_come_yet_is_told_from_the_others(desk):
    desk.dora.post("/c/ajustes/equipo/nuevo/", NEW)
    elia = Agent.objects.get(name="Elia")
    assert "aún sin entrar" in text(desk.dora.get("/c/ajustes/equipo/"))
    desk.dora.post(f"/c/ajustes/equipo/{elia.pk}/invitar/")
    page = text(desk.dora.get("/c/ajustes/equipo/"))
    assert "con invitación" in page
    Agent.objects.filter(pk=elia.pk).update(last_login=now())
    assert "con invitación" not in text(desk.dora.get("/c/ajustes/equipo/"))


def test_unknown_member_answers_404(desk):
    assert desk.dora.get("/c/ajustes/equipo/99999/").status_code == 404


def absence(desk, **changes):
    return {
        "agent": str(desk.house.ana), "starts_at": "2026-12-21T09:00",
        "ends_at": "2027-01-04T09:00", "substitute": str(desk.house.bruno), "note": "Navidad",
    } | changes  # fmt: skip


def test_absence_with_a_substitute_is_in_the_shops_zone(desk):
    assert desk.carla.post("/c/ajustes/ausencias/", absence(desk)).status_code == 302
    row = Absence.objects.get()
    assert row.starts_at.isoformat() == "2026-12-21T08:00:00+00:00"
    assert (row.agent_id, row.substitute_id, row.note) == (
        desk.house.ana, desk.house.bruno, "Navidad",
    )  # fmt: skip


def test_absence_without_end_and_substitute(desk):
    desk.carla.post("/c/ajustes/ausencias/", absence(desk, ends_at="", substitute=""))
    row = Absence.objects.get()
    assert (row.ends_at, row.substitute_id) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": "2026-12-21T09:00"},
        {"starts_at": ""},
        {"agent": "999"},
        {"substitute": "self"},
    ],
)
def test_absence_with_a_bad_value_answers_422(desk, changes):
    if changes.get("substitute") == "self":
        changes = {"substitute": str(desk.house.ana)}
    answer = desk.carla.post("/c/ajustes/ausencias/", absence(desk, **changes))
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert Absence.objects.count() == 0


def test_absence_ended_is_over_and_one_to_come_is_gone(desk):
    at = now()
    begun = people.begin_absence(
        agent_id=desk.house.ana,
        starts_at=at - timedelta(days=1),
        ends_at=None,
        substitute_id=None,
        at=at,
        actor="system",
    )
    coming = people.begin_absence(
        agent_id=desk.house.bruno, starts_at=at + timedelta(days=9), ends_at=None,
        substitute_id=None, at=at, actor="system")  # fmt: skip
    for pk in (begun, coming):
        desk.carla.post(f"/c/ajustes/ausencias/{pk}/terminar/")
    assert list(Absence.objects.values_list("id", flat=True)) == [begun]
    assert Absence.objects.get().ends_at is not None
    assert desk.carla.post("/c/ajustes/ausencias/999/terminar/").status_code == 404


def test_team_page_takes_the_same_queries_for_more_members(desk):
    client = desk.dora
    client.get("/c/ajustes/equipo/")
    with CaptureQueriesContext(connection) as few:
        client.get("/c/ajustes/equipo/")
    for number in range(15):
        people.hire_agent(
            email=f"n{number}@barro.example", name=f"N{number}", role=Role.AGENT, password=None,
            department_ids=[desk.house.care], at=now(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get("/c/ajustes/equipo/")
    assert len(many) == len(few)


def change(desk, **changes):
    wish = {"name": "Bruno", "email": "bruno@barro.example", "role": "agent", "is_active": "on"}
    return desk.dora.post(f"/c/ajustes/equipo/{desk.house.bruno}/", wish | changes)


def test_address_of_a_member_changes_and_the_old_one_is_told(desk, mailoutbox):
    assert change(desk, email="Bruno.Gil@barro.example").status_code == 302
    assert Agent.objects.get(pk=desk.house.bruno).email == "bruno.gil@barro.example"
    assert [mail.to for mail in mailoutbox] == [["bruno@barro.example"]]
    assert "otra dirección" in mailoutbox[0].body
    assert "bruno.gil" not in mailoutbox[0].body
    assert "bruno.gil@barro.example" in text(desk.dora.get("/c/ajustes/equipo/"))


def test_signing_in_goes_by_the_new_address_only(desk, client):
    change(desk, email="bruno.gil@barro.example")
    for email, status in (("bruno@barro.example", 422), ("bruno.gil@barro.example", 302)):
        answer = client.post("/cuenta/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == status


def test_address_unchanged_tells_nobody(desk, mailoutbox):
    assert change(desk, name="Bruno Gil").status_code == 302
    assert mailoutbox == []


@pytest.mark.parametrize("email", ["ana@barro.example", "nadie", ""])
def test_address_that_cannot_be_hers_answers_422_and_nothing_is_stored(desk, mailoutbox, email):
    answer = change(desk, email=email, name="Otro")
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    bruno = Agent.objects.get(pk=desk.house.bruno)
    assert (bruno.name, bruno.email, mailoutbox) == ("Bruno", "bruno@barro.example", [])


def test_settings_write_down_who_changed_them(desk):
    desk.dora.post("/c/ajustes/departamentos/nuevo/", {"name": "Taller", "is_public": "on"})
    desk.dora.post("/c/ajustes/equipo/nuevo/", NEW)
    last = AuditEntry.objects.order_by("-id")[:2]
    who = f"agent:{desk.house.dora}"
    assert [(row.actor, row.action) for row in reversed(last)] == [
        (who, "department.opened"),
        (who, "agent.hired"),
    ]
