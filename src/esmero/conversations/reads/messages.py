"""Messages of a conversation: in order, with their files, the newest of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from esmero.conversations.enums import Delivery, Direction
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.conversations.reads.matters import survivor_of
from esmero.kernel.composed import composed
from esmero.kernel.prepared import execute
from esmero.people import queries as people


def messages_of(conversation_id: int) -> QuerySet[Message]:
    """Return the messages of a conversation in their order."""
    return (
        Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
        .select_related("author_agent", "author_customer")
        .defer("search")
        .order_by("at", "id")
    )


def attachments_of(message_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Return the files of messages, by message."""
    files: dict[int, list[Attachment]] = {}
    for file in _attachments(list(message_ids)):
        files.setdefault(file.message_id, []).append(file)
    return files


@composed
def _attachments(message_ids: list[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message_id__in=message_ids).order_by("id")


def attachment(token: str) -> Attachment | None:
    """Return a file with its message and conversation; whether it may be seen, the caller asks."""
    return (
        Attachment.objects.select_related("message", "message__conversation", "blob")
        .filter(token=token)
        .first()
    )


def message(message_id: int) -> Message | None:
    """Return a message with its conversation and authors."""
    return next(iter(_message(message_id)), None)


@composed
def _message(message_id: int) -> QuerySet[Message]:
    return (
        Message.objects.select_related(
            "conversation", "conversation__customer", "author_agent", "author_customer"
        )
        .defer("search")
        .filter(pk=message_id)
    )


def newest_inbound_id(conversation_id: int) -> int | None:
    """Return the id of the newest message of a customer."""
    return next(iter(_newest_inbound_ids(conversation_id)), None)


@composed
def _newest_inbound_ids(conversation_id: int) -> QuerySet[Message, int]:
    found = Message.objects.filter(conversation_id=conversation_id, direction=Direction.IN.value)
    return found.order_by("-id").values_list("id", flat=True)[:1]


def newest_id(conversation_id: int) -> int | None:
    """Return the id of the newest message of all."""
    found = _newest_ids(conversation_id)
    return found[0] if found else None


@composed
def _newest_ids(conversation_id: int) -> QuerySet[Message, int]:
    found = Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
    return found.order_by("-id").values_list("id", flat=True)[:1]


def newest_unseen_id(conversation_id: int, *, seen: int, agent_id: int) -> int | None:
    """Return the newest message after `seen` that is not this agent's own: a customer's, a
    colleague's reply or note. What is to leave later is not in anybody's way.
    """
    return next(iter(_newest_unseen(conversation_id, seen, agent_id)), None)


@composed
def _newest_unseen(conversation_id: int, seen: int, agent_id: int) -> QuerySet[Message, int]:
    found = Message.objects.filter(
        conversation_id=conversation_id, id__gt=seen, is_withdrawn=False
    ).exclude(author_agent_id=agent_id)
    found = found.exclude(delivery=Delivery.SCHEDULED.value)
    return found.order_by("-id").values_list("id", flat=True)[:1]


def last_inbound(conversation_id: int) -> Message | None:
    """Return the newest message of a customer."""
    return next(iter(_last_inbound(conversation_id)), None)


@composed
def _last_inbound(conversation_id: int) -> QuerySet[Message]:
    found = messages_of(conversation_id).filter(direction=Direction.IN.value)
    return found.order_by("-at", "-id")[:1]


def last_of_customer(conversation: Conversation) -> Message | None:
    """Return the newest message of a conversation's own customer, wherever it is by now; the
    newest of all when the conversation has no customer.
    """
    if conversation.customer_id is None:
        return last_inbound(conversation.pk)
    found = messages_of(survivor_of(conversation.pk)).filter(
        direction=Direction.IN.value,
        author_customer_id__in=people.group_of(conversation.customer_id),
    )
    return found.last()


def thread_line(conversation_id: int, *, addresses: Iterable[str] = ()) -> list[str]:
    """Return the Message-IDs that lead to the customer's last mail, that one last (RFC 5322): the
    last of one of `addresses` where several write, else the last of all.
    """
    rows = _last_named(conversation_id)
    wanted = {people.normalise_email(one) for one in addresses}
    if len({row[2] for row in rows}) > 1 and wanted:
        rows = [row for row in rows if people.normalise_email(row[2]) in wanted] or rows
    if not rows or not rows[0][1]:
        return []
    references, message_id, _ = rows[0]
    return list(dict.fromkeys([*references.split(), message_id]))


@composed
def _last_named(conversation_id: int) -> QuerySet[Message, tuple[str, str, str]]:
    found = Message.objects.filter(conversation_id=conversation_id, direction=Direction.IN.value)
    found = found.order_by("-at", "-id")
    return found.values_list("references", "message_id", "from_address")[:20]


@dataclass(frozen=True, slots=True)
class FirstReply:
    """How a conversation began: what was asked, and what somebody of the team first wrote back."""

    conversation_id: int
    asked_id: int
    asked_at: datetime
    reply_id: int
    replied_at: datetime
    asked_again: bool
    """Whether the customer wrote once more after it."""


def first_replies(conversation_ids: Iterable[int]) -> dict[int, FirstReply]:
    """Return the first reply by a person in each conversation that has one, in one query."""
    rows, _ = execute(_FIRST_REPLIES, [list(conversation_ids)])
    return {row[0]: FirstReply(*row) for row in rows}


_FIRST_REPLIES = """
SELECT asked.conversation_id, asked.id, asked.at, reply.id, reply.at,
       EXISTS (SELECT 1 FROM conversations_message later
               WHERE later.conversation_id = asked.conversation_id AND later.direction = 'in'
                 AND NOT later.is_automatic AND later.at > reply.at)
FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
  SELECT m.conversation_id, m.id, m.at FROM conversations_message m
  WHERE m.conversation_id = wanted.id AND m.direction = 'in' AND NOT m.is_automatic
  ORDER BY m.at, m.id LIMIT 1) asked
CROSS JOIN LATERAL (
  SELECT m.id, m.at FROM conversations_message m
  WHERE m.conversation_id = wanted.id AND m.direction = 'out' AND NOT m.is_withdrawn
    AND m.author_agent_id IS NOT NULL AND m.delivery = 'sent' AND m.at >= asked.at
  ORDER BY m.at, m.id LIMIT 1) reply
"""


def messages_by_id(message_ids: Iterable[int]) -> dict[int, Message]:
    """Return messages with their authors, by id; whether they may be seen, the caller asks."""
    found = Message.objects.filter(pk__in=list(message_ids)).defer("search")
    return {m.pk: m for m in found.select_related("author_agent")}
