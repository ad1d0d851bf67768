"""Events are read once each, also those whose transaction commits after later ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import psycopg
import pytest
from django.db import connection, transaction

from esmero.kernel import events
from esmero.kernel.clock import now
from esmero.live import tail as tails
from esmero.live.cursor import Cursor
from esmero.live.tail import Tail, events_after

pytestmark = pytest.mark.django_db(transaction=True)
INSERT = (
    "INSERT INTO kernel_event (kind, version, at, actor, data, is_pending, attempts) "
    "VALUES ('test.late', 1, now(), 'system', '{}', false, 0) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Rang(events.Event):
    kind: ClassVar[str] = "test.rang"
    number: int


def ring(number: int, *refs: str) -> None:
    with transaction.atomic():
        events.publish([(Rang(number), refs)], at=now(), actor="agent:3")


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """A second connection, for transactions that take their time."""
    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, autocommit=False) as second:
        yield second
        second.rollback()


@pytest.fixture
def tail(monkeypatch: pytest.MonkeyPatch) -> Tail:
    monkeypatch.setattr(tails, "SURE_AFTER", 0.0)
    ring(0)
    found = Tail()
    found.begin()
    # What tests before this one have rolled back is no concern of this one.
    found.cursor = Cursor(found.cursor.high)
    return found


def numbers(found: list[tails.Fresh]) -> list[object]:
    return [one.event.data.get("number", one.event.kind) for one in found]


def test_what_happens_is_read_once_with_its_topics(tail: Tail) -> None:
    assert tail.read() == []
    ring(1, "conversation:7", "customer:2")
    ring(2)
    first, second = tail.read()
    assert (first.topics, second.topics) == (("conversation:7", "customer:2"), ())
    assert (first.event.actor, first.event.data) == ("agent:3", {"number": 1})
    assert tail.read() == []


def test_a_transaction_that_commits_late_loses_nothing_and_doubles_nothing(
    tail: Tail, other: psycopg.Connection
) -> None:
    late = other.execute(INSERT).fetchone()[0]
    ring(1)
    assert numbers(tail.read()) == [1]
    assert not tail.cursor.has(late)
    for _ in range(3):  # as long as it is open, it is waited for
        assert tail.read() == []
    assert not tail.cursor.has(late)
    ring(2)
    other.commit()
    assert numbers(tail.read()) == ["test.late", 2]
    assert tail.cursor.missing == ()
    assert tail.read() == []


def test_a_number_that_was_rolled_back_is_not_waited_for(
    tail: Tail, other: psycopg.Connection
) -> None:
    lost = other.execute(INSERT).fetchone()[0]
    other.rollback()
    ring(1)
    assert numbers(tail.read()) == [1]
    assert tail.waits
    # Transactions of other databases on this server count too: they are over in a moment.
    limit = time.monotonic() + 60
    while tail.waits and time.monotonic() < limit:
        tail.read()
        time.sleep(0.02)
    assert not tail.waits
    assert tail.cursor.has(lost)


def test_a_tail_that_begins_beside_an_open_transaction_gets_its_event(
    tail: Tail, other: psycopg.Connection
) -> None:
    late = other.execute(INSERT).fetchone()[0]
    ring(1)
    fresh = Tail()
    fresh.begin()
    assert not fresh.cursor.has(late)
    other.commit()
    assert numbers(fresh.read()) == ["test.late"]


def test_whoever_comes_back_gets_what_was_missing_also_below_the_newest(
    tail: Tail, other: psycopg.Connection
) -> None:
    other.execute(INSERT)
    ring(1)
    tail.read()
    slept_at = tail.cursor  # and here the line broke
    other.commit()
    ring(2)
    tail.read()
    ring(3)
    assert numbers(events_after(slept_at, upto=tail.cursor)) == ["test.late", 2]
