"""Business time: what a shop's opening hours make of real time.

A moment is open when the wall clock of the calendar's zone then stands inside a frame. So a frame
that spans a change of the clock lasts as long as it really lasts: where 02:00 to 03:00 comes
twice, both count; where it never comes, nothing counts. A frame belongs to the day it begins on:
22:00-02:00 on Friday goes on into Saturday even if Saturday is a holiday, and falls away whole if
Friday is one. A special day says all frames of its day, whatever the week and the holidays say.

Moments are aware datetimes; results are in UTC. Arithmetic is exact to the microsecond.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from esmero.kernel.errors import InvalidInput, Refusal

MINUTES_A_DAY: Final = 1440
HORIZON_YEARS: Final = 40
"""How far an opening is looked for before a calendar is called one that never opens."""

_MINUTE_US: Final = 60_000_000
_DAY_US: Final = 86_400_000_000
_DAY_S: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = _EPOCH.toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_BLOCK_DAYS: Final = 16
_BLOCK_US: Final = _BLOCK_DAYS * _DAY_US
_BLOCKS_KEPT: Final = 1024
_HORIZON_BLOCKS: Final = HORIZON_YEARS * 366 // _BLOCK_DAYS
_FIRST_YEAR, _LAST_YEAR = 1900, 2300


class CalendarNeverOpens(Refusal):
    """No opening within HORIZON_YEARS, or not enough of it for the time asked."""

    code = "calendar_never_opens"


class FrameInvalid(InvalidInput):
    """Opening hours that cannot be: outside the day, or without length."""

    code = "frame_invalid"


@dataclass(frozen=True, slots=True, order=True)
class Frame:
    """Opening hours of one day: minutes since local midnight, `start` included, `end` not.

    `end` at or before `start` means the next day (22:00-02:00 is Frame(1320, 120)); the whole day
    is Frame(0, 1440). Raises FrameInvalid.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        in_day = 0 <= self.start < MINUTES_A_DAY and 0 <= self.end <= MINUTES_A_DAY
        if not in_day or self.start == self.end:
            raise FrameInvalid(field="frame", start=self.start, end=self.end)

    @property
    def closes(self) -> int:
        """`end` counted from the midnight the frame began after (over 1440: the next day)."""
        return self.end if self.end > self.start else self.end + MINUTES_A_DAY

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-14:00" (also "22:00-02:00", "00:00-24:00"). Raises FrameInvalid."""
        try:
            minutes = [
                int(hour) * 60 + int(minute)
                for hour, minute in (clock.strip().split(":") for clock in text.split("-"))
            ]
            start, end = minutes
        except ValueError:
            raise FrameInvalid(field="frame", text=text) from None
        return cls(start, end)

    def __str__(self) -> str:
        start, end = divmod(self.start, 60), divmod(self.end, 60)
        return f"{start[0]:02}:{start[1]:02}-{end[0]:02}:{end[1]:02}"


Week = tuple[tuple[Frame, ...], ...]
"""The frames of Monday to Sunday."""

ALL_DAY: Final = (Frame(0, MINUTES_A_DAY),)


class Interval(NamedTuple):
    """A stretch during which the calendar is open: from `start`, up to and without `end`."""

    start: datetime
    end: datetime


