"""Mentions: a note names a colleague, who is told and has it on her list until she is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links
from esmero.conversations.errors import MayNotSee
from esmero.conversations.events import Mentioned
from esmero.conversations.models import Conversation, Mention
from esmero.kernel import events
from esmero.kernel.transactions import action


def mention(
    conversation: Conversation,
    message_id: int,
    agent_ids: Iterable[int],
    *,
    at: datetime,
    by: int,
) -> None:
    """Write down whom a note names. Raises MayNotSee. Publishes Mentioned."""
    said = []
    for agent_id in dict.fromkeys(agent_ids):
        if agent_id == by:
            continue
        if not queries.may_see(agent_id, conversation):
            raise MayNotSee(agent_id=agent_id)
        Mention.objects.create(
            message_id=message_id,
            conversation=conversation,
            agent_id=agent_id,
            by_agent_id=by,
            at=at,
        )
        named = Mentioned(
            conversation_id=conversation.pk, message_id=message_id, mentioned_agent_id=agent_id
        )
        said.append((named, links(conversation)))
    if said:
        events.publish(said, at=at, actor=actor_of(by))


@action
def end_mentions(*, conversation_id: int, agent_id: int, at: datetime) -> int:
    """She wrote here, or has seen it: her mentions here are done; return how many."""
    return Mention.objects.filter(
        conversation_id=conversation_id, agent_id=agent_id, ended_at=None
    ).update(ended_at=at)
