"""Mail with a supplier or carrier inside a conversation, which its customer never sees.

The mails of it are those of a conversation of their own (`thread`), so that composing, sending at
most once, coming back and bouncing are what they are everywhere; but it is in no list, promises
nobody an answer, has no page outside, and is seen by whoever may see the conversation it is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from esmero.conversations.actions._locked import actor_of, locked
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import State
from esmero.conversations.errors import CustomerInSide, NoRecipient, SideIsClosed
from esmero.conversations.events import (
    SideConversationClosed,
    SideConversationOpened,
    SideConversationReopened,
    SideMailHandedOver,
    SideMailNotDelivered,
    SideReplyReceived,
)
from esmero.conversations.models import Conversation, Message, Participant, SideConversation
from esmero.kernel import events
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.promises import actions as promises
from esmero.promises.enums import Kind
from esmero.promises.enums import State as PromiseState

Addresses = Sequence[tuple[str, str]]


@action
def open_side(
    *,
    conversation_id: int,
    to: Addresses,
    cc: Addresses = (),
    subject: str,
    once: str = "",
    at: datetime,
    by: int,
) -> int:
    """Begin a side conversation with these people and return the id of its thread.

    The first mail is written into it like a reply. The same wish (`once`) again returns what the
    first one began. Raises NoRecipient, CustomerInSide, NotFound.
    Publishes SideConversationOpened.
    """
    main = locked(conversation_id)
    if not to:
        raise NoRecipient(conversation_id=main.pk)
    refuse_customers(main, [*to, *cc])
    there = SideConversation.objects.filter(conversation=main, once=once).first()
    if once and there is not None:
        return there.thread_id
    thread = Conversation.objects.create(
        kind=main.kind,
        subject=one_line(storable(subject), 300) or main.subject,
        department_id=main.department_id,
        channel="mail",
        inbox_ref=main.inbox_ref,
        language=main.language,
        state=State.OPEN.value,
        opened_at=at,
        last_message_at=at,
        is_side=True,
    )
    side = SideConversation.objects.create(
        conversation=main, thread=thread, opened_at=at, opened_by_agent_id=by, once=once
    )
    admit(thread, [*to, *cc], at=at)
    opened = SideConversationOpened(conversation_id=main.pk, side_id=thread.pk)
    _publish(side, opened, at=at, actor=actor_of(by))
    return thread.pk


def _publish(side: SideConversation, event: events.Event, *, at: datetime, actor: str) -> None:
    # Of the conversation's history alone: it is none of its customer's.
    events.publish([(event, [ref("conversation", side.conversation_id)])], at=at, actor=actor)


def refuse_customers(main: Conversation, wanted: Addresses) -> None:
    """Raise CustomerInSide when somebody who takes part in the conversation is among them."""
    there = set(
        Participant.objects.filter(conversation=main).values_list("customer_id", flat=True)
    )
    group = set(people.survivors_of_groups(people.surviving(pk) for pk in there)) | there
    for _, address in wanted:
        known = people.sender(address)
        if known is not None and known.customer_id in group:
            raise CustomerInSide(value=address[:60])


def admit(thread: Conversation, wanted: Addresses, *, at: datetime) -> None:
    """Let those who are written to write back."""
    there = set(
        Participant.objects.filter(conversation=thread).values_list("customer_id", flat=True)
    )
    for name, address in wanted:
        known = people_actions.know_sender(
            email=address, name=name, language=thread.language, at=at
        )
        if known.customer_id not in there:
            there.add(known.customer_id)
            Participant.objects.create(
                conversation=thread, customer_id=known.customer_id, added_at=at
            )


@action
def prepare_side_mail(*, side_id: int, recipients: Addresses, at: datetime, by: int) -> None:
    """Make sure that a mail may go to these people in a side conversation, and let them answer.

    Raises SideIsClosed, CustomerInSide, NotFound.
    """
    side = _locked(side_id)
    if side.closed_at is not None:
        raise SideIsClosed(side_id=side_id)
    refuse_customers(locked(side.conversation_id), recipients)
    admit(side.thread, recipients, at=at)


def _locked(side_id: int) -> SideConversation:
    found = (
        SideConversation.objects.select_for_update(of=("self",))
        .select_related("thread", "conversation", "follow_up")
        .filter(thread_id=side_id)
        .first()
    )
    if found is None:
        raise NotFound(side_id=side_id)
    return found


def note_received(thread: Conversation, message: Message, *, at: datetime) -> None:
    """They wrote: nothing is promised or acknowledged to them, and who owns the conversation has
    something to look at. What a machine wrote (out of office) is only kept.
    """
    side = _locked(thread.pk)
    if side.unread_since is None and not message.is_automatic:
        side.unread_since = message.at
        side.save(update_fields=["unread_since"])
    came = SideReplyReceived(
        conversation_id=side.conversation_id, side_id=thread.pk, message_id=message.pk
    )
    _publish(side, came, at=at, actor=ref("customer", message.author_customer_id or 0))


def note_handed_over(
    thread: Conversation,
    message: Message,
    *,
    at: datetime,
    promised: tuple[Kind, datetime] | None,
) -> None:
    """A mail of it left: what was to be followed up is; a new follow-up may be promised in it."""
    side = _locked(thread.pk)
    thread.last_outbound_at = at
    thread.save(update_fields=["last_outbound_at"])
    side.unread_since = None
    _followed_up(side, at=at, by=message.author_agent_id)
    if promised is not None:
        main = locked(side.conversation_id)
        made = promises.make_promise(
            kind=Kind.FOLLOW_UP,
            subject_ref=ref("conversation", main.pk),
            owner=owner_of(main),
            customer_id=main.customer_id,
            channel=main.channel,
            due_at=promised[1],
            at=at,
            actor=actor_of(message.author_agent_id),
        )
        side.follow_up = made
        _mirror(main)
    side.save(update_fields=["unread_since", "follow_up"])
    left = SideMailHandedOver(
        conversation_id=side.conversation_id, side_id=thread.pk, message_id=message.pk
    )
    _publish(side, left, at=at, actor=actor_of(message.author_agent_id))


def _followed_up(side: SideConversation, *, at: datetime, by: int | None) -> None:
    owed = side.follow_up
    if owed is None or owed.state != PromiseState.OPEN.value:
        return
    promises.settle_promise(
        promise_id=owed.pk, at=at, by=by, evidence_ref=ref("conversation", side.thread_id)
    )
    _mirror(locked(side.conversation_id))


def _mirror(conversation: Conversation) -> None:
    fields: list[str] = []
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)


def note_not_delivered(thread: Conversation, message: Message, *, at: datetime) -> None:
    """A mail of it came back: somebody has to look at it."""
    side = _locked(thread.pk)
    side.unread_since = side.unread_since or at
    side.save(update_fields=["unread_since"])
    failed = SideMailNotDelivered(
        conversation_id=side.conversation_id, side_id=thread.pk, message_id=message.pk
    )
    _publish(side, failed, at=at, actor="system")


@action
def read_side(*, side_id: int, by: int) -> None:
    """Say that what came in it was read. Raises NotFound."""
    side = _locked(side_id)
    if side.unread_since is not None:
        side.unread_since = None
        side.save(update_fields=["unread_since"])


@action
def close_side(*, side_id: int, at: datetime, by: int) -> None:
    """Expect nothing more of it; what was to be followed up is. Raises SideIsClosed, NotFound.
    Publishes SideConversationClosed.
    """
    side = _locked(side_id)
    if side.closed_at is not None:
        raise SideIsClosed(side_id=side_id)
    side.closed_at, side.closed_by_agent_id, side.unread_since = at, by, None
    side.save(update_fields=["closed_at", "closed_by_agent", "unread_since"])
    _followed_up(side, at=at, by=by)
    _set_state(side, State.RESOLVED)
    closed = SideConversationClosed(conversation_id=side.conversation_id, side_id=side_id)
    _publish(side, closed, at=at, actor=actor_of(by))


@action
def reopen_side(*, side_id: int, at: datetime, by: int) -> None:
    """Go on with it; nothing happens when it is open. Raises NotFound. Publishes
    SideConversationReopened.
    """
    side = _locked(side_id)
    if side.closed_at is None:
        return
    side.closed_at = side.closed_by_agent = None
    side.save(update_fields=["closed_at", "closed_by_agent"])
    _set_state(side, State.OPEN)
    reopened = SideConversationReopened(conversation_id=side.conversation_id, side_id=side_id)
    _publish(side, reopened, at=at, actor=actor_of(by))


def _set_state(side: SideConversation, state: State) -> None:
    Conversation.objects.filter(pk=side.thread_id).update(state=state.value)
