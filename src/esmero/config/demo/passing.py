"""What the running product would have done meanwhile, each thing at its own time."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event

from django.db import connection

from esmero.channels import actions as channels
from esmero.conversations import actions as conversations
from esmero.kernel import dispatch, jobs
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries


@dataclass(slots=True)
class Desk:
    """A department's business time as the content's timing asks for it."""

    calendar: promise_queries.Calendar

    def add(self, at: datetime, minutes: int) -> datetime:
        """Return the moment so many business minutes later."""
        return promise_queries.add_business_time(self.calendar, at, minutes) if minutes else at

    def is_open_on(self, day: date) -> bool:
        """Say whether the department opens that day."""
        return bool(self.calendar.frames_on(day))


@dataclass
class Meanwhile:
    """The loops of the running product, each run only when it was woken: three of four times
    there is nothing for it, and to find that out takes as long as to do something.
    """

    _events: Event = field(default_factory=lambda: jobs.signal("events"))
    _happened: Event = field(default_factory=lambda: jobs.signal("happened"))
    _deliveries: Event = field(default_factory=lambda: jobs.signal("deliveries"))
    _asleep: list[datetime] = field(default_factory=list)
    _next_check: datetime | None = None

    def hand_over(self, at: datetime) -> None:
        """Let everything that is due leave, into the built-in outbox."""
        while self._deliveries.is_set():
            self._deliveries.clear()
            while handover := channels.claim_delivery(at=at, has_default=False):
                channels.note_handed_over(
                    delivery_id=handover.delivery_id,
                    at=at,
                    accepted=handover.recipients,
                    via="outbox",
                )

    def react(self, at: datetime) -> None:
        """Run every reaction that is owed."""
        while self._events.is_set():
            self._events.clear()
            self._happened.set()
            while dispatch.dispatch_one(at=at):
                pass

    def sleep(self, until: datetime) -> None:
        """Remember that something is to be woken."""
        heapq.heappush(self._asleep, until)

    def settle_until(self, at: datetime) -> None:
        """Do what the running product would have done by a moment, each thing at its time."""
        self.react(at)
        self.hand_over(at)
        while (due := self._due()) is not None and due <= at:
            promises.watch_one(at=due)
            self._happened.set()
            self.react(due)
            self.hand_over(due)
        while self._asleep and self._asleep[0] <= at:
            heapq.heappop(self._asleep)
            while conversations.wake_one(at=at):
                pass

    def _due(self) -> datetime | None:
        """Return when a promise wants attention; what changes that is written as an event."""
        if self._happened.is_set():
            self._happened.clear()
            self._next_check = promises.next_check_at()
        return self._next_check


@contextmanager
def in_haste() -> Iterator[None]:
    """Let this process do one thing fast that is thrown away when it fails.

    Nobody listens to what it wakes, and nothing needs to be on the disk before all of it is.
    """
    told, jobs.tells_others = jobs.tells_others, False
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        jobs.tells_others = told
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
