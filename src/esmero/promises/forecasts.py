"""The forecast as this process keeps it, and the load that it is asked with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db.models import Q

from esmero.people import queries as people
from esmero.promises.enums import Kind, State
from esmero.promises.models import Measured, Promise
from esmero.promises.rules.calendar import Calendar, add_business_time
from esmero.promises.rules.due import human_time_after
from esmero.promises.rules.forecast import Forecast, Forecaster, Observation, load_of

# A promise is never due at once, however little was left of the one before.
LEAST_MINUTES = 15.0
_LOAD_KEPT_SECONDS = 5.0
_READ_AGAIN_SECONDS = 10.0
_ROWS_READ = 5000
# Rows commit out of the order of their ids: the last ones are looked for again.
_OVERLAP = 50

_loads: dict[tuple[str, int | None], tuple[float, float]] = {}
_is_resting: ContextVar[bool] = ContextVar("is_resting", default=False)


class _Kept:
    """One forecaster for the process, fed with what was measured since it last looked."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.forecaster: Forecaster | None = None
        self.seen: set[int] = set()
        self.last_id = 0
        self.read_at = 0.0

    def fresh(self) -> Forecaster:
        """Return the forecaster, at most ten seconds behind. The lock is held."""
        now = time.monotonic()
        if self.forecaster is not None and now - self.read_at < _READ_AGAIN_SECONDS:
            return self.forecaster
        if self.forecaster is None:
            self.forecaster = Forecaster()
            rows = list(Measured.objects.order_by("-at", "-id")[:_ROWS_READ])[::-1]
        else:
            rows = list(
                Measured.objects.filter(pk__gt=self.last_id - _OVERLAP)
                .exclude(pk__in=self.seen)
                .order_by("at", "id")
            )
        for row in rows:
            self.forecaster.observe(*_observation(row))
        if rows:
            self.last_id = max(self.last_id, *(row.pk for row in rows))
            recent = self.seen | {row.pk for row in rows}
            self.seen = {pk for pk in recent if pk > self.last_id - _OVERLAP}
        self.read_at = now
        return self.forecaster


def _observation(row: Measured) -> Observation:
    return Observation(
        kind=row.kind,
        department=row.department_id,
        channel=row.channel,
        load=row.load,
        minutes=row.minutes,
        arrived_at=row.arrived_at,
        at=row.at,
        told=row.told_minutes,
    )


_kept = _Kept()


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    _loads.clear()
    with _kept.lock:
        _kept.clear()


@contextmanager
def standards_alone() -> Iterator[None]:
    """Promise by the standards alone within this block: for filling in times of the past."""
    token = _is_resting.set(True)
    try:
        yield
    finally:
        _is_resting.reset(token)


def forecast(
    *, kind: Kind, department_id: int | None, channel: str, load: float | None, at: datetime
) -> Forecast | None:
    """Return what was measured for work of this kind, or None while data are too few."""
    if _is_resting.get():
        return None
    if load is None:
        load = current_load(kind=kind, department_id=department_id, at=at)
    with _kept.lock:
        return _kept.fresh().forecast(kind.value, department_id, channel, load, at)


def current_load(*, kind: Kind, department_id: int | None, at: datetime) -> float:
    """Return the open promises of a kind in a department for each of its people.

    Counted at most every five seconds: it is a class of load, not a balance.
    """
    key = (kind.value, department_id)
    kept = _loads.get(key)
    if kept is not None and time.monotonic() - kept[0] < _LOAD_KEPT_SECONDS:
        return kept[1]
    where = Q(department=None) if department_id is None else Q(department_id=department_id)
    waiting = Promise.objects.filter(
        where,
        state=State.OPEN.value,
        kind=kind.value,
        due_at__gt=at - timedelta(days=7),
    )[:1000].count()
    hands = people.hands_in(department_id)
    load = load_of(waiting, hands)
    _loads[key] = (time.monotonic(), load)
    return load


def due_after_minutes(calendar: Calendar, *, at: datetime, minutes: float) -> datetime:
    """Return when so many business minutes have passed, rounded up to a time people say."""
    raw = add_business_time(calendar, at, max(minutes, LEAST_MINUTES))
    return human_time_after(raw, made_at=at, calendar=calendar, zone=calendar.tz, not_after=[])
