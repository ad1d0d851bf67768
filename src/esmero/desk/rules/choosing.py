"""Who gets the next conversation of a department's queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from esmero.desk.enums import Share


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is there: how much she has, how much she takes, what she is good at."""

    id: int
    load: int
    capacity: int
    languages: frozenset[str] = frozenset()
    lines: frozenset[int] = frozenset()
    writes: bool = True
    speaks: bool = True

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation asks for: a language, lines of products, a voice instead of letters."""

    language: str = ""
    lines: frozenset[int] = frozenset()
    is_spoken: bool = False


def skill(one: Candidate, need: Need) -> int:
    """Return how well somebody fits: the language weighs most, then the lines.

    Who has named no language is taken to know the shop's; she neither fits nor fails.
    """
    score = 0
    if need.language and one.languages:
        score += 4 if need.language in one.languages else -4
    score += 2 * len(need.lines & one.lines)
    return score


def choose(
    candidates: Iterable[Candidate],
    need: Need,
    *,
    share: Share,
    last_id: int | None = None,
    but: Collection[int] = (),
) -> int | None:
    """Return who gets it, None when nobody can.

    First those who fit best; among them whoever has least (LEAST), or the next in turn after
    `last_id` (TURN). `but`: those who gave it back already; it does not go round in circles.
    """
    if share is Share.OFF:
        return None
    able = [
        one
        for one in candidates
        if one.has_room and (one.speaks if need.is_spoken else one.writes)
    ]
    fresh = [one for one in able if one.id not in but]
    if not fresh:
        return None
    best = max(skill(one, need) for one in fresh)
    best_ones = sorted((one for one in fresh if skill(one, need) == best), key=lambda o: o.id)
    if share is Share.TURN:
        after = [one for one in best_ones if last_id is None or one.id > last_id]
        return (after or best_ones)[0].id
    return min(best_ones, key=lambda one: (one.load / one.capacity, one.load, one.id)).id
