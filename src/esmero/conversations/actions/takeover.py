"""Taking a conversation over with courtesy: who writes in it is asked, and has a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.organise import assign_conversation
from esmero.conversations.enums import Doing, TakeoverOutcome
from esmero.conversations.errors import SomebodyAskedAlready, TakeoverOver
from esmero.conversations.events import TakeoverAsked, TakeoverEnded
from esmero.conversations.models import Conversation, Takeover
from esmero.conversations.reads import presence
from esmero.kernel import events, jobs
from esmero.kernel.errors import NotFound
from esmero.kernel.transactions import action

ANSWER_WITHIN = timedelta(seconds=60)
LOOP = "takeovers"


@action
def ask_takeover(*, conversation_id: int, by: int, at: datetime) -> int | None:
    """Take a conversation over, or ask the colleague who is writing in it; return the wish's id.

    Nobody writes: it is `by`'s at once, and None comes back. Asking again changes nothing. Raises
    SomebodyAskedAlready when another asked before, NotFound. Publishes TakeoverAsked or
    ConversationAssigned.
    """
    conversation = locked(conversation_id)
    waiting = presence.open_takeover(conversation_id)
    if waiting is not None and waiting.asker_id != by:
        raise SomebodyAskedAlready(conversation_id=conversation_id)
    if waiting is not None:
        return waiting.pk
    there = presence.present_in([conversation_id], at=at)[conversation_id]
    writing = [pk for pk, doing in there.items() if doing is Doing.WRITES and pk != by]
    if not writing:
        assign_conversation(conversation_id=conversation_id, agent_id=by, at=at, by=by)
        return None
    owner = conversation.owner_agent_id
    asked = owner if owner in writing and owner is not None else writing[0]
    wish = Takeover.objects.create(
        conversation=conversation, asker_id=by, asked_id=asked, at=at, until=at + ANSWER_WITHIN
    )
    said = TakeoverAsked(
        conversation_id=conversation_id, takeover_id=wish.pk, agent_id=by, asked_agent_id=asked
    )
    events.publish([(said, links(conversation))], at=at, actor=actor_of(by))
    jobs.wake_after_commit(LOOP)
    return wish.pk


@action
def answer_takeover(*, takeover_id: int, yields: bool, by: int, at: datetime) -> None:
    """The one who was asked gives the conversation away, or keeps it.

    Raises TakeoverOver, NotFound (also for everybody else). Publishes TakeoverEnded, and
    ConversationAssigned when she yields.
    """
    wish, conversation = _open(takeover_id)
    if wish.asked_id != by:
        raise NotFound(takeover_id=takeover_id)
    outcome = TakeoverOutcome.YIELDED if yields else TakeoverOutcome.REFUSED
    _end(wish, conversation, outcome, at=at, by=by)


@action
def withdraw_takeover(*, takeover_id: int, by: int, at: datetime) -> None:
    """The asker does not want it any more. Raises TakeoverOver, NotFound. Publishes
    TakeoverEnded.
    """
    wish, conversation = _open(takeover_id)
    if wish.asker_id != by:
        raise NotFound(takeover_id=takeover_id)
    _end(wish, conversation, TakeoverOutcome.WITHDRAWN, at=at, by=by)


@action
def end_takeover_one(*, at: datetime) -> bool:
    """Give one conversation to who asked and got no answer in time; say whether there was one."""
    due = Takeover.objects.filter(ended_at=None, until__lte=at).order_by("until").first()
    if due is None:
        return False
    try:
        wish, conversation = _open(due.pk)
    except TakeoverOver:  # answered in this moment
        return True
    _end(wish, conversation, TakeoverOutcome.TIMEOUT, at=at, by=None)
    return True


def next_takeover_at() -> datetime | None:
    """Return when the next wish without an answer is granted."""
    found = Takeover.objects.filter(ended_at=None).order_by("until")
    return found.values_list("until", flat=True).first()


def _open(takeover_id: int) -> tuple[Takeover, Conversation]:
    """Return a wish with its conversation, that one locked first as everywhere."""
    wish = presence.takeover(takeover_id)
    if wish is None:
        raise NotFound(takeover_id=takeover_id)
    conversation = locked(wish.conversation_id)
    wish = Takeover.objects.select_for_update().get(pk=takeover_id)
    if wish.ended_at is not None:
        raise TakeoverOver(takeover_id=takeover_id)
    return wish, conversation


def _end(
    wish: Takeover,
    conversation: Conversation,
    outcome: TakeoverOutcome,
    *,
    at: datetime,
    by: int | None,
) -> None:
    wish.ended_at, wish.outcome = at, outcome.value
    wish.save(update_fields=["ended_at", "outcome"])
    ended = TakeoverEnded(
        conversation_id=conversation.pk,
        takeover_id=wish.pk,
        agent_id=wish.asker_id,
        asked_agent_id=wish.asked_id,
        outcome=outcome.value,
    )
    events.publish([(ended, links(conversation))], at=at, actor=actor_of(by))
    if outcome in (TakeoverOutcome.YIELDED, TakeoverOutcome.TIMEOUT):
        assign_conversation(
            conversation_id=conversation.pk,
            agent_id=wish.asker_id,
            at=at,
            by=by,
            why="takeover",
        )
