"""The team: who belongs to it, with which role, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.accounts import inviting
from esmero.console.accounts.moving import move_address
from esmero.console.settings.forms.team import AbsenceForm, ChangeMemberForm, NewMemberForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.console.settings.words import ROLES
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import actions as people
from esmero.people import queries
from esmero.people.enums import Role
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.people.models import Agent


def _departments() -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in queries.departments()]


@team(Role.ADMIN)
def members(request: TeamRequest) -> HttpResponse:
    """Everybody, those who left last."""
    away = queries.absent_agent_ids(at=now())
    rows = [
        {
            "agent": agent,
            "role": ROLES[agent.role],
            "departments": ", ".join(one.name for one in agent.departments.all()),
            "is_away": agent.pk in away,
            "is_new": inviting.may_be_invited(agent),
        }
        for agent in queries.everyone()
    ]
    return show(request, "console/settings/team.html", "team", {"rows": rows})


@team(Role.ADMIN, GET_POST)
def new_member(request: TeamRequest) -> HttpResponse:
    """Add somebody."""
    if request.method == "POST":
        form = NewMemberForm(request.POST, departments=_departments())
        if form.is_valid():
            data = form.cleaned_data
            hired: list[int] = []
            if goes_well(form, lambda: hired.append(_hire(request, form)), field="email"):
                said = gettext("%(name)s belongs to the team now.") % {"name": data["name"]}
                if data["password"]:
                    return back_to(request, "console:settings_team", said=said)
                # Without a password the next thing is the invitation.
                return back_to(
                    request, "console:settings_member", *hired, said=said, anchor="invite"
                )
        return _member(request, form, None, status=422)
    initial = {"language": the_shop().language, "role": Role.AGENT.value}
    return _member(request, NewMemberForm(initial=initial, departments=_departments()), None)


def _hire(request: TeamRequest, form: NewMemberForm) -> int:
    data = form.cleaned_data
    return people.hire_agent(
        email=data["email"],
        name=data["name"],
        role=Role(data["role"]),
        password=data["password"] or None,
        department_ids=form.department_ids,
        language=data["language"],
        signature=data["signature"],
        at=now(),
        by=request.agent.pk,
    )


@team(Role.ADMIN, GET_POST)
def member(request: TeamRequest, agent_id: int) -> HttpResponse:
    """Change somebody's role, departments and signature, or let her go."""
    agent = queries.member(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    if request.method == "POST":
        form = ChangeMemberForm(request.POST, departments=_departments())
        if form.is_valid() and goes_well(
            form, lambda: _change(request, agent_id, form), field="role"
        ):
            return back_to(request, "console:settings_team")
        return _member(request, form, agent, status=422)
    return _member(request, _form_of(agent), agent)


def _form_of(agent: Agent) -> ChangeMemberForm:
    shown = ("name", "email", "role", "signature", "is_active")
    initial = {name: getattr(agent, name) for name in shown}
    initial["departments"] = [str(one.pk) for one in agent.departments.all()]
    return ChangeMemberForm(initial=initial, departments=_departments())


@team(Role.ADMIN, POST)
def invite(request: TeamRequest, agent_id: int) -> HttpResponse:
    """Show a link for somebody who has never been in, or send it to her."""
    by_mail = "mail" in request.POST
    url = inviting.invite(agent_id, by=request.agent.pk, by_mail=by_mail)
    agent = queries.member(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    if by_mail:
        said = gettext("The invitation is on its way to %(address)s.") % {"address": agent.email}
        return back_to(request, "console:settings_member", agent_id, said=said)
    return show(
        request,
        "console/settings/member.html",
        "team",
        {"form": _form_of(agent), "agent": agent, "can_invite": True, "invitation": url},
    )


@team(Role.ADMIN, POST)
def withdraw(request: TeamRequest, agent_id: int) -> HttpResponse:
    """Let no link made for her up to now hold any more."""
    people.withdraw_invitation(agent_id=agent_id, at=now(), by=request.agent.pk)
    said = gettext("The invitation is withdrawn: its links do not hold any more.")
    return back_to(request, "console:settings_member", agent_id, said=said, anchor="invite")


@transaction.atomic
def _change(request: TeamRequest, agent_id: int, form: ChangeMemberForm) -> None:
    """Store all of it or, where something is refused, nothing."""
    data = form.cleaned_data
    people.change_agent(
        agent_id=agent_id,
        name=data["name"],
        role=Role(data["role"]),
        signature=data["signature"],
        department_ids=form.department_ids,
        is_active=data["is_active"],
        at=now(),
        by=request.agent.pk,
    )
    move_address(agent_id, data["email"], by=request.agent.pk)


def _member(
    request: TeamRequest,
    form: NewMemberForm | ChangeMemberForm,
    agent: Agent | None,
    *,
    status: int = 200,
) -> HttpResponse:
    can_invite = agent is not None and inviting.may_be_invited(agent)
    context = {"form": form, "agent": agent, "can_invite": can_invite}
    return show(request, "console/settings/member.html", "team", context, status=status)


@team(Role.SUPERVISOR, GET_POST)
def absences(request: TeamRequest) -> HttpResponse:
    """Who is or will be away, and a form for another absence."""
    people_of = [(one.pk, one.name) for one in queries.team()]
    if request.method == "POST":
        form = AbsenceForm(request.POST, team=people_of)
        if form.is_valid():
            data = form.cleaned_data
            if goes_well(
                form,
                lambda: people.begin_absence(
                    agent_id=int(data["agent"]),
                    starts_at=data["starts_at"],
                    ends_at=data["ends_at"],
                    substitute_id=int(data["substitute"]) if data["substitute"] else None,
                    note=data["note"],
                    at=now(),
                    actor=actor_of(request),
                ),
            ):
                return back_to(request, "console:settings_absences")
        return _absences(request, form, status=422)
    return _absences(request, AbsenceForm(team=people_of))


def _absences(request: TeamRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    at = now()
    context = {"form": form, "rows": list(queries.absences(at=at)), "moment": at}
    return show(request, "console/settings/absences.html", "absences", context, status=status)


@team(Role.SUPERVISOR, POST)
def end_absence(request: TeamRequest, absence_id: int) -> HttpResponse:
    """She is back (or will not be away after all)."""
    people.end_absence(absence_id=absence_id, at=now(), actor=actor_of(request))
    return back_to(request, "console:settings_absences")
