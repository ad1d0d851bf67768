"""Until when: the times that are offered, on the opening hours of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

Frames = Sequence[tuple[datetime, datetime]]
_IN = re.compile(r"in:(\d{1,4})h")


def tomorrow(frames: Frames, *, at: datetime) -> datetime | None:
    """Return when work begins on the next day on which there is some.

    `frames`: opening hours from today on, aware, on the calendar's own clock.
    """
    return next((opens for opens, _ in frames if opens.date() > _today(frames, at)), None)


def monday(frames: Frames, *, at: datetime) -> datetime | None:
    """Return when work begins in the week that comes: its Monday, or the first day with work."""
    today = _today(frames, at)
    start = today + timedelta(days=7 - today.weekday())
    return next((opens for opens, _ in frames if opens.date() >= start), None)


def _today(frames: Frames, at: datetime):  # type: ignore[no-untyped-def]
    zone = frames[0][0].tzinfo if frames else UTC
    return at.astimezone(zone).date()


def until(spec: str, frames: Frames, *, at: datetime) -> datetime | None:
    """Return the moment (UTC) that a stored snooze means now; None: until the customer writes.

    Raises ValueError when it means nothing.
    """
    if spec == "reply":
        return None
    if match := _IN.fullmatch(spec):
        return at + timedelta(hours=int(match[1]))
    if spec in ("tomorrow", "monday"):
        named = (tomorrow if spec == "tomorrow" else monday)(frames, at=at)
        # A shop that never opens: a day, a week.
        return (named or at + timedelta(days=1 if spec == "tomorrow" else 7)).astimezone(UTC)
    moment = datetime.fromisoformat(spec)
    if moment.tzinfo is None:
        raise ValueError(spec)
    return moment.astimezone(UTC)
