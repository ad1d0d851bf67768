"""A customer's message: it finds or opens its conversation, and makes or continues the promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from esmero.conversations.actions import sides
from esmero.conversations.actions._locked import links, locked_for, subjects
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Chip, Direction, State
from esmero.conversations.events import (
    ConversationOpened,
    ConversationReopened,
    MessageReceived,
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
from esmero.kernel import events, written
from esmero.kernel.models import Blob
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import actions as people
from esmero.people.queries import KnownSender
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind

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
    promise_id: int | None = None
    due_at: datetime | None = None
    is_new_conversation: bool = False
    acknowledges: bool = False
    apologises: bool = False


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
    conversation = locked_for(
        contact.candidates, customer_id=sender.customer_id, email=contact.sender_email
    )
    if conversation is None:
        return _begin(contact, sender.customer_id, at=at)
    if conversation.is_side:
        message = _add_message(conversation, contact, sender.customer_id)
        conversation.save(update_fields=_touch(conversation, contact))
        sides.note_received(conversation, message, at=at)
        return Received(conversation.pk, message.pk, sender.customer_id)
    return _continue(conversation, contact, sender.customer_id, at=at)


def _decide(contact: Contact, *, at: datetime, **known: bool) -> Decision:
    return decide(
        Inbound(
            is_mere_thanks=contact.is_mere_thanks,
            is_automatic=contact.is_automatic,
            is_history=contact.is_history,
            waited=at - contact.waited_since if contact.waited_since else None,
            **known,
        )
    )


def _begin(contact: Contact, customer_id: int, *, at: datetime) -> Received:
    """Open a conversation with its first message, its promise and its list row, each
    written once.
    """
    decision = _decide(contact, at=at, is_suspect=contact.is_suspect)
    conversation = _new(contact, customer_id, at=at)
    told = None
    if decision.makes is Makes.NEW:
        told = promises.expected_due(
            kind=Kind.ANSWER,
            department_id=owner_of(conversation).department_id,
            channel=conversation.channel,
            at=at,
            customer_zone=contact.customer_zone,
            customer_id=customer_id,
        )
        conversation.chip, conversation.chip_at = Chip.OPEN.value, told.due_at
        conversation.chip_made_at = at
        conversation.awaits_reply_since = contact.received_at
    written.insert(conversation)
    written.insert(
        Participant(
            conversation=conversation, customer_id=customer_id, added_at=conversation.opened_at
        )
    )
    message = _add_message(conversation, contact, customer_id)
    answer = _promise(conversation, decision, contact, told=told, at=at) if told else None
    opened = ConversationOpened(
        conversation_id=conversation.pk,
        channel=contact.channel,
        department_id=conversation.department_id,
    )
    first = _received(conversation, message, contact, is_first=True)
    happened = [(opened, links(conversation)), first]
    return _told(conversation, message, answer, decision, contact, happened, is_new=True, at=at)


def _continue(
    conversation: Conversation, contact: Contact, customer_id: int, *, at: datetime
) -> Received:
    """Add a message to the (locked) conversation that it belongs to."""
    answer = promise_queries.open_answer_of(*subjects(conversation))
    decision = _decide(
        contact,
        at=at,
        has_conversation=True,
        has_open_answer=answer is not None,
        is_suspect=contact.is_suspect or conversation.is_suspect,
    )
    message = _add_message(conversation, contact, customer_id)
    happened = [_received(conversation, message, contact)]
    fields = _touch(conversation, contact)
    if decision.reopens:
        reopened = _reopen(conversation, at=at, wakes=not contact.is_mere_thanks, fields=fields)
        if reopened:
            happened.append((reopened, links(conversation)))
    if decision.makes is Makes.NEW:
        answer = _promise(conversation, decision, contact, told=None, at=at)
    if decision.makes is not Makes.NONE and conversation.awaits_reply_since is None:
        conversation.awaits_reply_since = contact.received_at
        fields.append("awaits_reply_since")
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    return _told(conversation, message, answer, decision, contact, happened, is_new=False, at=at)


_Happened = tuple[events.Event, list[str]]


def _received(
    conversation: Conversation, message: Message, contact: Contact, *, is_first: bool = False
) -> _Happened:
    received = MessageReceived(
        conversation_id=conversation.pk,
        message_id=message.pk,
        is_suspect=contact.is_suspect,
        is_history=contact.is_history,
        is_first=is_first,
    )
    return received, links(conversation)


def _told(
    conversation: Conversation,
    message: Message,
    answer: Promise | None,
    decision: Decision,
    contact: Contact,
    happened: list[_Happened],
    *,
    is_new: bool,
    at: datetime,
) -> Received:
    """Publish what happened and say it to the channel."""
    actor = ref("customer", message.author_customer_id or 0)
    events.publish(happened, at=contact.received_at if contact.is_history else at, actor=actor)
    return Received(
        conversation_id=conversation.pk,
        message_id=message.pk,
        customer_id=message.author_customer_id or 0,
        promise_id=answer.pk if answer else None,
        due_at=answer.due_at if answer else None,
        is_new_conversation=is_new,
        acknowledges=decision.acknowledges,
        apologises=decision.apologises,
    )


def _new(contact: Contact, customer_id: int, *, at: datetime) -> Conversation:
    """Return the unsaved row of a conversation that begins with this contact."""
    return Conversation(
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
        opened_at=contact.received_at if contact.is_history else at,
        last_message_at=contact.received_at,
        last_inbound_at=contact.received_at,
        excerpt=one_line(storable(contact.text), 160),
        message_count=1,
    )


def _add_message(conversation: Conversation, contact: Contact, customer_id: int) -> Message:
    message = Message(
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
    written.insert(message)
    if contact.files:
        written.insert_all(
            [
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
            ]
        )
    return message


def _touch(conversation: Conversation, contact: Contact) -> list[str]:
    """Bring the list row up to a further message and return the fields to save."""
    fields = ["message_count", "last_inbound_at"]
    conversation.message_count = F("message_count") + 1
    conversation.last_inbound_at = contact.received_at
    if contact.received_at >= conversation.last_message_at:
        conversation.last_message_at = contact.received_at
        conversation.excerpt = one_line(storable(contact.text), 160)
        fields += ["last_message_at", "excerpt"]
    return fields


def _reopen(
    conversation: Conversation, *, at: datetime, wakes: bool, fields: list[str]
) -> ConversationReopened | None:
    """Make a conversation active again; say so when it had been resolved.

    Unless it `wakes` (it is mere thanks), what is snoozed sleeps on.
    """
    was = conversation.state
    if wakes and conversation.snoozed_until is not None:
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
    for waiting in promise_queries.waiting_of(*subjects(conversation)):
        promises.resume_promise(promise_id=waiting.pk, at=at, owner=owner_of(conversation))


def _promise(
    conversation: Conversation,
    decision: Decision,
    contact: Contact,
    *,
    told: promises.Told | None,
    at: datetime,
) -> Promise:
    return promises.make_promise(
        kind=Kind.ANSWER,
        subject_ref=ref("conversation", conversation.pk),
        owner=owner_of(conversation),
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        customer_zone=contact.customer_zone or None,
        told=told,
        at=at,
        actor="system",
        is_late_on_arrival=decision.is_late_on_arrival,
    )
