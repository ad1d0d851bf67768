"""Children: forked from the prepared parent, told to stop by a signal or by the parent's death.

The parent imports everything once; what the children only read stays shared between them. So the
parent opens no connection and starts no thread before it forks.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from esmero.config.postgres.processes import die_with_parent

LIMIT_AS_ORPHAN = 15.0
"""Seconds that a child may take to end by itself after its parent was killed."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one kind of child does.

    `main(stop, ready)` runs until `stop` is set, and calls `ready()` when it can be used. `rank`
    orders the stopping (0 first); after `grace` seconds a child that still runs is killed.
    """

    name: str
    main: Callable[[threading.Event, Callable[[], None]], None]
    count: int = 1
    rank: int = 1
    grace: float = 10.0


class Life:
    """A pipe that tells the children, by its end, that the parent is gone (also where the kernel
    does not)."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()

    def keep_only_reading(self) -> None:
        """Close the parent's end, in a child."""
        os.close(self._writing)

    def close(self) -> None:
        """Close both ends, in the parent."""
        os.close(self.reading)
        os.close(self._writing)


def fork(job: Job, life: Life, *, in_child: Callable[[], None], ready: int) -> int:
    """Start one child and return its id.

    `in_child` gives up what only the parent may hold; `ready` is where the child reports, by its
    id in a line, that it can be used.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        stop = _become_child(parent, life)
        in_child()
        line = f"{os.getpid()}\n".encode()
        job.main(stop, lambda: _tell(ready, line))
        status = 0 if stop.is_set() else 3
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - an entry: it is printed, and the parent says what ended
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _tell(descriptor: int, line: bytes) -> None:
    with suppress(OSError):
        os.write(descriptor, line)


def _become_child(parent: int, life: Life) -> threading.Event:
    os.setpgid(0, 0)  # a Ctrl-C reaches the parent only, which stops us in order
    for number in (signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    life.keep_only_reading()
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    stop = threading.Event()
    # Setting an event in a signal handler can deadlock with the thread it interrupts: the handler
    # only writes a byte, and a thread of its own sets the event.
    told, telling = os.pipe()
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    thread = threading.Thread(
        target=_watch, args=(told, life.reading, stop), name="stopping", daemon=True
    )
    thread.start()
    return stop


def _watch(told: int, life: int, stop: threading.Event) -> None:
    ready, _, _ = select.select([told, life], [], [])
    stop.set()
    if life not in ready:
        select.select([life], [], [])
    time.sleep(LIMIT_AS_ORPHAN)
    os._exit(1)


def call_in_child(function: Callable[[], Any], *, in_child: Callable[[], None]) -> Any:
    """Call a function in a forked child and return its result, which must be JSON.

    For what opens connections or starts threads before the children are forked. Raises
    ChildProblem when the child failed; what it printed is then on stderr.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            die_with_parent(signal.SIGTERM)
            if os.getppid() == parent:
                in_child()
                answer = json.dumps(function()).encode()
                with os.fdopen(writing, "wb") as output:
                    output.write(answer)
                status = 0
        except KeyboardInterrupt:
            status = 130
        except BaseException as problem:  # noqa: BLE001 - an entry: printed, and told by status
            if type(problem).__name__ == "Problem":
                print(f"esmero: {problem}", file=sys.stderr)
                status = 4
            else:
                traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        answer = source.read()
    _, raw = os.waitpid(pid, 0)
    status = os.waitstatus_to_exitcode(raw)
    if status:
        raise ChildProblem(status)
    return json.loads(answer)


class ChildProblem(Exception):
    """A function called in a child failed; `status` is the child's exit status (4: it has said
    why in one line)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the child ended with status {status}")
        self.status = status
