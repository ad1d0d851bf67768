"""Times as people write them, and the ones that they are offered. Pure but for the words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from esmero.kernel.errors import InvalidInput

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})?)?\s*h?"
_AT = re.compile(rf"(?:a\s+las?\s+|a\s+la\s+|at\s+|antes\s+de\s+las?\s+|before\s+)?{_CLOCK}$")
_IN = re.compile(
    r"(?:en|dentro de|in)\s+(?P<n>\d{1,3})\s*"
    r"(?P<unit>min(?:uto)?s?|minutes?|h(?:ora)?s?|hours?|d(?:ia)?s?|days?|semanas?|weeks?)$"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t\s]+(.*))?$")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?(?:[,\s]+(.*))?$")
_DAY_NAMED = re.compile(
    r"(\d{1,2})\s+(?:de\s+)?([a-z]{3,10})\.?(?:\s+de\s+\d{4})?(?:[,\s]+(.*))?$"
)
_NAMED_DAY = re.compile(r"(?:el\s+|on\s+|next\s+|este\s+)?([a-z]+(?: manana)?)(?:[,\s]+(.*))?$")
_WEEKDAYS = (
    ("lunes", "monday"), ("martes", "tuesday"), ("miercoles", "wednesday"),
    ("jueves", "thursday"), ("viernes", "friday"), ("sabado", "saturday"), ("domingo", "sunday"),
)  # fmt: skip
_MONTHS = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
_MONTHS_EN = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MORNING = time(10)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


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
    plain = _fold(text)
    now = at.astimezone(zone)
    try:
        found = _read(plain, text.strip(), now, zone)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidInput(field="when", value=text[:60])
    return found.astimezone(UTC)


def _fold(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in flat if not unicodedata.combining(c)).split())


def _read(plain: str, raw: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    if not plain:
        return None
    if match := _IN.fullmatch(plain):
        unit = match["unit"]
        each = timedelta(weeks=1) if unit[0] in "sw" else _UNITS[unit[0]]
        return now + int(match["n"]) * each
    if match := _AT.fullmatch(plain):
        moment = datetime.combine(now.date(), _clock(match), tzinfo=zone)
        return moment if moment > now else moment + timedelta(days=1)
    if match := _ISO.fullmatch(plain):
        if match[4]:
            try:
                exact = datetime.fromisoformat(raw)
            except ValueError:
                exact = None
            if exact is not None:
                return exact if exact.tzinfo else exact.replace(tzinfo=zone)
        return _on(date(int(match[1]), int(match[2]), int(match[3])), match[4], zone)
    if match := _DAY_MONTH.fullmatch(plain):
        year = int(match[3]) if match[3] else 0
        return _dated(int(match[1]), int(match[2]), year, match[4], now, zone)
    if match := _DAY_NAMED.fullmatch(plain):
        month = _month(match[2])
        return _dated(int(match[1]), month, 0, match[3], now, zone) if month else None
    if match := _NAMED_DAY.fullmatch(plain):
        return _named(match[1], match[2], now, zone)
    return None


def _named(name: str, rest: str | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    ahead = {"hoy": 0, "today": 0, "manana": 1, "tomorrow": 1, "pasado manana": 2}.get(name)
    if ahead is None:
        for number, names in enumerate(_WEEKDAYS):
            if len(name) >= 3 and any(one.startswith(name) for one in names):
                ahead = (number - now.weekday()) % 7 or 7
                break
    if ahead is None:
        return None
    return _on(now.date() + timedelta(days=ahead), rest, zone)


def _month(name: str) -> int | None:
    for names in (_MONTHS, _MONTHS_EN):
        if name[:3] in names:
            return names.index(name[:3]) + 1
    return None


def _dated(
    day: int, month: int, year: int, rest: str | None, now: datetime, zone: ZoneInfo
) -> datetime | None:
    if year:
        return _on(date(year + 2000 if year < 100 else year, month, day), rest, zone)
    on = date(now.year, month, day)
    return _on(on if on >= now.date() else date(now.year + 1, month, day), rest, zone)


def _on(day: date, rest: str | None, zone: ZoneInfo) -> datetime | None:
    if not rest:
        return datetime.combine(day, _MORNING, tzinfo=zone)
    match = _AT.fullmatch(rest.strip())
    return datetime.combine(day, _clock(match), tzinfo=zone) if match else None


def _clock(match: re.Match[str]) -> time:
    return time(int(match["hour"]), int(match["minute"] or 0))


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
