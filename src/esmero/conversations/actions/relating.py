"""Conversations that belong together though each stays its own."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.actions._locked import actor_of, links, rows_locked
from esmero.conversations.enums import RelationKind
from esmero.conversations.errors import AlreadyLinked, CannotLink
from esmero.conversations.events import ConversationsLinked, ConversationsUnlinked
from esmero.conversations.models import Relation
from esmero.kernel import events
from esmero.kernel.errors import NotFound
from esmero.kernel.transactions import action


@action
def link_conversations(
    *, first_id: int, second_id: int, kind: RelationKind, at: datetime, by: int
) -> int:
    """Link two conversations, both ways, and return the link's id.

    CAUSED_BY: the first was caused by the second. Raises CannotLink, AlreadyLinked, NotFound.
    Publishes ConversationsLinked.
    """
    if first_id == second_id:
        raise CannotLink(conversation_id=first_id)
    rows = rows_locked(first_id, second_id)
    first, second = rows[first_id], rows[second_id]
    if first.is_side or second.is_side or first.merged_into_id or second.merged_into_id:
        raise CannotLink(conversation_id=first_id)
    there = Relation.objects.filter(removed_at=None, first__in=rows, second__in=rows)
    if there.exists():
        raise AlreadyLinked(conversation_id=first_id, other_id=second_id)
    relation = Relation.objects.create(
        kind=kind.value, first=first, second=second, at=at, by_agent_id=by
    )
    linked = ConversationsLinked(
        conversation_id=first_id,
        other_id=second_id,
        relation=kind.value,
        relation_id=relation.pk,
    )
    refs = [*links(first), *links(second)]
    events.publish([(linked, refs)], at=at, actor=actor_of(by))
    return relation.pk


@action
def unlink_conversations(*, relation_id: int, at: datetime, by: int) -> None:
    """Take a link away. Raises NotFound. Publishes ConversationsUnlinked."""
    relation = Relation.objects.select_for_update().filter(pk=relation_id, removed_at=None).first()
    if relation is None:
        raise NotFound(relation_id=relation_id)
    relation.removed_at, relation.removed_by_agent_id = at, by
    relation.save(update_fields=["removed_at", "removed_by_agent"])
    rows = rows_locked(relation.first_id, relation.second_id)
    unlinked = ConversationsUnlinked(
        conversation_id=relation.first_id,
        other_id=relation.second_id,
        relation_id=relation.pk,
    )
    refs = [ref for row in rows.values() for ref in links(row)]
    events.publish([(unlinked, refs)], at=at, actor=actor_of(by))
