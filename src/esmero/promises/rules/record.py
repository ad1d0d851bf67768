"""Whether the word was kept, and the rate that cannot be polished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

AUTOMATIC_MOVES_MOST: Final = 1
"""Automatic renegotiations in one chain; after them a person must write."""


def is_kept(settled_at: datetime, due_at: datetime) -> bool:
    """Whether what was done at `settled_at` was done by `due_at`; the very moment counts."""
    return settled_at <= due_at


def is_due(at: datetime, due_at: datetime) -> bool:
    """Whether an open promise has come due: from here on no route leads to kept."""
    return at > due_at


def may_move_automatically(automatic_moves: int) -> bool:
    """Whether a chain with so many automatic renegotiations may get one more."""
    return automatic_moves < AUTOMATIC_MOVES_MOST


@dataclass(frozen=True, slots=True)
class Counts:
    """How many promises of a period ended how.

    `overdue` are still open though their time has passed, and count as broken. `moved_by_us` were
    renegotiated on our initiative, `moved_by_customer` at the customer's request with the message
    as evidence; `released` were let go of for a stated reason. The last two are neutral.
    """

    kept: int = 0
    broken: int = 0
    overdue: int = 0
    moved_by_us: int = 0
    moved_by_customer: int = 0
    released: int = 0

    @property
    def decided(self) -> int:
        """All that came due or were moved by us."""
        return self.kept + self.broken + self.overdue + self.moved_by_us

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.kept + other.kept,
            self.broken + other.broken,
            self.overdue + other.overdue,
            self.moved_by_us + other.moved_by_us,
            self.moved_by_customer + other.moved_by_customer,
            self.released + other.released,
        )


def kept_rate(counts: Counts) -> float | None:
    """Kept / all that came due or were moved by us, 0 to 1; None when nothing was decided."""
    return counts.kept / counts.decided if counts.decided else None
