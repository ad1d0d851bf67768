"""The watch over 1,000,000 open promises: how late is the latest, and what does idling cost.

The rows are copied into the table; almost all want attention in some weeks. Some hundreds fall due
while the workers run, one after the other, and then a thousand at once. A promise counts as taken
when its event was written; each has to be taken once, although two workers watch.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg

from benchmarks import parts
from benchmarks.frame import percentile
from benchmarks.old_rows import Table, field
from esmero.config.postgres import conf

if TYPE_CHECKING:
    from benchmarks.frame import Bench

SPREAD_FROM = 3.0
"""Seconds from the start of the workers until the first one falls due."""


def run(bench: Bench) -> None:
    """Measure."""
    from benchmarks.shop import open_small_shop

    parts.set_up_django()
    parts.migrate()
    department = open_small_shop("soporte@tienda.example").department
    count = 100_000 if bench.is_quick else 1_000_000
    begun = time.monotonic()
    _copy(bench, department, count)
    bench.figure("fill_s", time.monotonic() - begun, "s")
    log = bench.data / "workers.log"
    workers = [parts.start("worker", log=log) for _ in range(2)]
    try:
        _idle(bench, [worker.process.pid for worker in workers], 10 if bench.is_quick else 30)
        _spread(bench, department, count, 160 if bench.is_quick else 600)
        _burst(bench, department, count + 10_000, 300 if bench.is_quick else 2_000)
    finally:
        for worker in workers:
            worker.stop()


def _copy(bench: Bench, department: int, count: int) -> None:
    """Copy promises that want attention between one and nine weeks from now."""
    now = datetime.now(UTC)
    with psycopg.connect(bench.cluster.url(role=conf.SUPERUSER)) as connection:
        connection.execute("SET session_replication_role = replica")
        table = _table(connection, department, now)
        for number in range(count):
            due = now + timedelta(days=10, minutes=number % 80_000)
            table.add(number + 1, f"conversation:{number + 1}", field(due), field(due))
        table.flush()
    with psycopg.connect(bench.cluster.url(role=conf.SUPERUSER), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) promises_promise")


def _table(connection: psycopg.Connection, department: int, now: datetime) -> Table:
    from esmero.promises.models import Promise

    return Table(
        connection,
        Promise,
        "id subject_ref due_at next_check_at",
        kind="solve",
        department_id=department,
        made_at=now - timedelta(days=12),
    )


def _idle(bench: Bench, pids: list[int], seconds: int) -> None:
    time.sleep(3)  # what they do when they begin
    database = [bench.cluster.pid() or 0]
    before = parts.cpu_seconds(pids), parts.cpu_seconds(database)
    time.sleep(seconds)
    worker = (parts.cpu_seconds(pids) - before[0]) / len(pids)
    bench.figure("idle_worker_cpu_s_per_min", worker * 60 / seconds, "s")
    cpu = parts.cpu_seconds(database) - before[1]
    bench.figure("idle_database_cpu_s_per_min", cpu * 60 / seconds, "s")


def _spread(bench: Bench, department: int, first: int, count: int) -> None:
    """Let one after the other fall due, 20 a second."""
    begin = datetime.now(UTC) + timedelta(seconds=SPREAD_FROM)
    due = {first + n + 1: begin + timedelta(seconds=n / 20) for n in range(count)}
    _add(bench, department, due)
    taken = _taken(due, within=SPREAD_FROM + count / 20 + 30)
    late = [(taken[pk] - at).total_seconds() for pk, at in due.items()]
    if min(late) < 0:
        raise RuntimeError("a promise was taken before its time")
    bench.figure("latest_s", max(late), "s")
    bench.figure("late_p50_s", percentile(late, 0.50), "s")


def _burst(bench: Bench, department: int, first: int, count: int) -> None:
    """Let many fall due at one moment."""
    at = datetime.now(UTC) + timedelta(seconds=SPREAD_FROM)
    due = {first + n + 1: at for n in range(count)}
    _add(bench, department, due)
    taken = _taken(due, within=SPREAD_FROM + count / 10 + 30)
    bench.figure("taken_per_s", count / (max(taken.values()) - at).total_seconds(), "/s")


def _add(bench: Bench, department: int, due: dict[int, datetime]) -> None:
    with psycopg.connect(bench.cluster.url(role=conf.SUPERUSER)) as connection:
        connection.execute("SET session_replication_role = replica")
        table = _table(connection, department, datetime.now(UTC))
        for pk, at in due.items():
            word = field(at + timedelta(days=10))
            table.add(pk, f"conversation:{pk}", word, field(at))
        table.flush()


def _taken(due: dict[int, datetime], *, within: float) -> dict[int, datetime]:
    """Return when each was taken. Raises RuntimeError when one was not, or twice."""
    from esmero.kernel.models import EventRow

    events = EventRow.objects.filter(kind="promise.halfway", data__promise_id__gte=min(due))
    if not parts.wait(lambda: events.count() >= len(due), within=within, every=0.5):
        raise RuntimeError(f"only {events.count()} of {len(due)} were taken")
    time.sleep(1.0)  # a second taking would come now
    rows = list(events.values_list("data__promise_id", "at"))
    if twice := [pk for pk, times in Counter(pk for pk, _ in rows).items() if times > 1]:
        raise RuntimeError(f"taken twice: {twice[:5]}")
    return dict(rows)
