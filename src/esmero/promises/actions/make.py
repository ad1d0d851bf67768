"""Giving a word: how long it takes, who owns it, how it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from esmero.kernel import events, jobs, written
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises import forecasts, queries
from esmero.promises.actions._record import add_entry, first_entry, links
from esmero.promises.enums import Kind, Stage, State
from esmero.promises.errors import DueInThePast
from esmero.promises.events import PromiseBeyondLimit, PromiseMade, PromiseReassigned
from esmero.promises.models import Promise
from esmero.promises.rules.due import Told, told_due_at, warn_points


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a promise: always a person or a department."""

    agent_id: int | None = None
    department_id: int | None = None

    def __post_init__(self) -> None:
        if self.agent_id is None and self.department_id is None:
            raise ValueError("a promise has an owner")


def expected_due(
    *,
    kind: Kind,
    department_id: int | None,
    channel: str,
    at: datetime,
    customer_zone: str | None = None,
    customer_id: int | None = None,
    tier_id: int | None = None,
    load: float | None = None,
    standard: queries.Standard | None = None,
) -> Told:
    """Return the time that would be told now, and why (nothing is written).

    `customer_id` is who would be told; without somebody `tier_id` may name a tier. `standard` is
    one that is not set yet; without it the one that is set holds. Raises StandardEmpty,
    CalendarNeverOpens.
    """
    house = queries.house(at=at)
    if customer_id is not None and house.has_tiers:  # most shops have none: nothing is asked
        own = people.tiers.tier_of(people.group_of(customer_id))
        tier_id = own.pk if own else None
    return told_due_at(
        standard=standard
        or house.standard(kind, department_id=department_id, channel=channel, tier_id=tier_id),
        forecast=forecasts.forecast(
            kind=kind, department_id=department_id, channel=channel, load=load, at=at
        ),
        calendar=house.promising_calendar(department_id),
        made_at=at,
        customer_zone=customer_zone or None,
    )


@action
def make_promise(
    *,
    kind: Kind,
    subject_ref: str,
    owner: Owner,
    at: datetime,
    actor: str,
    customer_id: int | None = None,
    channel: str = "",
    due_at: datetime | None = None,
    minutes: float | None = None,
    told: Told | None = None,
    customer_zone: str | None = None,
    is_late_on_arrival: bool = False,
    told_by: str = "",
    predecessor: Promise | None = None,
) -> Promise:
    """Make a promise and return its row.

    `due_at` is a time that somebody chose; `minutes` the business minutes left of an earlier
    promise; without both it is `told` (what `expected_due` has just said), or computed from
    standard and forecast. `predecessor` continues its chain. Raises DueInThePast. Publishes
    PromiseMade, and PromiseBeyondLimit where that is so.
    """
    house = queries.house(at=at)
    calendar = house.promising_calendar(owner.department_id)
    load = forecasts.current_load(kind=kind, department_id=owner.department_id, at=at)
    basis: dict[str, object]
    if due_at is not None:
        if due_at <= at:
            raise DueInThePast(due_at=due_at.isoformat())
        basis = {"leading": "chosen"}
        exceeds = False
    elif minutes is not None:
        due_at = forecasts.due_after_minutes(calendar, at=at, minutes=minutes)
        basis = {"leading": "remaining", "minutes": minutes}
        exceeds = False
    else:
        told = told or expected_due(
            kind=kind,
            department_id=owner.department_id,
            channel=channel,
            at=at,
            customer_zone=customer_zone,
            customer_id=customer_id,
            load=load,
        )
        due_at, basis, exceeds = told.due_at, told.basis.as_dict(), told.basis.exceeds_limit
    promise = Promise(
        kind=kind.value,
        subject_ref=subject_ref,
        channel=channel,
        customer_id=customer_id,
        owner_agent_id=owner.agent_id,
        department_id=owner.department_id,
        made_at=at,
        due_at=due_at,
        hours_id=house.hours_id(owner.department_id),
        basis=basis,
        load=load,
        told_at=at if told_by else None,
        told_by=told_by,
        is_late_on_arrival=is_late_on_arrival,
        chain_id=(predecessor.chain_id or predecessor.pk) if predecessor else None,
        automatic_moves=predecessor.automatic_moves if predecessor else 0,
        stage=Stage.FRESH.value,
        next_check_at=warn_points(at, due_at, calendar).half_at,
    )
    written.insert(promise)
    written.insert(
        first_entry(
            promise, what="made", at=at, actor=actor, kind=kind.value, due_at=due_at.isoformat()
        )
    )
    made = PromiseMade(
        promise_id=promise.pk,
        promise_kind=kind.value,
        subject_ref=subject_ref,
        due_at=due_at.isoformat(),
        is_late_on_arrival=is_late_on_arrival,
        exceeds_limit=exceeds,
    )
    happened: list[tuple[events.Event, list[str]]] = [(made, links(promise))]
    if exceeds:
        beyond = PromiseBeyondLimit(promise_id=promise.pk, subject_ref=subject_ref)
        happened.append((beyond, links(promise)))
    events.publish(happened, at=at, actor=actor)
    _wake_if_sooner(promise, at)
    return promise


def _wake_if_sooner(promise: Promise, at: datetime) -> None:
    # The watcher polls every few seconds anyway; only a near moment is worth a signal.
    if promise.next_check_at is not None and (promise.next_check_at - at).total_seconds() < 10:
        jobs.wake_after_commit("promises")


@action
def tell_promise(*, promise_id: int, at: datetime, by: str) -> None:
    """Note when and how the customer was told (`mail`, `page`, `person`); the first time counts.

    What exactly was told, the delivery that carried it keeps.
    """
    # Once for each acknowledgement: the shortest way there is.
    execute(
        "UPDATE promises_promise SET told_at = %s, told_by = %s WHERE id = %s AND told_at IS NULL",
        [at, by, promise_id],
    )


@action
def reassign_promises(
    *,
    subject_ref: str,
    owner: Owner,
    at: datetime,
    actor: str,
    only_of_agent_id: int | None = None,
) -> int:
    """Give the open promises of a subject to another owner and return how many there were.

    The due time stays what it was. Publishes PromiseReassigned for each.
    """
    found = Promise.objects.select_for_update().filter(
        subject_ref=subject_ref, state=State.OPEN.value
    )
    if only_of_agent_id is not None:
        found = found.filter(owner_agent_id=only_of_agent_id)
    promises = list(found.order_by("id"))
    for promise in promises:
        promise.owner_agent_id = owner.agent_id
        promise.department_id = owner.department_id or promise.department_id
        promise.save(update_fields=["owner_agent_id", "department_id"])
        add_entry(
            promise,
            what="reassigned",
            at=at,
            actor=actor,
            agent_id=owner.agent_id,
            department_id=promise.department_id,
        )
    events.publish(
        [
            (
                PromiseReassigned(
                    promise_id=p.pk,
                    subject_ref=subject_ref,
                    owner_agent_id=p.owner_agent_id,
                    department_id=p.department_id,
                ),
                links(p),
            )
            for p in promises
        ],
        at=at,
        actor=actor,
    )
    return len(promises)


def locked(promise_id: int) -> Promise:
    """Return a promise's row, locked. Raises NotFound."""
    for promise in _row(promise_id):
        return promise
    raise NotFound(ref=ref("promise", promise_id))


@composed
def _row(promise_id: int) -> QuerySet[Promise]:
    return Promise.objects.select_for_update().filter(pk=promise_id)
