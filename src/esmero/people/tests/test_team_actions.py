"""Writes about the team and its departments, and the audit lines they leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.kernel.errors import NotFound
from esmero.kernel.models import AuditEntry
from esmero.people import actions
from esmero.people.enums import Role
from esmero.people.errors import DepartmentInUse, EmailTaken
from esmero.people.models import Agent
from tests.cast import NOON, House, open_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_house()


def lines() -> list[tuple[str, str, str]]:
    """Return actor, action and ref of what was written since the house was opened."""
    rows = AuditEntry.objects.filter(at__gte=NOON).order_by("id")
    return list(rows.values_list("actor", "action", "ref"))


def test_department_opened_changed_and_closed_leave_lines(house):
    by = f"agent:{house.dora}"
    at = NOON + timedelta(seconds=1)
    pk = actions.open_department(name="Taller", at=at, actor=by)
    actions.change_department(
        department_id=pk, name="Taller", description="", is_public=False, at=at, actor=by
    )
    actions.close_department(department_id=pk, at=at, actor=by)
    assert lines() == [
        (by, "department.opened", f"department:{pk}"),
        (by, "department.changed", f"department:{pk}"),
        (by, "department.closed", f"department:{pk}"),
    ]


def test_refused_department_acts_leave_none(house):
    with pytest.raises(DepartmentInUse):
        actions.close_department(department_id=house.care, at=NOON, actor="system")
    with pytest.raises(NotFound):
        actions.change_department(
            department_id=999, name="X", description="", is_public=True, at=NOON, actor="system"
        )
    assert lines() == []


def test_hiring_says_who_hired_and_absences_who_wrote_them_down(house):
    at, by = NOON + timedelta(seconds=1), f"agent:{house.dora}"
    elia = actions.hire_agent(
        email="elia@barro.example", name="Elia", role=Role.AGENT, password=None, at=at,
        by=house.dora,
    )  # fmt: skip
    absence = actions.begin_absence(
        agent_id=elia, starts_at=at, ends_at=None, substitute_id=None, at=at, actor=by
    )
    actions.end_absence(absence_id=absence, at=at + timedelta(hours=1), actor=by)
    assert lines() == [
        (by, "agent.hired", f"agent:{elia}"),
        (by, "absence.begun", f"agent:{elia}"),
        (by, "absence.ended", f"agent:{elia}"),
    ]


def test_address_changed_is_the_new_one_and_returns_the_old(house):
    old = actions.change_agent_address(
        agent_id=house.ana, email=" Ana.Soler@BARRO.example ", at=NOON, by=house.dora
    )
    assert old == "ana@barro.example"
    assert Agent.objects.get(pk=house.ana).email == "ana.soler@barro.example"
    assert lines() == [(f"agent:{house.dora}", "agent.address_changed", f"agent:{house.ana}")]
    assert "barro.example" not in str(AuditEntry.objects.latest("id").data)


def test_the_same_address_changes_nothing(house):
    same = actions.change_agent_address(
        agent_id=house.ana, email="ANA@barro.example", at=NOON, by=house.dora
    )
    assert (same, lines()) == (None, [])


def test_anothers_address_is_refused(house):
    with pytest.raises(EmailTaken):
        actions.change_agent_address(
            agent_id=house.ana, email="Bruno@barro.example", at=NOON, by=house.dora
        )
    assert Agent.objects.get(pk=house.ana).email == "ana@barro.example"
    with pytest.raises(NotFound):
        actions.change_agent_address(agent_id=999, email="x@y.example", at=NOON, by=house.dora)
    assert lines() == []
