"""A customer's message: it finds or opens its conversation, and makes or continues the promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Chip, Direction, State
from esmero.conversations.errors import NotSuspected
from esmero.conversations.events import (
    ConversationOpened,
    ConversationReopened,
    MarkedAsSpam,
    MessageReceived,
    SuspicionCleared,
)
from esmero.conversations.models import (
    Attachment,
    Closure,
    Conversation,
    Message,
    Participant,
    Snooze,
)
from esmero.conversations.rules.inbound import Decision, Inbound, Makes, decide
from esmero.kernel import events
from esmero.kernel.models import Blob
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import actions as people
from esmero.people.queries import KnownSender
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind, Reason
from esmero.promises.enums import State as PromiseState

if TYPE_CHECKING:
    from esmero.promises.models import Promise


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of a contact: own bytes (`blob_id`), or a part of a stored raw mail."""

    name: str
    content_type: str
    size: int
    content_id: str = ""
    is_inline: bool = False
    blob_id: int | None = None
    raw_ref: str = ""
    part_number: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """What a customer sent, as its channel understood it.

    `candidates` are conversations that the channel has reason to think this belongs to, best
    first; whether the sender takes part in them is decided here. `waited_since` is when it came,
    if it then lay where we could not reach it.
    """

    channel: str
    sender_email: str
    sender_name: str
    subject: str
    text: str
    received_at: datetime
    department_id: int | None = None
    candidates: Sequence[int] = ()
    quoted: str = ""
    html: str = ""
    language: str = ""
    sent_at: datetime | None = None
    to: Sequence[tuple[str, str]] = ()
    cc: Sequence[tuple[str, str]] = ()
    message_id: str = ""
    references: str = ""
    source_ref: str = ""
    inbox_ref: str = ""
    is_verified: bool = True
    verdict: dict[str, object] = field(default_factory=dict)
    files: Sequence[FileFact] = ()
    kind: str = "question"
    is_mere_thanks: bool = False
    is_automatic: bool = False
    is_suspect: bool = False
    suspicion: Sequence[str] = ()
    is_history: bool = False
    waited_since: datetime | None = None
    customer_zone: str = ""
    # What the channel has found out already: who it is, or that nobody is known by this address.
    sender: KnownSender | None = None
    is_new_sender: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a contact, for the channel that has to acknowledge it."""

    conversation_id: int
    message_id: int
    customer_id: int
    promise_id: int | None
    due_at: datetime | None
    is_new_conversation: bool
    acknowledges: bool
    apologises: bool


@action
def receive(*, contact: Contact, at: datetime) -> Received:
    """File a contact and return what it made.

    Publishes ConversationOpened or ConversationReopened where that happened, MessageReceived, and
    through promises PromiseMade.
    """
    sender = contact.sender or people.know_sender(
        email=contact.sender_email,
        name=contact.sender_name,
        language=contact.language,
        at=contact.received_at if contact.is_history else at,
        is_new=contact.is_new_sender,
    )
    conversation = _conversation_of(contact, sender.customer_id)
    answer = None
    if conversation is not None:
        answer = promise_queries.open_answer_of(ref("conversation", conversation.pk))
    decision = decide(
        Inbound(
            has_conversation=conversation is not None,
            has_open_answer=answer is not None,
            is_mere_thanks=contact.is_mere_thanks,
            is_automatic=contact.is_automatic,
            is_suspect=contact.is_suspect or bool(conversation and conversation.is_suspect),
            is_history=contact.is_history,
            waited=at - contact.waited_since if contact.waited_since else None,
        )
    )
    happened: list[tuple[events.Event, list[str]]] = []
    is_new = conversation is None
    if conversation is None:
        conversation = _open(contact, sender.customer_id, at=at)
        opened = ConversationOpened(
            conversation_id=conversation.pk,
            channel=contact.channel,
            department_id=conversation.department_id,
        )
        happened.append((opened, links(conversation)))
    message = _add_message(conversation, contact, sender.customer_id)
    received = MessageReceived(
        conversation_id=conversation.pk,
        message_id=message.pk,
        is_suspect=contact.is_suspect,
        is_history=contact.is_history,
    )
    happened.append((received, links(conversation)))
    fields = _touch(conversation, contact, is_new=is_new)
    if decision.reopens and not is_new:
        reopened = _reopen(conversation, at=at, fields=fields)
        if reopened:
            happened.append((reopened, links(conversation)))
    if decision.makes is Makes.NEW:
        answer = _promise(conversation, decision, at=at, zone=contact.customer_zone)
    if decision.makes is not Makes.NONE and conversation.awaits_reply_since is None:
        conversation.awaits_reply_since = contact.received_at
        fields.append("awaits_reply_since")
    if decision.makes is Makes.NEW and answer is not None and is_new:
        # A new conversation has this one promise: no need to ask which matters most.
        conversation.chip, conversation.chip_at = Chip.OPEN.value, answer.due_at
        conversation.chip_made_at = answer.made_at
        fields += ["chip", "chip_at", "chip_made_at"]
    elif not is_new:
        mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    actor = ref("customer", sender.customer_id)
    when = contact.received_at if contact.is_history else at
    events.publish(happened, at=when, actor=actor)
    return Received(
        conversation_id=conversation.pk,
        message_id=message.pk,
        customer_id=sender.customer_id,
        promise_id=answer.pk if answer else None,
        due_at=answer.due_at if answer else None,
        is_new_conversation=is_new,
        acknowledges=decision.acknowledges,
        apologises=decision.apologises,
    )


def _conversation_of(contact: Contact, customer_id: int) -> Conversation | None:
    """Return the first candidate that the sender takes part in, locked."""
    for candidate in contact.candidates:
        if queries.takes_part(conversation_id=candidate, customer_id=customer_id):
            return locked(candidate)
    return None


def _open(contact: Contact, customer_id: int, *, at: datetime) -> Conversation:
    opened_at = contact.received_at if contact.is_history else at
    conversation = Conversation.objects.create(
        kind=contact.kind,
        subject=one_line(storable(contact.subject), 300),
        customer_id=customer_id,
        department_id=contact.department_id,
        channel=contact.channel,
        inbox_ref=contact.inbox_ref,
        language=contact.language[:5],
        state=State.RESOLVED.value if contact.is_history else State.OPEN.value,
        is_suspect=contact.is_suspect,
        suspicion=list(contact.suspicion),
        is_history=contact.is_history,
        opened_at=opened_at,
        last_message_at=contact.received_at,
    )
    Participant.objects.create(
        conversation=conversation, customer_id=customer_id, added_at=opened_at
    )
    return conversation


def _add_message(conversation: Conversation, contact: Contact, customer_id: int) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN.value,
        channel=contact.channel,
        at=contact.received_at,
        sent_at=contact.sent_at,
        author_customer_id=customer_id,
        from_name=one_line(storable(contact.sender_name)),
        from_address=contact.sender_email[:320],
        to=[[storable(n), a] for n, a in contact.to],
        cc=[[storable(n), a] for n, a in contact.cc],
        subject=one_line(storable(contact.subject), 300),
        text=storable(contact.text),
        quoted=storable(contact.quoted),
        html=storable(contact.html),
        language=contact.language[:5],
        message_id=storable(contact.message_id)[:300],
        references=storable(contact.references),
        source_ref=contact.source_ref,
        is_verified=contact.is_verified,
        verdict=contact.verdict,
        is_automatic=contact.is_automatic,
        has_files=bool(contact.files),
    )
    if contact.files:
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
            for f in contact.files
        )
    return message


def _touch(conversation: Conversation, contact: Contact, *, is_new: bool) -> list[str]:
    fields = ["message_count", "last_inbound_at"]
    conversation.message_count = 1 if is_new else F("message_count") + 1
    conversation.last_inbound_at = contact.received_at
    if is_new or contact.received_at >= conversation.last_message_at:
        conversation.last_message_at = contact.received_at
        conversation.excerpt = one_line(storable(contact.text), 160)
        fields += ["last_message_at", "excerpt"]
    return fields


def _reopen(
    conversation: Conversation, *, at: datetime, fields: list[str]
) -> ConversationReopened | None:
    """Make a conversation active again; say so when it had been resolved."""
    was = conversation.state
    if conversation.snoozed_until is not None:
        conversation.snoozed_until = None
        fields.append("snoozed_until")
        Snooze.objects.filter(conversation=conversation, ended_at=None).update(
            ended_at=at, end="customer"
        )
    if was == State.OPEN.value:
        return None
    conversation.state = State.OPEN.value
    fields.append("state")
    if was == State.WAITING.value:
        _resume(conversation, at=at)
        return None
    if conversation.is_history:
        conversation.is_history = False
        fields.append("is_history")
    Closure.objects.filter(conversation=conversation, reopened_at=None).update(reopened_at=at)
    return ConversationReopened(conversation_id=conversation.pk, by_customer=True)


def _resume(conversation: Conversation, *, at: datetime) -> None:
    """The customer answered: what waited goes on with the business minutes it had left."""
    for waiting in promise_queries.waiting_of(ref("conversation", conversation.pk)):
        promises.resume_promise(promise_id=waiting.pk, at=at, owner=owner_of(conversation))


def _promise(
    conversation: Conversation, decision: Decision, *, at: datetime, zone: str
) -> Promise:
    return promises.make_promise(
        kind=Kind.ANSWER,
        subject_ref=ref("conversation", conversation.pk),
        owner=owner_of(conversation),
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        customer_zone=zone or None,
        at=at,
        actor="system",
        is_late_on_arrival=decision.is_late_on_arrival,
    )


@action
def clear_suspicion(*, conversation_id: int, at: datetime, by: int) -> Received:
    """Say that a suspected conversation is a real one: its answer is promised from receipt.

    When the time counted from receipt has already passed, the promise is due from now and marked
    late. Raises NotSuspected, NotFound. Publishes SuspicionCleared and PromiseMade.
    """
    conversation = locked(conversation_id)
    if not conversation.is_suspect:
        raise NotSuspected(conversation_id=conversation_id)
    message = queries.messages_of(conversation_id).filter(direction=Direction.IN.value).last()
    received_at = message.at if message else conversation.opened_at
    conversation.is_suspect = False
    conversation.awaits_reply_since = received_at
    owner = owner_of(conversation)
    told = promises.expected_due(
        kind=Kind.ANSWER,
        department_id=owner.department_id,
        channel=conversation.channel,
        at=received_at,
    )
    in_time = told.due_at > at
    answer = promises.make_promise(
        kind=Kind.ANSWER,
        subject_ref=ref("conversation", conversation.pk),
        owner=owner,
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        at=received_at if in_time else at,
        actor=actor_of(by),
        is_late_on_arrival=not in_time,
    )
    fields = ["is_suspect", "awaits_reply_since"]
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    cleared = SuspicionCleared(conversation_id=conversation.pk, promise_id=answer.pk)
    events.publish([(cleared, links(conversation))], at=at, actor=actor_of(by))
    return Received(
        conversation_id=conversation.pk,
        message_id=message.pk if message else 0,
        customer_id=conversation.customer_id or 0,
        promise_id=answer.pk,
        due_at=answer.due_at,
        is_new_conversation=True,
        acknowledges=True,
        apologises=not in_time,
    )


@action
def mark_as_spam(*, conversation_id: int, at: datetime, by: int) -> None:
    """Put a conversation among the suspected: it was no contact, so nothing is owed. Raises
    NotFound.

    Publishes MarkedAsSpam and PromiseReleased for what was open in time; what is overdue breaks.
    """
    conversation = locked(conversation_id)
    for promise in promise_queries.open_promises_of(ref("conversation", conversation.pk)):
        if promise.due_at >= at:
            promises.release_promise(
                promise_id=promise.pk, reason=Reason.NOT_A_CONTACT, at=at, actor=actor_of(by)
            )
        elif promise.state == PromiseState.OPEN.value:
            promises.break_promise(promise_id=promise.pk, at=at)
    conversation.is_suspect = True
    conversation.suspicion = ["marked_by_agent"]
    conversation.awaits_reply_since = None
    fields = ["is_suspect", "suspicion", "awaits_reply_since"]
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    spam = MarkedAsSpam(conversation_id=conversation.pk)
    events.publish([(spam, links(conversation))], at=at, actor=actor_of(by))
