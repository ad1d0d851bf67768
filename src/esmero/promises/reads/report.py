"""The report: what was promised in a period and what became of it.

A promise belongs to the period it ended in, or, while open, to the one in which its time passed.
Broken ones end at their due time, so how late the thing was done is read from the promise of the
same chain that was kept later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Mod, TruncWeek

from esmero.promises.enums import Initiative, State
from esmero.promises.models import Promise
from esmero.promises.rules.record import Counts

SAMPLE = 6_000
"""Promises that are looked at one by one for how early they were; more are sampled evenly."""

_NOT_KEPT = Q(state=State.BROKEN.value) | Q(
    state=State.RENEGOTIATED.value, initiative=Initiative.OURS.value
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which promises: ended in [since, until), of these departments and kinds (None: all).

    `agent_id` narrows it to what one person owns.
    """

    since: datetime
    until: datetime
    department_ids: tuple[int, ...] | None = None
    kind: str = ""
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one week (its Monday), department, owner (None: the department) and kind.

    `mended` are those of `counts.broken` and `counts.moved_by_us` whose chain was kept after all.
    """

    week: date
    department_id: int | None
    agent_id: int | None
    kind: str
    counts: Counts
    mended: int


@dataclass(frozen=True, slots=True)
class Done:
    """One promise as the customer saw it: `done_at` is None while the thing is still not done.

    `is_first`: it opens its chain, so that the customer's wait began with it.
    """

    department_id: int | None
    hours_id: int | None
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    is_kept: bool
    is_first: bool


def of_scope(scope: Scope) -> QuerySet[Promise]:
    """Return the promises of a scope, whatever became of them."""
    ended = Q(settled_at__gte=scope.since, settled_at__lt=scope.until)
    return _of(scope, (ended & ~Q(state=State.OPEN.value)) | _overdue(scope))


def _overdue(scope: Scope) -> Q:
    return Q(state=State.OPEN.value, due_at__gte=scope.since, due_at__lt=scope.until)


def _ended_badly(scope: Scope) -> Q:
    # The first condition is that of the index of the few that were not kept: so it is used.
    return (
        Q(state__in=[State.BROKEN.value, State.RENEGOTIATED.value])
        & _NOT_KEPT
        & Q(settled_at__gte=scope.since, settled_at__lt=scope.until)
    )


def _of(scope: Scope, which: Q) -> QuerySet[Promise]:
    found = Promise.objects.filter(which)
    if scope.department_ids is not None:
        found = found.filter(department_id__in=scope.department_ids)
    if scope.kind:
        found = found.filter(kind=scope.kind)
    if scope.agent_id is not None:
        found = found.filter(owner_agent_id=scope.agent_id)
    return found


def cells(scope: Scope, *, zone: tzinfo) -> list[Cell]:
    """Return the counts of a scope, in two passes over it whatever is asked of them afterwards."""
    keys = ("week", "department_id", "owner_agent_id", "kind")
    week = TruncWeek(Coalesce("settled_at", "due_at"), tzinfo=zone)
    ended = of_scope(scope).annotate(week=week)
    found: dict[tuple[object, ...], dict[str, int]] = {}
    for row in ended.values(*keys, "state", "initiative").annotate(n=Count("id")).order_by():
        key = tuple(row[name] for name in keys)
        name = _COLUMN[row["state"], row["initiative"]]
        found.setdefault(key, {})[name] = row["n"]
    mended = _of(scope, _ended_badly(scope)).filter(Exists(_kept_later())).annotate(week=week)
    again = {
        tuple(row[name] for name in keys): row["n"]
        for row in mended.values(*keys).annotate(n=Count("id")).order_by()
    }
    return [
        Cell(
            week=key[0].date(),  # type: ignore[attr-defined]
            department_id=key[1],  # type: ignore[arg-type]
            agent_id=key[2],  # type: ignore[arg-type]
            kind=str(key[3]),
            counts=Counts(**counts),
            mended=again.get(key, 0),
        )
        for key, counts in sorted(found.items(), key=lambda item: item[0][0])  # type: ignore[arg-type, return-value]
    ]


_COLUMN = {
    (State.OPEN.value, ""): "overdue",
    (State.KEPT.value, ""): "kept",
    (State.BROKEN.value, ""): "broken",
    (State.RELEASED.value, ""): "released",
    (State.RENEGOTIATED.value, Initiative.OURS.value): "moved_by_us",
    (State.RENEGOTIATED.value, Initiative.CUSTOMER.value): "moved_by_customer",
}


def _kept_later() -> QuerySet[Promise]:
    # By the subject, which has an index; the chain says which of its promises belong together.
    return Promise.objects.filter(
        subject_ref=OuterRef("subject_ref"),
        chain_id=Coalesce(OuterRef("chain_id"), OuterRef("pk")),
        state=State.KEPT.value,
        pk__gt=OuterRef("pk"),
    ).order_by("pk")


def decided(scope: Scope) -> QuerySet[Promise]:
    """Return those that count: kept, broken, moved by us, or open past their time."""
    return of_scope(scope).filter(
        Q(state=State.KEPT.value) | _NOT_KEPT | Q(state=State.OPEN.value)
    )


def done(scope: Scope, *, total: int) -> tuple[list[Done], int]:
    """Return what counts one by one, and of how many each is one (1: all of them).

    `total` is how many count (the sum of `Counts.decided`); of more than SAMPLE, every n-th.
    """
    every = max(1, -(-total // SAMPLE))
    found = decided(scope)
    if every > 1:
        found = found.annotate(place=Mod("pk", Value(every))).filter(place=0)
    rows = found.annotate(
        done_at=Case(
            When(state=State.KEPT.value, then=F("settled_at")),
            # Done by somebody after its time, before the watch came round.
            When(Q(state=State.BROKEN.value, settled_by__isnull=False), then=F("settled_at")),
            default=Subquery(_kept_later().values("settled_at")[:1]),
        )
    ).values_list("department_id", "hours_id", "made_at", "due_at", "done_at", "state", "chain_id")
    return [
        Done(d, h, made, due, end, state == State.KEPT.value, chain is None)
        for d, h, made, due, end, state, chain in rows.iterator(chunk_size=5000)
    ], every


@dataclass(frozen=True, slots=True)
class Failure:
    """A promise that was not kept, and those of its chain that came after it, in order."""

    promise: Promise
    later: tuple[Promise, ...]


def failures(scope: Scope, *, limit: int, before_id: int | None = None) -> list[Failure]:
    """Return promises that were not kept, newest first, each with what followed (two queries)."""
    found = _of(scope, _ended_badly(scope) | _overdue(scope))
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    rows = list(
        found.select_related("owner_agent", "department", "customer", "settled_by").order_by(
            "-pk"
        )[:limit]
    )
    following: dict[int, list[Promise]] = {}
    subjects = {row.subject_ref for row in rows}
    chains = {row.chain_id or row.pk for row in rows}
    if rows:
        for one in Promise.objects.filter(subject_ref__in=subjects, chain_id__in=chains).order_by(
            "pk"
        ):
            following.setdefault(one.chain_id or 0, []).append(one)
    return [
        Failure(row, tuple(p for p in following.get(row.chain_id or row.pk, []) if p.pk > row.pk))
        for row in rows
    ]


class Line(NamedTuple):
    """One promise for a file."""

    id: int
    kind: str
    department_id: int | None
    agent_id: int | None
    customer: str
    subject_ref: str
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None
    state: str
    initiative: str
    taken_minutes: float | None


def every_promise(scope: Scope) -> Iterator[Line]:
    """Yield every promise of a scope as it was made, released ones too, without holding
    them all.
    """
    rows = (
        of_scope(scope)
        .order_by("id")
        .values_list(
            "id", "kind", "department_id", "owner_agent_id", "customer__name", "subject_ref",
            "made_at", "due_at", "settled_at", "state", "initiative", "taken_minutes",
        )
    )  # fmt: skip
    yield from map(Line._make, rows.iterator(chunk_size=2000))


def total(parts: Iterable[Cell]) -> tuple[Counts, int]:
    """Return the sum of cells and how many of those not kept were mended."""
    counts, mended = Counts(), 0
    for part in parts:
        counts += part.counts
        mended += part.mended
    return counts, mended
