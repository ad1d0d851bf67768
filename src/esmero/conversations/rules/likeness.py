"""Whether one word is another with a slip of the finger."""

from __future__ import annotations

LONG = 5
"""Shorter words are too like others to be forgiven a letter."""
VERY_LONG = 10
"""From here on two slips are forgiven."""


def slips(a: str, b: str, *, most: int = 2) -> int:
    """Return how many letters were changed, left out, added or swapped; `most + 1` when more.

    Source: the optimal string alignment distance (Damerau, CACM 7(3), 1964).
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
        if min(row) > most:
            return most + 1
    return min(last[-1], most + 1)


def forgiven(word: str) -> int:
    """Return how many slips a word of this length is forgiven."""
    return 0 if len(word) < LONG else 1 if len(word) < VERY_LONG else 2


def is_like(word: str, stem: str, known: str) -> bool:
    """Say whether a known stem may be what was meant by a word whose own stem is `stem`.

    A slip in an ending keeps it from being cut off, so the word's beginning counts as well.
    """
    most = forgiven(word)
    if not most or known == stem:
        return False
    if slips(stem, known, most=most) <= most:
        return True
    ending = len(word) - len(known)
    return len(known) >= LONG and 0 < ending <= 3 and slips(word[: len(known)], known, most=1) <= 1
