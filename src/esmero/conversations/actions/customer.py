"""What a customer does on the page of a conversation, beside writing."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.actions._locked import locked, subjects
from esmero.conversations.actions.organise import close
from esmero.conversations.actions.promise import mirror
from esmero.conversations.enums import State
from esmero.conversations.errors import AlreadyResolved
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind, Reason


@action
def resolve_by_customer(*, conversation_id: int, at: datetime) -> None:
    """The customer says that it is solved: what is open in time is let go of at her wish.

    What is overdue breaks: she had to wait for it. Raises AlreadyResolved, NotFound. Publishes
    ConversationResolved, and through promises PromiseReleased or PromiseSettled.
    """
    conversation = locked(conversation_id)
    if conversation.state == State.RESOLVED.value:
        raise AlreadyResolved(conversation_id=conversation_id)
    actor = ref("customer", conversation.customer_id) if conversation.customer_id else "system"
    for promise in promise_queries.open_promises_of(*subjects(conversation)):
        if promise.due_at < at:
            promises.break_promise(promise_id=promise.pk, at=at)
        elif promise.kind != Kind.UPDATE.value:
            promises.release_promise(
                promise_id=promise.pk, reason=Reason.WITHDRAWN, at=at, actor=actor
            )
    conversation.awaits_reply_since = None
    fields = ["awaits_reply_since"]
    close(conversation, at=at, by=None, reason="customer", fields=fields)
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
