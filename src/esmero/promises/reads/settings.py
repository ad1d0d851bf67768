"""What the shop has set: opening hours, holidays, standards; and whether it is open now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from esmero.promises.models import DepartmentHours, Hours, SpecialDay, StandardRow
from esmero.promises.rules import holidays as _holidays
from esmero.promises.rules.calendar import (
    Calendar,
    CalendarNeverOpens,
    is_open,
    next_opening,
    open_interval,
)
from esmero.promises.rules.calendar import business_minutes_between as business_minutes_between


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a calendar is open at a moment, and until or from when (UTC; None: never)."""

    is_open: bool
    changes_at: datetime | None


def opening(calendar: Calendar, *, at: datetime) -> Opening:
    """Return whether somebody works at a moment, and when that changes next."""
    try:
        if is_open(calendar, at):
            return Opening(True, open_interval(calendar, at).end)
        return Opening(False, next_opening(calendar, at))
    except CalendarNeverOpens:
        return Opening(False, None)


def hours_sets() -> QuerySet[Hours]:
    """Return all opening hours, the default ones first."""
    return Hours.objects.order_by("-is_default", "name", "id")


def hours(hours_id: int) -> Hours | None:
    """Return one set of opening hours."""
    return Hours.objects.filter(pk=hours_id).first()


def special_days(hours_id: int, *, since: date) -> QuerySet[SpecialDay]:
    """Return the days that differ from a day on, in order."""
    return SpecialDay.objects.filter(hours_id=hours_id, on__gte=since).order_by("on")


def hours_of_departments() -> dict[int, int]:
    """Return which hours each department keeps that does not keep the default ones."""
    return dict(DepartmentHours.objects.values_list("department_id", "hours_id"))


def countries() -> dict[str, str]:
    """Return the countries whose holidays are known: code and own name."""
    return dict(_holidays.COUNTRIES)


def regions_of(country: str) -> dict[str, str]:
    """Return the regions of a country that have holidays of their own. Raises PlaceUnknown."""
    return _holidays.regions_of(country)


def coming_holidays(
    country: str, region: str, *, since: date, language: str, limit: int = 12
) -> list[tuple[date, str]]:
    """Return the next holidays from a day on, at most two years ahead, with their names."""
    if not country:
        return []
    years = [since.year, since.year + 1]
    found = _holidays.holidays_of(country, region or None, years, language)
    return [(day, name) for day, name in sorted(found.items()) if day >= since][:limit]


def standards() -> QuerySet[StandardRow]:
    """Return what is set for kinds of promises, general ones before particular ones."""
    return StandardRow.objects.select_related("department", "tier").order_by(
        "kind",
        F("department__position").asc(nulls_first=True),
        F("department_id").asc(nulls_first=True),
        "channel",
        F("tier__name").asc(nulls_first=True),
        "id",
    )


def standard_row(standard_id: int) -> StandardRow | None:
    """Return one standard."""
    return StandardRow.objects.select_related("department", "tier").filter(pk=standard_id).first()
