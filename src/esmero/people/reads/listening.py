"""Who of those who listen to live updates may come in still, and what they may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from esmero.kernel.composed import composed
from esmero.people.enums import Role
from esmero.people.models import Agent, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


def active_among(agent_ids: Iterable[int]) -> list[Agent]:
    """Return those of these members who may come in."""
    return _active_among(list(agent_ids))


@composed
def _active_among(agent_ids: list[int]) -> QuerySet[Agent]:
    return Agent.objects.filter(pk__in=agent_ids, is_active=True)


def departments_among(agents: Iterable[Agent]) -> dict[int, list[int] | None]:
    """Return what `department_ids_of` answers for each of these, in one query."""
    found: dict[int, list[int] | None] = {agent.pk: None for agent in agents}
    narrow = sorted(a.pk for a in agents if not a.has_role(Role.SUPERVISOR))
    for agent_id, department_id in _memberships_among(narrow) if narrow else ():
        found[agent_id] = [*(found[agent_id] or []), department_id]
    return found


@composed
def _memberships_among(agent_ids: list[int]) -> QuerySet[Membership, Any]:
    found = Membership.objects.filter(agent_id__in=agent_ids)
    return found.values_list("agent_id", "department_id")
