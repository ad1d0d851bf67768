"""Views, macros, rules, and how people and departments work: what the settings write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.desk import queries
from esmero.desk.enums import After, Do, Share
from esmero.desk.errors import NothingToDo
from esmero.desk.events import MacroRun
from esmero.desk.models import AgentWork, DepartmentWork, Macro, Rule, SavedView
from esmero.desk.rules.acts import FOR_MACROS, FOR_RULES, Act, only, saved_answer_id
from esmero.desk.rules.conditions import FOR_RULES as RULE_CONDITIONS
from esmero.desk.rules.conditions import FOR_VIEWS, clean
from esmero.kernel import audit, events, jobs
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries as people

VIEWS_MOST = 30
ORDERS = ("plazo", "reciente")


def _name(text: str, limit: int) -> str:
    name = one_line(storable(text), limit)
    if not name:
        raise InvalidInput(field="name")
    return name


def _conditions(raw: Mapping[str, Any], allowed: Mapping[str, str]) -> dict[str, Any]:
    try:
        return clean(raw, allowed)
    except ValueError as error:
        raise InvalidInput(field=str(error)) from None


# -- views --------------------------------------------------------------------


@action
def save_view(
    *,
    view_id: int | None = None,
    name: str,
    conditions: Mapping[str, Any],
    order: str,
    department_id: int | None,
    agent_id: int,
    at: datetime,
) -> int:
    """Make a view or change one's own; with a department it is shared there. Returns its id.

    Raises InvalidInput, NotFound (not hers, or a department that is not hers), NothingToDo
    without any condition.
    """
    found = _conditions(conditions, FOR_VIEWS)
    if not found:
        raise NothingToDo()
    if order not in ORDERS:
        raise InvalidInput(field="order")
    agent = people.agent(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    own = people.department_ids_of(agent)
    if department_id is not None and own is not None and department_id not in own:
        raise NotFound(department_id=department_id)
    facts = {
        "name": _name(name, 60),
        "conditions": found,
        "order": order,
        "department_id": department_id,
    }
    if view_id is not None:
        if not SavedView.objects.filter(pk=view_id, owner_id=agent_id).update(**facts):
            raise NotFound(view_id=view_id)
    else:
        mine = SavedView.objects.filter(owner_id=agent_id)
        if mine.count() >= VIEWS_MOST:
            raise InvalidInput(field="name")
        last = mine.aggregate(last=Max("position"))["last"] or 0
        view_id = SavedView.objects.create(owner_id=agent_id, position=last + 1, **facts).pk
    audit.record(
        at=at, actor=ref("agent", agent_id), action="view.saved", ref=ref("view", view_id)
    )
    return view_id


@action
def drop_view(*, view_id: int, agent_id: int, at: datetime) -> None:
    """Delete one's own view. Raises NotFound."""
    gone, _ = SavedView.objects.filter(pk=view_id, owner_id=agent_id).delete()
    if not gone:
        raise NotFound(view_id=view_id)
    audit.record(
        at=at, actor=ref("agent", agent_id), action="view.dropped", ref=ref("view", view_id)
    )


# -- macros -------------------------------------------------------------------


@action
def save_macro(
    *,
    macro_id: int | None = None,
    name: str,
    acts: Sequence[Act],
    department_id: int | None,
    at: datetime,
    by: int,
) -> int:
    """Make or change a macro and return its id. Raises InvalidInput, NothingToDo, NotFound."""
    allowed = only(acts, FOR_MACROS)
    if not allowed:
        raise NothingToDo()
    _known(allowed)
    facts = {
        "name": _name(name, 80),
        "acts": [act.stored() for act in allowed],
        "department_id": department_id,
    }
    if macro_id is None:
        macro_id = Macro.objects.create(position=Macro.objects.count(), **facts).pk
    elif not Macro.objects.filter(pk=macro_id, retired_at=None).update(**facts):
        raise NotFound(macro_id=macro_id)
    audit.record(at=at, actor=ref("agent", by), action="macro.saved", ref=ref("macro", macro_id))
    return macro_id


@action
def retire_macro(*, macro_id: int, at: datetime, by: int) -> None:
    """Offer a macro no more. Raises NotFound."""
    if not Macro.objects.filter(pk=macro_id, retired_at=None).update(retired_at=at):
        raise NotFound(macro_id=macro_id)
    audit.record(at=at, actor=ref("agent", by), action="macro.retired", ref=ref("macro", macro_id))


@action
def note_macro_run(*, macro_id: int, conversation_id: int, agent_id: int, at: datetime) -> None:
    """Write down that a macro was run. Publishes MacroRun."""
    Macro.objects.filter(pk=macro_id).update(uses=F("uses") + 1)
    run = MacroRun(conversation_id=conversation_id, macro_id=macro_id)
    events.publish(
        [(run, [ref("conversation", conversation_id)])], at=at, actor=ref("agent", agent_id)
    )


