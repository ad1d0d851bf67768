"""Which group a text belongs to, and which groups are one after all.

Groups are numbers, the older the lower; what groups are of is not known here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Near = tuple[int, float]
"""The place of a text, and how like it is, from 0 to 1."""
Pair = tuple[int, int]
"""Two groups, the older first."""
SAME = 0.97
"""Likeness from which two texts are the same words."""


def nearest_group(
    near: Iterable[Near],
    group_of: Sequence[int | None],
    sizes: Mapping[int, int],
    *,
    joins_from: float,
) -> int | None:
    """Return the group that a text belongs to, None when it is like none of them enough.

    `near` tells the places of the texts most alike, `group_of` the group at each place, `sizes`
    how many places each has. A group of several speaks by its two most alike texts: by one
    alone, chains would grow of questions whose ends have nothing in common.
    """
    by_group: dict[int, list[float]] = defaultdict(list)
    for place, value in near:
        group = group_of[place]
        if group is not None:
            by_group[group].append(value)
    best, best_value = None, joins_from
    for group, values in by_group.items():
        values.sort(reverse=True)
        second = values[1] if len(values) > 1 else 0.5 * values[0]
        value = values[0] if sizes[group] == 1 else 0.65 * values[0] + 0.35 * second
        value = 1.0 if values[0] > SAME else value
        if value >= best_value:
            best, best_value = group, value
    return best


def neighbours(
    near: Mapping[int, Iterable[Near]], group_of: Sequence[int | None], *, most: int
) -> set[Pair]:
    """Return the pairs of groups worth comparing text by text.

    `near` tells for a group the texts most alike to its new ones. Each group is compared with
    the `most` groups that speak in them loudest, and these with each other: any two of them may
    end up as one by way of it.
    """
    found: set[Pair] = set()
    for group, texts in near.items():
        loudest: dict[int, float] = {}
        for place, value in texts:
            other = group_of[place]
            if other is not None and other != group:
                loudest[other] = max(loudest.get(other, 0.0), value)
        ring = sorted(loudest, key=lambda one: (-loudest[one], one))[:most]
        found.update(combinations(sorted([group, *ring]), 2))
    return found


@dataclass(slots=True)
class Link:
    """How like the texts of two groups are: the sum over so many pairs of texts."""

    total: float
    pairs: int

    @property
    def likeness(self) -> float:
        """On average."""
        return self.total / self.pairs


def wanted_of(link: Link, *, joins_from: float, merges_from: float) -> float:
    """Return what the average of a link must reach for its groups to be one.

    Two texts must be as alike as a text that joins. The average of many pairs is surer than one
    of them (its error falls with the root of their number), and less will do.
    """
    return merges_from + (joins_from - merges_from) / math.sqrt(link.pairs)


def merged(
    links: Mapping[Pair, Link],
    sizes: Mapping[int, int],
    *,
    touched: Collection[int],
    joins_from: float,
    merges_from: float,
) -> dict[int, int]:
    """Return into which older group others go: average link, the surest first.

    Only what has something new (`touched`) is looked at, and what that became part of. `sizes`
    tells how many texts each group was compared by. Between groups without a link nothing is
    alike.
    """
    held = {pair: Link(link.total, link.pairs) for pair, link in links.items()}
    weights, live, into = dict(sizes), set(touched), {}
    while True:
        best, surest = None, 0.0
        for pair, link in held.items():
            if pair[0] not in live and pair[1] not in live:
                continue
            over = link.likeness - wanted_of(link, joins_from=joins_from, merges_from=merges_from)
            if over >= surest:
                best, surest = pair, over
        if best is None:
            break
        stays, goes = best
        _join(held, weights, stays, goes)
        live.discard(goes)
        live.add(stays)
        into[goes] = stays
    return {goes: _end(into, goes) for goes in into}


def _join(held: dict[Pair, Link], weights: dict[int, int], stays: int, goes: int) -> None:
    """Let one group have the links of both."""
    del held[stays, goes]
    others = {one for pair in held if stays in pair or goes in pair for one in pair}
    for other in others - {stays, goes}:
        total, pairs = 0.0, 0
        for one in (stays, goes):
            link = held.pop((min(one, other), max(one, other)), None)
            total += link.total if link else 0.0
            pairs += link.pairs if link else weights[one] * weights[other]
        held[min(stays, other), max(stays, other)] = Link(total, pairs)
    weights[stays] += weights[goes]


def _end(into: Mapping[int, int], group: int) -> int:
    while group in into:
        group = into[group]
    return group


def spread(places: Sequence[int], most: int) -> list[int]:
    """Return at most so many of the places, at even distances."""
    if len(places) <= most:
        return list(places)
    return [places[number * len(places) // most] for number in range(most)]
