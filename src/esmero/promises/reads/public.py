"""What everybody may know of the shop's word: when somebody is there, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from esmero.kernel.composed import composed
from esmero.promises.enums import Initiative, State
from esmero.promises.models import Promise
from esmero.promises.rules.calendar import (
    Calendar,
    CalendarNeverOpens,
    next_opening,
    open_interval,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether somebody works at a moment: until when, or from when again (aware, UTC).

    Both moments are None for a calendar that never opens.
    """

    is_open: bool
    until: datetime | None
    opens_at: datetime | None


def opening(calendar: Calendar, *, at: datetime) -> Opening:
    """Return the honest state of a desk."""
    try:
        stretch = open_interval(calendar, at)
        if stretch.start <= at < stretch.end:
            return Opening(True, stretch.end, None)
        return Opening(False, None, next_opening(calendar, at))
    except CalendarNeverOpens:
        return Opening(False, None, None)


def week_of(calendar: Calendar) -> list[list[tuple[int, int]]]:
    """Return the usual frames of Monday to Sunday, in minutes of the day."""
    return [[(f.start, f.end) for f in day] for day in calendar.week]


WORDS_MOST = 100


@dataclass(frozen=True, slots=True)
class Word:
    """How one of the shop's promises ended: of whom it was, nobody learns."""

    kind: str
    is_kept: bool
    is_moved: bool
    due_at: datetime


def last_words() -> list[Word]:
    """Return how the shop's last WORDS_MOST promises ended, oldest first.

    Not kept are those that broke and those that we moved; what was let go of or moved at the
    customer's wish says nothing of our word.
    """
    return [
        Word(kind, state == State.KEPT.value, state == State.RENEGOTIATED.value, due_at)
        for kind, state, due_at in reversed(_last())
    ]


@composed
def _last() -> QuerySet[Promise, Any]:
    return (
        Promise.objects.exclude(state=State.OPEN.value)
        .filter(
            Q(state__in=[State.KEPT.value, State.BROKEN.value])
            | Q(state=State.RENEGOTIATED.value, initiative=Initiative.OURS.value)
        )
        .order_by("-settled_at")
        .values_list("kind", "state", "due_at")[:WORDS_MOST]
    )


def different_days(
    calendar: Calendar, *, since: date, days: int
) -> list[tuple[date, str, list[tuple[int, int]]]]:
    """Return the coming days that are not as their weekday: (day, its holiday's name or '', frames
    in minutes of the day, none when closed). Holidays on days that are closed anyway are left out.
    """
    found = []
    for step in range(days):
        day = since + timedelta(days=step)
        usual = calendar.week[day.weekday()]
        frames = calendar.frames_on(day)
        if tuple(frames) != tuple(usual):
            spans = [(f.start, f.end) for f in frames]
            found.append((day, str(calendar.holidays.get(day, "")), spans))
    return found
