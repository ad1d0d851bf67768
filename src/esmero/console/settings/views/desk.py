"""Tags, macros, rules on arrival with their dry run, and how the work is shared out."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.order.words import CONDITIONS, SHARES, Names
from esmero.console.settings.forms.desk import (
    AgentWorkForm,
    DepartmentWorkForm,
    MacroForm,
    RuleForm,
    TagForm,
    initial_of,
)
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well, show
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.desk import actions as desk
from esmero.desk import queries
from esmero.desk.enums import Share
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import queries as people
from esmero.people.enums import Role

SHOWN = 20


def _status(request: TeamRequest) -> int:
    return 422 if request.method == "POST" else 200


# -- tags ---------------------------------------------------------------------


@team(Role.SUPERVISOR, GET_POST)
def tags(request: TeamRequest) -> HttpResponse:
    """All that are offered, and a form for one more."""
    form = TagForm(request.POST or None, initial={"hue": "0"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if goes_well(
            form,
            lambda: conversations.make_tag(
                name=data["name"], hue=int(data["hue"]), is_line=data["is_line"], at=now(),
                by=request.agent.pk,
            ),
            field="name",
        ):  # fmt: skip
            return back_to(request, "console:settings_tags")
    context = {"form": form, "rows": conversation_queries.order.tags()}
    return show(request, "console/settings/tags.html", "tags", context, status=_status(request))


@team(Role.SUPERVISOR, GET_POST)
def tag(request: TeamRequest, tag_id: int) -> HttpResponse:
    """Rename or recolour one."""
    row = next((tag for tag in conversation_queries.order.tags() if tag.id == tag_id), None)
    if row is None or row.is_retired:
        raise NotFound(tag_id=tag_id)
    initial = {"name": row.name, "hue": str(row.hue), "is_line": row.is_line}
    form = TagForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if goes_well(
            form,
            lambda: conversations.change_tag(
                tag_id=tag_id, name=data["name"], hue=int(data["hue"]), is_line=data["is_line"],
                at=now(), by=request.agent.pk,
            ),
            field="name",
        ):  # fmt: skip
            return back_to(request, "console:settings_tags")
    context = {"form": form, "row": row}
    return show(request, "console/settings/tag.html", "tags", context, status=_status(request))


@team(Role.SUPERVISOR, POST)
def retire_tag(request: TeamRequest, tag_id: int) -> HttpResponse:
    """Offer it no more."""
    conversations.retire_tag(tag_id=tag_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_tags", said=gettext("Removed."))


# -- macros -------------------------------------------------------------------


@team(Role.SUPERVISOR)
def macros(request: TeamRequest) -> HttpResponse:
    """All that are offered, and what each does."""
    names = Names()
    rows = [
        {
            "row": row,
            "acts": names.acts(queries.acts_of(row.acts)),
            "department": names.departments.get(row.department_id or 0, ""),
        }
        for row in queries.macros()
    ]
    return show(request, "console/settings/macros.html", "macros", {"rows": rows})


@team(Role.SUPERVISOR, GET_POST)
def new_macro(request: TeamRequest) -> HttpResponse:
    """Add one."""
    return _macro(request, MacroForm(request.POST or None), None)


@team(Role.SUPERVISOR, GET_POST)
def macro(request: TeamRequest, macro_id: int) -> HttpResponse:
    """Change one."""
    row = queries.macro(macro_id)
    if row is None:
        raise NotFound(macro_id=macro_id)
    initial = initial_of(queries.acts_of(row.acts))
    initial |= {"name": row.name, "department": str(row.department_id or "")}
    return _macro(request, MacroForm(request.POST or None, initial=initial), row)


def _macro(request: TeamRequest, form: MacroForm, row: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if goes_well(
            form,
            lambda: desk.save_macro(
                macro_id=row.pk if row else None,
                name=data["name"],
                acts=form.acts,
                department_id=int(data["department"] or 0) or None,
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:settings_macros")
    context = {"form": form, "row": row}
    return show(request, "console/settings/macro.html", "macros", context, status=_status(request))


@team(Role.SUPERVISOR, POST)
def retire_macro(request: TeamRequest, macro_id: int) -> HttpResponse:
    """Offer it no more."""
    desk.retire_macro(macro_id=macro_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_macros", said=gettext("Removed."))


# -- rules --------------------------------------------------------------------


@team(Role.ADMIN)
def rules(request: TeamRequest) -> HttpResponse:
    """All of them in their order."""
    names = Names()
    rows = [
        {
            "row": row,
            "conditions": names.conditions(row.conditions),
            "acts": names.acts(queries.acts_of(row.acts)),
        }
        for row in queries.rules()
    ]
    return show(request, "console/settings/rules.html", "rules", {"rows": rows})


@team(Role.ADMIN, GET_POST)
def new_rule(request: TeamRequest) -> HttpResponse:
    """Add one."""
    return _rule(request, RuleForm(request.POST or None, initial={"is_on": True}), None)


@team(Role.ADMIN, GET_POST)
def rule(request: TeamRequest, rule_id: int) -> HttpResponse:
    """Change one, or try it on what has come."""
    row = queries.rules().filter(pk=rule_id).first()
    if row is None:
        raise NotFound(rule_id=rule_id)
    initial = {
        name: [str(v) for v in value] if isinstance(value, list) else value
        for name, value in row.conditions.items()
    }
    initial |= initial_of(queries.acts_of(row.acts))
    initial |= {"name": row.name, "ends": row.ends, "is_on": row.is_on}
    return _rule(request, RuleForm(request.POST or None, initial=initial), row)


def _rule(request: TeamRequest, form: RuleForm, row: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "row": row}
    status = _status(request)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "try":
            context["tried"] = _tried(form, row)
            status = 200
        elif goes_well(
            form,
            lambda: desk.save_rule(
                rule_id=row.pk if row else None,
                name=form.cleaned_data["name"],
                conditions=form.conditions,
                acts=form.acts,
                ends=form.cleaned_data["ends"],
                is_on=form.cleaned_data["is_on"],
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:settings_rules")
    return show(request, "console/settings/rule.html", "rules", context, status=status)


def _tried(form: RuleForm, row: Any) -> dict[str, Any]:
    """Return what the rule as it stands in the form would do; nothing is written."""
    names = Names()
    card = queries.RuleCard(
        id=row.pk if row else 0,
        name=form.cleaned_data["name"],
        conditions=queries.clean_conditions(form.conditions),
        acts=form.acts,
        ends=form.cleaned_data["ends"],
    )
    found = queries.dry_run(card, at=now(), alone=False)
    lines = []
    for conversation, run in found[:SHOWN]:
        step = next(one for one in run.fired if one.rule_id == card.id)
        did = queries.acts_of([{"do": do, "value": value} for do, value in step.did])
        lines.append(
            {
                "id": conversation.pk,
                "subject": conversation.subject,
                "at": conversation.opened_at,
                "why": [str(CONDITIONS.get(one, one)) for one in step.why],
                "did": names.acts(did),
                "is_stopped": run.is_stopped,
            }
        )
    return {"lines": lines, "fits": len(found), "of": queries.arrived_count()}


@team(Role.ADMIN, POST)
def switch_rule(request: TeamRequest, rule_id: int) -> HttpResponse:
    """On or off."""
    is_on = request.POST.get("on") == "1"
    desk.switch_rule(rule_id=rule_id, is_on=is_on, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_rules")


@team(Role.ADMIN, POST)
def move_rule(request: TeamRequest, rule_id: int) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("up") == "1"
    desk.move_rule(rule_id=rule_id, up=up, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_rules")


@team(Role.ADMIN, POST)
def drop_rule(request: TeamRequest, rule_id: int) -> HttpResponse:
    """Delete it."""
    desk.drop_rule(rule_id=rule_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_rules", said=gettext("Removed."))


# -- sharing out --------------------------------------------------------------


@team(Role.SUPERVISOR)
def sharing(request: TeamRequest) -> HttpResponse:
    """How each department's queue is shared out, and what each agent takes on."""
    at = now()
    works = queries.department_works()
    names = Names()
    members = [one for one in people.everyone() if one.is_active]
    loads = queries.loads_of([one.pk for one in members], at=at)
    away = people.absent_agent_ids(at=at)
    agent_works = queries.agent_works()
    departments = []
    for row in people.departments():
        work = works.get(row.pk)
        share = work.share if work else Share.OFF.value
        departments.append(
            {"row": row, "share": SHARES[share], "gives_back": bool(work and work.gives_back)}
        )
    agents = []
    for one in members:
        own = agent_works.get(one.pk) or queries.work_of(one.pk)
        agents.append(
            {
                "agent": one,
                "load": loads.get(one.pk, 0),
                "capacity": own.capacity,
                "is_away": one.pk in away,
                "skills": [
                    *(str(code).upper() for code in own.languages),
                    *(names.tags[pk] for pk in own.line_ids if pk in names.tags),
                ],
            }
        )
    context = {"departments": departments, "agents": agents}
    return show(request, "console/settings/sharing.html", "sharing", context)


