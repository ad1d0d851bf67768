"""Reactions to committed events: each once, again after a failure, none in the way of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction

from esmero.kernel import dispatch, events
from esmero.kernel.events import Event, Happened
from esmero.kernel.models import EventRow, ReactionDone, ReactionFailure

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CakeBaked(Event):
    """Something that only these tests know."""

    kind: ClassVar[str] = "test.cake_baked"
    cake_id: int


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """Two reactions: `eat` notes what it saw, `burn` fails while `seen` holds "fire"."""
    found: list[str] = []

    def eat(event: Happened) -> None:
        found.append(f"eat {event.data['cake_id']}")

    def burn(event: Happened) -> None:
        if "fire" in found:
            raise ValueError("too hot")
        found.append(f"burn {event.data['cake_id']}")

    events.react(CakeBaked, "test.burn")(burn)
    events.react(CakeBaked, "test.eat")(eat)
    yield found
    del events._reactions[CakeBaked.kind], events._conditions[CakeBaked.kind]


def bake(cake_id: int) -> None:
    with transaction.atomic():
        events.publish([(CakeBaked(cake_id), ["order:1"])], at=AT, actor="system")


def run(at: datetime = AT) -> int:
    count = 0
    while dispatch.dispatch_one(at=at):
        count += 1
        assert count < 50
    return count


def test_dispatch_runs_each_reaction_once(seen: list[str]) -> None:
    bake(1)
    assert run() == 1
    assert run() == 0
    assert sorted(seen) == ["burn 1", "eat 1"]


def test_dispatch_leaves_out_who_wants_only_others_of_the_kind(seen: list[str]) -> None:
    @events.react(CakeBaked, "test.frost", only=lambda cake: cake.cake_id == 2)
    def frost(event: Happened) -> None:
        seen.append(f"frost {event.data['cake_id']}")

    bake(1)
    bake(2)
    run()
    assert sorted(seen) == ["burn 1", "burn 2", "eat 1", "eat 2", "frost 2"]
    assert not ReactionDone.objects.filter(reaction="test.frost", event__data__cake_id=1).exists()
    del events._only["test.frost"]


def test_dispatch_a_failing_reaction_stops_neither_the_others_nor_the_next_event(seen) -> None:
    seen.append("fire")
    bake(1)
    bake(2)
    assert run() == 2
    assert seen == ["fire", "eat 1", "eat 2"]
    assert ReactionFailure.objects.filter(reaction="test.burn", is_given_up=False).count() == 2
    assert dispatch.next_retry_at() == AT + dispatch.FIRST_PAUSE


def test_dispatch_tries_again_what_failed_and_only_that(seen: list[str]) -> None:
    seen.append("fire")
    bake(1)
    run()
    assert run(AT + timedelta(seconds=4)) == 0
    seen.remove("fire")
    assert run(AT + timedelta(seconds=5)) == 1
    assert seen == ["eat 1", "burn 1"]
    assert ReactionFailure.objects.count() == 0
    assert EventRow.objects.filter(is_pending=True).count() == 0


def test_dispatch_gives_up_in_sight(seen: list[str]) -> None:
    seen.append("fire")
    bake(1)
    at = AT
    for _ in range(dispatch.MAX_ATTEMPTS + 3):
        run(at)
        at += timedelta(hours=1)
    failure = ReactionFailure.objects.get()
    assert (failure.attempts, failure.is_given_up) == (dispatch.MAX_ATTEMPTS, True)
    assert dispatch.backlog() == dispatch.Backlog(pending=0, failing=0, given_up=1)


@pytest.fixture
def baskets(seen: list[str]) -> Iterator[list[list[int]]]:
    """A reaction that takes many: the cakes that it was handed together; never cake 13."""
    found: list[list[int]] = []
    del events._reactions[CakeBaked.kind], events._conditions[CakeBaked.kind]

    def carry(baked: list[Happened]) -> None:
        cakes = [event.data["cake_id"] for event in baked]
        found.append(cakes)
        if 13 in cakes:
            raise ValueError("not that one")

    events.react_in_bulk(CakeBaked, "test.carry", only=lambda cake: cake.cake_id < 20)(carry)
    yield found
    del events._bulk["test.carry"], events._only["test.carry"]


def test_dispatch_hands_many_to_who_takes_many_once(baskets) -> None:
    for cake in (1, 2, 3, 25):
        bake(cake)
    assert run() == 1
    assert baskets == [[1, 2, 3]]
    assert ReactionDone.objects.filter(reaction="test.carry").count() == 3
    assert EventRow.objects.filter(is_pending=True).count() == 0


def test_dispatch_of_many_leaves_only_the_bad_one_behind(baskets) -> None:
    for cake in (1, 13, 3):
        bake(cake)
    assert run() == 1
    assert baskets == [[1, 13, 3], [1], [13], [3]]
    left = EventRow.objects.get(is_pending=True)
    assert (left.data["cake_id"], left.attempts) == (13, 1)
    assert ReactionFailure.objects.get().event_id == left.id
    bake(4)
    assert run(AT + dispatch.FIRST_PAUSE) == 2
    assert sorted(baskets[4:]) == [[4], [13]]


def test_dispatch_takes_one_by_one_what_somebody_else_waits_for_too(baskets, seen) -> None:
    @events.react(CakeBaked, "test.taste", only=lambda cake: cake.cake_id == 2)
    def taste(event: Happened) -> None:
        seen.append(f"taste {event.data['cake_id']}")

    for cake in (1, 2, 3):
        bake(cake)
    assert run() == 2
    assert (baskets, seen) == ([[1, 3], [2]], ["taste 2"])
    del events._only["test.taste"]


def test_what_can_wait_wakes_nobody(baskets, monkeypatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr("esmero.kernel.jobs.wake_after_commit", woken.append)
    bake(1)
    events.react(CakeBaked, "test.taste")(lambda _event: None)
    bake(2)
    assert woken == ["happened", "events"]


def test_forget_marks_drops_only_what_is_owed_no_more(seen: list[str]) -> None:
    bake(1)
    run()
    seen.append("fire")
    bake(2)
    run()
    assert dispatch.forget_marks(before=AT + timedelta(days=1)) == 2
    assert ReactionDone.objects.count() == 1
