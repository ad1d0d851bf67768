"""What the running product would have done meanwhile, each thing at its own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from esmero.channels import actions as channels
from esmero.conversations import actions as conversations
from esmero.kernel import dispatch
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


def hand_over(at: datetime) -> None:
    """Let everything that is due leave, into the built-in outbox."""
    while handover := channels.claim_delivery(at=at, has_default=False):
        channels.note_handed_over(
            delivery_id=handover.delivery_id,
            at=at,
            accepted=handover.recipients,
            via="outbox",
        )


def react(at: datetime) -> None:
    """Run every reaction that is owed."""
    while dispatch.dispatch_one(at=at):
        pass


def settle_until(at: datetime) -> None:
    """Do what the running product would have done by a moment, each thing at its own time."""
    react(at)
    hand_over(at)
    while (due := promises.next_check_at()) is not None and due <= at:
        promises.watch_one(at=due)
        react(due)
        hand_over(due)
    while conversations.wake_one(at=at):
        pass
