"""Replies that the team made with another program, found in a Sent folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from esmero.conversations.actions import sides
from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.receive import FileFact
from esmero.conversations.actions.reply import Addresses, addresses_in, answered
from esmero.conversations.enums import After, Delivery, Direction
from esmero.conversations.events import ReplyHandedOver
from esmero.conversations.models import Attachment, Message
from esmero.kernel import events
from esmero.kernel.models import Blob
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action


@action
def note_elsewhere(
    *,
    conversation_id: int,
    text: str,
    html: str,
    subject: str,
    sent_at: datetime,
    to: Addresses,
    cc: Addresses,
    agent_id: int | None,
    message_id: str,
    references: str,
    source_ref: str,
    files: Sequence[FileFact] = (),
    at: datetime,
    is_history: bool = False,
) -> int:
    """Add a reply found in the mailbox's Sent folder and settle its promise; return the message
    id.

    `sent_at` is when the mailbox got it; never later than now. Publishes ReplyHandedOver.
    """
    conversation = locked(conversation_id)
    sent_at = min(sent_at, at)
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT.value,
        channel=conversation.channel,
        at=sent_at,
        sent_at=sent_at,
        author_agent_id=agent_id,
        to=[list(one) for one in to],
        cc=[list(one) for one in cc],
        subject=one_line(storable(subject), 300),
        text=storable(text),
        html=storable(html),
        message_id=message_id[:300],
        references=references,
        source_ref=source_ref,
        delivery=Delivery.SENT.value,
        delivery_note="elsewhere",
        has_files=bool(files),
    )
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=one_line(storable(f.name), 255),
            content_type=f.content_type[:120],
            size=f.size,
            content_id=f.content_id[:200],
            is_inline=f.is_inline,
            blob=Blob(pk=f.blob_id) if f.blob_id else None,
            raw_ref=f.raw_ref,
            part_number=f.part_number,
        )
        for f in files
    )
    fields = ["message_count"]
    conversation.message_count = F("message_count") + 1
    if sent_at >= conversation.last_message_at:
        conversation.last_message_at = sent_at
        conversation.excerpt = one_line(storable(text), 160)
        fields += ["last_message_at", "excerpt"]
    conversation.save(update_fields=fields)
    if conversation.is_side:
        conversation.refresh_from_db()
        sides.note_handed_over(conversation, message, at=sent_at, promised=None)
        return message.pk
    if not is_history:
        conversation.refresh_from_db()
        answered(
            conversation,
            at=sent_at,
            by=agent_id,
            after=After.KEEP,
            written_at=sent_at,
            reached=addresses_in(to, cc),
        )
    handed = ReplyHandedOver(
        conversation_id=conversation.pk,
        message_id=message.pk,
        agent_id=agent_id,
        is_elsewhere=True,
    )
    events.publish(
        [(handed, links(conversation))],
        at=sent_at if is_history else at,
        actor=actor_of(agent_id),
    )
    return message.pk
