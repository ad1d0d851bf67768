"""What happens while something is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class Mentioned(Event):
    """A note names a colleague."""

    kind: ClassVar[str] = "conversation.mentioned"
    conversation_id: int
    message_id: int
    mentioned_agent_id: int


@dataclass(frozen=True, slots=True)
class DraftShared(Event):
    """A colleague was asked to look at a draft and may go on in it."""

    kind: ClassVar[str] = "conversation.draft_shared"
    conversation_id: int
    draft_id: int
    shared_agent_id: int


@dataclass(frozen=True, slots=True)
class ReplyScheduled(Event):
    """A reply waits for a time that its writer chose. `leaves_at` is ISO 8601."""

    kind: ClassVar[str] = "conversation.reply_scheduled"
    conversation_id: int
    message_id: int
    leaves_at: str


@dataclass(frozen=True, slots=True)
class ReplyStopped(Event):
    """A reply did not leave: the customer wrote first. It is its writer's draft again."""

    kind: ClassVar[str] = "conversation.reply_stopped"
    conversation_id: int
    message_id: int
    writer_agent_id: int


@dataclass(frozen=True, slots=True)
class ReplyTakenBack(Event):
    """It is a draft again: undone, or stopped because something new had arrived."""

    kind: ClassVar[str] = "conversation.reply_taken_back"
    conversation_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class TakeoverAsked(Event):
    """`agent_id` asks to take it over from `asked_agent_id`, who is writing in it."""

    kind: ClassVar[str] = "conversation.takeover_asked"
    conversation_id: int
    takeover_id: int
    agent_id: int
    asked_agent_id: int


@dataclass(frozen=True, slots=True)
class TakeoverEnded(Event):
    """It was answered, or its time passed."""

    kind: ClassVar[str] = "conversation.takeover_ended"
    conversation_id: int
    takeover_id: int
    agent_id: int
    asked_agent_id: int
    outcome: str
