"""What the desk does by itself when something happens elsewhere."""

from __future__ import annotations

from esmero.conversations.events import ConversationOpened, SuspicionCleared
from esmero.desk import queries
from esmero.desk.actions import give_back_unanswered, route
from esmero.kernel.events import Happened, react
from esmero.promises.events import PromiseHalfway, PromisePressing


@react(ConversationOpened, "desk.route", when=queries.routes_anything)
def route_new(event: Happened) -> None:
    """The rules on arrival, and then the queue."""
    route(conversation_id=event.data["conversation_id"], at=event.at)


@react(SuspicionCleared, "desk.route_cleared")
def route_cleared(event: Happened) -> None:
    """What was no spam arrives now."""
    route(conversation_id=event.data["conversation_id"], at=event.at)


@react(PromiseHalfway, "desk.give_back")
def give_back(event: Happened) -> None:
    """Half is gone without an answer."""
    give_back_unanswered(promise_id=event.data["promise_id"], at=event.at)


@react(PromisePressing, "desk.give_back_late")
def give_back_late(event: Happened) -> None:
    """Of a short promise, or after a pause of ours, half is never said."""
    give_back_unanswered(promise_id=event.data["promise_id"], at=event.at)
