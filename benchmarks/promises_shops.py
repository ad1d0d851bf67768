"""Simulated shops for the forecast: questions arrive, agents answer them, nothing stays as it was.

Each shop has two departments with agents, opening hours and a queue of their own. Questions come
at any hour; they are answered in opening hours only. The queue is simulated on the axis of
business time (the product's calendar maps real time to it and back).

What makes them all hard to foresee: the number of questions a day varies, so does the pace of the
agents, from day to day (unannounced) and over the weeks (drift); the time a question takes is
skewed, some are interrupted; agents do not always take the oldest first nor at once; half way
something changes for good (a tool, a product) and everything takes a fifth less or more.

By kind of shop: questions double over half a year and somebody is hired late (growing); now and
then a day brings two to three and a half times as many (spiky); for one to two weeks somebody is
absent, or lent out without a word (short_staffed); whole weeks are closed while questions come in
(holiday_week). Where a morning begins with much that waits, somebody helps out.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from esmero.promises.rules.calendar import (
    Calendar,
    Frame,
    add_business_time,
    business_minutes_between,
)

FIRST_DAY: Final = date(2026, 1, 5)  # a Monday
KINDS: Final = ("steady", "growing", "spiky", "short_staffed", "holiday_week")

_SPLIT_DAY = (Frame.parse("09:00-14:00"), Frame.parse("16:00-19:00"))
_LONG_DAY = (Frame.parse("09:00-18:00"),)
_SATURDAY = (Frame.parse("10:00-14:00"),)
_BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 9, 8, 8, 9, 10, 10, 9, 9, 8, 5, 3)
_BY_WEEKDAY = (1.3, 1.12, 1.02, 1.02, 0.97, 0.82, 0.75)
_TAKE_UP = 2.0  # mean minutes until a free agent opens a question
_INTERRUPTED, _INTERRUPTION = 0.05, 25.0  # share of answers, mean minutes
_HELP_FROM = 0.8  # days of work waiting per agent in the morning from which somebody helps out


@dataclass(frozen=True, slots=True)
class Question:
    """One question: when it came, what was seen then, and the business minutes it really took.

    `day` counts the calendar days of the shop from 0. `ahead` is how many questions of the
    department were open then, `agents` how many were known to be on duty (or would be at the next
    opening).
    """

    department: int
    channel: str
    day: int
    arrived_at: datetime
    answered_at: datetime
    ahead: int
    agents: int
    minutes: float


@dataclass(slots=True)
class _Department:
    """The plan of one department: agents and pace by business day, questions by calendar day."""

    number: int
    handling: float  # mean minutes a question takes an agent
    agents: list[int]  # on duty, as the desk knows
    pace: list[float]  # factor on `handling`, which nobody announces
    expected: list[float]  # questions by calendar day


@dataclass(slots=True)
class _Open:
    channel: str
    arrived_at: datetime
    arrived: float  # business minutes since the start
    ahead: int
    agents: int
    work: float = field(default=0.0)


def simulate(kind: str, seed: int, days: int) -> list[Question]:
    """All questions of a shop of `kind` (one of KINDS) in `days` days, in the order they came."""
    random = Random(f"{kind}/{seed}")
    calendar = _calendar(kind, random, days)
    found: list[Question] = []
    for number in (1, 2):
        department = _plan(kind, number, calendar, random, days)
        found += _run(department, calendar, random, days)
    return sorted(found, key=lambda one: one.arrived_at)


def _calendar(kind: str, random: Random, days: int) -> Calendar:
    usual = random.choice((_SPLIT_DAY, _LONG_DAY))
    zone = random.choice(("Europe/Madrid", "America/Mexico_City", "America/Santiago"))
    holidays = {FIRST_DAY + timedelta(days=random.randrange(days)): "" for _ in range(days // 30)}
    if kind == "holiday_week":
        for start in range(random.randrange(35, 50), days, random.randrange(45, 60)):
            monday = FIRST_DAY + timedelta(days=start - start % 7)
            holidays |= {monday + timedelta(days=n): "" for n in range(random.choice((5, 6, 7)))}
    return Calendar(zone, (usual,) * 5 + (_SATURDAY, ()), holidays)


def _plan(kind: str, number: int, calendar: Calendar, random: Random, days: int) -> _Department:
    handling = random.choice((8, 12, 20, 30)) * random.uniform(0.85, 1.15)
    staff = random.choice((2, 3, 4)) if number == 1 else random.choice((1, 2))
    week = sum(frame.closes - frame.start for frames in calendar.week for frame in frames)
    busy = {"steady": 0.72, "growing": 0.5, "spiky": 0.6, "short_staffed": 0.66}.get(kind, 0.62)
    busy *= random.uniform(0.92, 1.08)
    a_day = busy * staff * week / 7 / (handling + _TAKE_UP + _INTERRUPTED * _INTERRUPTION)
    change, change_on = random.choice((0.8, 1.2)), random.randrange(days * 2 // 5, days * 3 // 5)
    drift, agents, pace, expected = 1.0, [], [], []
    growth, hired = 0.0, 0
    absent_until, absent, slow = -1, 0, 1.0
    for day in range(days):
        weekday = (FIRST_DAY + timedelta(days=day)).weekday()
        today = a_day * _BY_WEEKDAY[weekday] * random.lognormvariate(-0.03, 0.25)
        drift *= random.lognormvariate(0, 0.012)
        drift = min(1.25, max(0.8, drift))
        if kind == "growing":
            growth += 0.006
            today *= 1 + growth
            if busy * (1 + growth) * staff / (staff + hired) > 0.85:
                hired += 1
        if kind == "spiky" and random.random() < 0.07:
            today *= random.uniform(2, 3.5)
        if kind == "short_staffed" and day > absent_until and random.random() < 0.03:
            absent_until = day + random.randrange(5, 15)
            # Some absences are in the books; others are agents lent out without a word.
            absent, slow = (1, 1.0) if staff > 1 and random.random() < 0.6 else (0, 1.45)
        if day > absent_until:
            absent, slow = 0, 1.0
        agents.append(max(1, staff + hired - absent))
        step = change if day >= change_on else 1.0
        pace.append(drift * step * slow * random.lognormvariate(0, 0.12))
        closed = FIRST_DAY + timedelta(days=day) in calendar.holidays
        expected.append(today * (0.6 if closed else 1.0))
    return _Department(number, handling, agents, pace, expected)


def _arrivals(
    department: _Department, calendar: Calendar, random: Random
) -> Iterator[tuple[datetime, str]]:
    whole = sum(_BY_HOUR)
    for day, expected in enumerate(department.expected):
        on = FIRST_DAY + timedelta(days=day)
        midnight = datetime(on.year, on.month, on.day, tzinfo=calendar.tz).astimezone(UTC)
        moments = []
        for hour, share in enumerate(_BY_HOUR):
            mean = expected * share / whole / 60
            minute = random.expovariate(mean) if mean else 60.0
            while minute < 60:
                moments.append(midnight + timedelta(minutes=hour * 60 + minute))
                minute += random.expovariate(mean)
        for moment in sorted(moments):
            yield moment, "email" if random.random() < 0.75 else "form"


def _run(
    department: _Department, calendar: Calendar, random: Random, days: int
) -> Iterator[Question]:
    """Serve one department's queue; time is in business minutes since the first day."""
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=calendar.tz)
    starts: list[float] = []  # of each calendar day, on the axis of business time
    for day in range(days + 1):
        on = FIRST_DAY + timedelta(days=day)
        midnight = datetime(on.year, on.month, on.day, tzinfo=calendar.tz)
        starts.append(business_minutes_between(calendar, start, midnight))
    work_days = [day for day in range(days) if starts[day + 1] > starts[day]]
    arrivals = deque(
        (business_minutes_between(calendar, start, at), at, channel)
        for at, channel in _arrivals(department, calendar, random)
    )
    queue: list[_Open] = []
    serving: list[tuple[float, int, _Open]] = []
    done: list[Question] = []
    now, position, serial, help_on, helpers = 0.0, 0, 0, -1, 0

    def day_at(moment: float) -> int:
        """The working day on which business minute `moment` falls."""
        nonlocal position
        while position + 1 < len(work_days) and starts[work_days[position] + 1] <= moment:
            position += 1
        return work_days[position]

    def on_duty(day: int) -> int:
        """Agents of the plan, and help where the morning begins with much that waits."""
        nonlocal help_on, helpers
        if day != help_on:
            minutes = starts[day + 1] - starts[day]
            waiting = len(queue) * department.handling / department.agents[day] / minutes
            help_on, helpers = day, 0 if waiting < _HELP_FROM else 1 if waiting < 2 else 2
        return department.agents[day] + helpers

    def finish_until(moment: float) -> None:
        while serving and serving[0][0] <= moment:
            end, _, one = heappop(serving)
            done.append(
                Question(
                    department.number,
                    one.channel,
                    (one.arrived_at.astimezone(calendar.tz).date() - FIRST_DAY).days,
                    one.arrived_at,
                    add_business_time(calendar, start, end),
                    one.ahead,
                    one.agents,
                    end - one.arrived,
                )
            )

    def serve(moment: float) -> None:
        """Let free agents take what waits, up to `moment`."""
        nonlocal now, serial
        while True:
            finish_until(now)
            day = day_at(now)
            while queue and len(serving) < on_duty(day):
                place = 0 if random.random() < 0.85 else random.randrange(min(6, len(queue)))
                one = queue.pop(place)
                spent = random.lognormvariate(-0.245, 0.7) * department.handling
                spent *= department.pace[day] * (0.8 if one.channel == "form" else 1.05)
                spent += random.expovariate(1 / _TAKE_UP)
                if random.random() < _INTERRUPTED:
                    spent += random.expovariate(1 / _INTERRUPTION)
                serial += 1
                heappush(serving, (now + spent, serial, one))
            next_end = serving[0][0] if serving else float("inf")
            next_day = starts[day + 1] if queue else float("inf")
            after = min(next_end, next_day if next_day > now else float("inf"))
            if after > moment:
                break
            now = after
        now = moment

    while arrivals:
        at_minute, arrived_at, channel = arrivals.popleft()
        serve(at_minute)
        finish_until(now)
        agents = on_duty(day_at(now))
        ahead = len(queue) + len(serving)
        queue.append(_Open(channel, arrived_at, at_minute, ahead, agents))
    serve(starts[-1])
    yield from done
