"""The locked row of a conversation, and the refs its events belong to."""

from __future__ import annotations

from esmero.conversations.models import Conversation
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref


def locked(conversation_id: int) -> Conversation:
    """Return the row, locked until the transaction ends. Raises NotFound."""
    row = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if row is None:
        raise NotFound(ref=ref("conversation", conversation_id))
    return row


def links(conversation: Conversation) -> list[str]:
    """Return whose history it is: its own and its customer's."""
    refs = [ref("conversation", conversation.pk)]
    if conversation.customer_id:
        refs.append(ref("customer", conversation.customer_id))
    return refs


def actor_of(agent_id: int | None) -> str:
    """Return `agent:ID` or `system`."""
    return ref("agent", agent_id) if agent_id else "system"
