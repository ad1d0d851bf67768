"""Outgoing mail: wished in the domain's transaction, handed over once, its fate known or said."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from esmero.channels import queries
from esmero.channels.enums import DeliveryState
from esmero.channels.errors import NotHeld
from esmero.channels.models import Delivery, Mailbox
from esmero.channels.rules import addressing
from esmero.channels.rules.repeating import AUTOMATIC_A_DAY
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Delivery as Shown
from esmero.kernel import jobs, signing, written
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.transactions import action

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_ONCE = re.compile(r"[a-z0-9]{10,40}")
REPEATS_MOST = 1
# Why a reply did not leave: in its hold, and before the time that was chosen for it.
OVERTAKEN = frozenset({"something_new_arrived", "customer_wrote"})


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mail is handed over: a mailbox's own server, or the deployment's (`kind`
    default).
    """

    kind: str  # mailbox, default, outbox
    mailbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A mail that is marked as being handed over: whoever holds this must say what became
    of it.
    """

    delivery_id: int
    mail_from: str
    recipients: list[str]
    data: bytes
    account: Account
    is_automatic: bool


def new_once() -> str:
    """Return 14 random letters and digits: the name of one wish to send."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(14))


def new_message_id(conversation_id: int, domain: str, *, nonce: str = "") -> str:
    """Return a fresh signed Message-ID (50 random bits beside the signature's 128)."""
    nonce = nonce or new_once()
    value = addressing.message_id_value(conversation_id, nonce)
    signature = signing.sign(addressing.FOR_MESSAGE_ID, value)
    return addressing.message_id(conversation_id, nonce, signature, domain)


def _sender_of(conversation: Conversation | None) -> Mailbox | None:
    box = queries.mailbox_of_inbox_ref(conversation.inbox_ref) if conversation else None
    return box or Mailbox.objects.filter(is_active=True).order_by("id").first()


def domain_of(box: Mailbox | None) -> str:
    """Return the right side of the Message-IDs of mail that a mailbox sends."""
    return box.address.rpartition("@")[2] if box else "localhost.localdomain"


@action
def send_reply(*, reply: conversations.Reply, at: datetime, once: str = "") -> int:
    """Send what an agent wrote: message and delivery row in one transaction; return the delivery's
    id.

    It leaves when its undo time is over. `once` (of `new_once`) names the wish: a double click, or
    the same form from two tabs, sends once, and the second gets the first one's delivery. Raises
    what `write_reply` raises, InvalidInput.
    """
    if once and not _ONCE.fullmatch(once):
        raise InvalidInput(field="once")
    conversation = conversations.lock_conversation(reply.conversation_id)
    box = _sender_of(conversation)
    header = new_message_id(reply.conversation_id, domain_of(box), nonce=once)
    sent = queries.delivery_by_header(header) if once else None
    if sent is not None and sent.state != DeliveryState.CANCELLED.value:
        return sent.pk
    if sent is not None:  # taken back, and now wished for again
        header = new_message_id(reply.conversation_id, domain_of(box))
    written = conversations.write_reply(reply=replace(reply, message_id=header), at=at)
    everyone = [a for _, a in (*reply.to, *reply.cc, *reply.bcc)]
    delivery = Delivery.objects.create(
        conversation_id=reply.conversation_id,
        message_id=written.message_id,
        mailbox=box,
        language=conversation.language,
        recipients=list(dict.fromkeys(everyone)),
        message_header=header,
        created_at=at,
        not_before=written.hold_until,
    )
    jobs.wake_after_commit("deliveries")
    return delivery.pk


@action
def undo_send(*, message_id: int, agent_id: int, at: datetime) -> None:
    """Take a reply back while it is held: it becomes the draft again. Raises NotHeld, NotFound."""
    delivery = Delivery.objects.select_for_update().filter(message_id=message_id).first()
    if delivery is None:
        raise NotFound(message_id=message_id)
    if delivery.state != DeliveryState.QUEUED.value or delivery.attempts:
        raise NotHeld(message_id=message_id, state=delivery.state)
    _back_to_draft(delivery, at=at, note="undone", agent_id=agent_id)


