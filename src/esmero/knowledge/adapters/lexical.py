"""Likeness by words and letters alone: needs no model and no process."""

from __future__ import annotations

from collections.abc import Sequence

from esmero.knowledge.ports import Near
from esmero.knowledge.rules.mining import Space


class Lexical:
    """The house's own way; see docs/explanation/questions.md for how well it does."""

    joins_from = 0.45

    def nearest(
        self, texts: Sequence[str], among: Sequence[str], *, language: str, limit: int
    ) -> list[list[Near]]:
        """Compare stems and trigrams."""
        space = Space(among)
        return [space.nearest(text, limit=limit) for text in texts]
