"""Telling a customer that our word will not hold before it breaks, and what takes its place."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db import transaction

from esmero.channels import queries
from esmero.channels.actions import outbox
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.kernel.refs import id_of
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Initiative, Kind, State
from esmero.promises.errors import AlreadyMoved, PromiseOverdue
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.promises.models import Promise

LATE_NOTICE: Final = "late_notice"
# What a customer was told about and waits for; the rest is between other rooms.
_TOLD = frozenset({Kind.ANSWER.value, Kind.UPDATE.value, Kind.SOLVE.value, Kind.CALL.value})


class Warned(StrEnum):
    """What came of the wish to warn a customer."""

    TOLD = "told"  # a new time is promised and the notice is on its way
    NOT_NEEDED = "not_needed"  # settled meanwhile, or an answer is leaving just now
    MOVED_BEFORE = "moved_before"  # one automatic move a chain: now a person must write
    NOT_REACHABLE = "not_reachable"  # no address, or too many automatic mails in a day
    OVERDUE = "overdue"  # too late: it breaks


class _NotTold(Exception):
    """The notice may not go, so the promise must not move."""


@action
def warn_customer(*, promise_id: int, at: datetime) -> Warned:
    """Move a promise that is about to break and tell its customer, in one transaction; or neither.

    The old time counts as not kept. Publishes, through promises, PromiseRenegotiated and
    PromiseMade.
    """
    promise = promise_queries.promise(promise_id)
    conversation = _conversation_of(promise)
    if promise is None or conversation is None or promise.state != State.OPEN.value:
        return Warned.NOT_NEEDED
    if conversation.is_suspect or _is_reply_leaving(conversation.pk):
        return Warned.NOT_NEEDED
    if promise.automatic_moves:
        return Warned.MOVED_BEFORE
    to = _recipient(conversation)
    if to is None:
        return Warned.NOT_REACHABLE
    try:
        with transaction.atomic():
            successor_id = conversations.renegotiate(
                promise_id=promise_id,
                initiative=Initiative.OURS,
                due_at=None,
                at=at,
                by=None,
                is_automatic=True,
            )
            if not _enqueue(promise, successor_id, conversation, to, at=at):
                raise _NotTold
    except PromiseOverdue:
        return Warned.OVERDUE
    except AlreadyMoved:
        return Warned.MOVED_BEFORE
    except _NotTold:
        return Warned.NOT_REACHABLE
    return Warned.TOLD


@action
def apologise_after_outage(*, promise_id: int, at: datetime) -> int | None:
    """Promise anew what broke while we were away, and put the apology into the supervised batch.

    Returns the id of the notice; None when there is nobody to write to or nothing is owed any
    more. Publishes, through promises, PromiseMade.
    """
    promise = promise_queries.promise(promise_id)
    conversation = _conversation_of(promise)
    if promise is None or conversation is None or promise.state != State.BROKEN.value:
        return None
    if conversation.is_suspect or _is_reply_leaving(conversation.pk):
        return None
    successor_id = conversations.promise_again(promise_id=promise_id, at=at)
    to = _recipient(conversation)
    if successor_id is None or to is None:
        return None
    return _enqueue(promise, successor_id, conversation, to, at=at, is_batched=True)


def _conversation_of(promise: Promise | None) -> Conversation | None:
    if promise is None or promise.kind not in _TOLD:
        return None
    pk = id_of(promise.subject_ref, "conversation")
    return conversation_queries.conversation(pk) if pk else None


def _is_reply_leaving(conversation_id: int) -> bool:
    """Say whether an agent has pressed Send and the mail is held or on its way."""
    return Delivery.objects.filter(
        message__conversation_id=conversation_queries.survivor_of(conversation_id),
        state__in=[DeliveryState.QUEUED.value, DeliveryState.HANDING_OVER.value],
        attempts__lte=1,
    ).exists()


def _recipient(conversation: Conversation) -> tuple[str, str] | None:
    """Return whom to write to: where the customer wrote from last, else their first address."""
    last = conversation_queries.last_of_customer(conversation)
    if last is not None and "@" in last.from_address:
        found = (last.from_name, last.from_address)
    else:
        known = (
            people.addresses_of(conversation.customer_id)
            .filter(kind=AddressKind.EMAIL.value)
            .first()
            if conversation.customer_id
            else None
        )
        if known is None:
            return None
        found = ("", known.value)
    return None if found[1].lower() in queries.own_addresses() else found


def _enqueue(
    promise: Promise,
    successor_id: int,
    conversation: Conversation,
    to: tuple[str, str],
    *,
    at: datetime,
    is_batched: bool = False,
) -> int | None:
    return outbox.enqueue_automatic(
        template=LATE_NOTICE,
        conversation_id=conversation.pk,
        to=to,
        language=conversation.language or the_shop().language,
        at=at,
        promise_id=successor_id,
        context={"variant": "outage" if is_batched else promise.kind},
        is_batched=is_batched,
    )
