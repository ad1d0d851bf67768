"""Reads of promises: calendars and standards, what is owed, and the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek

from esmero.kernel.composed import composed
from esmero.kernel.prepared import execute
from esmero.promises.enums import Initiative, Kind, Reason, State
from esmero.promises.models import (
    DepartmentHours,
    Hours,
    Promise,
    PromiseEntry,
    SpecialDay,
    StandardRow,
)
from esmero.promises.reads import live as live
from esmero.promises.reads import persons as persons
from esmero.promises.reads import public as public
from esmero.promises.reads import report as report
from esmero.promises.reads import settings as settings
from esmero.promises.reads.damages import Damage as Damage
from esmero.promises.reads.damages import damages as damages
from esmero.promises.rules.calendar import Calendar as Calendar
from esmero.promises.rules.calendar import Frame
from esmero.promises.rules.calendar import add_business_time as add_business_time
from esmero.promises.rules.calendar import is_open as calendar_is_open
from esmero.promises.rules.due import Standard, warn_points
from esmero.promises.rules.holidays import holidays_of
from esmero.promises.rules.record import Counts
from esmero.promises.rules.record import kept_rate as kept_rate
from esmero.promises.rules.spoken import Spoken as Spoken
from esmero.promises.rules.spoken import due_of as due_of
from esmero.promises.rules.spoken import kept_within as kept_within
from esmero.promises.rules.spoken import moment_of as moment_of
from esmero.promises.rules.spoken import read_spoken as read_spoken
from esmero.promises.rules.spoken import spoken_in as spoken_in
from esmero.promises.rules.wording import describe_due as describe_due
from esmero.promises.rules.wording import say_day as say_day
from esmero.promises.rules.wording import say_due as say_due
from esmero.promises.rules.wording import say_duration as say_duration
from esmero.promises.rules.wording import say_remaining as say_remaining
from esmero.shop.queries import the_shop

# What a shop promises before anybody has set anything.
BUILT_IN = {
    Kind.ANSWER: Standard(target_minutes=8 * 60, limit_minutes=None),
    Kind.UPDATE: Standard(target_minutes=16 * 60),
    Kind.SOLVE: Standard(target_minutes=40 * 60),
    Kind.CALL: Standard(target_minutes=4 * 60),
}
# Monday to Friday, morning and afternoon, until the shop says otherwise.
BUILT_IN_WEEK = [[[540, 840], [990, 1140]]] * 5 + [[], []]


def calendar_from(hours: Hours | None, *, zone: str, at: datetime) -> Calendar:
    """Return the calendar of a row, with the holidays of last year to two years ahead."""
    if hours is None:
        return Calendar(zone=zone, week=_week(BUILT_IN_WEEK))
    years = range(at.year - 1, at.year + 3)
    holidays = (
        holidays_of(hours.country, hours.region or None, list(years)) if hours.country else {}
    )
    special = {
        day.on: tuple(Frame(*frame) for frame in day.frames)
        for day in SpecialDay.objects.filter(hours=hours)
    }
    return Calendar(
        zone=hours.zone, week=_week(hours.week), holidays=holidays, special_days=special
    )


def _week(raw: list[list[list[int]]]) -> tuple[tuple[Frame, ...], ...]:
    return tuple(tuple(Frame(start, end) for start, end in day) for day in raw)


class House:
    """Every calendar and standard of the shop, read at once and kept until a setting changes."""

    def __init__(self, version: int, at: datetime) -> None:
        self.version = version
        self.year = at.year
        rows = {row.pk: row for row in Hours.objects.all()}
        zone = the_shop().zone.key
        self.default_hours = next((r for r in rows.values() if r.is_default), None)
        self._calendars: dict[int | None, Calendar] = {
            pk: calendar_from(row, zone=zone, at=at) for pk, row in rows.items()
        }
        if self.default_hours is None:
            self._calendars[None] = calendar_from(None, zone=zone, at=at)
        self._department_hours = dict(
            DepartmentHours.objects.values_list("department_id", "hours_id")
        )
        self._standards = list(StandardRow.objects.all())
        self.has_tiers = any(row.tier_id is not None for row in self._standards)

    def hours_id(self, department_id: int | None) -> int | None:
        """Return the row that says when a department works (None: the built-in week)."""
        own = self._department_hours.get(department_id or 0)
        return own or (self.default_hours.pk if self.default_hours else None)

    def calendar(self, department_id: int | None) -> Calendar:
        """Return when a department works."""
        return self._calendars[self.hours_id(department_id)]

    def calendar_by_id(self, hours_id: int | None) -> Calendar:
        """Return the calendar a promise was computed with, or the default one if it is gone."""
        return _opening(self._calendars.get(hours_id) or self.calendar(None))

    def promising_calendar(self, department_id: int | None) -> Calendar:
        """Return the calendar that a department's promises are computed with.

        One that never opens (a shop closed for good, a slip in the settings) still owes its
        customers answers: then the clock counts.
        """
        return _opening(self.calendar(department_id))

    def standard(
        self,
        kind: Kind,
        *,
        department_id: int | None,
        channel: str = "",
        tier_id: int | None = None,
    ) -> Standard:
        """Return the most particular that fits (tier, department, channel), or the built-in."""
        fitting = [
            row
            for row in self._standards
            if row.kind == kind.value
            and row.department_id in (None, department_id)
            and row.channel in ("", channel)
            and row.tier_id in (None, tier_id)
        ]
        if not fitting:
            return BUILT_IN.get(kind, BUILT_IN[Kind.SOLVE])
        row = max(
            fitting,
            key=lambda r: (r.tier_id is not None, r.department_id is not None, bool(r.channel)),
        )
        return Standard(
            id=row.pk,
            target_minutes=row.target_minutes,
            same_day=row.same_day,
            limit_minutes=row.limit_minutes,
            limit_in_business_time=row.limit_in_business_time,
            legal_days=row.legal_days,
            legal_in_business_days=row.legal_in_business_days,
        )


def _opening(calendar: Calendar) -> Calendar:
    return calendar if calendar.ever_opens else Calendar.always(calendar.zone)


_house: House | None = None


def house(*, at: datetime) -> House:
    """Return calendars and standards, read again when a setting has changed (within two
    seconds).
    """
    global _house
    version = the_shop().settings_version
    if _house is None or _house.version != version or _house.year != at.year:
        _house = House(version, at)
    return _house


def half_at(promise: Promise, *, at: datetime) -> datetime:
    """Return when half of a promise's business time is gone, as the watch counts it."""
    calendar = house(at=at).calendar_by_id(promise.hours_id)
    return warn_points(promise.made_at, promise.due_at, calendar).half_at


