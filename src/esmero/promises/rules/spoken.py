"""Times as people say them in a sentence, in Spanish and English: "el lunes antes de las 10",
"mañana por la tarde", "en dos horas", "within two working days". Pure, and quick enough to run
over a whole letter at each pause of its writer.

A time is read in two steps. `spoken_in` and `read_spoken` find what was said (`Spoken`): a day, an
hour, a part of the day, a stretch of time. What that means as the last moment of a promise,
`due_of` decides with the opening hours: "mañana" is kept until the shop closes tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from esmero.promises.rules import saying
from esmero.promises.rules.saying import Token

Frames = Callable[[date], Sequence[tuple[datetime, datetime]]]
"""The opening hours of a day as aware moments, in order."""

DAYS_MOST: Final = 400
"""A time further away than this is a slip of the pen, or no time at all."""

# A part of the day ends at this hour at the latest, and begins at that one.
PARTS: Final = {
    "first": (time(8), time(10)),
    "morning": (time(8), time(14)),
    "noon": (time(12), time(15)),
    "afternoon": (time(14), time(20, 30)),
    "evening": (time(17), time(21)),
    "night": (time(20), time(23)),
    "end": (time(8), time(23, 59)),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, and where: `text[start:end]`.

    `on` is the day, `at` the hour on it; `part` a part of the day. `is_before` says that the day
    itself is too late ("antes del viernes"). `working_days` counts from today. `moment` is set
    where a stretch of time leads straight to one ("en dos horas").
    """

    start: int
    end: int
    on: date | None = None
    at: time | None = None
    part: str = ""
    is_before: bool = False
    working_days: int = 0
    moment: datetime | None = None

    @property
    def is_exact(self) -> bool:
        """Whether an hour was said."""
        return self.moment is not None or self.at is not None


def read_spoken(text: str, *, now: datetime) -> Spoken | None:
    """Return what a whole text says, None when any of it is something else.

    `now` is aware and on the clock on which the time was meant.
    """
    tokens = saying.tokens(text)
    if not tokens:
        return None
    found = _longest(tokens, 0, now, alone=True)
    if found is None or found[1] != len(tokens):
        return None
    return replace(found[0], start=tokens[0].start, end=tokens[-1].end)


def spoken_in(text: str, *, now: datetime, most: int = 20) -> list[Spoken]:
    """Return the times that a text names, in order. A bare number is none."""
    tokens = saying.tokens(text)
    found: list[Spoken] = []
    at = 0
    while at < len(tokens) and len(found) < most:
        read = _longest(tokens, at, now, alone=False)
        if read is None:
            at += 1
            continue
        spoken, after = read
        found.append(replace(spoken, start=tokens[at].start, end=tokens[after - 1].end))
        at = after
    return found


def moment_of(spoken: Spoken, *, now: datetime, day_begins: time = time(10)) -> datetime:
    """Return when to be back at something: the beginning of what was said, without any hours."""
    if spoken.moment is not None:
        return spoken.moment
    on = spoken.on or now.date()
    if spoken.working_days:
        on = _working_day(now.date(), spoken.working_days, lambda day: day.weekday() < 5)
    if spoken.is_before and spoken.at is None:
        on -= timedelta(days=1)
    at = spoken.at
    if at is None:
        at = {"": day_begins, "end": time(18)}.get(spoken.part) or PARTS[spoken.part][0]
        if spoken.part in {"first", "morning"}:
            at = day_begins
    return datetime.combine(on, at, tzinfo=now.tzinfo)


def due_of(spoken: Spoken, *, now: datetime, frames: Frames) -> datetime:
    """Return the last moment at which a word given so is still kept.

    Without an hour that is when the shop closes in that part of that day; on a day on which it
    does not open, the end of the part.
    """
    if spoken.moment is not None:
        return spoken.moment
    on = spoken.on or now.date()
    if spoken.working_days:
        on = _working_day(now.date(), spoken.working_days, lambda day: bool(frames(day)))
    if spoken.at is not None:
        return datetime.combine(on, spoken.at, tzinfo=now.tzinfo)
    if spoken.is_before:
        on = _last_open_before(on, now.date(), frames)
    begins, ends = PARTS[spoken.part or "end"]
    latest = datetime.combine(on, ends, tzinfo=now.tzinfo)
    earliest = datetime.combine(on, begins, tzinfo=now.tzinfo)
    closings = [
        min(closes, latest) for opens, closes in frames(on) if opens < latest and closes > earliest
    ]
    if closings:
        return max(closings)
    return latest if spoken.part else datetime.combine(on, time(20), tzinfo=now.tzinfo)


def kept_within(
    due: datetime, *, now: datetime, frames: Frames, days: int = 40
) -> datetime | None:
    """Return a due time within the opening hours that is no later than needed, None when `due` is
    one: the last closing before it, else the next hour of work.
    """
    if any(opens <= due <= closes for opens, closes in frames(due.date())):
        return None
    on = due.date()
    while on >= now.date():
        closings = [closes for _opens, closes in frames(on) if now < closes <= due]
        if closings:
            return closings[-1]
        on -= timedelta(days=1)
    for ahead in range(days):
        for opens, closes in frames(due.date() + timedelta(days=ahead)):
            if opens > now and opens >= due:
                return min(opens + timedelta(hours=1), closes)
    return None


def _working_day(today: date, count: int, works: Callable[[date], bool]) -> date:
    on = today
    for _ in range(DAYS_MOST):
        on += timedelta(days=1)
        if works(on):
            count -= 1
            if count <= 0:
                break
    return on


def _last_open_before(on: date, today: date, frames: Frames) -> date:
    before = on - timedelta(days=1)
    day = before
    while day >= today:
        if frames(day):
            return day
        day -= timedelta(days=1)
    return max(before, today)


def _longest(
    tokens: Sequence[Token], at: int, now: datetime, *, alone: bool
) -> tuple[Spoken, int] | None:
    """Read the longest time that begins at a token; return it and the token behind it."""
    read = saying.Reader(tokens, now)
    found = read.stretch(at) or read.dated(at) or read.clocked(at, alone=alone) or read.parted(at)
    if found is None:
        return None
    said, after = found
    spoken = Spoken(
        0,
        0,
        on=said.on,
        at=said.at,
        part=said.part,
        is_before=said.is_before,
        working_days=said.working_days,
        moment=said.moment,
    )
    far = spoken.moment.date() if spoken.moment else spoken.on
    if far is not None and abs((far - now.date()).days) > DAYS_MOST:
        return None
    return spoken, after
