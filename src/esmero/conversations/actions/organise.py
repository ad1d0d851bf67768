"""Who owns a conversation, whose turn it is, and whether it is in sight."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Direction, Kind, OpenPromise, State
from esmero.conversations.errors import (
    AlreadyResolved,
    EmptyMessage,
    NotResolved,
    PromiseStillOpen,
    SnoozeInThePast,
)
from esmero.conversations.events import (
    ConversationAssigned,
    ConversationReopened,
    ConversationResolved,
    ConversationSnoozed,
    ConversationWaiting,
    ConversationWoken,
    NoteWritten,
    WorkGivenBack,
)
from esmero.conversations.models import Closure, Conversation, Draft, Message, Snooze
from esmero.kernel import events
from esmero.kernel.refs import ref
from esmero.kernel.text import storable
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import PAUSING, Reason
from esmero.promises.enums import Kind as PromiseKind


@action
def add_note(*, conversation_id: int, agent_id: int, text: str, at: datetime) -> int:
    """Write something that only the team sees, and return the message's id.

    Raises EmptyMessage, NotFound. Publishes NoteWritten.
    """
    conversation = locked(conversation_id)
    if not text.strip():
        raise EmptyMessage(conversation_id=conversation_id)
    note = Message.objects.create(
        conversation=conversation,
        direction=Direction.NOTE.value,
        channel=conversation.channel,
        at=at,
        author_agent_id=agent_id,
        text=storable(text),
    )
    Draft.objects.filter(conversation=conversation, agent_id=agent_id, mode="note").delete()
    Conversation.objects.filter(pk=conversation.pk).update(message_count=F("message_count") + 1)
    written = NoteWritten(conversation_id=conversation.pk, message_id=note.pk)
    events.publish([(written, links(conversation))], at=at, actor=actor_of(agent_id))
    return note.pk


@action
def assign_conversation(
    *,
    conversation_id: int,
    agent_id: int | None,
    department_id: int | None = None,
    at: datetime,
    by: int | None,
    why: str = "",
) -> None:
    """Give a conversation to an agent (None: to its department), or to another department.

    Its open promises go with it and keep their times. Raises NotFound. Publishes
    ConversationAssigned and PromiseReassigned.
    """
    conversation = locked(conversation_id)
    target = department_id or conversation.department_id
    if conversation.owner_agent_id == agent_id and conversation.department_id == target:
        return
    conversation.owner_agent_id, conversation.department_id = agent_id, target
    conversation.save(update_fields=["owner_agent_id", "department_id"])
    promises.reassign_promises(
        subject_ref=ref("conversation", conversation.pk),
        owner=owner_of(conversation),
        at=at,
        actor=actor_of(by),
    )
    assigned = ConversationAssigned(
        conversation_id=conversation.pk,
        agent_id=agent_id,
        department_id=conversation.department_id,
        why=why,
    )
    events.publish([(assigned, links(conversation))], at=at, actor=actor_of(by))


@action
def change_kind(*, conversation_id: int, kind: Kind, by: int) -> None:
    """Say what a conversation is about. Raises NotFound."""
    conversation = locked(conversation_id)
    conversation.kind = kind.value
    conversation.save(update_fields=["kind"])


@action
def resolve_conversation(
    *,
    conversation_id: int,
    at: datetime,
    by: int,
    open_promise: OpenPromise | None = None,
    evidence: str = "",
    reason: Reason | None = None,
) -> None:
    """Resolve. With a promise still open, `open_promise` says what becomes of it.

    ANSWERED settles it with `evidence` (what shows it: a call, an outside mail); RELEASE lets it
    go for `reason`; KEEP leaves it ticking. Raises PromiseStillOpen, AlreadyResolved, NotFound and
    what promises refuses. Publishes ConversationResolved.
    """
    conversation = locked(conversation_id)
    if conversation.state == State.RESOLVED.value:
        raise AlreadyResolved(conversation_id=conversation_id)
    owed = list(promise_queries.open_promises_of(ref("conversation", conversation_id)))
    # Resolving is what `solve` promised, and says where the matter stands as `update` did.
    owed = [p for p in owed if PromiseKind(p.kind) not in PAUSING]
    fields: list[str] = []
    if owed and open_promise is None:
        raise PromiseStillOpen(promise_id=owed[0].pk, kind=owed[0].kind)
    if open_promise is OpenPromise.ANSWERED:
        for promise in owed:
            promises.settle_promise(
                promise_id=promise.pk, at=at, by=by, evidence_ref=evidence[:60]
            )
        conversation.awaits_reply_since = None
        fields.append("awaits_reply_since")
    elif open_promise is OpenPromise.RELEASE and reason is not None:
        for promise in owed:
            promises.release_promise(
                promise_id=promise.pk, reason=reason, at=at, actor=actor_of(by)
            )
        conversation.awaits_reply_since = None
        fields.append("awaits_reply_since")
    close(conversation, at=at, by=by, reason=reason.value if reason else "", fields=fields)
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)


def close(
    conversation: Conversation,
    *,
    at: datetime,
    by: int | None,
    reason: str,
    fields: list[str],
) -> None:
    """Set the locked row to resolved and write the closure; what it promised to do is done."""
    for promise in promise_queries.open_promises_of(ref("conversation", conversation.pk)):
        if PromiseKind(promise.kind) in PAUSING:
            promises.settle_promise(promise_id=promise.pk, at=at, by=by)
    conversation.state = State.RESOLVED.value
    conversation.has_failure = False
    fields += ["state", "has_failure"]
    _end_snooze(conversation, at=at, how="agent", fields=fields)
    closure = Closure.objects.create(
        conversation=conversation, at=at, by_agent_id=by, reason=reason
    )
    resolved = ConversationResolved(conversation_id=conversation.pk, closure_id=closure.pk)
    events.publish([(resolved, links(conversation))], at=at, actor=actor_of(by))


@action
def reopen_conversation(*, conversation_id: int, at: datetime, by: int) -> None:
    """Take up a resolved conversation again. Raises NotResolved. Publishes
    ConversationReopened.
    """
    conversation = locked(conversation_id)
    if conversation.state != State.RESOLVED.value:
        raise NotResolved(conversation_id=conversation_id)
    conversation.state, conversation.is_history = State.OPEN.value, False
    conversation.save(update_fields=["state", "is_history"])
    Closure.objects.filter(conversation=conversation, reopened_at=None).update(
        reopened_at=at, reopened_by_agent_id=by
    )
    reopened = ConversationReopened(conversation_id=conversation.pk, by_customer=False)
    events.publish([(reopened, links(conversation))], at=at, actor=actor_of(by))


@action
def mark_waiting(*, conversation_id: int, at: datetime, by: int) -> None:
    """The customer has the next word: solve and update pause. Raises PromiseStillOpen, NotFound.

    An answer never pauses, so it must have been given first. Publishes ConversationWaiting.
    """
    conversation = locked(conversation_id)
    answer = promise_queries.open_answer_of(ref("conversation", conversation_id))
    if answer is not None:
        raise PromiseStillOpen(promise_id=answer.pk, kind=answer.kind)
    fields: list[str] = []
    hold_back(conversation, at=at, actor=actor_of(by), fields=fields)
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
    waiting = ConversationWaiting(conversation_id=conversation.pk)
    events.publish([(waiting, links(conversation))], at=at, actor=actor_of(by))


def hold_back(conversation: Conversation, *, at: datetime, actor: str, fields: list[str]) -> None:
    """Set the locked row to waiting and release what pauses meanwhile."""
    for promise in promise_queries.open_promises_of(ref("conversation", conversation.pk)):
        if PromiseKind(promise.kind) in PAUSING and promise.due_at >= at:
            promises.release_promise(
                promise_id=promise.pk, reason=Reason.WAITING, at=at, actor=actor
            )
    conversation.state = State.WAITING.value
    fields.append("state")


@action
def snooze_conversation(*, conversation_id: int, until: datetime, at: datetime, by: int) -> None:
    """Take a conversation out of sight; its promises tick on. Raises SnoozeInThePast.

    Publishes ConversationSnoozed.
    """
    conversation = locked(conversation_id)
    if until <= at:
        raise SnoozeInThePast(until=until.isoformat())
    fields: list[str] = []
    _end_snooze(conversation, at=at, how="agent", fields=fields)
    conversation.snoozed_until = until
    conversation.save(update_fields=["snoozed_until"])
    Snooze.objects.create(conversation=conversation, until=until, at=at, by_agent_id=by)
    snoozed = ConversationSnoozed(conversation_id=conversation.pk, until=until.isoformat())
    events.publish([(snoozed, links(conversation))], at=at, actor=actor_of(by))


@action
def wake_conversation(*, conversation_id: int, at: datetime, by: int | None) -> None:
    """Bring a snoozed conversation back into sight. Publishes ConversationWoken."""
    conversation = locked(conversation_id)
    if conversation.snoozed_until is None:
        return
    fields: list[str] = []
    _end_snooze(conversation, at=at, how="agent" if by else "time", fields=fields)
    conversation.save(update_fields=fields)
    woken = ConversationWoken(conversation_id=conversation.pk)
    events.publish([(woken, links(conversation))], at=at, actor=actor_of(by))


@action
def wake_one(*, at: datetime) -> bool:
    """Wake one conversation whose time has come and say whether there was one."""
    row = (
        Conversation.objects.select_for_update(skip_locked=True)
        .filter(snoozed_until__lte=at)
        .order_by("snoozed_until")
        .first()
    )
    if row is None:
        return False
    wake_conversation(conversation_id=row.pk, at=at, by=None)
    return True


def _end_snooze(conversation: Conversation, *, at: datetime, how: str, fields: list[str]) -> None:
    if conversation.snoozed_until is None:
        return
    conversation.snoozed_until = None
    fields.append("snoozed_until")
    Snooze.objects.filter(conversation=conversation, ended_at=None).update(ended_at=at, end=how)


@action
def give_back_work(*, agent_id: int, substitute_id: int | None, at: datetime) -> int:
    """Hand on everything active of an agent who is away or has left; return how many
    conversations.

    To the substitute, unless she is away too; else to the queue of each conversation's department.
    Publishes ConversationAssigned for each, and WorkGivenBack.
    """
    taker_id = people.taker_of(substitute_id, at=at) if substitute_id else None
    owned = list(
        Conversation.objects.filter(owner_agent_id=agent_id)
        .exclude(state=State.RESOLVED.value)
        .order_by("id")
        .values_list("id", flat=True)
    )
    _give_back(owned, agent_id=agent_id, taker_id=taker_id, at=at)
    return len(owned)


@action
def hand_on_if_away(*, conversation_id: int, at: datetime) -> bool:
    """Take a conversation from an owner who is away or has left; say whether that was so.

    To her substitute, else to the queue. Raises NotFound. Publishes ConversationAssigned,
    WorkGivenBack.
    """
    conversation = locked(conversation_id)
    owner_id = conversation.owner_agent_id
    if owner_id is None or conversation.state == State.RESOLVED.value:
        return False
    taker_id = people.taker_of(owner_id, at=at)
    if taker_id == owner_id:
        return False
    _give_back([conversation_id], agent_id=owner_id, taker_id=taker_id, at=at)
    return True


def _give_back(owned: list[int], *, agent_id: int, taker_id: int | None, at: datetime) -> None:
    for conversation_id in owned:
        assign_conversation(
            conversation_id=conversation_id, agent_id=taker_id, at=at, by=None, why="absence"
        )
    if owned:
        given = WorkGivenBack(agent_id=agent_id, taker_id=taker_id, conversation_ids=owned)
        events.publish([(given, [ref("agent", agent_id)])], at=at, actor="system")
