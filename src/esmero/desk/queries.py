"""Reads of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from esmero.conversations import queries as conversations
from esmero.desk.models import AgentWork, BulkItem, BulkJob, DepartmentWork, Macro, Rule, Trace
from esmero.desk.reads import views as views
from esmero.desk.reads.routing import acts_of as acts_of
from esmero.desk.reads.routing import candidates as candidates
from esmero.desk.reads.routing import card_of as card_of
from esmero.desk.reads.routing import department_work as department_work
from esmero.desk.reads.routing import facts_of as facts_of
from esmero.desk.reads.routing import forget as forget
from esmero.desk.reads.routing import frames_ahead as frames_ahead
from esmero.desk.reads.routing import gave_back as gave_back
from esmero.desk.reads.routing import gives_back as gives_back
from esmero.desk.reads.routing import is_open as is_open
from esmero.desk.reads.routing import is_writing as is_writing
from esmero.desk.reads.routing import loads_of as loads_of
from esmero.desk.reads.routing import macro_acts as macro_acts
from esmero.desk.reads.routing import need_of as need_of
from esmero.desk.reads.routing import owned_since as owned_since
from esmero.desk.reads.routing import returned_ids as returned_ids
from esmero.desk.reads.routing import routes_anything as routes_anything
from esmero.desk.reads.routing import rules_on as rules_on
from esmero.desk.reads.routing import waiting_in as waiting_in
from esmero.desk.reads.routing import work_of as work_of
from esmero.desk.rules import snoozing as snoozing
from esmero.desk.rules.acts import Act as Act
from esmero.desk.rules.acts import read_acts as read_acts
from esmero.desk.rules.acts import saved_answer_id as saved_answer_id
from esmero.desk.rules.conditions import FOR_RULES as RULE_CONDITIONS
from esmero.desk.rules.conditions import clean
from esmero.desk.rules.running import RuleCard as RuleCard
from esmero.desk.rules.running import Run as Run
from esmero.desk.rules.running import run as run_rules
from esmero.kernel.errors import InvalidInput
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent


def macros() -> QuerySet[Macro]:
    """Return the macros that are offered, in order."""
    return Macro.objects.filter(retired_at=None).order_by("position", "id")


def macros_for(agent: Agent) -> QuerySet[Macro]:
    """Return the macros of the whole shop and of an agent's departments."""
    departments = people.department_ids_of(agent)
    if departments is None:
        return macros()
    return macros().filter(Q(department=None) | Q(department_id__in=departments))


def macro(macro_id: int) -> Macro | None:
    """Return a macro that is offered."""
    return macros().filter(pk=macro_id).first()


def rules() -> QuerySet[Rule]:
    """Return every rule in order."""
    return Rule.objects.order_by("position", "id")


def traces_of(conversation_id: int) -> QuerySet[Trace]:
    """Return what the rules did with a conversation, the newest first."""
    return Trace.objects.filter(conversation_id=conversation_id).order_by("-id")


def bulk_job(job_id: int) -> BulkJob | None:
    """Return a bulk act without the list of its conversations; whose it is, the caller asks."""
    return BulkJob.objects.defer("conversation_ids").filter(pk=job_id).first()


def bulk_ids(job_id: int) -> list[int]:
    """Return the conversations of a bulk act."""
    found = BulkJob.objects.filter(pk=job_id).values_list("conversation_ids", flat=True).first()
    return list(found or [])


def bulk_size(job_id: int) -> int:
    """Return how many conversations a bulk act takes."""
    found = BulkJob.objects.filter(pk=job_id).values_list("conversation_ids__len", flat=True)
    return found.first() or 0


def refused_items(job_id: int) -> QuerySet[BulkItem]:
    """Return what a bulk act could not do, in its order."""
    return BulkItem.objects.filter(job_id=job_id, outcome__in=["refused", "gone"]).order_by("id")


def agent_works() -> dict[int, AgentWork]:
    """Return how each agent works that somebody has said it of."""
    return {work.agent_id: work for work in AgentWork.objects.all()}


def clean_conditions(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule's conditions as they would be stored. Raises InvalidInput."""
    try:
        return clean(raw, RULE_CONDITIONS)
    except ValueError as error:
        raise InvalidInput(field=str(error)) from None


def department_works() -> dict[int, DepartmentWork]:
    """Return how each department works that somebody has said it of."""
    return {work.department_id: work for work in DepartmentWork.objects.all()}


TRIED = 100


def dry_run(card: RuleCard, *, at: datetime, alone: bool = True) -> list[tuple[Conversation, Run]]:
    """Return what a rule (`alone`, else with all others that are on, in its place) would have done
    with the newest conversations, which it leaves as they are: those in which it fires.

    The facts are those of today, save that each is taken as it came: unowned and without tags.
    """
    newest = conversations.arrived()[:TRIED]
    macros = macro_acts()
    rules = [card]
    if not alone:
        others = rules_on()
        rules = [card if one.id == card.id else one for one in others]
        if card not in rules:
            rules.append(card)
    found = []
    for conversation in newest:
        facts = replace(
            facts_of(conversation, at=conversation.opened_at),
            tag_ids=frozenset(),
            priority=0,
            owner_id=None,
        )
        run = run_rules(rules, facts, macros=macros)
        if any(step.rule_id == card.id for step in run.fired):
            found.append((conversation, run))
    return found


def arrived_count() -> int:
    """Return on how many conversations a rule is tried."""
    return len(conversations.arrived().values_list("id", flat=True)[:TRIED])
