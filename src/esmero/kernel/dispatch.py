"""Runs the reactions to committed events: each once, again after a failure, in sight when given
up.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from esmero.kernel import events, written
from esmero.kernel.composed import composed
from esmero.kernel.models import EventRow, ReactionDone, ReactionFailure

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
IN_BULK = 100
"""Events that a reaction which takes many gets at once."""


def dispatch_one(*, at: datetime) -> bool:
    """Run what is still owed for one pending event and say whether there was one.

    The row stays locked meanwhile, so that two processes never run the same reaction at once; each
    reaction has a savepoint of its own, and the marks are written with their effects.
    """
    with transaction.atomic():
        row = next(iter(_pending(at)), None)
        if row is None:
            return False
        event = events.read_row(row)
        if row.attempts == 0 and events.bulk_reactions([*events.reactions_to(event)]):
            _dispatch_together(row.kind, at)
            return True
        done = set(_done_for(row.id))
        failed, marks = False, []
        for name, reaction in events.reactions_to(event).items():
            if name in done:
                continue
            if _run(row, event, name, reaction, at):
                marks.append(ReactionDone(event=row, reaction=name))
            else:
                failed = True
        written.insert_all(marks)
        if not failed:
            row.is_pending = False
        else:
            row.attempts += 1
            row.retry_at = at + FIRST_PAUSE * 2 ** (row.attempts - 1)
            row.is_pending = row.attempts < MAX_ATTEMPTS
            if not row.is_pending:
                ReactionFailure.objects.filter(event=row).update(is_given_up=True)
        written.update(row, ["is_pending", "attempts", "retry_at"])
    return True


def _dispatch_together(kind: str, at: datetime) -> None:
    """Run the reactions that take many events with those that wait of a kind."""
    rows = (
        EventRow.objects.select_for_update(skip_locked=True)
        .filter(kind=kind, is_pending=True, attempts=0)
        .order_by("id")[:IN_BULK]
    )
    owed: dict[str, list[tuple[EventRow, events.Happened]]] = {}
    reactions: dict[str, events.BulkReaction] = {}
    taken: set[int] = set()
    for row in rows:
        event = events.read_row(row)
        bulk = events.bulk_reactions([*events.reactions_to(event)])
        if bulk is None:
            continue  # somebody else waits for it too: it takes its turn
        taken.add(row.id)
        reactions |= bulk
        for name in bulk:
            owed.setdefault(name, []).append((row, event))
    failed: set[int] = set()
    marks = []
    for name, those in owed.items():
        gone = _run_together(name, reactions[name], those, at)
        failed |= {row.id for row, _ in those if row.id not in gone}
        marks += [ReactionDone(event_id=pk, reaction=name) for pk in sorted(gone)]
    written.insert_all(marks)
    EventRow.objects.filter(pk__in=taken - failed).update(is_pending=False)
    if failed:
        EventRow.objects.filter(pk__in=failed).update(attempts=1, retry_at=at + FIRST_PAUSE)


def _run_together(
    name: str,
    reaction: events.BulkReaction,
    those: list[tuple[EventRow, events.Happened]],
    at: datetime,
) -> set[int]:
    """Return the ids of the events for which it went; where it fails, each is tried alone."""
    if len(those) > 1:
        try:
            with transaction.atomic():
                reaction([event for _, event in those])
        except Exception as error:  # noqa: BLE001  an entry: which of them it was, the next finds out
            log.warning("reaction_failed", reaction=name, together=len(those), error=repr(error))
        else:
            return {row.id for row, _ in those}
    return {
        row.id
        for row, event in those
        if _run(row, event, name, events.reactions_to(event)[name], at)
    }


@composed
def _pending(at: datetime) -> QuerySet[EventRow]:
    return (
        EventRow.objects.select_for_update(skip_locked=True)
        .filter(Q(retry_at=None) | Q(retry_at__lte=at), is_pending=True)
        .order_by("id")[:1]
    )


@composed
def _done_for(event_id: int) -> QuerySet[ReactionDone, str]:
    return ReactionDone.objects.filter(event_id=event_id).values_list("reaction", flat=True)


def _run(
    row: EventRow, event: events.Happened, name: str, reaction: events.Reaction, at: datetime
) -> bool:
    try:
        with transaction.atomic():
            reaction(event)
    except Exception as error:  # noqa: BLE001  an entry: one bad reaction must not stop the others
        log.warning("reaction_failed", reaction=name, event_id=row.id, error=type(error).__name__)
        text = "".join(traceback.format_exception(error)[-6:])
        failure, is_new = ReactionFailure.objects.get_or_create(
            event=row, reaction=name, defaults={"error": text, "last_at": at}
        )
        if not is_new:
            ReactionFailure.objects.filter(pk=failure.pk).update(
                error=text, last_at=at, attempts=F("attempts") + 1
            )
        return False
    if row.attempts:
        ReactionFailure.objects.filter(event=row, reaction=name).delete()
    return True


def next_retry_at() -> datetime | None:
    """Return when the next failed event is due again, if any."""
    return next(iter(_next_retry()), None)


@composed
def _next_retry() -> QuerySet[EventRow, datetime | None]:
    found = EventRow.objects.filter(is_pending=True, retry_at__isnull=False)
    return found.order_by("retry_at").values_list("retry_at", flat=True)[:1]


def forget_marks(*, before: datetime) -> int:
    """Drop the marks of reactions to events older than `before` that are no longer owed anything.

    Such an event is never looked at again, so its marks only take room. Returns how many.
    """
    gone, _ = ReactionDone.objects.filter(event__at__lt=before, event__is_pending=False).delete()
    return gone


@dataclass(frozen=True, slots=True)
class Backlog:
    """Events whose reactions are still owed, reactions that fail, and those given up."""

    pending: int
    failing: int
    given_up: int


def backlog() -> Backlog:
    """Return what is owed to past events."""
    failures = ReactionFailure.objects.aggregate(
        failing=Count("id", filter=Q(is_given_up=False)),
        given_up=Count("id", filter=Q(is_given_up=True)),
    )
    return Backlog(pending=EventRow.objects.filter(is_pending=True).count(), **failures)