def is_open(department_id: int | None, *, at: datetime) -> bool:
    """Say whether a department works at a moment."""
    return calendar_is_open(house(at=at).calendar(department_id), at)


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    global _house
    _house = None


def _about(*subject_refs: str) -> QuerySet[Promise]:
    """Return the promises of one subject, or of several that have become one matter."""
    if len(subject_refs) == 1:
        return Promise.objects.filter(subject_ref=subject_refs[0])
    return Promise.objects.filter(subject_ref__in=subject_refs)


def open_promises_of(*subject_refs: str) -> QuerySet[Promise]:
    """Return what is still owed for a subject (or several as one), the nearest first."""
    return _about(*subject_refs).filter(state=State.OPEN.value).order_by("due_at", "id")


def open_answer_of(*subject_refs: str) -> Promise | None:
    """Return the answer that is owed first for a subject (or several as one), if one is."""
    if len(subject_refs) == 1:
        return next(iter(_open_answer_of(subject_refs[0])), None)
    return open_promises_of(*subject_refs).filter(kind=Kind.ANSWER.value).first()


@composed
def _open_answer_of(subject_ref: str) -> QuerySet[Promise]:
    return open_promises_of(subject_ref).filter(kind=Kind.ANSWER.value)[:1]


def promises_of(*subject_refs: str) -> QuerySet[Promise]:
    """Return every promise of a subject (or several as one) in the order they were made."""
    return (
        _about(*subject_refs)
        .select_related("owner_agent", "department", "settled_by")
        .order_by("made_at", "id")
    )


def promise(promise_id: int) -> Promise | None:
    """Return one promise with its owner."""
    return next(iter(_promise(promise_id)), None)


@composed
def _promise(promise_id: int) -> QuerySet[Promise]:
    return Promise.objects.select_related("owner_agent", "department").filter(pk=promise_id)


def told_due_at(promise_id: int) -> datetime | None:
    """Return the time to tell of a promise: its own, or that of the one which took its place."""
    wanted: int | None = promise_id
    due_at: datetime | None = None
    # Asked for each acknowledgement: plain SQL costs a third of the same through the ORM.
    for _ in range(20):
        rows, _count = execute(
            "SELECT due_at, successor_id FROM promises_promise WHERE id = %s", [wanted]
        )
        if not rows:
            break
        due_at, wanted = rows[0]
        if wanted is None:
            break
    return due_at


def promises_of_customer(customer_ids: Iterable[int]) -> QuerySet[Promise]:
    """Return every promise made to a customer's group, newest first."""
    return Promise.objects.filter(customer_id__in=list(customer_ids)).order_by("-made_at", "-id")


def record_of_customer(customer_ids: Iterable[int], *, at: datetime) -> Counts:
    """Return how the words given to a customer's group ended; what is open and not yet due is left
    out.
    """
    found = Promise.objects.filter(customer_id__in=list(customer_ids))
    found = found.exclude(state=State.OPEN.value, due_at__gte=at)
    return Counts(**found.aggregate(**_COUNTS))


