"""Work that waits in tables: a loop claims due rows, sleeps until the next, and is woken early.

Each table that holds work is its own queue (raw mails to file, deliveries to send, promises to
watch, events to react to), claimed with FOR UPDATE SKIP LOCKED. So a job is enqueued by the row
that the domain writes anyway, in its transaction. Waking is only a hint: NOTIFY is sent after
commit by one thread a process, several wishes together, because NOTIFY inside a transaction
serialises commits; polling is the net.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from esmero.kernel import clock

log = structlog.get_logger(__name__)

CHANNEL = "esmero_wake"
# Off in tests of one process: the notifier's own connection would hold their database open.
tells_others = True
_COALESCE_SECONDS = 0.004
RARELY_SECONDS = 20.0
"""A loop that rests for so long does without a connection meanwhile: each is a process of some
two megabytes in PostgreSQL, and opening one costs less than ten milliseconds."""
_local: dict[str, threading.Event] = {}
_running: list[Loop] = []


def wake_after_commit(topic: str) -> None:
    """Wake the loops that listen to `topic`, here and in other processes, once this commits."""
    transaction.on_commit(partial(wake, topic), robust=True)


def wake(topic: str) -> None:
    """Wake now; returns at once and never raises for want of a database."""
    event = _local.get(topic)
    if event is not None:
        event.set()
    if tells_others:
        _notifier.add(topic)


def signal(topic: str) -> threading.Event:
    """Return what is set whenever `topic` is woken in this process."""
    return _local.setdefault(topic, threading.Event())


class _Notifier:
    """Sends the wishes of this process over one connection of its own."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._lock = threading.Lock()
        self._signal = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, topic: str) -> None:
        with self._lock:
            self._topics.add(topic)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
                self._thread.start()
        self._signal.set()

    def _run(self) -> None:
        while True:
            self._signal.wait()
            time.sleep(_COALESCE_SECONDS)
            self._signal.clear()
            with self._lock:
                topics, self._topics = self._topics, set()
            try:
                with connection.cursor() as cursor:
                    for topic in topics:
                        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
            except (OperationalError, InterfaceError):
                # The pollers find the work; the next wish opens a new connection.
                connection.close()


_notifier = _Notifier()


def listen() -> None:
    """Let this thread's connection hear what is woken; the caller reads its `notifies`.

    Raises what a lost connection raises. Needs a direct connection, no pooler of transactions.
    """
    connection.ensure_connection()
    if not connection.get_autocommit():
        connection.set_autocommit(True)
    connection.connection.execute(f"LISTEN {CHANNEL}")


class Listener(threading.Thread):
    """Turns NOTIFY from other processes into the local signals of this one."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(name="listener", daemon=True)
        self._stopping = stop

    def run(self) -> None:
        """Listen until stopped, through lost connections."""
        while not self._stopping.is_set():
            try:
                listen()
                raw = connection.connection
                for event in _local.values():
                    event.set()  # something may have been said while nobody listened
                while not self._stopping.is_set():
                    for note in raw.notifies(timeout=1.0, stop_after=1):
                        signal = _local.get(note.payload)
                        if signal is not None:
                            signal.set()
            except Exception as error:  # noqa: BLE001  an entry; whatever it is, listen again
                log.info("listener_lost", error=type(error).__name__)
                connection.close()
                self._stopping.wait(1.0)
        connection.close()


@dataclass
class Loop:
    """One kind of waiting work.

    `step(at)` does a small piece and says whether there may be more; `next_at()` says when the
    earliest known work falls due (None: only when woken); `poll_seconds` is the net.
    """

    name: str
    step: Callable[[datetime], bool]
    poll_seconds: float = 5.0
    next_at: Callable[[], datetime | None] | None = None
    threads: int = 1
    # In a row, by thread.
    _failures: dict[int, int] = field(default_factory=dict, init=False)

    @property
    def failures(self) -> int:
        """How often the worst of its threads has failed in a row."""
        return max(list(self._failures.values()), default=0)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; failures back off and are logged, and never end the loop."""
        woken = signal(self.name)
        failures = 0
        while not stop.is_set():
            woken.clear()
            try:
                while self.step(clock.now()):
                    failures = 0
                    if stop.is_set():
                        break
                pause = self._pause()
                failures = 0
            except Exception as error:
                failures += 1
                pause = min(60.0, 0.5 * 2**failures)
                log.warning(
                    "loop_failed",
                    loop=self.name,
                    failures=failures,
                    error=type(error).__name__,
                    exc_info=failures <= 3,
                )
                connection.close()
            self._failures[threading.get_ident()] = failures
            if not stop.is_set():
                if pause >= RARELY_SECONDS:
                    connection.close()
                woken.wait(pause)

    def _pause(self) -> float:
        if self.next_at is None:
            return self.poll_seconds
        due = self.next_at()
        if due is None:
            return self.poll_seconds
        return min(self.poll_seconds, max(0.0, (due - clock.now()).total_seconds()))


def failing() -> dict[str, int]:
    """Return the loops of this process that fail, with how often in a row."""
    return {loop.name: count for loop in _running if (count := loop.failures)}


def run_loops(loops: list[Loop], stop: threading.Event) -> list[threading.Thread]:
    """Start a thread for each loop (or as many as it asks for) and a listener; return them."""
    _running[:] = loops
    for loop in loops:
        signal(loop.name)
    threads: list[threading.Thread] = [Listener(stop)]
    for loop in loops:
        for number in range(loop.threads):
            name = f"{loop.name}-{number}" if loop.threads > 1 else loop.name
            threads.append(
                threading.Thread(target=_run_and_close, args=(loop, stop), name=name, daemon=True)
            )
    for thread in threads:
        thread.start()
    return threads


def _run_and_close(loop: Loop, stop: threading.Event) -> None:
    try:
        loop.run(stop)
    finally:
        connection.close()


def stop_loops(stop: threading.Event, threads: list[threading.Thread], seconds: float) -> None:
    """Ask the loops to end and wait for them at most `seconds` in all."""
    stop.set()
    for signal in _local.values():
        signal.set()
    deadline = time.monotonic() + seconds
    for thread in threads:
        # The listener only hears wishes and may sleep for some seconds: nothing of it is lost.
        if not isinstance(thread, Listener):
            thread.join(max(0.0, deadline - time.monotonic()))
