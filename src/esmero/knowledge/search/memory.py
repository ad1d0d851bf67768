"""Memory given back: a process that fills an index frees as much as it keeps."""

from __future__ import annotations

import ctypes
from functools import lru_cache

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""Source: malloc.h of glibc."""


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except OSError:
        return None


def keep_small() -> None:
    """Let a process of many threads share two heaps, and hand large arrays back at once (glibc)."""
    if libc := _libc():
        libc.mallopt(_M_ARENA_MAX, 2)
        libc.mallopt(_M_MMAP_THRESHOLD, 256 * 1024)


def release() -> None:
    """Give freed memory back to the system (glibc; elsewhere nothing happens)."""
    if libc := _libc():
        libc.malloc_trim(0)
