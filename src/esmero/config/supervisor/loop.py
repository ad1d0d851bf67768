"""The parent's loop: start the children, restart what ends, stop all in order."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from esmero.config.supervisor.children import Job, Life, fork

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds of life after which the pause before the next restart is short again."""


class Database(Protocol):
    """The database server, when it is ours: `esmero.config.postgres.Cluster`."""

    def pid(self) -> int | None: ...
    def has_ended(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self, mode: str = "fast", *, within: float = 30.0) -> None: ...


@dataclass(slots=True)
class Child:
    """One place for a child: the process in it changes when it is restarted."""

    job: Job
    number: int
    pid: int | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    """When to start it (monotonic seconds), while `pid` is None."""

    @property
    def name(self) -> str:
        """Return `web 1`, or `mail` for the only one."""
        return f"{self.job.name} {self.number}" if self.job.count > 1 else self.job.name


Told = Callable[..., None]


class Supervisor:
    """Runs jobs as forked children until told to stop.

    `told(event, **values)` hears: started(name, pid) · ready · ended(name, status, pause) ·
    database_ended(pause) · stopping · killed(name). `in_child` runs first in each child.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        told: Told,
        database: Database | None = None,
        in_child: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._children = [Child(job, n + 1) for job in jobs for n in range(job.count)]
        self._told = told
        self._database = database
        self._in_child = in_child
        self._life = Life()
        self._signals, self._signalling = os.pipe()
        self._ready, self._readying = os.pipe()
        for descriptor in (self._signals, self._signalling, self._ready):
            os.set_blocking(descriptor, False)
        self._unready = set[int]()
        self._stops = 0
        self._database_pause = FIRST_PAUSE
        self._database_due: float | None = None
        self._previous: dict[int, object] = {}

    def pids(self) -> dict[str, list[int]]:
        """Return the ids of the living children by the name of their job."""
        found: dict[str, list[int]] = {}
        for child in self._children:
            if child.pid is not None:
                found.setdefault(child.job.name, []).append(child.pid)
        return found

    def run(self) -> int:
        """Start all, keep them running; return 0 after an orderly stop, 1 after a forced one."""
        self._listen_to_signals()
        waiter = selectors.DefaultSelector()
        waiter.register(self._signals, selectors.EVENT_READ)
        waiter.register(self._ready, selectors.EVENT_READ)
        try:
            for child in self._children:
                self._start(child)
            self._unready = {child.pid for child in self._children if child.pid}
            while not self._stops:
                waiter.select(self._pause())
                self._read_signals()
                self._read_ready()
                self._look_at_database()
                self._look_at_children()
            return self._stop()
        finally:
            waiter.close()
            self._restore_signals()
            self._close()

    # Signals

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # nohup
            self._previous[number] = signal.signal(number, lambda *_: None)
        self._previous_wakeup = signal.set_wakeup_fd(self._signalling, warn_on_full_buffer=False)

    def _restore_signals(self) -> None:
        signal.set_wakeup_fd(self._previous_wakeup)
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _read_signals(self) -> None:
        with suppress(BlockingIOError):
            for number in os.read(self._signals, 4096):
                if number != signal.SIGCHLD:
                    self._stops += 1

    def _read_ready(self) -> None:
        with suppress(BlockingIOError):
            for line in os.read(self._ready, 4096).split():
                self._count_ready(int(line))

    def _count_ready(self, pid: int) -> None:
        """Wait no longer for this child: it can be used, or has ended and others can."""
        if pid in self._unready:
            self._unready.discard(pid)
            if not self._unready:
                self._told("ready")

    def _close(self) -> None:
        for descriptor in (self._signals, self._signalling, self._ready, self._readying):
            os.close(descriptor)
        self._life.close()

    # Children

    def _pause(self) -> float | None:
        dues = [child.due for child in self._children if child.pid is None]
        if self._database_due is not None:
            dues.append(self._database_due)
        return max(0.0, min(dues) - time.monotonic()) if dues else None

    def _start(self, child: Child) -> None:
        child.pid = fork(
            child.job, self._life, in_child=self._give_up_in_child, ready=self._readying
        )
        child.started = time.monotonic()
        self._told("started", name=child.name, pid=child.pid)

    def _give_up_in_child(self) -> None:
        for descriptor in (self._signals, self._signalling, self._ready):
            os.close(descriptor)
        for step in self._in_child:
            step()

    def _look_at_children(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.pid is None:
                if now >= child.due and not self._stops:
                    self._start(child)
                continue
            status = _ended(child.pid)
            if status is None:
                continue
            pid, child.pid = child.pid, None
            if now - child.started > STEADY:
                child.pause = FIRST_PAUSE
            child.due = now + child.pause
            self._told("ended", name=child.name, status=status, pause=child.pause)
            self._count_ready(pid)
            child.pause = min(LONGEST_PAUSE, child.pause * 2)

    def _look_at_database(self) -> None:
        database, now = self._database, time.monotonic()
        if database is None:
            return
        if self._database_due is None:
            if not database.has_ended():
                return
            self._told("database_ended", pause=self._database_pause)
            self._database_due = now + self._database_pause
            self._database_pause = min(LONGEST_PAUSE, self._database_pause * 2)
        if now >= self._database_due:
            self._database_due = None
            try:
                database.start()
                self._database_pause = FIRST_PAUSE
            except Exception as problem:  # noqa: BLE001 - an entry: said, and tried again
                self._told("database_failed", problem=problem, pause=self._database_pause)
                self._database_due = time.monotonic() + self._database_pause
                self._database_pause = min(LONGEST_PAUSE, self._database_pause * 2)

    # Stopping

    def _stop(self) -> int:
        self._told("stopping")
        is_forced = False
        for rank in sorted({child.job.rank for child in self._children}):
            group = [child for child in self._children if child.job.rank == rank and child.pid]
            for child in group:
                _send(child, signal.SIGTERM)
            begun = time.monotonic()
            while any(child.pid for child in group):
                for child in group:
                    if child.pid and _ended(child.pid) is not None:
                        child.pid = None
                    elif child.pid and (
                        self._stops > 1 or time.monotonic() - begun > child.job.grace
                    ):
                        is_forced = True
                        self._told("killed", name=child.name)
                        _send(child, signal.SIGKILL)
                        _wait(child)
                self._read_signals()
                time.sleep(0.02)
        if self._database is not None:
            self._database.stop("fast", within=3.0 if self._stops > 1 else 30.0)
        return 1 if is_forced else 0


def _send(child: Child, number: int) -> None:
    if child.pid:
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)


def _wait(child: Child) -> None:
    if child.pid:
        with suppress(ChildProcessError):
            os.waitpid(child.pid, 0)
    child.pid = None


def _ended(pid: int) -> int | None:
    """Return the exit status (negative: the signal) of a child that has ended, else None."""
    try:
        found, raw = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(raw) if found else None
