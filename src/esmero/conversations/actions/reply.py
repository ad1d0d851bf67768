"""The team's reply: written, handed over, delivered or not; and replies made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions._reply import Addresses, Reply, Written
from esmero.conversations.actions.drafts import QUOTED_MOST, writable_draft
from esmero.conversations.actions.mentions import end_mentions
from esmero.conversations.actions.organise import close, hold_back, snooze_conversation
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.actions.receive import FileFact
from esmero.conversations.enums import After, Delivery, Direction, Quotes, State
from esmero.conversations.errors import (
    EmptyMessage,
    LeavesInThePast,
    NoRecipient,
    SomethingNewArrived,
)
from esmero.conversations.events import (
    ReplyHandedOver,
    ReplyNotDelivered,
    ReplyScheduled,
    ReplyWritten,
)
from esmero.conversations.models import Attachment, Conversation, DraftFile, Message
from esmero.conversations.rules.holding import hold_until
from esmero.kernel import events
from esmero.kernel.models import Blob
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind


@action
def write_reply(*, reply: Reply, at: datetime) -> Written:
    """Turn what was written into a message that leaves when its undo time is over.

    The draft goes and its files become the message's. Raises EmptyMessage, NoRecipient,
    SomethingNewArrived (the draft stays), NotFound. Publishes ReplyWritten.
    """
    conversation = locked(reply.conversation_id)
    if not reply.text.strip():
        raise EmptyMessage(conversation_id=conversation.pk)
    if not reply.to:
        raise NoRecipient(conversation_id=conversation.pk)
    if reply.seen_message_id is not None:
        newest = queries.newest_inbound_id(conversation.pk)
        if newest is not None and newest > reply.seen_message_id:
            raise SomethingNewArrived(conversation_id=conversation.pk, message_id=newest)
    answer = promise_queries.open_answer_of(ref("conversation", conversation.pk))
    until = hold_until(
        at=at, undo_seconds=reply.undo_seconds, due_at=answer.due_at if answer else None
    )
    if reply.send_at is not None:
        if reply.send_at <= at:
            raise LeavesInThePast(field="later")
        until = max(reply.send_at, until)
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT.value,
        channel=conversation.channel,
        at=at,
        author_agent_id=reply.agent_id,
        to=[list(one) for one in reply.to],
        cc=[list(one) for one in reply.cc],
        bcc=[list(one) for one in reply.bcc],
        subject=one_line(reply.subject or conversation.subject, 300),
        text=storable(reply.text),
        language=conversation.language,
        message_id=reply.message_id,
        after=reply.after.value,
        promise_kind=reply.promise[0].value if reply.promise else "",
        promise_due_at=reply.promise[1] if reply.promise else None,
        quotes=reply.quotes.value,
        quoted=storable(reply.quoted)[:QUOTED_MOST] if reply.quotes is Quotes.PART else "",
        delivery=(Delivery.SCHEDULED if reply.send_at else Delivery.HELD).value,
    )
    _take_files(message, reply)
    conversation.message_count = F("message_count") + 1
    conversation.last_message_at = at
    conversation.excerpt = one_line(storable(reply.text), 160)
    fields = ["message_count", "last_message_at", "excerpt"]
    if conversation.owner_agent_id is None:
        # Who answers what nobody owned, owns it.
        conversation.owner_agent_id = reply.agent_id
        fields.append("owner_agent_id")
        promises.reassign_promises(
            subject_ref=ref("conversation", conversation.pk),
            owner=owner_of(conversation),
            at=at,
            actor=actor_of(reply.agent_id),
        )
    conversation.save(update_fields=fields)
    written = ReplyWritten(conversation_id=conversation.pk, message_id=message.pk)
    said: list[tuple[events.Event, list[str]]] = [(written, links(conversation))]
    if reply.send_at is not None:
        scheduled = ReplyScheduled(
            conversation_id=conversation.pk, message_id=message.pk, leaves_at=until.isoformat()
        )
        said.append((scheduled, links(conversation)))
    events.publish(said, at=at, actor=actor_of(reply.agent_id))
    end_mentions(conversation_id=conversation.pk, agent_id=reply.agent_id, at=at)
    if reply.snooze_until is not None:
        snooze_conversation(
            conversation_id=conversation.pk, until=reply.snooze_until, at=at, by=reply.agent_id
        )
    return Written(message_id=message.pk, hold_until=until, channel=conversation.channel)


def _take_files(message: Message, reply: Reply) -> None:
    draft = writable_draft(reply.conversation_id, reply.agent_id, "reply", reply.draft_id)
    if draft is None:
        return
    files = list(DraftFile.objects.filter(draft=draft).select_related("blob"))
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=f.name,
            content_type=f.content_type,
            size=f.blob.size,
            blob=f.blob,
        )
        for f in files
    )
    if files:
        Message.objects.filter(pk=message.pk).update(has_files=True)
    draft.delete()


@action
def note_handed_over(*, message_id: int, at: datetime) -> None:
    """The reply left the house at `at`: settle the answer, and do what its writer wanted after it.

    A reply that neither resolves nor waits opens an `update` here, in the same transaction.
    Publishes ReplyHandedOver, and through promises PromiseSettled and PromiseMade.
    """
    message = Message.objects.select_related("conversation").get(pk=message_id)
    conversation = locked(message.conversation_id)
    message.delivery, message.sent_at, message.delivery_note = Delivery.SENT.value, at, ""
    message.save(update_fields=["delivery", "sent_at", "delivery_note"])
    _answered(
        conversation,
        at=at,
        by=message.author_agent_id,
        after=After(message.after or After.KEEP.value),
        written_at=message.at,
        promised=_promised(message, at),
    )
    handed = ReplyHandedOver(
        conversation_id=conversation.pk,
        message_id=message.pk,
        agent_id=message.author_agent_id,
    )
    events.publish([(handed, links(conversation))], at=at, actor=actor_of(message.author_agent_id))


def _promised(message: Message, at: datetime) -> tuple[Kind, datetime] | None:
    """Return what a message promises; a time that passed before it left is promised no more."""
    if not message.promise_kind or message.promise_due_at is None or message.promise_due_at <= at:
        return None
    return Kind(message.promise_kind), message.promise_due_at


def _answered(
    conversation: Conversation,
    *,
    at: datetime,
    by: int | None,
    after: After,
    written_at: datetime,
    promised: tuple[Kind, datetime] | None = None,
) -> None:
    subject = ref("conversation", conversation.pk)
    for promise in promise_queries.open_promises_of(subject).filter(
        kind__in=[Kind.ANSWER.value, Kind.UPDATE.value]
    ):
        promises.settle_promise(promise_id=promise.pk, at=at, by=by)
    if promised is not None:
        promises.make_promise(
            kind=promised[0],
            subject_ref=subject,
            owner=owner_of(conversation),
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            due_at=promised[1],
            at=at,
            actor=actor_of(by),
            told_by="person",
        )
    if conversation.awaits_reply_since is not None:
        promises.note_done(
            kind=Kind.ANSWER,
            subject_ref=subject,
            since=conversation.awaits_reply_since,
            at=at,
        )
    conversation.last_outbound_at = at
    # A question that came while the reply was held is not answered by it.
    newer = conversation.last_inbound_at is not None and conversation.last_inbound_at > written_at
    conversation.awaits_reply_since = conversation.last_inbound_at if newer else None
    fields = ["last_outbound_at", "awaits_reply_since"]
    if newer:
        promises.make_promise(
            kind=Kind.ANSWER,
            subject_ref=subject,
            owner=owner_of(conversation),
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            at=at,
            actor="system",
        )
    elif after is After.RESOLVE:
        close(conversation, at=at, by=by, reason="", fields=fields)
    elif after is After.WAIT:
        hold_back(conversation, at=at, actor=actor_of(by), fields=fields)
    else:
        if conversation.state != State.OPEN.value:
            conversation.state = State.OPEN.value
            fields.append("state")
        if not promise_queries.open_promises_of(subject).exists():
            promises.make_promise(
                kind=Kind.UPDATE,
                subject_ref=subject,
                owner=owner_of(conversation),
                customer_id=conversation.customer_id,
                channel=conversation.channel,
                at=at,
                actor=actor_of(by),
            )
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)


@action
def note_delivery(*, message_id: int, delivery: Delivery, note: str = "") -> None:
    """Show in the thread where an outgoing message is (sending, sent, uncertain, cancelled)."""
    Message.objects.filter(pk=message_id, direction=Direction.OUT.value).update(
        delivery=delivery.value, delivery_note=one_line(note, 300)
    )


@action
def note_not_delivered(*, message_id: int, note: str, bounced: bool, at: datetime) -> None:
    """It came back, or cannot be sent: the customer is without an answer again.

    An answer that this message had kept is promised anew. Publishes ReplyNotDelivered.
    """
    message = Message.objects.filter(pk=message_id, direction=Direction.OUT.value).first()
    if message is None:
        return
    conversation = locked(message.conversation_id)
    delivery = Delivery.BOUNCED if bounced else Delivery.FAILED
    already = message.delivery == delivery.value
    message.delivery, message.delivery_note = delivery.value, one_line(note, 300)
    message.save(update_fields=["delivery", "delivery_note"])
    if already:
        return
    fields = ["has_failure"]
    conversation.has_failure = True
    subject = ref("conversation", conversation.pk)
    later = queries.messages_of(conversation.pk).filter(
        direction=Direction.OUT.value, sent_at__gt=message.sent_at or message.at
    )
    if bounced and not later.exists() and promise_queries.open_answer_of(subject) is None:
        conversation.awaits_reply_since = at
        fields.append("awaits_reply_since")
        if conversation.state != State.OPEN.value:
            conversation.state = State.OPEN.value
            fields.append("state")
        promises.make_promise(
            kind=Kind.ANSWER,
            subject_ref=subject,
            owner=owner_of(conversation),
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            at=at,
            actor="system",
        )
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    failed = ReplyNotDelivered(conversation_id=conversation.pk, message_id=message.pk)
    events.publish([(failed, links(conversation))], at=at, actor="system")


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
    if not is_history:
        conversation.refresh_from_db()
        _answered(conversation, at=sent_at, by=agent_id, after=After.KEEP, written_at=sent_at)
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
