"""The times that a snooze is offered for, and the one that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from esmero.console.times import parse_when
from esmero.desk import queries as desk
from esmero.desk.queries import snoozing
from esmero.shop.queries import the_shop
from esmero.ui.formats import when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esmero.conversations.models import Conversation

HOURS = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """What it is called, what the form carries, when it would be (None: who knows)."""

    label: str
    value: str
    moment: datetime | None


def offered(conversation: Conversation, *, at: datetime) -> list[Offered]:
    """Return in three hours, tomorrow, on Monday, and until the customer writes.

    Tomorrow and Monday are when the conversation's department opens; a day on which it does not is
    passed over, and what would be the same moment is offered once.
    """
    frames = desk.frames_ahead(conversation.department_id, at=at)
    hours = gettext("in %(count)s hours") % {"count": HOURS}
    found = [Offered(hours, f"in:{HOURS}h", snoozing.until(f"in:{HOURS}h", frames, at=at))]
    next_day, next_week = snoozing.tomorrow(frames, at=at), snoozing.monday(frames, at=at)
    if next_day is not None and next_day != next_week:
        found.append(Offered(when(next_day, at), "tomorrow", next_day))
    if next_week is not None:
        found.append(Offered(when(next_week, at), "monday", next_week))
    found.append(Offered(gettext("until the customer writes"), "reply", None))
    return found


def asked_until(
    asked: Mapping[str, str], conversation: Conversation, *, at: datetime
) -> datetime | None:
    """Return the moment that a form asks for; None: until the customer writes.

    Raises InvalidInput when it cannot be read.
    """
    chosen = asked.get("when", "")
    if chosen:
        frames = desk.frames_ahead(conversation.department_id, at=at)
        try:
            return snoozing.until(chosen, frames, at=at)
        except ValueError:
            pass  # not one of those offered: read it as one reads what is typed
    return parse_when(chosen or asked.get("own", ""), at=at, zone=the_shop().zone)
