"""Likeness by words, letters and the lexicon's groups of meanings: needs no model, no process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from esmero.knowledge.models import Synonyms
from esmero.knowledge.ports import Near, Scale
from esmero.knowledge.rules.mining import Features, Space
from esmero.knowledge.search.lexicon import lexicon
from esmero.knowledge.search.text import words

_MEANT: Final = 0.3
SCALE: Final = Scale(joins_from=0.5, merges_from=0.42)
"""Chosen on half of each of three sets: docs/explanation/questions.md."""


def synonyms() -> tuple[tuple[str, ...], ...]:
    """Return the shop's own groups of synonyms, of all languages."""
    rows = Synonyms.objects.order_by("id").values_list("words", flat=True)
    return tuple(tuple(words) for words in rows)


@lru_cache(maxsize=4)
def _meanings(language: str, shop: tuple[tuple[str, ...], ...]) -> Features:
    known = lexicon(language, shop)

    # The same texts are compared batch after batch.
    @lru_cache(maxsize=20_000)
    def of(text: str) -> tuple[int, ...]:
        return tuple(known.meanings(words(text)))

    return of


def space_of(texts: Sequence[str], *, language: str) -> Space:
    """Return texts with the words and meanings of a language to compare them by."""
    return Space(texts, meanings=_meanings(language, synonyms()), meant=_MEANT)


class Words:
    """A `ports.Compared`."""

    def __init__(self, texts: Sequence[str], space: Space) -> None:
        self._texts, self._space = texts, space

    def nearest(self, places: Sequence[int], *, limit: int) -> tuple[list[list[Near]], Scale]:
        """Return the most alike of each."""
        return [self._space.nearest(self._texts[p], limit=limit) for p in places], SCALE

    def between(self, pairs: Sequence[tuple[int, int]]) -> tuple[list[float], Scale]:
        """Return how alike each pair is."""
        texts, likeness = self._texts, self._space.likeness
        return [likeness(texts[one], texts[other]) for one, other in pairs], SCALE


class Lexical:
    """The house's own way; see docs/explanation/questions.md for how well it does."""

    def learn(self, texts: Sequence[str], *, language: str) -> bool:
        """Nothing is to be learnt."""
        return False

    def compare(self, texts: Sequence[str], *, language: str) -> Words:
        """Read the texts."""
        return Words(texts, space_of(texts, language=language))
