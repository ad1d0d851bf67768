"""Suspected to be spam, or not after all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked, subjects
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.actions.receive import Received
from esmero.conversations.enums import Direction
from esmero.conversations.errors import NotSuspected
from esmero.conversations.events import MarkedAsSpam, SuspicionCleared
from esmero.conversations.models import Attachment, DraftFile
from esmero.kernel import events
from esmero.kernel.models import Blob
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind, Reason
from esmero.promises.enums import State as PromiseState

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.promises.models import Promise


@action
def clear_suspicion(*, conversation_id: int, at: datetime, by: int | None) -> Received:
    """Say that a suspected conversation is a real one: its answer is promised from receipt.

    When the time counted from receipt has already passed, the promise is due from now and marked
    late. A machine's mail is promised nothing. `by` None: the system. Raises NotSuspected,
    NotFound. Publishes SuspicionCleared and PromiseMade.
    """
    conversation = locked(conversation_id)
    if not conversation.is_suspect:
        raise NotSuspected(conversation_id=conversation_id)
    inbound = queries.messages_of(conversation_id).filter(direction=Direction.IN.value)
    message = inbound.filter(is_automatic=False).last()
    conversation.is_suspect = False
    fields = ["is_suspect"]
    answer, in_time = None, True
    if message is not None:
        conversation.awaits_reply_since = message.at
        fields.append("awaits_reply_since")
        answer, in_time = _promise_from_receipt(conversation, message.at, at=at, by=by)
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    promise_id = answer.pk if answer else None
    cleared = SuspicionCleared(conversation_id=conversation.pk, promise_id=promise_id)
    events.publish([(cleared, links(conversation))], at=at, actor=actor_of(by))
    return Received(
        conversation_id=conversation.pk,
        message_id=message.pk if message else 0,
        customer_id=conversation.customer_id or 0,
        promise_id=promise_id,
        due_at=answer.due_at if answer else None,
        is_new_conversation=True,
        acknowledges=answer is not None,
        apologises=not in_time,
    )


def _promise_from_receipt(
    conversation: Conversation, received_at: datetime, *, at: datetime, by: int | None
) -> tuple[Promise, bool]:
    """Promise the answer; say too whether the time counted from receipt is still to come."""
    owner = owner_of(conversation)
    told = promises.expected_due(
        kind=Kind.ANSWER,
        department_id=owner.department_id,
        channel=conversation.channel,
        customer_id=conversation.customer_id,
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
    return answer, in_time


@action
def mark_as_spam(*, conversation_id: int, at: datetime, by: int) -> None:
    """Put a conversation among the suspected: it was no contact, so nothing is owed. Raises
    NotFound.

    Publishes MarkedAsSpam and PromiseReleased for what was open in time; what is overdue breaks.
    """
    conversation = locked(conversation_id)
    for promise in promise_queries.open_promises_of(*subjects(conversation)):
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


@action
def empty_suspect(*, conversation_id: int) -> list[Blob]:
    """Delete a suspected conversation with all its messages and return the files that nobody
    refers to any more, for the caller to delete. Raises NotSuspected, NotFound.
    """
    conversation = locked(conversation_id)
    if not conversation.is_suspect:
        raise NotSuspected(conversation_id=conversation_id)
    sent = Attachment.objects.filter(message__conversation=conversation, blob__isnull=False)
    drafted = DraftFile.objects.filter(draft__conversation=conversation)
    blobs = {*sent.values_list("blob_id", flat=True), *drafted.values_list("blob_id", flat=True)}
    conversation.delete()
    used = {
        *Attachment.objects.filter(blob_id__in=blobs).values_list("blob_id", flat=True),
        *DraftFile.objects.filter(blob_id__in=blobs).values_list("blob_id", flat=True),
    }
    return list(Blob.objects.filter(pk__in=blobs - used).defer("data"))
