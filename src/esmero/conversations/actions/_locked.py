"""The locked row of a conversation, and the refs its events belong to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from esmero.conversations import queries
from esmero.conversations.models import Conversation
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref

# A conversation into which another was merged may be merged in its turn.
MERGES_DEEP = 50


def locked(conversation_id: int) -> Conversation:
    """Return the row, locked until the transaction ends; of one that is part of another, that
    other. Raises NotFound.

    A row that is part of another is never held: who merges and undoes locks the one that stays
    too, and two who wait for each other's rows would wait for ever.
    """
    pk = conversation_id
    for _ in range(MERGES_DEEP):
        for row in _unmerged(pk):
            return row
        into = Conversation.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        if into is None and not Conversation.objects.filter(pk=pk).exists():
            break
        pk = into or pk  # None: it became its own again just now
    raise NotFound(ref=ref("conversation", conversation_id))


@composed
def _unmerged(conversation_id: int) -> QuerySet[Conversation]:
    return Conversation.objects.select_for_update().filter(pk=conversation_id, merged_into=None)


def locked_for(candidates: Iterable[int], *, customer_id: int, email: str) -> Conversation | None:
    """Return the first of the conversations that a sender takes part in, locked.

    One that was merged leads to where it is now; one that was parted again, to the sender's part;
    into a side conversation anybody of the same firm may write.
    """
    for candidate in candidates:
        if queries.takes_part(conversation_id=candidate, customer_id=customer_id):
            found = locked(candidate)
            if found.pk == candidate or queries.takes_part(
                conversation_id=found.pk, customer_id=customer_id
            ):
                return found
            continue
        other = queries.other_place_of(candidate, customer_id=customer_id)
        if other is not None:
            return locked(other)
        if queries.is_of_house(email, conversation_id=candidate):
            return locked(candidate)
    return None


def rows_locked(*conversation_ids: int) -> dict[int, Conversation]:
    """Return these very rows, merged or not, locked in the order of their ids. Raises NotFound."""
    wanted = sorted(set(conversation_ids))
    found = {
        row.pk: row
        for row in Conversation.objects.select_for_update().filter(pk__in=wanted).order_by("id")
    }
    for pk in wanted:
        if pk not in found:
            raise NotFound(ref=ref("conversation", pk))
    return found


def subjects(conversation: Conversation) -> list[str]:
    """Return under what its promises stand: itself, and what has become part of it."""
    return [ref("conversation", pk) for pk in (conversation.pk, *conversation.merged_ids)]


def links(conversation: Conversation) -> list[str]:
    """Return whose history it is: its own and its customer's."""
    refs = [ref("conversation", conversation.pk)]
    if conversation.customer_id:
        refs.append(ref("customer", conversation.customer_id))
    return refs


def actor_of(agent_id: int | None) -> str:
    """Return `agent:ID` or `system`."""
    return ref("agent", agent_id) if agent_id else "system"
