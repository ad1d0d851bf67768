"""Two conversations become one, and their own again: messages move, promises and events stay.

Which messages moved is written down (`MovedMessage`), so that undoing is exact at any time. What
is owed stays owed under the number it was promised for; the one that stays answers for all of it
(`_locked.subjects`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Q

from esmero.conversations import queries
from esmero.conversations.actions._locked import (
    actor_of,
    links,
    rows_locked,
    subjects,
)
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Delivery, Direction, MoveKind, State
from esmero.conversations.errors import AlreadyUndone, CannotMergeConversations
from esmero.conversations.events import (
    ConversationMergeUndone,
    ConversationReopened,
    ConversationsMerged,
)
from esmero.conversations.models import (
    Closure,
    Conversation,
    Draft,
    DraftFile,
    Message,
    Move,
    MovedMessage,
    Participant,
    Snooze,
)
from esmero.conversations.rules import merging as rules
from esmero.kernel import events
from esmero.kernel.errors import NotFound
from esmero.kernel.ids import new_token
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries


@action
def merge_conversations(
    *,
    kept_id: int,
    merged_ids: Iterable[int],
    at: datetime,
    by: int | None,
    shares: bool = False,
) -> list[int]:
    """Make conversations part of the one that is kept, and return the ids of the moves.

    Their numbers and links lead there from now on; nothing owed is let go of. Different customers
    stay told apart: each takes part, and reads of the others' earlier messages only when the merge
    `shares` them. Raises CannotMergeConversations, NotFound. Publishes ConversationsMerged for
    each, and ConversationReopened when the one that is kept had been resolved.
    """
    wanted = list(dict.fromkeys(merged_ids))
    rows = rows_locked(kept_id, *wanted)
    kept = rows[kept_id]
    for row in rows.values():
        _refuse(row)
    if not wanted or kept_id in wanted:
        raise CannotMergeConversations(conversation_id=kept_id, why="itself")
    moves = []
    for pk in wanted:
        move, happened = join(kept, rows[pk], at=at, by=by, shares=shares)
        merged = ConversationsMerged(conversation_id=kept_id, merged_id=pk, move_id=move.pk)
        refs = [*links(kept), *links(rows[pk])]
        events.publish([(merged, refs), *happened], at=at, actor=actor_of(by))
        moves.append(move.pk)
    return moves


def _refuse(row: Conversation) -> None:
    why = ""
    if row.merged_into_id is not None:
        why = "merged"
    elif row.is_side:
        why = "side"
    elif row.is_suspect:
        why = "suspect"
    if why:
        raise CannotMergeConversations(conversation_id=row.pk, why=why)


def join(
    kept: Conversation, gone: Conversation, *, at: datetime, by: int | None, shares: bool
) -> tuple[Move, list[tuple[events.Event, list[str]]]]:
    """Make one locked row part of another; return the move, and what else has happened by it."""
    move = Move.objects.create(
        kind=MoveKind.MERGE.value,
        source=gone,
        target=kept,
        at=at,
        by_agent_id=by,
        is_shared=shares,
        state_before=gone.state,
        awaits_before=gone.awaits_reply_since,
    )
    ids = list(Message.objects.filter(conversation=gone).values_list("id", flat=True))
    MovedMessage.objects.bulk_create(MovedMessage(move=move, message_id=pk) for pk in ids)
    Message.objects.filter(pk__in=ids).update(conversation=kept)
    _bring_participants(kept, gone, move, at=at, by=by)
    _bring_drafts(kept, gone)
    happened: list[tuple[events.Event, list[str]]] = []
    fields = _as_both(kept, gone)
    turn = rules.turn_of_both(kept.state, gone.state)
    if turn.value != kept.state:
        was = State(kept.state)
        kept.state, kept.is_history = turn.value, False
        fields += ["state", "is_history"]
        if was is State.RESOLVED:
            Closure.objects.filter(conversation=kept, reopened_at=None).update(
                reopened_at=at, reopened_by_agent_id=by
            )
            reopened = ConversationReopened(conversation_id=kept.pk, by_customer=False)
            happened.append((reopened, links(kept)))
    kept.merged_ids = sorted({*kept.merged_ids, gone.pk, *gone.merged_ids})
    fields.append("merged_ids")
    _put_away(gone, into=kept, at=at)
    if kept.state == State.OPEN.value:
        resume(kept, at=at)
    _hand_promises(kept, [gone.pk, *gone.merged_ids], at=at, by=by)
    mirror(kept, fields=fields)
    kept.save(update_fields=list(dict.fromkeys(fields)))
    return move, happened


def _as_both(kept: Conversation, gone: Conversation) -> list[str]:
    """Let the row that stays show what both had; return the fields to save."""
    kept.message_count += gone.message_count
    kept.has_failure = kept.has_failure or gone.has_failure
    kept.last_inbound_at = rules.later(kept.last_inbound_at, gone.last_inbound_at)
    kept.last_outbound_at = rules.later(kept.last_outbound_at, gone.last_outbound_at)
    kept.awaits_reply_since = rules.earlier(kept.awaits_reply_since, gone.awaits_reply_since)
    if gone.last_message_at > kept.last_message_at:
        kept.last_message_at, kept.excerpt = gone.last_message_at, gone.excerpt
    fields = [
        "message_count", "has_failure", "last_inbound_at", "last_outbound_at",
        "awaits_reply_since", "last_message_at", "excerpt",
    ]  # fmt: skip
    if kept.owner_agent_id is None and gone.owner_agent_id is not None:
        kept.owner_agent_id = gone.owner_agent_id
        fields.append("owner_agent_id")
    return fields


def _put_away(gone: Conversation, *, into: Conversation, at: datetime) -> None:
    """Take a row out of all lists: it is part of another one now."""
    Snooze.objects.filter(conversation=gone, ended_at=None).update(ended_at=at, end="merge")
    gone.merged_into = into
    gone.state, gone.snoozed_until, gone.awaits_reply_since = State.RESOLVED.value, None, None
    gone.chip, gone.chip_at, gone.chip_made_at, gone.has_failure = "", None, None, False
    gone.message_count = 0
    gone.save(
        update_fields=[
            "merged_into", "state", "snoozed_until", "awaits_reply_since", "chip", "chip_at",
            "chip_made_at", "has_failure", "message_count",
        ]
    )  # fmt: skip


def _hand_promises(
    owner: Conversation, conversation_ids: Iterable[int], *, at: datetime, by: int | None
) -> None:
    """Let the owner of a conversation answer for what was promised under these numbers."""
    wanted = owner_of(owner)
    for pk in conversation_ids:
        subject = ref("conversation", pk)
        whose = promise_queries.open_promises_of(subject).values_list(
            "owner_agent_id", "department_id"
        )
        if any(pair != (wanted.agent_id, wanted.department_id) for pair in whose):
            promises.reassign_promises(
                subject_ref=subject, owner=wanted, at=at, actor=actor_of(by)
            )


def resume(conversation: Conversation, *, at: datetime) -> None:
    """Go on with what waited for the customer, with the business minutes it had left."""
    for waiting in promise_queries.waiting_of(*subjects(conversation)):
        promises.resume_promise(promise_id=waiting.pk, at=at, owner=owner_of(conversation))


def _bring_participants(
    kept: Conversation, gone: Conversation, move: Move, *, at: datetime, by: int | None
) -> None:
    there = {
        people.surviving(pk): pk
        for pk in Participant.objects.filter(conversation=kept).values_list(
            "customer_id", flat=True
        )
    }
    for one in Participant.objects.filter(conversation=gone, removed_at=None):
        known = there.get(people.surviving(one.customer_id))
        if known is None:
            Participant.objects.create(
                conversation=kept,
                customer_id=one.customer_id,
                added_at=at,
                added_by_agent_id=by,
                token=new_token(),
                reads_from=None if move.is_shared else at,
                move=move,
            )
            there[people.surviving(one.customer_id)] = one.customer_id
        else:
            Participant.objects.filter(
                conversation=kept, customer_id=known, removed_at__isnull=False
            ).update(removed_at=None, removed_by_agent=None, move=move)


def _bring_drafts(kept: Conversation, gone: Conversation) -> None:
    """Bring what somebody is writing along; where she writes in both, the one goes below."""
    for draft in Draft.objects.filter(conversation=gone).select_for_update():
        mine = Draft.objects.filter(
            conversation=kept, agent_id=draft.agent_id, mode=draft.mode
        ).first()
        if mine is None:
            draft.conversation = kept
            draft.save(update_fields=["conversation"])
            continue
        if draft.text.strip():
            mine.text = f"{mine.text.rstrip()}\n\n{draft.text}".strip()
            mine.save(update_fields=["text"])
        DraftFile.objects.filter(draft=draft).update(draft=mine)
        draft.delete()


@action
def undo_merge(*, move_id: int, at: datetime, by: int | None) -> int:
    """Make a merged conversation its own again and return its id.

    What was written since the merge stays with the one that was kept; what is still owed goes back
    with the number it was promised under. Raises AlreadyUndone, NotFound. Publishes
    ConversationMergeUndone.
    """
    move = Move.objects.filter(pk=move_id, kind=MoveKind.MERGE.value).first()
    if move is None:
        raise NotFound(move_id=move_id)
    root_id = queries.survivor_of(move.target_id)
    rows = rows_locked(root_id, move.target_id, move.source_id)
    move = Move.objects.select_for_update().get(pk=move_id)
    if move.undone_at is not None:
        raise AlreadyUndone(move_id=move_id)
    root, source = rows[root_id], rows[move.source_id]
    if root.merged_into_id is not None:  # merged on, in this very moment
        raise NotFound(move_id=move_id)
    move.undone_at, move.undone_by_agent_id = at, by
    move.save(update_fields=["undone_at", "undone_by_agent"])
    moved = MovedMessage.objects.filter(move=move).values("message_id")
    Message.objects.filter(pk__in=moved, conversation=root).update(conversation=source)
    Participant.objects.filter(move=move, removed_at=None).update(
        removed_at=at, removed_by_agent_id=by
    )
    leaving = {source.pk, *source.merged_ids}
    for row in rows.values():
        if row.pk != source.pk and leaving & set(row.merged_ids):
            row.merged_ids = [pk for pk in row.merged_ids if pk not in leaving]
            row.save(update_fields=["merged_ids"])
    _forget_between(move.target_id, root_id, leaving)
    answered = Message.objects.filter(
        conversation=root, direction=Direction.OUT.value, sent_at__gte=move.at
    ).exists()
    source.merged_into = None
    source.state = move.state_before or State.OPEN.value
    source.awaits_reply_since = None if answered else move.awaits_before
    reckon(source)
    _hand_promises(source, leaving, at=at, by=by)
    fields = [*_RECKONED, "merged_into", "state", "awaits_reply_since"]
    mirror(source, fields=fields)
    source.save(update_fields=fields)
    if root.awaits_reply_since is not None:
        root.awaits_reply_since = _unanswered_since(root)
    reckon(root)
    fields = [*_RECKONED, "awaits_reply_since"]
    mirror(root, fields=fields)
    root.save(update_fields=fields)
    undone = ConversationMergeUndone(conversation_id=root.pk, merged_id=source.pk, move_id=move.pk)
    events.publish([(undone, [*links(root), *links(source)])], at=at, actor=actor_of(by))
    return source.pk


def _forget_between(target_id: int, root_id: int, leaving: set[int]) -> None:
    """Between the one it was merged into and the one that stays there may be further ones."""
    pk: int | None = target_id
    while pk is not None and pk != root_id:
        row = Conversation.objects.filter(pk=pk).only("merged_ids", "merged_into_id").first()
        if row is None:
            return
        Conversation.objects.filter(pk=pk).update(
            merged_ids=[one for one in row.merged_ids if one not in leaving]
        )
        pk = row.merged_into_id


_RECKONED = (
    "message_count", "last_message_at", "last_inbound_at", "last_outbound_at", "excerpt",
    "has_failure",
)  # fmt: skip


def reckon(conversation: Conversation) -> None:
    """Set a row to what its messages say, after some of them came or went."""
    written = Message.objects.filter(conversation=conversation, is_withdrawn=False)
    conversation.message_count = written.count()
    inbound = Q(direction=Direction.IN.value)
    found = written.aggregate(
        inbound=Max("at", filter=inbound),
        outbound=Max("sent_at", filter=Q(direction=Direction.OUT.value)),
    )
    conversation.last_inbound_at = found["inbound"]
    conversation.last_outbound_at = found["outbound"]
    last = (
        written.exclude(direction=Direction.NOTE.value)
        .order_by("-at", "-id")
        .values_list("at", "text")
        .first()
    )
    if last is not None:
        conversation.last_message_at, conversation.excerpt = last[0], one_line(last[1], 160)
    conversation.has_failure = (
        written.filter(delivery__in=[Delivery.FAILED.value, Delivery.BOUNCED.value]).exists()
        and conversation.state != State.RESOLVED.value
    )


def _unanswered_since(conversation: Conversation) -> datetime | None:
    """Return when the customer wrote first after our last word; None when she did not."""
    written = Message.objects.filter(conversation=conversation, is_withdrawn=False)
    answered_at = (
        written.filter(direction=Direction.OUT.value, sent_at__isnull=False)
        .order_by("-sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )
    asked = written.filter(direction=Direction.IN.value, is_automatic=False)
    if answered_at is not None:
        asked = asked.filter(at__gt=answered_at)
    return asked.order_by("at", "id").values_list("at", flat=True).first()


def unanswered(conversation: Conversation) -> list[int]:
    """Return the ids of the customers' messages that wait for our answer, oldest first."""
    since = conversation.awaits_reply_since
    if since is None:
        return []
    return list(
        Message.objects.filter(
            conversation=conversation,
            direction=Direction.IN.value,
            is_automatic=False,
            at__gte=since,
        )
        .order_by("at", "id")
        .values_list("id", flat=True)
    )
