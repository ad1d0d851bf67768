"""What became of a word: kept, broken, released, or another time in its place."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.kernel import events
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.promises import forecasts, queries
from esmero.promises.actions._record import add_entry, links
from esmero.promises.actions.make import Owner, expected_due, locked, make_promise
from esmero.promises.enums import PAUSING, Initiative, Kind, Reason, State
from esmero.promises.errors import (
    AlreadyMoved,
    EvidenceNeeded,
    NeverPauses,
    PromiseAlreadySettled,
    PromiseOverdue,
    ReasonNotAllowed,
)
from esmero.promises.events import PromiseReleased, PromiseRenegotiated, PromiseSettled
from esmero.promises.models import Measured, Promise, PromiseEntry, Seal
from esmero.promises.rules.calendar import business_minutes_between
from esmero.promises.rules.due import remaining_minutes
from esmero.promises.rules.ledger import seal_hash
from esmero.promises.rules.record import is_due, is_kept, may_move_automatically

# Entries younger than this may still be joined by one with a lower id that has not yet committed.
SEAL_AFTER = timedelta(minutes=15)
# Business minutes that a new time lies after the old one at least.
LEAST_MOVE = 30.0


def _open(promise_id: int) -> Promise:
    promise = locked(promise_id)
    if promise.state != State.OPEN.value:
        raise PromiseAlreadySettled(promise_id=promise_id, state=promise.state)
    return promise


def _close(
    promise: Promise, state: State, *, at: datetime, actor: str, fields: list[str], **data: object
) -> None:
    calendar = queries.house(at=at).calendar_by_id(promise.hours_id)
    promise.state = state.value
    promise.settled_at = at
    promise.next_check_at = None
    promise.taken_minutes = max(0.0, business_minutes_between(calendar, promise.made_at, at))
    promise.save(update_fields=["state", "settled_at", "next_check_at", "taken_minutes", *fields])
    add_entry(promise, what=state.value, at=at, actor=actor, **data)


@action
def settle_promise(
    *, promise_id: int, at: datetime, by: int | None, evidence_ref: str = ""
) -> bool:
    """Settle an open promise and say whether it was kept.

    `at` is the aware moment the thing promised was done (UTC); `by` the agent's id, None for the
    system; `evidence_ref` names what shows it, when it was done outside. Raises
    PromiseAlreadySettled when it is not open. Publishes PromiseSettled.
    """
    promise = _open(promise_id)
    kept = is_kept(at, promise.due_at)
    promise.settled_by_id, promise.evidence_ref = by, evidence_ref
    _finish(promise, State.KEPT if kept else State.BROKEN, at=at, by=by)
    return kept


@action
def break_promise(*, promise_id: int, at: datetime, after_outage: bool = False) -> None:
    """Record that the time passed. Raises PromiseAlreadySettled. Publishes PromiseSettled."""
    _finish(_open(promise_id), State.BROKEN, at=at, by=None, after_outage=after_outage)


def _finish(
    promise: Promise, state: State, *, at: datetime, by: int | None, after_outage: bool = False
) -> None:
    actor = ref("agent", by) if by else "system"
    _close(
        promise,
        state,
        at=at,
        actor=actor,
        fields=["settled_by_id", "evidence_ref"],
        evidence_ref=promise.evidence_ref,
    )
    events.publish(
        [
            (
                PromiseSettled(
                    promise_id=promise.pk,
                    promise_kind=promise.kind,
                    subject_ref=promise.subject_ref,
                    state=state.value,
                    after_outage=after_outage,
                ),
                links(promise),
            )
        ],
        at=at,
        actor=actor,
    )


@action
def release_promise(
    *, promise_id: int, reason: Reason, at: datetime, actor: str, evidence_ref: str = ""
) -> float | None:
    """Let a promise go, for one of four reasons, and return the business minutes left if it waits.

    Raises PromiseAlreadySettled, PromiseOverdue (after its time it can only be broken),
    NeverPauses (an answer or a legal deadline does not wait for the customer). Publishes
    PromiseReleased.
    """
    promise = _open(promise_id)
    if not isinstance(reason, Reason):
        raise ReasonNotAllowed(reason=str(reason))
    if is_due(at, promise.due_at):
        raise PromiseOverdue(promise_id=promise_id)
    if reason is Reason.WAITING:
        if Kind(promise.kind) not in PAUSING:
            raise NeverPauses(kind=promise.kind)
        calendar = queries.house(at=at).calendar_by_id(promise.hours_id)
        promise.remaining_minutes = remaining_minutes(calendar, at, promise.due_at)
    promise.reason, promise.evidence_ref = reason.value, evidence_ref
    _close(
        promise,
        State.RELEASED,
        at=at,
        actor=actor,
        fields=["reason", "evidence_ref", "remaining_minutes"],
        reason=reason.value,
        evidence_ref=evidence_ref,
        remaining_minutes=promise.remaining_minutes,
    )
    events.publish(
        [
            (
                PromiseReleased(
                    promise_id=promise.pk,
                    promise_kind=promise.kind,
                    subject_ref=promise.subject_ref,
                    reason=reason.value,
                ),
                links(promise),
            )
        ],
        at=at,
        actor=actor,
    )
    return promise.remaining_minutes


@action
def renegotiate_promise(
    *,
    promise_id: int,
    at: datetime,
    actor: str,
    initiative: Initiative,
    due_at: datetime | None = None,
    evidence_ref: str = "",
    is_automatic: bool = False,
) -> Promise:
    """Put another time in the place of an open promise and return the successor.

    The old one keeps its `due_at` and counts as not kept when the initiative was ours. Raises
    PromiseAlreadySettled, PromiseOverdue, EvidenceNeeded (at the customer's wish, the message that
    says so), AlreadyMoved (a second automatic move in one chain), DueInThePast. Publishes
    PromiseRenegotiated and, for the successor, PromiseMade.
    """
    promise = _open(promise_id)
    if is_due(at, promise.due_at):
        raise PromiseOverdue(promise_id=promise_id)
    if initiative is Initiative.CUSTOMER and not evidence_ref:
        raise EvidenceNeeded(promise_id=promise_id)
    if is_automatic and not may_move_automatically(promise.automatic_moves):
        raise AlreadyMoved(promise_id=promise_id)
    if due_at is None:
        due_at = _later_due(promise, at=at)
    # Closed first: only one answer may be open for a subject.
    promise.initiative, promise.evidence_ref = initiative.value, evidence_ref
    promise.is_automatic_move = is_automatic
    promise.automatic_moves += 1 if is_automatic else 0
    _close(
        promise,
        State.RENEGOTIATED,
        at=at,
        actor=actor,
        fields=["initiative", "evidence_ref", "is_automatic_move", "automatic_moves"],
        initiative=initiative.value,
        evidence_ref=evidence_ref,
        is_automatic=is_automatic,
    )
    successor = make_promise(
        kind=Kind(promise.kind),
        subject_ref=promise.subject_ref,
        owner=Owner(promise.owner_agent_id, promise.department_id),
        customer_id=promise.customer_id,
        channel=promise.channel,
        due_at=due_at,
        at=at,
        actor=actor,
        predecessor=promise,
    )
    promise.successor = successor
    promise.save(update_fields=["successor_id"])
    events.publish(
        [
            (
                PromiseRenegotiated(
                    promise_id=promise.pk,
                    successor_id=successor.pk,
                    subject_ref=promise.subject_ref,
                    initiative=initiative.value,
                    is_automatic=is_automatic,
                ),
                links(promise),
            )
        ],
        at=at,
        actor=actor,
    )
    return successor


def _later_due(promise: Promise, *, at: datetime) -> datetime:
    """Return what standard and forecast say now; in any case later than what was promised."""
    told = expected_due(
        kind=Kind(promise.kind),
        department_id=promise.department_id,
        channel=promise.channel,
        customer_id=promise.customer_id,
        at=at,
    )
    if told.due_at > promise.due_at:
        return told.due_at
    calendar = queries.house(at=at).calendar_by_id(promise.hours_id)
    return forecasts.due_after_minutes(calendar, at=promise.due_at, minutes=LEAST_MOVE)


@action
def resume_promise(*, promise_id: int, at: datetime, owner: Owner) -> Promise:
    """The customer answered: go on with the business minutes that were left, and return the
    successor.

    Raises PromiseAlreadySettled when the promise does not wait. Publishes PromiseMade.
    """
    promise = locked(promise_id)
    waits = promise.state == State.RELEASED.value and promise.reason == Reason.WAITING.value
    if not waits or promise.successor_id is not None or promise.remaining_minutes is None:
        raise PromiseAlreadySettled(promise_id=promise_id, state=promise.state)
    successor = make_promise(
        kind=Kind(promise.kind),
        subject_ref=promise.subject_ref,
        owner=owner,
        customer_id=promise.customer_id,
        channel=promise.channel,
        minutes=promise.remaining_minutes,
        at=at,
        actor="system",
        predecessor=promise,
    )
    promise.successor = successor
    promise.save(update_fields=["successor_id"])
    return successor


@action
def note_done(*, kind: Kind, subject_ref: str, since: datetime, at: datetime) -> None:
    """Measure how long something took that was asked for at `since` and done at `at`.

    Load, channel and what was told then come from the first promise made for it; without one
    nothing is measured.
    """
    first = (
        Promise.objects.filter(
            subject_ref=subject_ref, kind=kind.value, made_at__gte=since, made_at__lte=at
        )
        .order_by("made_at", "id")
        .first()
    )
    if first is None or first.load is None:
        return
    calendar = queries.house(at=at).calendar_by_id(first.hours_id)
    told = first.basis.get("forecast_minutes")
    Measured.objects.create(
        kind=kind.value,
        department_id=first.department_id,
        channel=first.channel,
        load=first.load,
        minutes=max(0.0, business_minutes_between(calendar, first.made_at, at)),
        arrived_at=first.made_at,
        at=at,
        told_minutes=told,
    )


@action
def seal_record(*, at: datetime) -> int:
    """Seal the entries that are old enough and return how many there were."""
    last = Seal.objects.select_for_update().order_by("-id").first()
    first_id = (last.last_entry_id if last else 0) + 1
    rows = list(
        PromiseEntry.objects.filter(pk__gte=first_id, at__lte=at - SEAL_AFTER)
        .order_by("id")
        .values_list("id", "hash")
    )
    if not rows:
        return 0
    # Every entry up to the last id is sealed, also one whose `at` is later than its neighbours'.
    rows = list(
        PromiseEntry.objects.filter(pk__gte=first_id, pk__lte=rows[-1][0])
        .order_by("id")
        .values_list("id", "hash")
    )
    before = last.hash if last else ""
    Seal.objects.create(
        at=at,
        first_entry_id=first_id,
        last_entry_id=rows[-1][0],
        entries=len(rows),
        previous=before,
        hash=seal_hash(before, (h for _, h in rows)),
    )
    return len(rows)
