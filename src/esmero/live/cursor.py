"""What of the events somebody has: a number, and those below it that were not there yet. Pure.

Event ids come from a sequence and are committed in another order, so that "greater than the last"
would lose those that were slow. A cursor names the missing ones: `1205-1201-1203~1204` is all up
to 1205 but for three. It says what somebody has, so that every process understands it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MISSING_MOST = 64
"""Gaps that are named; with more, the lowest count as closed."""
_TEXT = re.compile(r"(\d{1,18})((?:-\d{1,18}(?:~\d{1,18})?){0,80})")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cursor:
    """All events up to `high` but those in `missing`: ranges in their order, both ends within."""

    high: int = 0
    missing: tuple[Range, ...] = ()

    def __str__(self) -> str:
        gaps = (f"-{a}" if a == b else f"-{a}~{b}" for a, b in self.missing)
        return f"{self.high}{''.join(gaps)}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Return what `str` has written, None for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        high, below = int(match[1]), 0
        ranges: list[Range] = []
        for part in match[2].split("-")[1:]:
            first, _, last = part.partition("~")
            one = int(first), int(last or first)
            if not below < one[0] <= one[1] <= high:
                return None
            ranges.append(one)
            below = one[1]
        return cls(high, tuple(ranges))

    def has(self, event_id: int) -> bool:
        """Say whether an event is among those it stands for."""
        if event_id > self.high:
            return False
        return not any(first <= event_id <= last for first, last in self.missing)

    def after(self, event_ids: Iterable[int]) -> Cursor:
        """Return the cursor of whoever had these too."""
        high, missing = self.high, list(self.missing)
        for event_id in sorted(event_ids):
            if event_id > high:
                if event_id > high + 1:
                    missing.append((high + 1, event_id - 1))
                high = event_id
                continue
            missing = [
                piece
                for first, last in missing
                for piece in (
                    [(first, last)]
                    if not first <= event_id <= last
                    else [(first, event_id - 1), (event_id + 1, last)]
                )
                if piece[0] <= piece[1]
            ]
        return Cursor(high, tuple(missing[-MISSING_MOST:]))

    def closing(self, gaps: Iterable[Range]) -> Cursor:
        """Return the cursor when of these ranges nothing more will come."""
        closed = list(gaps)
        left = tuple(
            gap for gap in self.missing if not any(a <= gap[0] and gap[1] <= b for a, b in closed)
        )
        return Cursor(self.high, left)
