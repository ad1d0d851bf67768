"""Tags as a row shows them."""

from __future__ import annotations

from collections.abc import Collection

from esmero.conversations import queries as conversations


def tags_of(tag_ids: Collection[int]) -> tuple[tuple[str, int], ...]:
    """Return names and hues of tags, by name."""
    return tuple((tag.name, tag.hue) for tag in tag_cards(tag_ids))


def tag_cards(tag_ids: Collection[int]) -> list[conversations.order.TagCard]:
    """Return tags by name."""
    if not tag_ids:
        return []
    known = conversations.order.tags_by_id()
    found = [known[pk] for pk in tag_ids if pk in known]
    return sorted(found, key=lambda tag: tag.name.lower())
