"""Promises by the person who owes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from esmero.kernel.composed import composed
from esmero.promises.enums import State
from esmero.promises.models import Promise
from esmero.shop.queries import the_shop

COUNTED_MOST = 100


def ended_of(agent_id: int, *, since: datetime, until: datetime) -> QuerySet[Promise]:
    """Return what an agent owed that ended in [since, until), whatever became of it."""
    return (
        Promise.objects.filter(
            owner_agent_id=agent_id, settled_at__gte=since, settled_at__lt=until
        )
        .exclude(state=State.OPEN.value)
        .select_related("customer")
        .only("state", "due_at", "settled_at", "initiative", "customer__name")
        .order_by("due_at", "id")
    )


def days_of(
    agent_id: int, *, since: datetime, until: datetime
) -> list[tuple[date, str, str, int]]:
    """Return how an agent's promises that ended in [since, until) ended: (day it was due in the
    shop's zone, state, initiative, how many).
    """
    return _days_of(agent_id, since, until, the_shop().zone)


@composed
def _days_of(
    agent_id: int, since: datetime, until: datetime, zone: ZoneInfo
) -> QuerySet[Promise, Any]:
    return (
        Promise.objects.filter(
            owner_agent_id=agent_id, settled_at__gte=since, settled_at__lt=until
        )
        .exclude(state=State.OPEN.value)
        .annotate(day=TruncDate("due_at", tzinfo=zone))
        .order_by()
        .values("day", "state", "initiative")
        .annotate(n=Count("id"))
        .values_list("day", "state", "initiative", "n")
    )


def open_counts(agent_ids: Iterable[int]) -> dict[int, int]:
    """Return how many promises each agent has open, counted up to COUNTED_MOST, in one query.

    Each agent's rows are read from the index and no further than that: the cost does not grow
    with what is open.
    """
    ids = list(dict.fromkeys(agent_ids))
    return dict(Counter(_open_of(ids))) if ids else {}


@composed
def _open_of(agent_ids: list[int]) -> QuerySet[Promise, Any]:
    pieces = [
        Promise.objects.filter(state=State.OPEN.value, owner_agent_id=pk)
        .order_by()
        .values_list("owner_agent_id", flat=True)[:COUNTED_MOST]
        for pk in agent_ids
    ]
    return pieces[0].union(*pieces[1:], all=True) if len(pieces) > 1 else pieces[0]
