"""The categories, on every help page and seldom changed."""

from __future__ import annotations

from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience
from esmero.portal import kept


def shelves(*, language: str, reader: Audience) -> list[knowledge.Shelf]:
    """Return the categories in which this reader finds something, kept until anything changes."""
    found: list[knowledge.Shelf] = kept.value(
        ("shelves", language, reader),
        knowledge.published.fingerprint(),
        lambda: knowledge.published.shelves(language=language, reader=reader),
    )
    return found
