"""Promises by the person who owes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from esmero.promises.enums import State
from esmero.promises.models import Promise
from esmero.shop.queries import the_shop


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
    rows = (
        Promise.objects.filter(
            owner_agent_id=agent_id, settled_at__gte=since, settled_at__lt=until
        )
        .exclude(state=State.OPEN.value)
        .annotate(day=TruncDate("due_at", tzinfo=the_shop().zone))
        .order_by()
        .values("day", "state", "initiative")
        .annotate(n=Count("id"))
        .values_list("day", "state", "initiative", "n")
    )
    return list(rows)


def open_counts(agent_ids: Iterable[int], *, most: int = 100) -> dict[int, int]:
    """Return how many promises each agent has open, counted up to `most`, in one query.

    Each agent's rows are read from the index and no further than `most`: the cost does not grow
    with what is open.
    """
    pieces = [
        Promise.objects.filter(state=State.OPEN.value, owner_agent_id=pk)
        .order_by()
        .values_list("owner_agent_id", flat=True)[:most]
        for pk in dict.fromkeys(agent_ids)
    ]
    if not pieces:
        return {}
    rows = pieces[0].union(*pieces[1:], all=True) if len(pieces) > 1 else pieces[0]
    return {pk: n for pk, n in Counter(rows).items() if pk is not None}
