"""Who has a conversation open, who writes in it, and who has asked to take it over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from esmero.conversations.enums import Doing
from esmero.conversations.models import Presence, Takeover
from esmero.kernel.composed import composed

if TYPE_CHECKING:
    from django.db.models import QuerySet

SILENT_AFTER = timedelta(seconds=30)
"""A stream says every ten seconds that it is there; after three times nothing it is gone."""


def present_in(conversation_ids: Iterable[int], *, at: datetime) -> dict[int, dict[int, Doing]]:
    """Return who is there by conversation and agent, in one query; writing goes before looking."""
    ids = sorted(set(conversation_ids))
    found: dict[int, dict[int, Doing]] = {pk: {} for pk in ids}
    if ids:
        _gather(_in(ids, at - SILENT_AFTER), found)
    return found


def present_anywhere(*, at: datetime) -> dict[int, dict[int, Doing]]:
    """Return everybody who is there, by conversation and agent."""
    found: dict[int, dict[int, Doing]] = {}
    _gather(_anywhere(at - SILENT_AFTER), found)
    return found


def _gather(rows: list[Any], into: dict[int, dict[int, Doing]]) -> None:
    for conversation_id, agent_id, doing in rows:
        there = into.setdefault(conversation_id, {})
        if there.get(agent_id) is not Doing.WRITES:
            there[agent_id] = Doing(doing)


@composed
def _in(conversation_ids: list[int], since: datetime) -> QuerySet[Presence, Any]:
    found = Presence.objects.filter(conversation_id__in=conversation_ids, seen_at__gt=since)
    return found.order_by("id").values_list("conversation_id", "agent_id", "doing")


@composed
def _anywhere(since: datetime) -> QuerySet[Presence, Any]:
    found = Presence.objects.filter(seen_at__gt=since)
    return found.order_by("id").values_list("conversation_id", "agent_id", "doing")


def open_takeover(conversation_id: int) -> Takeover | None:
    """Return the wish to take a conversation over that waits for its answer."""
    found = _open_takeover(conversation_id)
    return found[0] if found else None


@composed
def _open_takeover(conversation_id: int) -> QuerySet[Takeover]:
    found = Takeover.objects.filter(conversation_id=conversation_id, ended_at=None)
    return found.select_related("asker", "asked")


def takeover(takeover_id: int) -> Takeover | None:
    """Return a wish to take over."""
    return Takeover.objects.filter(pk=takeover_id).first()