@team(Role.SUPERVISOR, GET_POST)
def department_sharing(request: TeamRequest, department_id: int) -> HttpResponse:
    """How one department's queue is shared out."""
    row = people.departments().filter(pk=department_id).first()
    if row is None:
        raise NotFound(department_id=department_id)
    work = queries.department_work(department_id)
    form = DepartmentWorkForm(
        request.POST or None, initial={"share": work.share, "gives_back": work.gives_back}
    )
    if request.method == "POST" and form.is_valid():
        desk.set_department_work(
            department_id=department_id,
            share=Share(form.cleaned_data["share"]),
            gives_back=form.cleaned_data["gives_back"],
            at=now(),
            by=request.agent.pk,
        )
        return back_to(request, "console:settings_sharing")
    context = {"form": form, "name": row.name}
    return show(
        request, "console/settings/share.html", "sharing", context, status=_status(request)
    )


@team(Role.SUPERVISOR, GET_POST)
def agent_sharing(request: TeamRequest, agent_id: int) -> HttpResponse:
    """What somebody is good at and takes on."""
    agent = people.member(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    work = queries.work_of(agent_id)
    initial = {
        "capacity": work.capacity,
        "languages": work.languages,
        "line_ids": [str(pk) for pk in work.line_ids],
        "writes": work.writes,
        "speaks": work.speaks,
    }
    form = AgentWorkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        desk.set_agent_work(
            agent_id=agent_id,
            languages=data["languages"],
            line_ids=[int(pk) for pk in data["line_ids"]],
            writes=data["writes"],
            speaks=data["speaks"],
            capacity=data["capacity"],
            at=now(),
            by=request.agent.pk,
        )
        return back_to(request, "console:settings_sharing")
    context = {"form": form, "name": agent.name}
    return show(
        request, "console/settings/share.html", "sharing", context, status=_status(request)
    )