def _back_to_draft(delivery: Delivery, *, at: datetime, note: str, agent_id: int | None) -> None:
    message = delivery.message
    assert message is not None  # noqa: S101  callers hold an agent's mail
    delivery.state = DeliveryState.CANCELLED.value
    delivery.error = note
    delivery.save(update_fields=["state", "error"])
    conversations.note_delivery(message_id=message.pk, delivery=Shown.CANCELLED, note=note)
    writer = message.author_agent_id or agent_id
    if writer is not None:
        conversations.restore_draft(
            message_id=message.pk, agent_id=writer, at=at, is_stopped=note in OVERTAKEN
        )


@action
def stop_scheduled(*, conversation_id: int, at: datetime) -> int:
    """The customer wrote before a scheduled reply left: each is its writer's draft again, and she
    is told; return how many. Publishes ReplyStopped.
    """
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(
        conversation_id=conversation_id,
        state=DeliveryState.QUEUED.value,
        attempts=0,
        message__delivery=Shown.SCHEDULED.value,
    )
    found = list(waiting.order_by("id"))
    for delivery in found:
        _back_to_draft(delivery, at=at, note="customer_wrote", agent_id=None)
    return len(found)


@action
def enqueue_automatic(
    *,
    template: str,
    conversation_id: int,
    to: tuple[str, str],
    language: str,
    at: datetime,
    promise_id: int | None = None,
    context: dict[str, Any] | None = None,
    is_batched: bool = False,
) -> int | None:
    """Wish for an automatic mail and return its id; None when the loop guard says no.

    At most three automatic mails go to one address in 24 hours, whatever it does. `context` holds
    ids, numbers and codes; the words are made when it is sent.
    """
    address = to[1].lower()
    since = at - timedelta(hours=24)
    if queries.automatic_mails_to(address, since=since) >= AUTOMATIC_A_DAY:
        return None
    box = _sender_of(conversation_queries.conversation(conversation_id))
    return enqueue(
        template=template,
        conversation_id=conversation_id,
        to=to,
        language=language,
        at=at,
        promise_id=promise_id,
        context=context or {},
        state=DeliveryState.BATCH if is_batched else DeliveryState.QUEUED,
        box=box,
    )


def enqueue(
    *,
    template: str,
    conversation_id: int | None,
    to: tuple[str, str],
    language: str,
    at: datetime,
    promise_id: int | None,
    context: dict[str, Any],
    state: DeliveryState = DeliveryState.QUEUED,
    box: Mailbox | None,
    is_counted: bool = True,
) -> int:
    """Write an automatic delivery's row, its Message-ID fixed, in the caller's transaction.

    Not `is_counted`: it is not one of the few that an address may get in a day.
    """
    delivery = Delivery(
        conversation_id=conversation_id,
        promise_id=promise_id,
        mailbox=box,
        template=template,
        context={**context, "to_name": to[0]},
        language=language,
        is_automatic=True,
        recipients=[to[1]],
        counted_to=to[1].lower() if is_counted else None,
        message_header=new_message_id(conversation_id or 0, domain_of(box)),
        state=state.value,
        created_at=at,
        not_before=at,
    )
    written.insert(delivery)
    if state is DeliveryState.QUEUED:
        jobs.wake_after_commit("deliveries")
    return delivery.pk


@action
def release_batch(*, delivery_ids: Iterable[int], at: datetime, by: int) -> int:
    """Let late notices go that waited for a supervisor; return how many."""
    changed = Delivery.objects.filter(
        pk__in=list(delivery_ids), state=DeliveryState.BATCH.value
    ).update(state=DeliveryState.QUEUED.value, not_before=at, released_by_id=by)
    jobs.wake_after_commit("deliveries")
    return changed


@action
def drop_batch(*, delivery_ids: Iterable[int], by: int) -> int:
    """Decide that late notices are not sent after all; return how many."""
    return Delivery.objects.filter(
        pk__in=list(delivery_ids), state=DeliveryState.BATCH.value
    ).update(state=DeliveryState.CANCELLED.value, released_by_id=by, error="not_sent")
