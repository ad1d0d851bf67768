"""A loop that fails goes on, and says how often in a row, in its process and to the others."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from esmero.kernel import jobs, workers
from esmero.kernel.clock import now
from esmero.kernel.models import Worker

NOON = datetime.fromisoformat("2026-11-19T10:40:00+00:00")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.connection, "close", lambda: None)


class Steps:
    """Fails as often as told, then works once, then stops its loop."""

    def __init__(self, failures: int) -> None:
        self.left, self.stop, self.seen = failures, threading.Event(), []
        self.loop = jobs.Loop("steps", self.step, poll_seconds=0.001)

    def step(self, at: datetime) -> bool:
        self.seen.append(self.loop.failures)
        if self.left:
            self.left -= 1
            jobs._local["steps"].set()  # no pause before the next try
            raise ValueError("broken")
        if len(self.seen) and self.seen[-1] == 0:
            self.stop.set()
        return False


def test_failures_in_a_row_are_counted_and_forgotten_when_it_works():
    steps = Steps(4)
    steps.loop.run(steps.stop)
    assert steps.seen == [0, 1, 2, 3, 4, 0]
    assert steps.loop.failures == 0


def test_of_several_threads_the_worst_counts():
    loop = jobs.Loop("two", lambda at: False)
    loop._failures = {1: 0, 2: 5}
    assert loop.failures == 5


def test_failing_names_those_of_this_process_that_fail(monkeypatch):
    well, ill = jobs.Loop("well", lambda at: False), jobs.Loop("ill", lambda at: False)
    ill._failures[1] = 3
    monkeypatch.setattr(jobs, "_running", [well, ill])
    assert jobs.failing() == {"ill": 3}


@pytest.mark.django_db
def test_stuck_is_what_living_processes_fail_at_thrice_or_more():
    workers.note_alive("worker", at=NOON, failing={"filing": 4, "forms": 2})
    Worker.objects.create(
        name="elsewhere/1/1", kind="mail", started_at=NOON, seen_at=NOON,
        failing={"filing": 9, "deliveries": 3},
    )  # fmt: skip
    Worker.objects.create(
        name="gone/1/1", kind="mail", started_at=NOON, seen_at=NOON - timedelta(minutes=2),
        failing={"looks": 50},
    )  # fmt: skip
    assert workers.stuck(at=NOON) == {"filing": 9, "deliveries": 3}
    workers.note_alive("worker", at=NOON)
    assert Worker.objects.get(name=workers.own_name()).failing == {}


@pytest.mark.django_db
def test_nobody_alive_is_not_stuck():
    assert workers.stuck(at=now()) == {}


@pytest.mark.parametrize(("poll_seconds", "closed"), [(19.0, 0), (20.0, 1)])
def test_a_loop_that_rests_for_long_lets_its_connection_go(monkeypatch, poll_seconds, closed):
    stop, closings = threading.Event(), []
    monkeypatch.setattr(jobs, "connection", SimpleNamespace(close=lambda: closings.append(1)))
    loop = jobs.Loop("rests", lambda at: False, poll_seconds=poll_seconds)

    class Resting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            stop.set()
            return True

    monkeypatch.setitem(jobs._local, "rests", Resting())
    loop.run(stop)
    assert len(closings) == closed
