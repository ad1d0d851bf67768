"""What knowledge does when something happens in conversations, or to an article."""

from __future__ import annotations

from esmero.conversations.events import (
    MarkedAsSpam,
    MessageReceived,
    ReplyHandedOver,
    SuspicionCleared,
)
from esmero.kernel.events import Happened, react, react_in_bulk
from esmero.knowledge import actions
from esmero.knowledge.events import ArticlePublished, ArticleWithdrawn


def _asks(event: MessageReceived) -> bool:
    return event.is_first and not event.is_suspect and not event.is_history


@react_in_bulk(MessageReceived, "knowledge.question", only=_asks)
def asked(events: list[Happened]) -> None:
    """New conversations ask something."""
    actions.note_messages([(event.data["conversation_id"], event.at) for event in events])


@react(SuspicionCleared, "knowledge.cleared")
def cleared(event: Happened) -> None:
    """What was no spam asks something too."""
    actions.note_messages([(event.data["conversation_id"], event.at)])


@react(MarkedAsSpam, "knowledge.spam")
def spam(event: Happened) -> None:
    """Spam asks nothing."""
    actions.forget_conversation(conversation_id=event.data["conversation_id"])


@react(ReplyHandedOver, "knowledge.answered")
def answered(event: Happened) -> None:
    """A reply that points to an article was written from it."""
    data = event.data
    if data["agent_id"] is not None:
        actions.note_answered(message_id=data["message_id"], at=event.at)


@react(ArticlePublished, "knowledge.covered")
def published(event: Happened) -> None:
    """What was drafted of a candidate answers it from now on."""
    actions.cover_drafted(article_id=event.data["article_id"], at=event.at)


@react(ArticleWithdrawn, "knowledge.uncovered")
def withdrawn(event: Happened) -> None:
    """What an article answered is open again without it."""
    data = event.data
    actions.uncover(article_id=data["article_id"], language=data["language"])
