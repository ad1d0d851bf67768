"""Times as people write them, and the ones that they are offered. Pure but for the words.

What can be read is written down in `promises.rules.spoken`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from esmero.kernel.errors import InvalidInput
from esmero.promises import queries as promises


@dataclass(frozen=True, slots=True)
class Preset:
    """A time that is offered: its words and its moment (UTC)."""

    label: str
    moment: datetime

    @property
    def value(self) -> str:
        """The moment as a form carries it."""
        return self.moment.isoformat(timespec="minutes")


def parse_when(text: str, *, at: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) that `text` means on the clock of `zone`, seen at `at`.

    Spanish and English: `hoy 18:00`, `mañana 9:30`, `lunes a las 10`, `23/11 10:00`,
    `23 nov 10:00`, `en 2 horas`, `17:30` (the next one), ISO 8601. A day without an hour means
    10:00. Raises InvalidInput when it cannot be read.
    """
    now = at.astimezone(zone)
    try:
        found = promises.read_spoken(text, now=now)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidInput(field="when", value=text[:60])
    return promises.moment_of(found, now=now).astimezone(UTC)


def parse_due(text: str, *, at: datetime, zone: ZoneInfo, calendar: Any) -> datetime:
    """Return the last moment (UTC) at which a word given so is kept: "mañana" until closing.

    Raises InvalidInput when it cannot be read.
    """
    now = at.astimezone(zone)
    try:
        found = promises.read_spoken(text, now=now)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidInput(field="promise_when", value=text[:60])
    due = promises.due_of(found, now=now, frames=partial(frames_on, calendar))
    return due.astimezone(UTC)


def presets(frames: Sequence[tuple[datetime, datetime]], *, at: datetime) -> list[Preset]:
    """Return the times that are offered, from the opening hours ahead (aware, in order).

    The end of this stretch of work, the end of today, the next working morning, and the morning
    of the one after it.
    """
    ahead = [frame for frame in frames if frame[1] > at]
    if not ahead:
        return []
    found: list[Preset] = []
    today = at.astimezone(ahead[0][0].tzinfo).date()
    ours = [frame for frame in ahead if frame[0].date() == today]
    least = at + timedelta(minutes=45)
    if len(ours) > 1 and ours[0][1] > least:
        found.append(Preset(gettext("Before the break"), ours[0][1]))
    if ours and ours[-1][1] > least:
        found.append(Preset(gettext("Today before closing"), ours[-1][1]))
    mornings: list[datetime] = []
    for opens, closes in ahead:
        if opens.date() != today and all(m.date() != opens.date() for m in mornings):
            mornings.append(min(opens + timedelta(hours=1), closes))
    for moment in mornings[:2]:
        found.append(Preset(gettext("In the morning"), moment))
    return found


def frames_of(calendar: Any, *, at: datetime, days: int = 10) -> list[tuple[datetime, datetime]]:
    """Return the opening hours from today on, as aware moments on the calendar's own clock."""
    today = at.astimezone(calendar.tz).date()
    return [
        frame
        for ahead in range(days)
        for frame in frames_on(calendar, today + timedelta(days=ahead))
    ]


def frames_on(calendar: Any, day: date) -> list[tuple[datetime, datetime]]:
    """Return the opening hours of one day."""
    midnight = datetime.combine(day, time.min)
    found = []
    for frame in calendar.frames_on(day):
        opens = (midnight + timedelta(minutes=frame.start)).replace(tzinfo=calendar.tz)
        closes = (midnight + timedelta(minutes=frame.closes)).replace(tzinfo=calendar.tz)
        found.append((opens, closes))
    return found