def open_promises(
    *, owner_agent_id: int | None = None, department_ids: Iterable[int] | None = None
) -> QuerySet[Promise]:
    """Return open promises of an agent, or of departments (None: all), by due time."""
    found = Promise.objects.filter(state=State.OPEN.value)
    if owner_agent_id is not None:
        found = found.filter(owner_agent_id=owner_agent_id)
    if department_ids is not None:
        found = found.filter(department_id__in=list(department_ids))
    return found.select_related("customer", "owner_agent").order_by("due_at", "id")


def entries_of(promise_id: int) -> QuerySet[PromiseEntry]:
    """Return the record of one promise, first line first."""
    return PromiseEntry.objects.filter(promise_id=promise_id).order_by("seq")


# -- the record ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: what it is about, and the counts."""

    key: object
    counts: Counts


def _came_due(*, since: datetime, until: datetime) -> QuerySet[Promise]:
    """Everything settled in [since, until), and what is open though its time has passed in it."""
    return Promise.objects.filter(
        Q(settled_at__gte=since, settled_at__lt=until)
        | Q(state=State.OPEN.value, due_at__gte=since, due_at__lt=until)
    )


_COUNTS = {
    "kept": Count("id", filter=Q(state=State.KEPT.value)),
    "broken": Count("id", filter=Q(state=State.BROKEN.value)),
    "overdue": Count("id", filter=Q(state=State.OPEN.value)),
    "moved_by_us": Count(
        "id", filter=Q(state=State.RENEGOTIATED.value, initiative=Initiative.OURS.value)
    ),
    "moved_by_customer": Count(
        "id", filter=Q(state=State.RENEGOTIATED.value, initiative=Initiative.CUSTOMER.value)
    ),
    "released": Count("id", filter=Q(state=State.RELEASED.value)),
}


def record(
    *, since: datetime, until: datetime, department_ids: Iterable[int] | None = None
) -> Counts:
    """Return how many promises ended how in [since, until)."""
    found = _came_due(since=since, until=until)
    if department_ids is not None:
        found = found.filter(department_id__in=list(department_ids))
    return Counts(**found.aggregate(**_COUNTS))


def record_by(
    what: str,
    *,
    since: datetime,
    until: datetime,
    department_ids: Iterable[int] | None = None,
) -> list[Row]:
    """Return the record by `week`, `department`, `agent` or `kind`.

    Keys: the Monday (date, shop's zone), the department's id, the owner's id (None: nobody's), the
    kind.
    """
    found = _came_due(since=since, until=until)
    if department_ids is not None:
        found = found.filter(department_id__in=list(department_ids))
    if what == "week":
        ended = found.annotate(
            key=TruncWeek(F("due_at"), tzinfo=the_shop().zone)
        )  # by the day it was due: settled late or early, it belongs to the week of its word
        rows = ended.values("key").annotate(**_COUNTS).order_by("key")
        return [Row(key=r["key"].date(), counts=_counts(r)) for r in rows if r["key"]]
    field = {"department": "department_id", "agent": "owner_agent_id", "kind": "kind"}[what]
    rows = found.values(field).annotate(**_COUNTS).order_by(field)
    return [Row(key=r[field], counts=_counts(r)) for r in rows]


def _counts(row: Mapping[str, Any]) -> Counts:
    return Counts(**{name: row[name] for name in _COUNTS})


def weeks_back(today: date, weeks: int) -> date:
    """Return the Monday `weeks` weeks before this week's."""
    return today - timedelta(days=today.weekday(), weeks=weeks)


def last_ended_of(*subject_refs: str) -> Promise | None:
    """Return the promise of a subject (or several as one) that ended last; one that was moved has
    its successor.
    """
    return (
        _about(*subject_refs)
        .exclude(state__in=[State.OPEN.value, State.RENEGOTIATED.value])
        .order_by("-settled_at", "-id")
        .first()
    )


def is_mended(promise: Promise) -> bool:
    """Say whether a kept promise came after one of its chain, moved by us, that was not kept."""
    return promise.chain_id is not None and (
        Promise.objects.filter(
            Q(pk=promise.chain_id) | Q(chain_id=promise.chain_id),
            Q(state=State.BROKEN.value)
            | Q(state=State.RENEGOTIATED.value, initiative=Initiative.OURS.value),
        ).exists()
    )


def waiting_of(*subject_refs: str) -> QuerySet[Promise]:
    """Return what was let go of while the customer has the next word and has not yet gone on."""
    waiting = _about(*subject_refs).filter(
        state=State.RELEASED.value,
        reason=Reason.WAITING.value,
        successor=None,
        remaining_minutes__isnull=False,
    )
    return waiting.order_by("id")


def exported_promises() -> QuerySet[Promise]:
    """Return every promise in the order in which they were made."""
    return Promise.objects.order_by("id")
