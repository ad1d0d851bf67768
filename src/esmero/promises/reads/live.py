"""What is owed, for whoever keeps the numbers in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from esmero.kernel.composed import composed
from esmero.promises.enums import State
from esmero.promises.models import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet


def owed_until(until: datetime) -> list[tuple[int, int]]:
    """Return (promise, owner) of everything open that an agent owes before a moment."""
    return _owed(until)


def owed_among(promise_ids: Iterable[int], until: datetime) -> dict[int, int]:
    """Return the owners of those among these promises that `owed_until` would name."""
    return dict(_among(sorted(promise_ids), until))


@composed
def _owed(until: datetime) -> QuerySet[Promise, Any]:
    return _open(until)


@composed
def _among(promise_ids: list[int], until: datetime) -> QuerySet[Promise, Any]:
    return _open(until).filter(pk__in=promise_ids)


def _open(until: datetime) -> QuerySet[Promise, Any]:
    found = Promise.objects.filter(
        state=State.OPEN.value, owner_agent__isnull=False, due_at__lt=until
    )
    return found.values_list("id", "owner_agent_id")
