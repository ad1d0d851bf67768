"""Some messages of a conversation go to a new one, and come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked, rows_locked, subjects
from esmero.conversations.actions.merging import join, reckon, unanswered
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Delivery, Direction, MoveKind, State
from esmero.conversations.errors import AlreadyUndone, CannotSplit
from esmero.conversations.events import ConversationSplit, ConversationSplitUndone
from esmero.conversations.models import Conversation, Message, Move, MovedMessage, Participant
from esmero.kernel import events
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind, Reason

_LEAVING = (Delivery.HELD.value, Delivery.SENDING.value, Delivery.UNCERTAIN.value)


@action
def split_conversation(
    *, conversation_id: int, message_ids: Iterable[int], subject: str = "", at: datetime, by: int
) -> int:
    """Put some messages into a new conversation and return its id.

    A question among them that waits for our answer has an answer of its own there, due when the
    first was (after that time: by the standard, in the same chain). Where no question stays behind
    the first promise is let go of as a duplicate of the new one; it breaks when its time has
    passed. Raises CannotSplit, NotFound. Publishes ConversationSplit and, through promises,
    PromiseMade, PromiseReleased or PromiseSettled.
    """
    conversation = locked(conversation_id)
    wanted = set(message_ids)
    chosen = list(
        Message.objects.filter(
            pk__in=wanted, conversation=conversation, is_withdrawn=False
        ).order_by("at", "id")
    )
    _refuse(conversation, wanted, chosen)
    waiting = unanswered(conversation)
    new = _opened(conversation, chosen, subject=subject)
    move = Move.objects.create(
        kind=MoveKind.SPLIT.value, source=conversation, target=new, at=at, by_agent_id=by
    )
    MovedMessage.objects.bulk_create(MovedMessage(move=move, message=m) for m in chosen)
    Message.objects.filter(pk__in=[m.pk for m in chosen]).update(conversation=new)
    asked = [m for m in chosen if m.pk in waiting]
    left = [pk for pk in waiting if pk not in wanted]
    if asked:
        new.awaits_reply_since = asked[0].at
        _promise_of_its_own(conversation, new, is_last=not left, at=at, by=by)
        conversation.awaits_reply_since = (
            Message.objects.filter(pk=left[0]).values_list("at", flat=True).get() if left else None
        )
    for row in (conversation, new):
        reckon(row)
        fields = [
            "message_count", "last_message_at", "last_inbound_at", "last_outbound_at", "excerpt",
            "has_failure", "awaits_reply_since",
        ]  # fmt: skip
        mirror(row, fields=fields)
        row.save(update_fields=fields)
    split = ConversationSplit(
        conversation_id=conversation.pk, new_id=new.pk, move_id=move.pk, messages=len(chosen)
    )
    refs = [*links(conversation), *links(new)]
    events.publish([(split, refs)], at=at, actor=actor_of(by))
    return new.pk


def _refuse(conversation: Conversation, wanted: set[int], chosen: list[Message]) -> None:
    why = ""
    talk = Message.objects.filter(conversation=conversation, is_withdrawn=False)
    talk = talk.exclude(direction=Direction.NOTE.value)
    if not wanted:
        why = "nothing"
    elif len(chosen) != len(wanted):
        why = "moved"
    elif any(m.delivery in _LEAVING for m in chosen):
        why = "leaving"
    elif not any(m.direction == Direction.IN.value for m in chosen):
        why = "nothing"
    elif not talk.exclude(pk__in=wanted).exists():
        why = "everything"
    if why or conversation.is_side or conversation.is_suspect:
        raise CannotSplit(conversation_id=conversation.pk, why=why or "nothing")


def _opened(conversation: Conversation, chosen: list[Message], *, subject: str) -> Conversation:
    """Return the new conversation: of whoever wrote first in it, else of the same customer."""
    writers = list(dict.fromkeys(m.author_customer_id for m in chosen if m.author_customer_id))
    waits = conversation.awaits_reply_since is not None
    first = next(m for m in chosen if m.direction == Direction.IN.value)
    new = Conversation.objects.create(
        kind=conversation.kind,
        subject=one_line(storable(subject), 300) or first.subject or conversation.subject,
        customer_id=writers[0] if writers else conversation.customer_id,
        department_id=conversation.department_id,
        owner_agent_id=conversation.owner_agent_id,
        channel=first.channel,
        inbox_ref=conversation.inbox_ref,
        language=conversation.language,
        state=State.OPEN.value if waits else conversation.state,
        opened_at=chosen[0].at,
        last_message_at=chosen[-1].at,
    )
    Participant.objects.bulk_create(
        Participant(conversation=new, customer_id=pk, added_at=new.opened_at)
        for pk in dict.fromkeys([*writers, new.customer_id])
        if pk is not None
    )
    return new


def _promise_of_its_own(
    conversation: Conversation, new: Conversation, *, is_last: bool, at: datetime, by: int
) -> None:
    first = promise_queries.open_answer_of(*subjects(conversation))
    in_time = first is not None and first.due_at > at
    ended = None
    if not in_time:
        ended = first or promise_queries.last_ended_of(*subjects(conversation))
    if first is not None and is_last and not in_time:
        promises.break_promise(promise_id=first.pk, at=at)
    made = promises.make_promise(
        kind=Kind.ANSWER,
        subject_ref=ref("conversation", new.pk),
        owner=owner_of(new),
        customer_id=new.customer_id,
        channel=new.channel,
        due_at=first.due_at if first is not None and in_time else None,
        at=at,
        actor=actor_of(by),
        told_by=first.told_by if first is not None and in_time else "",
        predecessor=ended if ended is not None and ended.kind == Kind.ANSWER.value else None,
    )
    if first is not None and is_last and in_time:
        promises.release_promise(
            promise_id=first.pk,
            reason=Reason.DUPLICATE,
            at=at,
            actor=actor_of(by),
            evidence_ref=ref("promise", made.pk),
        )


@action
def undo_split(*, move_id: int, at: datetime, by: int | None) -> int:
    """Bring split-off messages back, with all that was written there since; return the id of the
    conversation they came from.

    The new conversation becomes part of it: its number leads there, and what is owed under it is
    still owed. That can be undone in turn. Raises AlreadyUndone, NotFound. Publishes
    ConversationSplitUndone.
    """
    move = Move.objects.filter(pk=move_id, kind=MoveKind.SPLIT.value).first()
    if move is None:
        raise NotFound(move_id=move_id)
    kept_id = queries.survivor_of(move.source_id)
    gone_id = queries.survivor_of(move.target_id)
    rows = rows_locked(kept_id, gone_id)
    move = Move.objects.select_for_update().get(pk=move_id)
    kept, gone = rows[kept_id], rows[gone_id]
    if move.undone_at is not None or kept_id == gone_id:
        raise AlreadyUndone(move_id=move_id)
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise NotFound(move_id=move_id)  # merged on, in this very moment
    move.undone_at, move.undone_by_agent_id = at, by
    move.save(update_fields=["undone_at", "undone_by_agent"])
    _, happened = join(kept, gone, at=at, by=by, shares=True)
    undone = ConversationSplitUndone(conversation_id=kept.pk, new_id=gone.pk, move_id=move.pk)
    refs = [*links(kept), *links(gone)]
    events.publish([(undone, refs), *happened], at=at, actor=actor_of(by))
    return kept.pk
