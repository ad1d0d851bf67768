"""The search process: the index of everything readers may find, in memory, following the database.

It answers the other processes on a socket of this machine. While it does not (it is starting, or
gone), they look for letters in the database instead.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection

from esmero.conversations import ports as conversations
from esmero.kernel import clock, jobs, workers

log = structlog.get_logger(__name__)
SOCKET_BYTES = 107
"""Source: unix(7), `sun_path` of 108 bytes with its closing NUL."""
STOPS_WITHIN = 3.0
WATCHES_EVERY = 3.0
"""Seconds: the net under the wake-ups after a publication."""


def socket_path(data: Path) -> Path:
    """Return where the process listens: in the data folder, or where a long path is not.

    Elsewhere the folder is the user's alone; raises PermissionError when somebody else made it.
    """
    beside = data / "search.sock"
    if len(os.fsencode(beside)) <= SOCKET_BYTES:
        return beside
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"esmero-search-{name}-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder / "search.sock"


def main(stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
    """Answer until `stop` is set; `ready` is called before the index is full: until then the
    others do without.
    """
    # One thread for the sums of a query: more of them only wait for each other on few cores.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from esmero.knowledge.adapters.answering import Answering

    _wait_for_database(stop)
    if stop.is_set():
        return
    path = socket_path(Path(settings.ENV.data))
    answering = Answering(path, is_word=lambda word: conversations.speller().is_word(word))
    ready()
    count = answering.open()
    log.info("search_ready", documents=count, problem=answering.problem)

    def follow(at: datetime) -> bool:
        return answering.step()

    def beat(at: datetime) -> bool:
        workers.note_alive("search", at=at, failing=jobs.failing())
        return False

    loops = [
        jobs.Loop("passages", follow, poll_seconds=WATCHES_EVERY),
        jobs.Loop("heartbeat", beat, poll_seconds=workers.SEEN_EVERY.total_seconds()),
    ]
    threads = jobs.run_loops(loops, stop)
    stop.wait()
    answering.close()
    jobs.stop_loops(stop, threads, STOPS_WITHIN)
    connection.close()


def _wait_for_database(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            workers.note_alive("search", at=clock.now())
        except Exception as error:  # noqa: BLE001  an entry: whatever it is, try again
            log.warning("database_unreachable", error=type(error).__name__)
            connection.close()
            stop.wait(1.0)
        else:
            return
