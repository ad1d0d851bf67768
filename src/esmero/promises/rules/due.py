"""By when a thing is promised: the larger of standard and forecast, as a time people say.

What is told is never earlier than what was computed, never later than a legal deadline, and never
an hour at which the shop is closed (save where the law's hour is).
"""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from esmero.kernel.errors import Refusal
from esmero.promises.rules.calendar import (
    MINUTES_A_DAY,
    Calendar,
    add_business_time,
    business_minutes_between,
    last_closing,
    next_opening,
    open_interval,
    zone_of,
)
from esmero.promises.rules.forecast import Forecast

SAME_DAY_LEAST: Final = 60
"""Open minutes that must be left of a day for "the same day" to mean it and not the next one."""

LEAD_SHARE: Final = 0.10
LEAD_LEAST: Final = 5
LEAD_MOST: Final = 60

_MINUTE: Final = timedelta(minutes=1)


class StandardEmpty(Refusal):
    """A standard with neither target nor limit nor legal deadline promises nothing."""

    code = "standard_empty"


@dataclass(frozen=True, slots=True)
class Standard:
    """What the shop has set for a kind of promise.

    `target_minutes` is business time; `same_day` instead means the last closing of the day (of the
    next one when less than SAME_DAY_LEAST is left). `limit_minutes` is elapsed time, or business
    time with `limit_in_business_time`. `legal_days` are whole days after the day of receipt, to
    their end: all days, or with `legal_in_business_days` only days that are neither Saturday,
    Sunday nor holiday.
    """

    id: int | None = None
    target_minutes: float | None = None
    same_day: bool = False
    limit_minutes: float | None = None
    limit_in_business_time: bool = False
    legal_days: int | None = None
    legal_in_business_days: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a time was told: kept with the promise for ever.

    `leading` says what decided: "target", "forecast", "limit" or "legal". `raw_due_at` is the
    moment before it was rounded to a human time. `is_capped`: the law's deadline is nearer than
    what was measured. `exceeds_limit`: what is measured lies beyond the standard's limit, and the
    supervisor has to know (rounding alone does not set it).
    """

    standard_id: int | None
    leading: str
    raw_due_at: datetime
    forecast_minutes: float | None
    forecast_n: int
    class_used: str
    margin: float
    quantile: float | None
    is_capped: bool
    exceeds_limit: bool

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON: moments in ISO 8601."""
        return asdict(self) | {"raw_due_at": self.raw_due_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Told:
    """A due time (UTC) as the customer reads it, and why it is that one."""

    due_at: datetime
    basis: Basis


def told_due_at(
    *,
    standard: Standard,
    forecast: Forecast | None,
    calendar: Calendar,
    made_at: datetime,
    customer_zone: str | None = None,
) -> Told:
    """The time to tell for a promise made at `made_at`.

    `forecast` is None while data are too few: then the standard stands alone. `customer_zone` is
    an IANA name, that of the calendar by default. Raises StandardEmpty, CalendarNeverOpens.
    """
    limit = limit_at(standard, calendar, made_at)
    legal = legal_deadline(standard, calendar, made_at)
    raw, leading = _raw_due_at(standard, forecast, calendar, made_at, limit, legal)
    zone = zone_of(customer_zone or calendar.zone)
    is_capped = legal is not None and raw > legal
    if legal is not None and raw >= legal:
        due, leading = legal, "legal"
    else:
        due = human_time_after(
            raw,
            made_at=made_at,
            calendar=calendar,
            zone=zone,
            not_after=[moment for moment in (legal, limit) if moment is not None],
        )
        if legal is not None:
            due = min(due, legal)
    return Told(
        due,
        Basis(
            standard_id=standard.id,
            leading=leading,
            raw_due_at=raw,
            forecast_minutes=forecast.minutes if forecast else None,
            forecast_n=forecast.n if forecast else 0,
            class_used=forecast.class_used if forecast else "",
            margin=forecast.margin if forecast else 0.0,
            quantile=forecast.quantile if forecast else None,
            is_capped=is_capped,
            exceeds_limit=limit is not None and min(raw, due) > limit,
        ),
    )


def _raw_due_at(
    standard: Standard,
    forecast: Forecast | None,
    calendar: Calendar,
    made_at: datetime,
    limit: datetime | None,
    legal: datetime | None,
) -> tuple[datetime, str]:
    """The latest of target and forecast; failing both the limit, failing that the law."""
    found = []
    if standard.same_day:
        found.append((end_of_business_day(calendar, made_at), "target"))
    elif standard.target_minutes is not None:
        target = max(standard.target_minutes, 1)
        found.append((add_business_time(calendar, made_at, target), "target"))
    elif limit is not None:
        found.append((_last_open_moment(calendar, made_at, limit), "limit"))
    elif legal is not None:
        found.append((legal, "legal"))
    if forecast is not None:
        found.append((add_business_time(calendar, made_at, max(forecast.minutes, 1)), "forecast"))
    if not found:
        raise StandardEmpty(standard_id=standard.id)
    return max(found, key=lambda one: one[0])


def _last_open_moment(calendar: Calendar, made_at: datetime, limit: datetime) -> datetime:
    """The last open moment up to `limit`; where there is none, an hour into the next opening."""
    open_until_limit = business_minutes_between(calendar, made_at, limit)
    return add_business_time(calendar, made_at, open_until_limit or 60)


def end_of_business_day(calendar: Calendar, at: datetime) -> datetime:
    """The last closing of the business day that `at` falls in or before, in UTC.

    With less than SAME_DAY_LEAST open minutes left, that of the next one. Raises
    CalendarNeverOpens.
    """
    closing = _closing_after(calendar, at)
    for _ in range(2):  # the next business day may be a very short one as well
        if business_minutes_between(calendar, at, closing) >= SAME_DAY_LEAST:
            break
        closing = _closing_after(calendar, closing)
    return closing


def _closing_after(calendar: Calendar, at: datetime) -> datetime:
    """The last closing of the business day that is open at `at` or begins next."""
    day = _business_day_of(calendar, next_opening(calendar, at))
    closing = last_closing(calendar, day)
    assert closing is not None  # noqa: S101 - a day with an opening has a closing
    return closing


def _business_day_of(calendar: Calendar, opening: datetime) -> date:
    """The day whose frame an open moment lies in: after midnight it may be the day before."""
    clock = opening.astimezone(calendar.tz)
    minute = clock.hour * 60 + clock.minute + MINUTES_A_DAY
    day_before = clock.date() - timedelta(days=1)
    if any(f.start <= minute < f.closes for f in calendar.frames_on(day_before)):
        return day_before
    return clock.date()


def limit_at(standard: Standard, calendar: Calendar, made_at: datetime) -> datetime | None:
    """The moment the standard's limit runs out, None without one."""
    if standard.limit_minutes is None:
        return None
    if standard.limit_in_business_time:
        return add_business_time(calendar, made_at, standard.limit_minutes)
    return made_at.astimezone(UTC) + standard.limit_minutes * _MINUTE


def legal_deadline(standard: Standard, calendar: Calendar, made_at: datetime) -> datetime | None:
    """The last minute of the last day the law gives, in the shop's zone; None without one.

    The day of receipt does not count. **Source:** Código Civil (ES) art. 5.1; Regulation (EEC,
    Euratom) 1182/71 art. 3. Business days leave out Saturdays: Ley 39/2015 (ES) art. 30.2.
    """
    if standard.legal_days is None:
        return None
    day, left = made_at.astimezone(calendar.tz).date(), standard.legal_days
    while left > 0:
        day += timedelta(days=1)
        counts = day.weekday() < 5 and day not in calendar.holidays
        left -= 1 if counts or not standard.legal_in_business_days else 0
    last_minute = datetime(day.year, day.month, day.day, 23, 59, tzinfo=calendar.tz, fold=1)
    return last_minute.astimezone(UTC)


def human_time_after(
    raw: datetime,
    *,
    made_at: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    not_after: list[datetime],
) -> datetime:
    """The next time people would say, at or after `raw`, on the customer's clock; in UTC.

    Less than half an hour away in steps of 5 minutes, less than two hours of 15, the same day of
    30, later days on the full hour; the closing itself where the step would lead past it. A finer
    step is taken where a coarse one would pass a moment of `not_after` that `raw` does not pass.
    """
    away = raw - made_at
    if away < timedelta(minutes=30):
        steps = [5, 1]
    elif away < timedelta(hours=2):
        steps = [15, 5, 1]
    elif raw.astimezone(zone).date() == made_at.astimezone(zone).date():
        steps = [30, 15, 5, 1]
    else:
        steps = [60, 30, 15, 5, 1]
    bounds = [moment for moment in not_after if raw <= moment]
    stretch = open_interval(calendar, raw)
    for step in steps:
        due = _round_up(raw, step, zone)
        if stretch.start <= raw <= stretch.end:
            due = min(due, stretch.end)
        if all(due <= moment for moment in bounds):
            break
    return due


def _round_up(at: datetime, step: int, zone: ZoneInfo) -> datetime:
    """The next moment whose clock in `zone` shows a multiple of `step` minutes of the day."""
    found = at.astimezone(UTC)
    for _ in range(3):  # again when the clock changes on the way
        clock = found.astimezone(zone)
        midnight = clock.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        over = (clock.replace(tzinfo=None) - midnight) % (step * _MINUTE)
        if not over:
            break
        found += step * _MINUTE - over
    return found


@dataclass(frozen=True, slots=True)
class WarnPoints:
    """When whom is warned (UTC): in this order, moments may fall together."""

    half_at: datetime
    three_quarters_at: datetime
    about_to_break_at: datetime


def warn_points(made_at: datetime, due_at: datetime, calendar: Calendar) -> WarnPoints:
    """Half way the owner, at three quarters the supervisor, just before the end the customer.

    Ways are measured in business time, in elapsed time where none lies between. The customer
    hears a tenth of the way ahead, but at least LEAD_LEAST and at most LEAD_MOST minutes, and
    never before half of the way has passed. Raises ValueError when due is not after made.
    """
    if due_at <= made_at:
        raise ValueError("due before it is made")
    total = business_minutes_between(calendar, made_at, due_at)
    elapsed = (due_at - made_at) / _MINUTE
    way = total or elapsed
    lead = min(max(way * LEAD_SHARE, LEAD_LEAST), LEAD_MOST, way / 2)

    def after(minutes: float) -> datetime:
        if total:
            return add_business_time(calendar, made_at, minutes)
        return made_at.astimezone(UTC) + minutes * _MINUTE

    about_to_break = after(way - lead)
    return WarnPoints(after(way / 2), min(after(way * 0.75), about_to_break), about_to_break)


def remaining_minutes(calendar: Calendar, at: datetime, due_at: datetime) -> float:
    """The business minutes left for the successor of a promise that waits for the customer."""
    return max(0.0, business_minutes_between(calendar, at, due_at))
