"""Who runs on a data folder: a lock that the kernel gives back, and a note for people."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """What the note says about the supervisor that holds the folder."""

    pid: int
    url: str
    is_demo: bool
    children: dict[str, list[int]]


class AlreadyRunning(Exception):
    """Another supervisor holds the data folder; `note` says which, when it has written it."""

    def __init__(self, note: Running | None) -> None:
        super().__init__("already running")
        self.note = note


class Holding:
    """The lock on a data folder, held for the life of the supervisor. Raises AlreadyRunning."""

    def __init__(self, data: Path, *, within: float = 0.0) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._note = data / "up.json"
        self._lock = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        limit = time.monotonic() + within
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= limit:
                    os.close(self._lock)
                    raise AlreadyRunning(_read(self._note)) from None
                time.sleep(0.05)
        self._note.unlink(missing_ok=True)

    def write(self, running: Running) -> None:
        """Replace the note."""
        fresh = self._note.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(running)) + "\n")
        fresh.replace(self._note)

    def forget(self) -> None:
        """Give up our copy of the lock, in a forked child; the parent keeps its own."""
        os.close(self._lock)

    def release(self) -> None:
        """Give the folder back."""
        self._note.unlink(missing_ok=True)
        os.close(self._lock)


def running(data: Path) -> Running | None:
    """Return who holds the folder, None when nobody does."""
    try:
        lock = os.open(data / "up.lock", os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(data / "up.json")
    finally:
        os.close(lock)
    return None


def _read(note: Path) -> Running | None:
    try:
        return Running(**json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        return None
