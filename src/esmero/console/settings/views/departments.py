"""Departments: what the shop answers for, and who is asked."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.settings.forms.shop import DepartmentForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import actions as people
from esmero.people import queries
from esmero.people.enums import Role


@team(Role.ADMIN)
def departments(request: TeamRequest) -> HttpResponse:
    """All that are open."""
    rows = list(queries.departments())
    members: dict[int, list[str]] = {row.pk: [] for row in rows}
    for agent in queries.everyone():
        if agent.is_active:
            for one in agent.departments.all():
                members.get(one.pk, []).append(agent.name)
    context = {"rows": [(row, members[row.pk]) for row in rows]}
    return show(request, "console/settings/departments.html", "departments", context)


@team(Role.ADMIN, GET_POST)
def new_department(request: TeamRequest) -> HttpResponse:
    """Add one."""
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        pk = people.open_department(
            name=facts["name"], description=facts["description"], at=now(), actor=actor_of(request)
        )
        if not facts["is_public"]:
            people.change_department(department_id=pk, **facts, at=now(), actor=actor_of(request))
        return back_to(request, "console:settings_departments")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": None}
    return show(request, "console/settings/department.html", "departments", context, status=status)


@team(Role.ADMIN, GET_POST)
def department(request: TeamRequest, department_id: int) -> HttpResponse:
    """Rename or describe one."""
    row = queries.departments().filter(pk=department_id).first()
    if row is None:
        raise NotFound(department_id=department_id)
    if request.method == "POST":
        form = DepartmentForm(request.POST)
        if form.is_valid() and goes_well(
            form,
            lambda: people.change_department(
                department_id=department_id, **form.cleaned_data, at=now(), actor=actor_of(request)
            ),
        ):
            return back_to(request, "console:settings_departments")
    else:
        initial = {name: getattr(row, name) for name in DepartmentForm.base_fields}
        form = DepartmentForm(initial=initial)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": row}
    return show(request, "console/settings/department.html", "departments", context, status=status)


@team(Role.ADMIN, POST)
def close_department(request: TeamRequest, department_id: int) -> HttpResponse:
    """Take one out of use; what it owns stays its own until somebody hands it on."""
    people.close_department(department_id=department_id, at=now(), actor=actor_of(request))
    return back_to(request, "console:settings_departments", said=gettext("Closed."))