class _Block(NamedTuple):
    """The open stretches of _BLOCK_DAYS days of UTC, in microseconds since 1970."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]  # open time of the block up to the end of each stretch

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0

    def before(self, at: int) -> int:
        """Open time of the block before `at`."""
        i = bisect_right(self.starts, at) - 1
        return self.sums[i] - max(0, self.ends[i] - at) if i >= 0 else 0


@dataclass(frozen=True)
class Calendar:
    """When a shop or department is open. Keep the object: it remembers what it has computed.

    `zone` is an IANA name; `week` holds the frames of Monday to Sunday; `holidays` are closed days
    with their names (any iterable of dates will do); `special_days` hold the frames of one day
    that differs, none of them meaning closed. Raises FrameInvalid, ZoneInfoNotFoundError.
    """

    zone: str
    week: Week
    holidays: Mapping[date, str] = field(default_factory=dict)
    special_days: Mapping[date, tuple[Frame, ...]] = field(default_factory=dict)
    _blocks: dict[int, _Block] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        week = tuple(tuple(frames) for frames in self.week)
        if len(week) != 7:
            raise FrameInvalid(field="week", days=len(week))
        named: Mapping[date, str] | Iterable[date] = self.holidays
        holidays = dict(named) if isinstance(named, Mapping) else dict.fromkeys(named, "")
        special = {day: tuple(frames) for day, frames in self.special_days.items()}
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "holidays", MappingProxyType(holidays))
        object.__setattr__(self, "special_days", MappingProxyType(special))
        object.__setattr__(self, "_blocks", {})
        zone_of(self.zone)

    def __hash__(self) -> int:
        return hash((self.zone, self.week, len(self.holidays), len(self.special_days)))

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in a cache carries the facts, not what was computed from them.
        return Calendar, (self.zone, self.week, dict(self.holidays), dict(self.special_days))

    @classmethod
    def always(cls, zone: str) -> Self:
        """A calendar that never closes."""
        return cls(zone, (ALL_DAY,) * 7)

    @cached_property
    def tz(self) -> ZoneInfo:
        return zone_of(self.zone)

    def frames_on(self, day: date) -> tuple[Frame, ...]:
        """The frames that begin on `day`, in the order of their start; none when closed."""
        special = self.special_days.get(day)
        if special is not None:
            return tuple(sorted(special))
        return () if day in self.holidays else tuple(sorted(self.week[day.weekday()]))

    @property
    def ever_opens(self) -> bool:
        return any(self.week) or any(self.special_days.values())

    def _block(self, index: int) -> _Block:
        # No lock: two threads may compute the same block, and both get the same.
        block = self._blocks.get(index)
        if block is None:
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.clear()
            block = self._blocks[index] = self._compute_block(index)
        return block

    def _compute_block(self, index: int) -> _Block:
        first, starts, ends = index * _BLOCK_DAYS, list[int](), list[int]()
        for low, high, offset in _pieces(self.tz, first, first + _BLOCK_DAYS):
            for start, end in self._open_local(low + offset, high + offset):
                start, end = (start - offset) * 1_000_000, (end - offset) * 1_000_000
                if ends and ends[-1] == start:
                    ends[-1] = end
                else:
                    starts.append(start)
                    ends.append(end)
        total, sums = 0, []
        for start, end in zip(starts, ends, strict=True):
            total += end - start
            sums.append(total)
        return _Block(tuple(starts), tuple(ends), tuple(sums))

    def _open_local(self, low: int, high: int) -> list[tuple[int, int]]:
        """The open stretches of a span of wall-clock seconds, merged and in order."""
        merged: list[tuple[int, int]] = []
        for number in range(low // _DAY_S - 1, (high - 1) // _DAY_S + 1):
            for frame in self.frames_on(date.fromordinal(number + _EPOCH_DAY)):
                start = max(low, number * _DAY_S + frame.start * 60)
                end = min(high, number * _DAY_S + frame.closes * 60)
                if start >= end:
                    continue
                if merged and start <= merged[-1][1]:
                    merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
                else:
                    merged.append((start, end))
        return merged


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ZoneInfoNotFoundError (a KeyError), ValueError."""
    return ZoneInfo(name)


def _offset(tz: tzinfo, second: int) -> int:
    shift = datetime.fromtimestamp(second, tz).utcoffset()
    assert shift is not None  # noqa: S101 - an aware datetime has one
    return shift.days * _DAY_S + shift.seconds


def _pieces(tz: tzinfo, first_day: int, end_day: int) -> list[tuple[int, int, int]]:
    """The span of UTC days cut where the clock changes: (from, to, offset), all in seconds.

    Assumes at most one change in a day of UTC, which holds for all of tzdata since 1900 but for
    a handful of decrees that were recalled within hours.
    """
    pieces, low = [], first_day * _DAY_S
    offset = _offset(tz, low)
    for day in range(first_day + 1, end_day + 1):
        after = _offset(tz, day * _DAY_S)
        if after == offset:
            continue
        a, b = (day - 1) * _DAY_S, day * _DAY_S
        while b - a > 1:
            middle = (a + b) // 2
            a, b = (middle, b) if _offset(tz, middle) == offset else (a, middle)
        if b > low:
            pieces.append((low, b, offset))
        low, offset = b, after
    if end_day * _DAY_S > low:
        pieces.append((low, end_day * _DAY_S, offset))
    return pieces


def _us(at: datetime) -> int:
    if at.utcoffset() is None:
        raise ValueError("a moment without a zone")
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"a moment outside {_FIRST_YEAR}-{_LAST_YEAR}: {at.isoformat()}")
    return (at - _EPOCH) // _MICROSECOND


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def business_minutes_between(calendar: Calendar, a: datetime, b: datetime) -> float:
    """Open minutes from `a` to `b`, with their fractions; negative when `b` comes before `a`."""
    start, end = _us(a), _us(b)
    if end < start:
        return -business_minutes_between(calendar, b, a)
    first, last = start // _BLOCK_US, end // _BLOCK_US
    total = calendar._block(last).before(end) - calendar._block(first).before(start)
    total += sum(calendar._block(index).total for index in range(first, last))
    return total / _MINUTE_US