def _known(acts: Iterable[Act]) -> None:
    """Raise NotFound for what is named and not there."""
    tags = conversation_queries.order.tags_by_id()
    for act in acts:
        if act.do in (Do.TAG, Do.UNTAG) and act.pk not in tags:
            raise NotFound(tag_id=act.pk)
        answer_id = saved_answer_id(act.value) if act.do is Do.REPLY else 0
        if answer_id and conversation_queries.saved_answer(answer_id) is None:
            raise NotFound(answer_id=answer_id)
        if act.do is Do.MACRO and queries.macro(act.pk) is None:
            raise NotFound(macro_id=act.pk)
        if act.do is Do.ASSIGN and act.value.startswith("agent:") and not people.agent(act.pk):
            raise NotFound(agent_id=act.pk)
        is_department = act.do is Do.ASSIGN and act.value.startswith("department:")
        if is_department and people.department(act.pk) is None:
            raise NotFound(department_id=act.pk)


# -- rules --------------------------------------------------------------------


@action
def save_rule(
    *,
    rule_id: int | None = None,
    name: str,
    conditions: Mapping[str, Any],
    acts: Sequence[Act],
    ends: bool,
    is_on: bool,
    at: datetime,
    by: int,
) -> int:
    """Make or change a rule on arrival and return its id.

    Raises InvalidInput, NothingToDo (without an act), NotFound.
    """
    allowed = only(acts, FOR_RULES)
    if not allowed:
        raise NothingToDo()
    _known(allowed)
    facts = {
        "name": _name(name, 80),
        "conditions": _conditions(conditions, RULE_CONDITIONS),
        "acts": [act.stored() for act in allowed],
        "ends": ends,
        "is_on": is_on,
        "looped_at": None,
    }
    if rule_id is None:
        last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
        rule_id = Rule.objects.create(position=last + 1, **facts).pk
    elif not Rule.objects.filter(pk=rule_id).update(**facts):
        raise NotFound(rule_id=rule_id)
    audit.record(at=at, actor=ref("agent", by), action="rule.saved", ref=ref("rule", rule_id))
    queries.forget()
    return rule_id


@action
def switch_rule(*, rule_id: int, is_on: bool, at: datetime, by: int) -> None:
    """Turn a rule on or off. Raises NotFound."""
    if not Rule.objects.filter(pk=rule_id).update(is_on=is_on, looped_at=None):
        raise NotFound(rule_id=rule_id)
    name = "rule.switched_on" if is_on else "rule.switched_off"
    audit.record(at=at, actor=ref("agent", by), action=name, ref=ref("rule", rule_id))
    queries.forget()


@action
def move_rule(*, rule_id: int, up: bool, at: datetime, by: int) -> None:
    """Change places with the rule before or after it. Raises NotFound."""
    rules = list(Rule.objects.select_for_update().order_by("position", "id"))
    index = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
    if index is None:
        raise NotFound(rule_id=rule_id)
    other = index - 1 if up else index + 1
    if 0 <= other < len(rules):
        rules[index], rules[other] = rules[other], rules[index]
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    Rule.objects.bulk_update(rules, ["position"])
    audit.record(at=at, actor=ref("agent", by), action="rule.moved", ref=ref("rule", rule_id))
    queries.forget()


@action
def drop_rule(*, rule_id: int, at: datetime, by: int) -> None:
    """Delete a rule; what it did stays in the traces. Raises NotFound."""
    gone, _ = Rule.objects.filter(pk=rule_id).delete()
    if not gone:
        raise NotFound(rule_id=rule_id)
    audit.record(at=at, actor=ref("agent", by), action="rule.dropped", ref=ref("rule", rule_id))
    queries.forget()


# -- people and departments ---------------------------------------------------


@action
def set_agent_work(
    *,
    agent_id: int,
    languages: Sequence[str],
    line_ids: Sequence[int],
    writes: bool,
    speaks: bool,
    capacity: int,
    at: datetime,
    by: int,
) -> None:
    """Say what an agent is good at and how much she takes on (0: nothing by itself)."""
    if people.member(agent_id) is None:
        raise NotFound(agent_id=agent_id)
    AgentWork.objects.update_or_create(
        agent_id=agent_id,
        defaults={
            "languages": list(dict.fromkeys(languages)),
            "line_ids": list(dict.fromkeys(line_ids)),
            "writes": writes,
            "speaks": speaks,
            "capacity": capacity,
        },
    )
    audit.record(
        at=at, actor=ref("agent", by), action="agent.work_changed", ref=ref("agent", agent_id)
    )
    jobs.wake_after_commit("distribution")


@action
def set_after(*, agent_id: int, after: After) -> None:
    """Say where one goes after closing or answering something."""
    AgentWork.objects.update_or_create(agent_id=agent_id, defaults={"after": after.value})


@action
def set_department_work(
    *, department_id: int, share: Share, gives_back: bool, at: datetime, by: int
) -> None:
    """Say how a department's queue is shared out, and whether slow owners give back."""
    if people.department(department_id) is None:
        raise NotFound(department_id=department_id)
    DepartmentWork.objects.update_or_create(
        department_id=department_id, defaults={"share": share.value, "gives_back": gives_back}
    )
    audit.record(
        at=at, actor=ref("agent", by), action="department.work_changed",
        ref=ref("department", department_id), share=share.value, gives_back=gives_back,
    )  # fmt: skip
    queries.forget()
    jobs.wake_after_commit("distribution")


@action
def make_tag_named(*, name: str, at: datetime, by: int) -> int:
    """Return the tag of this name, made when there is none yet. Raises InvalidInput."""
    known = conversation_queries.order.tag_by_name(name)
    return known.id if known else conversations.make_tag(name=name, at=at, by=by)
