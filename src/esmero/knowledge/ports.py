"""What knowledge asks of others without knowing them; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from esmero.knowledge.search.documents import Found


class Searcher(Protocol):
    """Finds documents by meaning and letters."""

    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found | None:
        """Return what was found; None when nobody answers now."""


class _Nobody:
    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found | None:
        return None


_searcher: Searcher = _Nobody()


def use_searcher(searcher: Searcher) -> None:
    """Install the implementation (once, at start)."""
    global _searcher
    _searcher = searcher


def searcher() -> Searcher:
    """Return the installed implementation."""
    return _searcher
