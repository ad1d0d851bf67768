"""A listening socket that several processes accept from in fair turns.

Without this one process gets nearly all connections: each of them is woken for a new one, the same
is always first, and asyncio takes all that wait in one go. Connections stay open (a browser's
stream for hours, those of a proxy for many requests), so the others would have nothing to do.
"""

from __future__ import annotations

import mmap
import os
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from esmero.config.postgres.processes import is_alive

_SLOT = struct.Struct("=ii")
_SLOTS_MOST = 256
_HEAD_START = 0.002
"""Seconds that one who holds more connections leaves to the others, who are awake already."""


class Listening(socket.socket):
    """Made by the parent; in each child `share` comes first."""

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        # Shared with all who are forked later: of each, its process and how many it holds.
        self._held = mmap.mmap(-1, _SLOT.size * _SLOTS_MOST)
        self._slot = -1
        self._count: Callable[[], int] = int
        self._is_shared = self._has_taken = False

    def share(self, count: Callable[[], int]) -> None:
        """Take turns with the others from now on; `count` says how many connections are open."""
        self._count = count
        self._is_shared = True

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept one connection, then say once that none waits: asyncio asks until it hears so.

        Raises BlockingIOError.
        """
        if self._has_taken:
            self._has_taken = False
            raise BlockingIOError
        if self._is_shared and self._is_ahead():
            time.sleep(_HEAD_START)
        found = super().accept()
        self._has_taken = True
        return found

    def _is_ahead(self) -> bool:
        # All are woken for each connection, so the numbers of all are of this moment.
        held, pid = self._count(), os.getpid()
        slots = self._slots()
        if self._slot < 0 or slots[self._slot][0] != pid:  # not yet, or two took the same one
            free = (n for n, (other, _) in enumerate(slots) if not other or not is_alive(other))
            self._slot = next(free)
        self._put(self._slot, held)
        return any(n < held and other not in {0, pid} and is_alive(other) for other, n in slots)

    def _put(self, slot: int, held: int) -> None:
        _SLOT.pack_into(self._held, slot * _SLOT.size, os.getpid(), held)

    def _slots(self) -> list[tuple[int, int]]:
        return list(_SLOT.iter_unpack(self._held[:]))
