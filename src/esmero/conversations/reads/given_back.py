"""What owners who were away or left have given back, as the events tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.conversations.events import WorkGivenBack
from esmero.kernel.composed import composed
from esmero.kernel.models import EventRow

if TYPE_CHECKING:
    from django.db.models import QuerySet

TIMES_MOST = 50


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Once: whose they were, who took them (None: the queues), and which."""

    at: datetime
    agent_id: int
    taker_id: int | None
    conversation_ids: list[int]


def given_back(*, since: datetime) -> list[GivenBack]:
    """Return what was given back since a moment, the newest first."""
    return [
        GivenBack(
            at=row.at,
            agent_id=row.data["agent_id"],
            taker_id=row.data["taker_id"],
            conversation_ids=row.data["conversation_ids"],
        )
        for row in _rows(since)
    ]


@composed
def _rows(since: datetime) -> QuerySet[EventRow]:
    found = EventRow.objects.filter(kind=WorkGivenBack.kind, at__gte=since)
    return found.order_by("-at", "-id")[:TIMES_MOST]
