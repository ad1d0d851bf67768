"""Tags and followers, and what waits for whom; the tags, which every row shows, are kept in memory
for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esmero.conversations.enums import Chip, Delivery, State
from esmero.conversations.models import Conversation, Follower, Message, Tag
from esmero.kernel.composed import composed
from esmero.kernel.text import fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

_KEEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class TagCard:
    """A tag as it is shown."""

    id: int
    name: str
    hue: int
    is_line: bool = False
    is_retired: bool = False


_kept: tuple[float, dict[int, TagCard]] | None = None


def tags_by_id() -> dict[int, TagCard]:
    """Return every tag, also retired ones, by name; at most two seconds old."""
    if _kept is not None and time.monotonic() - _kept[0] < _KEEP_SECONDS:
        return _kept[1]
    return _read()


def _read() -> dict[int, TagCard]:
    global _kept
    found = {
        tag.pk: TagCard(tag.pk, tag.name, tag.hue, tag.is_line, tag.retired_at is not None)
        for tag in Tag.objects.order_by("key")
    }
    _kept = (time.monotonic(), found)
    return found


def forget_tags() -> None:
    """Drop what this process keeps (after a change, and between tests)."""
    global _kept
    _kept = None


def tags() -> list[TagCard]:
    """Return the tags that are offered, by name, as they are at this moment: one that another
    process has just made can be chosen.
    """
    return [tag for tag in _read().values() if not tag.is_retired]


def tag_by_name(name: str) -> TagCard | None:
    """Return a tag that is offered, accents and capitals ignored."""
    key = fold(name.strip().lstrip("#").strip())
    return next((tag for tag in tags() if fold(tag.name) == key), None) if key else None


def follows(*, conversation_id: int, agent_id: int) -> bool:
    """Say whether somebody follows a conversation."""
    return bool(_following(conversation_id, agent_id))


@composed
def _following(conversation_id: int, agent_id: int) -> QuerySet[Follower, int]:
    found = Follower.objects.filter(conversation_id=conversation_id, agent_id=agent_id)
    return found.values_list("id", flat=True)


@composed
def followers_of(conversation_id: int) -> QuerySet[Follower, int]:
    """Return the ids of those who follow a conversation."""
    return Follower.objects.filter(conversation_id=conversation_id).values_list(
        "agent_id", flat=True
    )


def owned_open() -> QuerySet[Conversation]:
    """Return what somebody owns and has the next word in, for counting how much each has."""
    return _ours().filter(owner_agent__isnull=False)


def unowned_open() -> QuerySet[Conversation]:
    """Return what nobody owns and waits for us, for the house's own sharing out."""
    return _ours().filter(owner_agent=None)


def _ours() -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        state=State.OPEN.value, is_suspect=False, merged_into=None, is_side=False
    )


def arrived() -> QuerySet[Conversation]:
    """Return what customers began, the newest first: no history, nothing suspected."""
    found = Conversation.objects.filter(
        is_suspect=False, is_history=False, merged_into=None, is_side=False
    )
    return found.order_by("-id")


def count_owing(conversation_ids: Iterable[int]) -> int:
    """Return in how many of these an open promise ticks."""
    return Conversation.objects.filter(pk__in=list(conversation_ids), chip=Chip.OPEN.value).count()


def held_of(conversation_id: int, agent_id: int) -> int | None:
    """Return the id of the reply of an agent's that has not yet left."""
    return next(iter(_held(conversation_id, agent_id)), None)


@composed
def _held(conversation_id: int, agent_id: int) -> QuerySet[Message, int]:
    held = Message.objects.filter(
        conversation_id=conversation_id, author_agent_id=agent_id, delivery=Delivery.HELD.value
    )
    return held.order_by("-id").values_list("id", flat=True)[:1]