def add_business_time(calendar: Calendar, at: datetime, minutes: float) -> datetime:
    """The earliest moment by which `minutes` of open time have passed since `at`.

    So 60 minutes before closing plus 60 is the closing, not the next opening; 0 is `at` itself.
    Negative minutes go back: the latest moment from which so much open time lies before `at`.
    Raises CalendarNeverOpens.
    """
    start, need = _us(at), round(minutes * _MINUTE_US)
    if need == 0:
        return _moment(start)
    index = start // _BLOCK_US
    block = _sure_to_open(calendar)._block(index)
    if need < 0:
        return _go_back(calendar, index, block.before(start) + need, minutes)
    need += block.before(start)
    for _ in range(_HORIZON_BLOCKS):
        if need <= block.total:
            i = bisect_left(block.sums, need)
            return _moment(block.ends[i] - (block.sums[i] - need))
        need -= block.total
        index += 1
        block = calendar._block(index)
    raise CalendarNeverOpens(zone=calendar.zone, after=at, minutes=minutes)


def _go_back(calendar: Calendar, index: int, left: int, minutes: float) -> datetime:
    """The latest moment with `left` open time before it in block `index` (below 0: earlier)."""
    for _ in range(_HORIZON_BLOCKS):
        block = calendar._block(index)
        if left >= 0 and left < block.total:
            i = bisect_right(block.sums, left)
            return _moment(block.ends[i] - (block.sums[i] - left))
        index -= 1
        left += calendar._block(index).total
    raise CalendarNeverOpens(zone=calendar.zone, minutes=minutes)


def _sure_to_open(calendar: Calendar) -> Calendar:
    if not calendar.ever_opens:
        raise CalendarNeverOpens(zone=calendar.zone)
    return calendar


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the calendar is open at `at` (at its very closing it is not)."""
    us = _us(at)
    block = calendar._block(us // _BLOCK_US)
    i = bisect_right(block.starts, us) - 1
    return i >= 0 and us < block.ends[i]


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself when open then, else the moment of the next opening, in UTC.

    Raises CalendarNeverOpens.
    """
    us = _us(at)
    if is_open(calendar, at):
        return _moment(us)
    index = us // _BLOCK_US
    for _ in range(_HORIZON_BLOCKS if calendar.ever_opens else 0):
        block = calendar._block(index)
        i = bisect_left(block.starts, us)
        if i < len(block.starts):
            return _moment(block.starts[i])
        index += 1
    raise CalendarNeverOpens(zone=calendar.zone, after=at)


def open_interval(calendar: Calendar, at: datetime) -> Interval:
    """The open stretch that `at` lies in (its closing counts), else the next one, in UTC.

    A calendar that never closes gives a stretch that ends a year or more ahead.
    Raises CalendarNeverOpens.
    """
    us = _us(at)
    index = (us - 1) // _BLOCK_US
    block = _sure_to_open(calendar)._block(index)
    i = bisect_left(block.starts, us) - 1
    if not (i >= 0 and us <= block.ends[i]):
        opening = next_opening(calendar, at)
        us = _us(opening)
        index = us // _BLOCK_US
        block = calendar._block(index)
        i = bisect_right(block.starts, us) - 1
    start, end = block.starts[i], block.ends[i]
    # Stretches are cut at the edges of blocks: put them together again, within a year.
    for step in range(1, 366 // _BLOCK_DAYS + 2):
        following = calendar._block(index + step)
        if not (following.starts and following.starts[0] == end):
            break
        end = following.ends[0]
    for step in range(1, 366 // _BLOCK_DAYS + 2):
        earlier = calendar._block(index - step)
        if not (earlier.ends and earlier.ends[-1] == start):
            break
        start = earlier.starts[-1]
    return Interval(_moment(start), _moment(end))


def last_closing(calendar: Calendar, day: date) -> datetime | None:
    """When the last frame that begins on `day` closes, in UTC; None when closed all day.

    Where the clock shows that time twice, the later; where never, the moment it jumps over it.
    """
    frames = calendar.frames_on(day)
    if not frames:
        return None
    closes = max(frame.closes for frame in frames)
    clock = datetime(day.year, day.month, day.day) + timedelta(minutes=closes)  # noqa: DTZ001
    before, after = (
        clock.replace(tzinfo=calendar.tz, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if before <= after:
        return after
    jump = _us(after) // 1_000_000
    pieces = _pieces(calendar.tz, jump // _DAY_S, jump // _DAY_S + 2)
    return _moment(next(high for low, high, _ in pieces if low <= jump < high) * 1_000_000)
