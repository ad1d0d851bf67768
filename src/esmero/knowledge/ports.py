"""What knowledge asks of others: how alike two questions are in what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Near = tuple[int, float]
"""The place of a text in a list, and how like it is, from 0 to 1."""


class Likeness(Protocol):
    """Tells which short texts mean the same."""

    joins_from: float
    """Likeness from which two texts are taken for the same question."""

    def nearest(
        self, texts: Sequence[str], among: Sequence[str], *, language: str, limit: int
    ) -> list[list[Near]]:
        """Return for each of `texts` the places in `among` of the most alike, best first."""
        ...


_likeness: Likeness | None = None


def use_likeness(likeness: Likeness) -> None:
    """Install what tells alike questions."""
    global _likeness
    _likeness = likeness


def likeness() -> Likeness:
    """Return it. Raises RuntimeError where nothing was wired."""
    if _likeness is None:
        raise RuntimeError("no likeness is wired (config/wiring.py)")
    return _likeness
