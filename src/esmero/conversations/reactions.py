"""What conversations do when something happens to promises or people."""

from __future__ import annotations

from esmero.conversations.actions import give_back_work, mirror_promises
from esmero.kernel.errors import NotFound
from esmero.kernel.events import Happened, react
from esmero.kernel.refs import id_of
from esmero.people.events import AbsenceBegan
from esmero.promises.enums import State
from esmero.promises.events import PromiseSettled


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
