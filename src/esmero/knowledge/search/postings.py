"""BM25 over terms of any kind, as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

K1, B = 1.5, 0.75
"""Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009)."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Which units hold which terms; never changed once built."""

    size: int
    lengths: NDArray[np.float32]
    """Terms of each unit."""
    numbers: dict[str, int]
    starts: NDArray[np.int32]
    units: NDArray[np.int32]
    counts: NDArray[np.uint8]

    @classmethod
    def build(cls, terms: Sequence[Mapping[str, int]]) -> Postings:
        """Index units given as term -> count."""
        numbers: dict[str, int] = {}
        total = sum(map(len, terms))
        which = np.empty(total, np.int32)
        units = np.empty(total, np.int32)
        counts = np.empty(total, np.uint8)
        lengths = np.zeros(len(terms), np.float32)
        at = 0
        for unit, held in enumerate(terms):
            for term, count in held.items():
                which[at] = numbers.setdefault(term, len(numbers))
                units[at] = unit
                counts[at] = min(count, 255)
                at += 1
            lengths[unit] = sum(held.values())
        return cls._sorted(lengths, numbers, which, units, counts)

    @classmethod
    def _sorted(
        cls,
        lengths: NDArray[np.float32],
        numbers: dict[str, int],
        which: NDArray[np.int32],
        units: NDArray[np.int32],
        counts: NDArray[np.uint8],
    ) -> Postings:
        order = np.argsort(which, kind="stable")
        starts = np.zeros(len(numbers) + 1, np.int32)
        np.cumsum(np.bincount(which, minlength=len(numbers)), out=starts[1:])
        return cls(len(lengths), lengths, numbers, starts, units[order], counts[order])

    @classmethod
    def merge(cls, parts: Iterable[tuple[Postings, NDArray[np.bool_]]]) -> Postings:
        """Join several, keeping of each only the units that its mask names."""
        numbers: dict[str, int] = {}
        which, units, counts, lengths, before = [], [], [], [], 0
        for part, is_kept in parts:
            place = np.cumsum(is_kept, dtype=np.int32) - 1 + before
            old = np.repeat(np.arange(len(part.numbers), dtype=np.int32), np.diff(part.starts))
            kept = is_kept[part.units]
            used = np.zeros(len(part.numbers), bool)
            used[old[kept]] = True
            renamed = np.zeros(len(part.numbers), np.int32)
            for term, number in part.numbers.items():
                if used[number]:
                    renamed[number] = numbers.setdefault(term, len(numbers))
            which.append(renamed[old[kept]])
            units.append(place[part.units[kept]])
            counts.append(part.counts[kept])
            lengths.append(part.lengths[is_kept])
            before += int(is_kept.sum())
        if not lengths:
            return cls.build([])
        return cls._sorted(
            np.concatenate(lengths),
            numbers,
            np.concatenate(which).astype(np.int32),
            np.concatenate(units).astype(np.int32),
            np.concatenate(counts),
        )

    def held_by(self, term: str) -> int:
        """Return how many units hold a term."""
        number = self.numbers.get(term)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def is_held(self, term: str, unit: int) -> bool:
        """Say whether a unit holds a term."""
        number = self.numbers.get(term)
        if number is None:
            return False
        units = self.units[int(self.starts[number]) : int(self.starts[number + 1])]
        at = int(np.searchsorted(units, unit))
        return at < len(units) and int(units[at]) == unit

    def add_scores(
        self, into: NDArray[np.float32], term: str, weight: float, long: NDArray[np.float32]
    ) -> None:
        """Add what a term is worth to the units that hold it; `weight` is its idf times K1 + 1."""
        number = self.numbers.get(term)
        if number is None:
            return
        held = slice(int(self.starts[number]), int(self.starts[number + 1]))
        units = self.units[held]
        count = self.counts[held].astype(np.float32)
        worth = long[units]
        worth += count
        np.divide(count, worth, out=worth)
        worth *= weight
        into[units] += worth


def scores(
    parts: Sequence[Postings], terms: Mapping[str, float], most: int = 1000
) -> list[NDArray[np.float32]]:
    """Return the BM25 scores of all units, over several postings as if they were one.

    Of more than `most` terms the rarest count: a long query says enough by them.
    """
    size = sum(part.size for part in parts)
    mean = sum(float(part.lengths.sum()) for part in parts) / size if size else 0.0
    found = [np.zeros(part.size, np.float32) for part in parts]
    long = [K1 * (1 - B + B * part.lengths / (mean or 1.0)) for part in parts]
    weighed = []
    for term, weight in terms.items():
        held = sum(part.held_by(term) for part in parts)
        if held:
            idf = math.log(1 + (size - held + 0.5) / (held + 0.5))
            weighed.append((idf, term, weight))
    if len(weighed) > most:
        weighed = sorted(weighed, reverse=True)[:most]
    for idf, term, weight in weighed:
        for part, into, normal in zip(parts, found, long, strict=True):
            part.add_scores(into, term, weight * idf * (K1 + 1), normal)
    return found
