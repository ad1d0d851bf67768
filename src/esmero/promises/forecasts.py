"""The forecast as this process keeps it, and the load that it is asked with."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from esmero.people.models import Membership
from esmero.promises.enums import Kind, State
from esmero.promises.models import Promise
from esmero.promises.rules.calendar import Calendar, add_business_time
from esmero.promises.rules.due import human_time_after
from esmero.promises.rules.forecast import Forecast

# A promise is never due at once, however little was left of the one before.
LEAST_MINUTES = 15.0
_LOAD_KEPT_SECONDS = 5.0
_loads: dict[tuple[str, int | None], tuple[float, float]] = {}


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    _loads.clear()


def forecast(
    *, kind: Kind, department_id: int | None, channel: str, load: float | None, at: datetime
) -> Forecast | None:
    """Return what was measured for work of this kind, or None while data are too few."""
    return None


def current_load(*, kind: Kind, department_id: int | None, at: datetime) -> float:
    """Return the open promises of a kind in a department for each of its people.

    Counted at most every five seconds: it is a class of load, not a balance.
    """
    key = (kind.value, department_id)
    kept = _loads.get(key)
    if kept is not None and time.monotonic() - kept[0] < _LOAD_KEPT_SECONDS:
        return kept[1]
    waiting = Promise.objects.filter(
        state=State.OPEN.value,
        kind=kind.value,
        department_id=department_id,
        due_at__gt=at - timedelta(days=7),
    )[:1000].count()
    people = Membership.objects.filter(department_id=department_id, agent__is_active=True).count()
    load = waiting / max(1, people)
    _loads[key] = (time.monotonic(), load)
    return load


def due_after_minutes(calendar: Calendar, *, at: datetime, minutes: float) -> datetime:
    """Return when so many business minutes have passed, rounded up to a time people say."""
    raw = add_business_time(calendar, at, max(minutes, LEAST_MINUTES))
    return human_time_after(raw, made_at=at, calendar=calendar, zone=calendar.tz, not_after=[])
