"""What of conversations is kept in memory by whoever follows them, and the door in that form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from esmero.conversations.enums import State
from esmero.conversations.models import Conversation
from esmero.kernel.composed import composed

if TYPE_CHECKING:
    from django.db.models import QuerySet

_FIELDS = (
    "id", "owner_agent_id", "department_id", "state", "is_suspect", "awaits_reply_since",
    "snoozed_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """Who may see a conversation, and in which lists it stands."""

    owner_agent_id: int | None
    department_id: int | None
    is_active: bool
    """Neither resolved nor suspected."""
    is_suspect: bool
    awaits_reply: bool
    is_snoozed: bool


def may_see(agent_id: int, department_ids: Iterable[int] | None, facts: Facts) -> bool:
    """Say what `conversations.queries.visible_to` says, of facts in memory."""
    return (
        department_ids is None
        or facts.department_id is None
        or facts.owner_agent_id == agent_id
        or facts.department_id in department_ids
    )


def facts_of(conversation_ids: Iterable[int]) -> dict[int, Facts]:
    """Return the facts of conversations by id, in one query; deleted ones are missing."""
    ids = sorted(set(conversation_ids))
    return dict(map(_facts, _these(ids))) if ids else {}


def all_facts() -> Iterator[tuple[int, Facts]]:
    """Go through what stands in a list that is counted: the active and the suspected."""
    found = Conversation.objects.filter(~Q(state=State.RESOLVED.value) | Q(is_suspect=True))
    yield from map(_facts, found.values_list(*_FIELDS).iterator(chunk_size=5_000))


@composed
def _these(conversation_ids: list[int]) -> QuerySet[Conversation, Any]:
    return Conversation.objects.filter(pk__in=conversation_ids).values_list(*_FIELDS)


def _facts(row: tuple[Any, ...]) -> tuple[int, Facts]:
    pk, owner, department, state, is_suspect, awaits, snoozed = row
    return pk, Facts(
        owner_agent_id=owner,
        department_id=department,
        is_active=not is_suspect and state != State.RESOLVED.value,
        is_suspect=is_suspect,
        awaits_reply=awaits is not None,
        is_snoozed=snoozed is not None,
    )
