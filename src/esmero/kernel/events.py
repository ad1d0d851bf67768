"""Domain events: facts in the past tense, written in the transaction that made them true.

The row is the customer's history, the source of webhooks and the raw data of insight; so it holds
ids, numbers and codes, never names, addresses or text. Reactions run from the row after commit,
each once for an event.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from types import SimpleNamespace
from typing import Any, ClassVar

from django.db import connection
from django.db.models import QuerySet

from esmero.kernel import jobs, written
from esmero.kernel.composed import composed
from esmero.kernel.models import EventLink, EventRow


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all facts; a subclass sets `kind` (`context.past_tense`) and its fields."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Happened:
    """An event read back from its row."""

    id: int
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any]


Reaction = Callable[[Happened], None]
BulkReaction = Callable[[list[Happened]], None]
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class Owed(IntEnum):
    """What is still to be done for an event after its transaction."""

    NOTHING = 0
    SOME_TIME = 1
    AT_ONCE = 2


_Found = tuple[EventRow, tuple[str, ...], Owed]
_Condition = tuple[Callable[[], bool] | None, Callable[[Any], bool] | None, Owed]

_gathering: ContextVar[list[_Found] | None] = ContextVar("_gathering", default=None)
_reactions: dict[str, dict[str, Reaction]] = {}
_bulk: dict[str, BulkReaction] = {}
_only: dict[str, Callable[[Any], bool]] = {}
_conditions: dict[str, list[_Condition]] = {}
_upcasters: dict[tuple[str, int], Upcaster] = {}


def react(
    event: type[Event],
    name: str,
    *,
    when: Callable[[], bool] | None = None,
    only: Callable[[Any], bool] | None = None,
) -> Callable[[Reaction], Reaction]:
    """Register a reaction under a stable name; it runs after commit, once for an event.

    `when` is asked as the event is written and answers from memory: an event for which nobody has
    anything to do is not looked at again, so that a mail costs nothing more for it. `only` is
    asked then too, with the event itself, and again before the reaction runs, with what has the
    event's fields: another reaction may have wanted it.
    """

    def register(reaction: Reaction) -> Reaction:
        known = _reactions.setdefault(event.kind, {})
        if known.get(name, reaction) is not reaction:
            raise ValueError(f"two reactions to {event.kind} are called {name}")
        known[name] = reaction
        if only is not None:
            _only[name] = only
        _conditions.setdefault(event.kind, []).append((when, only, Owed.AT_ONCE))
        return reaction

    return register


def react_in_bulk(
    event: type[Event], name: str, *, only: Callable[[Any], bool] | None = None
) -> Callable[[BulkReaction], BulkReaction]:
    """Register a reaction that can wait some seconds and then takes many events at once.

    For what would cost each mail a transaction of its own and nobody waits for. It is called with
    one event or more, oldest first; when it fails with several, it is called with each alone.
    `only` as for `react`.
    """

    def register(reaction: BulkReaction) -> BulkReaction:
        def alone(one: Happened) -> None:
            reaction([one])

        known = _reactions.setdefault(event.kind, {})
        if _bulk.get(name, reaction) is not reaction or (name in known and name not in _bulk):
            raise ValueError(f"two reactions to {event.kind} are called {name}")
        known[name], _bulk[name] = alone, reaction
        if only is not None:
            _only[name] = only
        _conditions.setdefault(event.kind, []).append((None, only, Owed.SOME_TIME))
        return reaction

    return register


def bulk_reactions(names: Sequence[str]) -> dict[str, BulkReaction] | None:
    """Return the reactions of these names that take many events, None if one of them does not."""
    found = {name: _bulk[name] for name in names if name in _bulk}
    return found if len(found) == len(names) else None


def reactions_to(event: Happened) -> Mapping[str, Reaction]:
    """Return the reactions registered for an event that want it, by name."""
    known = _reactions.get(event.kind, {})
    fields = SimpleNamespace(**event.data)
    return {name: known[name] for name in known if name not in _only or _only[name](fields)}


def _owed(event: Event) -> Owed:
    owed = Owed.NOTHING
    for when, only, how in _conditions.get(event.kind, ()):
        if how > owed and (only is None or only(event)) and (when is None or when()):
            owed = how
    return owed


def upcast(event: type[Event], from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register how data of an older version become those of the next."""

    def register(function: Upcaster) -> Upcaster:
        _upcasters[event.kind, from_version] = function
        return function

    return register


def read_row(row: EventRow) -> Happened:
    """Return the event of a row with its data in today's version."""
    data, version = dict(row.data), row.version
    while (step := _upcasters.get((row.kind, version))) is not None:
        data, version = step(data), version + 1
    return Happened(id=row.id, kind=row.kind, at=row.at, actor=row.actor, data=data)


def history_of(ref: str, *, limit: int = 200, since: datetime | None = None) -> list[Happened]:
    """Return the newest `limit` events of a history (`conversation:12`), oldest first."""
    newest = _newest(ref, _Most(limit), since)
    return [read_row(row) for row in newest]


def before(refs: Iterable[str], event_id: int, *, limit: int) -> list[Happened]:
    """Return the newest events of several histories together that came before an event (0: of
    all), newest first by their ids, each once: for paging back through a history.
    """
    links = EventLink.objects.filter(ref__in=list(refs))
    if event_id:
        links = links.filter(event_id__lt=event_id)
    ids = links.order_by("-event_id").values_list("event_id", flat=True)
    rows = EventRow.objects.filter(pk__in=list(ids.distinct()[:limit])).order_by("-id")
    return [read_row(row) for row in rows]


class _Most(int):
    """A number that is part of a query's shape: a LIMIT is no value."""


@composed
def _newest(ref: str, limit: _Most, since: datetime | None) -> QuerySet[EventRow]:
    rows = EventRow.objects.filter(
        pk__in=EventLink.objects.filter(ref=ref)
        .order_by("-event_id")
        .values("event_id")[: int(limit)]
    )
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows.order_by("at", "id")


def publish(events: Iterable[tuple[Event, Iterable[str]]], *, at: datetime, actor: str) -> None:
    """Write events in the current transaction, each with the refs whose history it belongs to.

    `actor` is `agent:ID`, `customer:ID` or `system`. Two statements, however many events.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events are published inside the transaction that made them true")
    found = [
        (
            EventRow(
                kind=event.kind,
                version=event.version,
                at=at,
                actor=actor,
                data=dataclasses.asdict(event),
                is_pending=(owed := _owed(event)) is not Owed.NOTHING,
            ),
            tuple(dict.fromkeys(refs)),
            owed,
        )
        for event, refs in events
    ]
    gathering = _gathering.get()
    if gathering is not None:
        gathering.extend(found)
    else:
        _write(found)


@contextmanager
def gathered() -> Iterator[None]:
    """Write what is published inside in one go at its end, still in the same transaction.

    For hot paths of several actions (filing a mail publishes four events in two of them).
    """
    found: list[_Found] = []
    token = _gathering.set(found)
    try:
        yield
    finally:
        _gathering.reset(token)
    _write(found)


def _write(found: list[_Found]) -> None:
    if not found:
        return
    rows = [row for row, _, _ in found]
    written.insert_all(rows)
    written.insert_all([EventLink(event=row, ref=ref) for row, refs, _ in found for ref in refs])
    # One wish is enough: whoever follows the events (`live`) listens to both. What can wait is
    # met by the loop's own round.
    is_urgent = any(owed is Owed.AT_ONCE for _, _, owed in found)
    jobs.wake_after_commit("events" if is_urgent else "happened")
