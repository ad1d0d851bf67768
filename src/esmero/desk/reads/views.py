"""Saved views: which conversations are in one, for whoever looks."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip, State
from esmero.desk.models import SavedView
from esmero.kernel.composed import composed
from esmero.people import queries as people

SHOWN_MOST = 40

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent


def views_for(agent: Agent) -> QuerySet[SavedView]:
    """Return an agent's own views and those shared with her departments, her own first."""
    departments = people.department_ids_of(agent)
    shared = Q(department__isnull=False)
    if departments is not None:
        shared = Q(department_id__in=departments)
    return SavedView.objects.filter(Q(owner=agent) | shared).order_by("position", "id")


@composed
def named_for(agent_id: int, department_ids: list[int] | None) -> QuerySet[SavedView]:
    """Return the same for a page that only names them."""
    found = views_for(people.stand_in(agent_id, department_ids))
    return found.only("id", "name")[:SHOWN_MOST]


def view_for(agent: Agent, view_id: int) -> SavedView | None:
    """Return a view that an agent may look at."""
    return views_for(agent).filter(pk=view_id).first()


def frozen(conditions: dict[str, Any]) -> str:
    """Return conditions as one text, the same for the same ones: a part of a query's shape."""
    return json.dumps(conditions, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=200)
def _thawed(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


def in_view(
    agent: Agent, conditions: str, *, at: datetime, until: datetime
) -> QuerySet[Conversation]:
    """Return the conversations that fit (`frozen`) conditions and that the agent may see.

    `until`: when today ends, for what is due today. Without a word about the state: what is not
    resolved; without one about snoozing: what is in sight.
    """
    wanted = _thawed(conditions)
    found = conversations.everything(agent)
    states = wanted.get("state", [])
    if states:
        found = found.filter(state__in=states)
    else:
        found = found.filter(~Q(state=State.RESOLVED.value))
    snoozed = wanted.get("snoozed")
    if snoozed == "yes":
        found = found.filter(snoozed_until__gt=at)
    elif snoozed != "no" and State.RESOLVED.value in states:
        pass
    else:
        found = conversations.in_sight(found, at=at)
    for name in ("priority", "channel", "kind"):
        if wanted.get(name):
            found = found.filter(**{f"{name}__in": wanted[name]})
    if wanted.get("department"):
        found = found.filter(department_id__in=wanted["department"])
    if wanted.get("tag"):
        found = found.filter(tag_ids__overlap=wanted["tag"])
    if wanted.get("language"):
        found = found.filter(language__in=wanted["language"])
    if wanted.get("unanswered"):
        found = found.filter(awaits_reply_since__isnull=wanted["unanswered"] == "no")
    if wanted.get("failed"):
        found = found.filter(has_failure=wanted["failed"] == "yes")
    if wanted.get("owner"):
        found = found.filter(_owned(agent, wanted["owner"]))
    if wanted.get("due"):
        found = found.filter(_due(wanted["due"], at=at, until=until))
    return found


def _owned(agent: Agent, wanted: list[str]) -> Q:
    found = Q(pk__in=[])
    for one in wanted:
        if one == "me":
            found |= Q(owner_agent=agent)
        elif one == "nobody":
            found |= Q(owner_agent=None)
        elif one.startswith("agent:") and one[6:].isdigit():
            found |= Q(owner_agent_id=int(one[6:]))
    return found


def _due(wanted: list[str], *, at: datetime, until: datetime) -> Q:
    late = Q(chip=Chip.BROKEN.value) | Q(chip=Chip.OPEN.value, chip_at__lt=at)
    today = Q(chip=Chip.OPEN.value, chip_at__gte=at, chip_at__lt=until)
    found = Q(pk__in=[])
    if "late" in wanted:
        found |= late
    if "today" in wanted:
        found |= today
    return found
