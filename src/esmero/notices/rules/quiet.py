"""When mail and push keep still, and until when. Times of day are those of a member's zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Frame = tuple[datetime, datetime]
_AHEAD = 8


def end_outside(frames: Iterable[Frame], *, at: datetime) -> datetime | None:
    """Return when the quiet outside of opening hours ends, None when it is not quiet at `at`.

    `frames` are the opening hours ahead (aware), of all departments together; from `at` on. A
    member whose departments have no hours at all is never in quiet.
    """
    later = [(start, end) for start, end in frames if end > at]
    if not later or any(start <= at for start, _ in later):
        return None
    return min(start for start, _ in later)


def end_inside(
    days: Collection[int], starts: int, ends: int, *, zone: ZoneInfo, at: datetime
) -> datetime | None:
    """Return when quiet hours of one's own end, None when it is not quiet at `at`.

    `days` are those on which they begin (0: Monday), `starts` and `ends` minutes after midnight by
    the clock on the wall; what ends before it starts goes over midnight, and what ends when it
    starts lasts the whole day. Hours that touch are one. On the days when the clock is changed,
    they begin and end by the clock on the wall.
    """
    today = at.astimezone(zone).date()
    spans = sorted(
        span
        for ahead in range(-2, _AHEAD)
        if (day := today + timedelta(days=ahead)).weekday() in days
        for span in [_span(day, starts, ends, zone)]
    )
    quiet_until: datetime | None = None
    for start, end in spans:
        if quiet_until is None:
            if start <= at < end:
                quiet_until = end
        elif start <= quiet_until:
            quiet_until = max(quiet_until, end)
    return quiet_until


def _span(day: date, starts: int, ends: int, zone: ZoneInfo) -> Frame:
    after = day + timedelta(days=1) if ends <= starts else day
    return _moment(day, starts, zone), _moment(after, ends, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return a time on the wall as a moment; what the clock jumps over is the moment after."""
    wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)
