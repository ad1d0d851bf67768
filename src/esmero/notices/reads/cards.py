"""A notice with what is said of it: only for whom it may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.channels import queries as channels
from esmero.conversations import queries as conversations
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import id_of
from esmero.notices.enums import Kind
from esmero.notices.models import Notice
from esmero.people import queries as people
from esmero.people.enums import Role

if TYPE_CHECKING:
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Card:
    """What is told: of which conversation, by whom, how often."""

    id: int
    kind: Kind
    conversation_id: int | None
    subject: str
    """Of the conversation, or the name of the mailbox."""
    customer: str
    by: str
    """The colleague whose doing it was, empty for customers and the house."""
    count: int
    last_at: datetime
    event_kind: str
    is_seen: bool


def sees(agent: Agent, conversation_id: int) -> bool:
    """Say whether a member may see a conversation: the door itself, asked."""
    try:
        conversations.conversation_for(agent, conversation_id)
    except NotFound:
        return False
    return agent.is_active


def seen_among(agent: Agent, conversation_ids: Iterable[int]) -> set[int]:
    """Return those of these conversations that a member may see; one query, but for those to
    which only a consultation leads.
    """
    ids = set(conversation_ids)
    found = set(conversations.visible_to(agent).filter(pk__in=ids).values_list("id", flat=True))
    return found | {pk for pk in ids - found if sees(agent, pk)}


def cards_of(agent: Agent, notices: Sequence[Notice]) -> list[Card]:
    """Return what a member may know of these notices, in their order; what she may not see any
    more is left out. Each notice comes with its conversation, customer and colleague.
    """
    ids = {one.conversation_id for one in notices if one.conversation_id is not None}
    seen = seen_among(agent, ids) if ids else set()
    boxes = {}
    if any(one.conversation_id is None for one in notices) and agent.has_role(Role.ADMIN):
        boxes = {box.pk: box.name or box.address for box in channels.mailboxes()}
    found = []
    for one in notices:
        if one.conversation_id is not None:
            if one.conversation_id not in seen or one.conversation is None:
                continue
            customer = one.conversation.customer
            subject, name = one.conversation.subject, customer.name if customer else ""
        else:
            box = boxes.get(id_of(one.subject, "mailbox") or 0)
            if box is None:
                continue
            subject, name = box, ""
        found.append(
            Card(
                id=one.pk,
                kind=Kind(one.kind),
                conversation_id=one.conversation_id,
                subject=subject,
                customer=name,
                by=one.by_agent.name if one.by_agent else "",
                count=one.count,
                last_at=one.last_at,
                event_kind=one.event_kind,
                is_seen=one.seen_at is not None,
            )
        )
    return found


def cards(agent_id: int, notice_ids: Iterable[int]) -> list[Card]:
    """Return what of these notices a member has not seen and may see now, the newest first."""
    agent = people.agent(agent_id)
    if agent is None:
        return []
    rows = (
        Notice.objects.filter(pk__in=list(notice_ids), agent_id=agent_id, seen_at=None)
        .select_related("conversation", "conversation__customer", "by_agent")
        .order_by("-last_at", "-id")
    )
    return cards_of(agent, list(rows))
