"""What conversations do when something happens to promises or people."""

from __future__ import annotations

from esmero.conversations.actions import give_back_work, hand_on_if_away, mirror_promises
from esmero.conversations.events import ConversationReopened
from esmero.kernel.errors import NotFound
from esmero.kernel.events import Happened, react
from esmero.kernel.refs import id_of
from esmero.people.events import AbsenceBegan, AgentDeactivated
from esmero.promises.enums import State
from esmero.promises.events import PromiseHalfway, PromiseSettled


@react(PromiseSettled, "conversations.mirror_broken")
def mirror_broken(event: Happened) -> None:
    """A promise that the watch let break shows as broken in the list."""
    conversation_id = id_of(event.data["subject_ref"], "conversation")
    if conversation_id is None or event.data["state"] != State.BROKEN.value:
        return
    try:
        mirror_promises(conversation_id=conversation_id)
    except NotFound:
        return  # the suspected conversation it belonged to was emptied


@react(AbsenceBegan, "conversations.give_back_work")
def give_back(event: Happened) -> None:
    """An absent agent's work goes to the substitute or back to the queue."""
    give_back_work(
        agent_id=event.data["agent_id"],
        substitute_id=event.data["substitute_id"],
        at=event.at,
    )


@react(AgentDeactivated, "conversations.give_back_work_of_leaver")
def give_back_of_leaver(event: Happened) -> None:
    """Who left keeps nothing that ticks."""
    give_back_work(agent_id=event.data["agent_id"], substitute_id=None, at=event.at)


@react(ConversationReopened, "conversations.hand_on_reopened")
def hand_on_reopened(event: Happened) -> None:
    """What comes to life again while its owner is away is not hers to keep."""
    _hand_on(event.data["conversation_id"], event)


@react(PromiseHalfway, "conversations.hand_on_halfway")
def hand_on_halfway(event: Happened) -> None:
    """An owner who is away loses it when she would be warned, however she came to own it."""
    conversation_id = id_of(event.data["subject_ref"], "conversation")
    if conversation_id is not None:
        _hand_on(conversation_id, event)


def _hand_on(conversation_id: int, event: Happened) -> None:
    try:
        hand_on_if_away(conversation_id=conversation_id, at=event.at)
    except NotFound:
        return  # emptied meanwhile
