"""What a process had in hand when it was killed, so that a thing that kills its reader is counted.

A row that is claimed in a transaction looks untouched again when the process dies. So the id is
written to a small file first, without flushing: the file outlives the process (not a power cut,
which is no fault of the thing). Whoever starts next, or looks after others, reads what the dead
have left. Each machine looks after its own, in the data folder.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from esmero.kernel import workers

_WIDTH = 20
_own = threading.local()


def _folder() -> Path:
    return Path(settings.ENV.data) / "in-hand"


class _Slot:
    """The file of one thread for one kind of work: a number, and whose it is."""

    def __init__(self, kind: str) -> None:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = workers.own_name()
        self.pid = os.getpid()
        digest = hashlib.sha256(f"{name}/{threading.get_ident()}".encode()).hexdigest()[:24]
        self.path = folder / f"{kind}-{digest}"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self.write(0)
        os.pwrite(self._file, name.encode(), _WIDTH + 1)

    def write(self, number: int) -> None:
        os.pwrite(self._file, f"{number:{_WIDTH}d}\n".encode(), 0)

    def __del__(self) -> None:
        os.close(self._file)


@contextmanager
def held(kind: str, number: int) -> Iterator[None]:
    """Note that this thread works on row `number` (> 0) until the block is left.

    Raises OSError when the data folder cannot be written.
    """
    slots: dict[str, _Slot] = _own.__dict__.setdefault("slots", {})
    slot = slots.get(kind)
    if slot is None or slot.pid != os.getpid() or not slot.path.exists():
        slot = slots[kind] = _Slot(kind)
    slot.write(number)
    try:
        yield
    finally:
        slot.write(0)


def left_by_the_dead(kind: str) -> list[int]:
    """Return the rows that killed processes of this machine had in hand, and forget them."""
    found = []
    for path in sorted(_folder().glob(f"{kind}-*")):
        try:
            number, _, name = path.read_text().partition("\n")
            if not workers.was_here(name) or workers.is_running_here(name):
                continue  # of another machine that has the same folder, or alive
            path.unlink()
        except (OSError, UnicodeDecodeError):
            continue  # another has just taken it, or it is being begun
        if number.strip().isdigit() and int(number):
            found.append(int(number))
    return found
