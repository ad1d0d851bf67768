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
    del events._reactions[CakeBaked.kind]


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


def test_forget_marks_drops_only_what_is_owed_no_more(seen: list[str]) -> None:
    bake(1)
    run()
    seen.append("fire")
    bake(2)
    run()
    assert dispatch.forget_marks(before=AT + timedelta(days=1)) == 2
    assert ReactionDone.objects.count() == 1
