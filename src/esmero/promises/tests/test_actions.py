"""Promises made, watched, settled; the record that nobody can polish."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from esmero.kernel.models import EventRow
from esmero.promises import actions, ports, queries
from esmero.promises.actions import Owner
from esmero.promises.enums import Initiative, Kind, Reason, Stage, State
from esmero.promises.errors import (
    AlreadyMoved,
    DueInThePast,
    EvidenceNeeded,
    NeverPauses,
    PromiseAlreadySettled,
    PromiseOverdue,
)
from esmero.promises.models import Promise, PromiseEntry
from esmero.promises.rules.record import kept_rate
from tests.cast import NOON, House, open_house

HOUR = timedelta(hours=1)


@pytest.fixture
def house(db: None) -> House:
    return open_house()


def make(house: House, *, subject: str = "conversation:1", kind: Kind = Kind.ANSWER, **more):
    """Make a promise, with another one beside it."""
    actions.make_promise(
        kind=Kind.SOLVE,
        subject_ref="conversation:99",
        owner=Owner(department_id=house.sales),
        at=NOON,
        actor="system",
    )
    return actions.make_promise(
        kind=kind,
        subject_ref=subject,
        owner=Owner(agent_id=house.ana, department_id=house.care),
        at=NOON,
        actor="system",
        **more,
    )


def events() -> list[str]:
    """Return the kinds published after the two promises were made."""
    return list(EventRow.objects.order_by("id").values_list("kind", flat=True))[2:]


def test_make_is_due_after_four_business_hours_over_the_midday_break(house: House) -> None:
    # 11:40 to 14:00 are 140 minutes; 100 more from 16:30 end at 18:10, told as 18:30.
    promise = make(house)
    assert promise.due_at == datetime.fromisoformat("2026-11-19T18:30:00+01:00")
    assert promise.basis["leading"] == "target"
    assert promise.next_check_at == datetime.fromisoformat("2026-11-19T13:50:00+01:00")


def test_make_in_a_department_that_never_opens_counts_by_the_clock(house: House) -> None:
    never = actions.open_hours(
        name="Nunca", zone="Europe/Madrid", week=[[]] * 7, at=NOON, actor="system"
    )
    actions.keep_hours(department_id=house.care, hours_id=never, at=NOON, actor="system")
    queries.forget()
    promise = make(house)
    assert promise.due_at == NOON + timedelta(hours=4, minutes=20)
    assert step(promise.due_at + timedelta(seconds=1)) is True


def test_make_refuses_a_time_that_has_passed(house: House) -> None:
    with pytest.raises(DueInThePast):
        make(house, due_at=NOON)
    assert events() == []


def test_settle_at_the_very_moment_keeps(house: House) -> None:
    promise = make(house)
    assert actions.settle_promise(promise_id=promise.pk, at=promise.due_at, by=house.ana) is True
    promise.refresh_from_db()
    assert (promise.state, promise.taken_minutes) == (State.KEPT.value, 260.0)
    assert events() == ["promise.settled"]


def test_settle_a_microsecond_later_breaks(house: House) -> None:
    promise = make(house)
    late = promise.due_at + timedelta(microseconds=1)
    assert actions.settle_promise(promise_id=promise.pk, at=late, by=house.ana) is False
    promise.refresh_from_db()
    assert promise.state == State.BROKEN.value


def test_settle_twice_is_refused_and_publishes_nothing_more(house: House) -> None:
    promise = make(house)
    actions.settle_promise(promise_id=promise.pk, at=NOON + HOUR, by=house.ana)
    with pytest.raises(PromiseAlreadySettled):
        actions.settle_promise(promise_id=promise.pk, at=NOON + HOUR, by=house.ana)
    assert events() == ["promise.settled"]


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": NOON + 9 * HOUR},
        {"made_at": NOON - HOUR},
        {"kind": "solve"},
        {"basis": {}},
        {"subject_ref": "conversation:2"},
    ],
    ids=lambda c: next(iter(c)),
)
def test_the_database_keeps_the_word(house: House, change: dict[str, object]) -> None:
    promise = make(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(**change)


def test_no_route_leads_to_kept_after_the_time(house: House) -> None:
    promise = make(house)
    late = promise.due_at + timedelta(minutes=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(state="kept", settled_at=late)
    actions.break_promise(promise_id=promise.pk, at=late)
    for state in (State.KEPT, State.OPEN, State.RELEASED, State.RENEGOTIATED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(
                state=state.value, settled_at=NOON, reason="duplicate", initiative="ours"
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).delete()
    for refused in (
        lambda: actions.settle_promise(promise_id=promise.pk, at=NOON + HOUR, by=None),
        lambda: actions.release_promise(
            promise_id=promise.pk, reason=Reason.DUPLICATE, at=NOON + HOUR, actor="system"
        ),
        lambda: actions.renegotiate_promise(
            promise_id=promise.pk, at=NOON, actor="system", initiative=Initiative.OURS
        ),
    ):
        with pytest.raises(PromiseAlreadySettled):
            refused()


def test_what_is_overdue_can_only_break(house: House) -> None:
    promise = make(house)
    late = promise.due_at + timedelta(seconds=1)
    with pytest.raises(PromiseOverdue):
        actions.release_promise(
            promise_id=promise.pk, reason=Reason.DUPLICATE, at=late, actor="system"
        )
    with pytest.raises(PromiseOverdue):
        actions.renegotiate_promise(
            promise_id=promise.pk, at=late, actor="system", initiative=Initiative.OURS
        )


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.LEGAL])
def test_answer_and_legal_never_wait(house: House, kind: Kind) -> None:
    promise = make(house, kind=kind, due_at=NOON + 5 * HOUR)
    with pytest.raises(NeverPauses):
        actions.release_promise(
            promise_id=promise.pk, reason=Reason.WAITING, at=NOON + HOUR, actor="system"
        )


def test_renegotiate_keeps_the_old_time_and_chains_the_new(house: House) -> None:
    promise = make(house)
    due = promise.due_at
    at = NOON + 5 * HOUR
    successor = actions.renegotiate_promise(
        promise_id=promise.pk,
        at=at,
        actor="system",
        initiative=Initiative.OURS,
        is_automatic=True,
    )
    promise.refresh_from_db()
    assert (promise.state, promise.due_at, promise.successor_id) == (
        State.RENEGOTIATED.value,
        due,
        successor.pk,
    )
    assert (successor.chain_id, successor.automatic_moves) == (promise.pk, 1)
    assert successor.due_at > due
    with pytest.raises(AlreadyMoved):
        actions.renegotiate_promise(
            promise_id=successor.pk,
            at=at + HOUR,
            actor="system",
            initiative=Initiative.OURS,
            is_automatic=True,
        )


def test_renegotiate_at_the_customers_wish_needs_the_message(house: House) -> None:
    promise = make(house)
    with pytest.raises(EvidenceNeeded):
        actions.renegotiate_promise(
            promise_id=promise.pk, at=NOON, actor="agent:1", initiative=Initiative.CUSTOMER
        )


def test_kept_rate_counts_what_we_moved_and_leaves_out_what_the_customer_moved(house) -> None:
    kept, moved, asked, freed, broken = (
        make(house, subject=f"conversation:{n}", due_at=NOON + 2 * HOUR) for n in range(1, 6)
    )
    at = NOON + HOUR
    actions.settle_promise(promise_id=kept.pk, at=at, by=house.ana)
    actions.renegotiate_promise(
        promise_id=moved.pk, at=at, actor="system", initiative=Initiative.OURS
    )
    actions.renegotiate_promise(
        promise_id=asked.pk,
        at=at,
        actor="system",
        initiative=Initiative.CUSTOMER,
        evidence_ref="message:7",
    )
    actions.release_promise(promise_id=freed.pk, reason=Reason.DUPLICATE, at=at, actor="system")
    actions.break_promise(promise_id=broken.pk, at=NOON + 3 * HOUR)
    counts = queries.record(since=NOON, until=NOON + 4 * HOUR)
    assert (counts.kept, counts.broken, counts.moved_by_us) == (1, 1, 1)
    assert (counts.moved_by_customer, counts.released) == (1, 1)
    assert kept_rate(counts) == pytest.approx(1 / 3)
    by_person = queries.record_by("agent", since=NOON, until=NOON + 4 * HOUR)
    assert [(row.key, row.counts) for row in by_person] == [(house.ana, counts)]


def step(at: datetime) -> bool:
    return actions.watch_one(at=at)


def test_watch_says_each_stage_once_and_breaks_after_the_time(house: House) -> None:
    actions.release_promise(
        promise_id=make(house).pk, reason=Reason.DUPLICATE, at=NOON, actor="system"
    )
    promise = actions.make_promise(
        kind=Kind.ANSWER,
        subject_ref="conversation:2",
        owner=Owner(agent_id=house.ana, department_id=house.care),
        due_at=NOON + timedelta(minutes=100),
        at=NOON,
        actor="system",
    )
    EventRow.objects.filter(is_pending=True).update(is_pending=False)
    start = EventRow.objects.count()
    said = []
    for minute in range(0, 103):
        while step(NOON + timedelta(minutes=minute)):
            fresh = list(EventRow.objects.order_by("id").values_list("kind", flat=True))[start:]
            said += [(minute, kind) for kind in fresh[len(said) :]]
    assert said == [
        (50, "promise.halfway"),
        (75, "promise.pressing"),
        (90, "promise.about_to_break"),
        (101, "promise.settled"),
    ]
    promise.refresh_from_db()
    assert (promise.state, promise.stage) == (State.BROKEN.value, Stage.ABOUT_TO_BREAK.value)


def test_watch_waits_for_a_fresh_look_but_not_for_ever(house: House) -> None:
    class Stale:
        def is_fresh(self, subject_ref: str, *, since: datetime, at: datetime) -> bool:
            return False

    before = ports.fresh_look()
    ports.use_fresh_look(Stale())
    try:
        promise = make(house, due_at=NOON + HOUR)
        at = promise.due_at + timedelta(seconds=1)
        assert step(at) is True
        promise.refresh_from_db()
        assert promise.state == State.OPEN.value
        step(promise.due_at + timedelta(minutes=11))
        promise.refresh_from_db()
        assert promise.state == State.BROKEN.value
    finally:
        ports.use_fresh_look(before)


def test_nobody_is_warned_before_a_fresh_look(house: House) -> None:
    looked: list[datetime] = []

    class Asked:
        def is_fresh(self, subject_ref: str, *, since: datetime, at: datetime) -> bool:
            looked.append(since)
            return len(looked) > 1

    before = ports.fresh_look()
    ports.use_fresh_look(Asked())
    try:
        promise = make(house, due_at=NOON + HOUR)
        half = NOON + timedelta(minutes=30)
        assert step(half) is True
        assert events() == []
        assert step(half + timedelta(seconds=9)) is False
        assert step(half + timedelta(seconds=10)) is True
        assert events() == ["promise.halfway"]
        assert looked == [half, half]
        promise.refresh_from_db()
        assert promise.stage == Stage.HALF.value
    finally:
        ports.use_fresh_look(before)


def test_the_record_shows_every_tampering(house: House) -> None:
    first, second = make(house), make(house, subject="conversation:2")
    actions.settle_promise(promise_id=first.pk, at=NOON + HOUR, by=house.ana)
    actions.settle_promise(promise_id=second.pk, at=NOON + HOUR, by=house.ana)
    assert actions.seal_record(at=NOON + 2 * HOUR) == PromiseEntry.objects.count()
    assert list(queries.damages()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        PromiseEntry.objects.filter(promise=first).update(what="kept")
    with connection.cursor() as cursor:  # somebody with the database's own keys
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE promises_entry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE promises_entry SET data = '{}' WHERE promise_id = %s AND seq = 1", [first.pk]
        )
        cursor.execute("DELETE FROM promises_entry WHERE promise_id = %s", [second.pk])
        cursor.execute("ALTER TABLE promises_entry ENABLE TRIGGER USER")
    found = list(queries.damages())
    assert [(d.promise_id, d.what) for d in found] == [(first.pk, "entry 1"), (None, "seal")]


@pytest.mark.django_db(transaction=True)
def test_two_watchers_take_each_promise_once() -> None:
    house = open_house()
    for number in range(1, 41):
        actions.make_promise(
            kind=Kind.ANSWER,
            subject_ref=f"conversation:{number}",
            owner=Owner(department_id=house.care),
            due_at=NOON + HOUR,
            at=NOON,
            actor="system",
        )
    at = NOON + 2 * HOUR

    def run() -> None:
        try:
            while actions.watch_one(at=at):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Promise.objects.filter(state=State.BROKEN.value).count() == 40
    assert EventRow.objects.filter(kind="promise.settled").count() == 40
