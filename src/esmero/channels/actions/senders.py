"""What the shop says about senders, and the end of suspected mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.channels import queries
from esmero.channels.actions import outbox
from esmero.channels.enums import Judgement
from esmero.channels.models import SenderRule
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.shop.queries import the_shop

SUSPECTS_KEPT = timedelta(days=30)


@action
def judge_sender(*, pattern: str, judgement: Judgement, at: datetime, by: int | None) -> None:
    """Block or trust an address or a domain (`@example.com`); `by` None: the system.

    Raises InvalidInput.
    """
    pattern = pattern.strip().lower()
    if "@" not in pattern or len(pattern) < 4 or " " in pattern:
        raise InvalidInput(field="pattern", value=pattern)
    SenderRule.objects.update_or_create(
        pattern=pattern,
        defaults={"judgement": judgement.value, "at": at, "by_agent_id": by},
    )
    queries.forget()
    actor = ref("agent", by) if by else "system"
    audit.record(at=at, actor=actor, action=f"sender.{judgement.value}")


@action
def unjudge_sender(*, rule_id: int, at: datetime, by: int) -> None:
    """Take a rule back."""
    SenderRule.objects.filter(pk=rule_id).delete()
    queries.forget()
    audit.record(at=at, actor=ref("agent", by), action="sender.unjudged")


@action
def clear_suspicion(
    *, conversation_id: int, at: datetime, by: int | None, trusts: bool = True
) -> None:
    """It is no spam: promise the answer from receipt, acknowledge it, and trust the sender.

    `by` None: the system. Raises NotSuspected, NotFound.
    """
    received = conversations.clear_suspicion(conversation_id=conversation_id, at=at, by=by)
    message = conversation_queries.last_inbound(conversation_id)
    if message is None or not message.from_address:
        return
    if trusts:
        judge_sender(pattern=message.from_address, judgement=Judgement.TRUST, at=at, by=by)
    if received.acknowledges and message.from_address.lower() not in queries.own_addresses():
        outbox.enqueue_automatic(
            template="acknowledgement",
            conversation_id=conversation_id,
            to=(message.from_name, message.from_address),
            language=message.language or the_shop().language,
            at=at,
            promise_id=received.promise_id,
            context={"apologises": received.apologises},
        )


@action
def clear_suspicion_of(*, message_id: int | None, at: datetime) -> bool:
    """Somebody took a mail out of the Junk folder: its conversation is no spam; say whether it was
    suspected.

    The sender is trusted, unless the shop has blocked them by name.
    """
    message = conversation_queries.message(message_id) if message_id else None
    if message is None or not message.conversation.is_suspect:
        return False
    is_blocked = queries.judgement_of(message.from_address) is Judgement.BLOCK
    clear_suspicion(conversation_id=message.conversation_id, at=at, by=None, trusts=not is_blocked)
    return True


@action
def mark_as_spam(
    *, conversation_id: int, at: datetime, by: int, blocks: Judgement | None = None
) -> None:
    """It is spam; with `blocks` its sender's address is blocked too. Raises NotFound."""
    conversations.mark_as_spam(conversation_id=conversation_id, at=at, by=by)
    message = conversation_queries.last_inbound(conversation_id)
    if blocks is Judgement.BLOCK and message is not None and message.from_address:
        judge_sender(pattern=message.from_address, judgement=Judgement.BLOCK, at=at, by=by)
