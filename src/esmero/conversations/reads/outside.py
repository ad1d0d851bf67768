"""What people outside the team see of a conversation: by the link in their mail, and no notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from esmero.conversations.enums import Delivery, Direction
from esmero.conversations.models import Conversation, Message
from esmero.conversations.rules import links
from esmero.kernel import signing
from esmero.kernel.composed import composed
from esmero.kernel.prepared import execute

# A reply that is held can still be taken back; one that was taken back was never written.
_NOT_YET = [Delivery.HELD.value, Delivery.CANCELLED.value, Delivery.NONE.value]


def link_of(token: str, *, at: datetime) -> str:
    """Return the name of a customer's page as a link carries it, good for `links.LASTS`."""
    value = links.link_value(token, links.day_number(at + links.LASTS))
    return f"{value}.{signing.sign(links.FOR_LINK, value)}"


def conversation_by_link(link: str, *, at: datetime) -> Conversation | None:
    """Return the conversation of a link made by `link_of`; None when it is foreign, over or
    forged.
    """
    read = links.read_link(link)
    if read is None or read.is_over(at):
        return None
    if not signing.is_signed(links.FOR_LINK, read.value, read.signature):
        return None
    found = _by_token(read.token)
    return found[0] if found else None


@composed
def _by_token(token: str) -> QuerySet[Conversation]:
    found = Conversation.objects.select_related("customer", "department", "owner_agent")
    return found.filter(token=token, is_suspect=False)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What an outgoing mail has to know of its conversation, in one small read."""

    token: str
    subject: str
    language: str
    customer_zone: str


def mail_facts(conversation_id: int) -> MailFacts | None:
    """Return what a mail says of a conversation."""
    # Asked for each acknowledgement: plain SQL costs a third of the same through the ORM.
    rows, _ = execute(
        "SELECT c.token, c.subject, c.language, coalesce(p.zone, '')"
        " FROM conversations_conversation c LEFT JOIN people_customer p ON p.id = c.customer_id"
        " WHERE c.id = %s",
        [conversation_id],
    )
    return MailFacts(*rows[0]) if rows else None


def shown_messages(conversation_id: int) -> QuerySet[Message]:
    """Return the messages that the customer may see, in order: hers, and what left the house.

    Notes never, and nothing that can still be taken back.
    """
    return (
        Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
        .filter(
            Q(direction=Direction.IN.value)
            | (Q(direction=Direction.OUT.value) & ~Q(delivery__in=_NOT_YET))
        )
        .select_related("author_agent", "author_customer")
        .defer("search", "html", "quoted", "verdict")
        .order_by("at", "id")
    )


def by_tokens(tokens: Sequence[str]) -> list[Conversation]:
    """Return the conversations of these tokens, the one with the last message first."""
    if not tokens:
        return []
    return list(
        Conversation.objects.filter(token__in=list(tokens), is_suspect=False).order_by(
            "-last_message_at"
        )
    )
