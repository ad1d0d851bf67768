"""What happened in conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ConversationOpened(Event):
    """A customer turned to the shop."""

    kind: ClassVar[str] = "conversation.opened"
    conversation_id: int
    channel: str
    department_id: int | None


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    """A customer wrote."""

    kind: ClassVar[str] = "conversation.message_received"
    conversation_id: int
    message_id: int
    is_suspect: bool = False
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class ReplyWritten(Event):
    """Somebody pressed Send; it has not yet left."""

    kind: ClassVar[str] = "conversation.reply_written"
    conversation_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class ReplyHandedOver(Event):
    """The reply left the house."""

    kind: ClassVar[str] = "conversation.reply_handed_over"
    conversation_id: int
    message_id: int
    agent_id: int | None
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ReplyNotDelivered(Event):
    """It came back, or could not be sent at all."""

    kind: ClassVar[str] = "conversation.reply_not_delivered"
    conversation_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class NoteWritten(Event):
    """Only the team sees it."""

    kind: ClassVar[str] = "conversation.note_written"
    conversation_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class ConversationAssigned(Event):
    """Another owner or department."""

    kind: ClassVar[str] = "conversation.assigned"
    conversation_id: int
    agent_id: int | None
    department_id: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class WorkGivenBack(Event):
    """What an agent who is away or has left owned went to `taker_id`, or (None) to the queues."""

    kind: ClassVar[str] = "conversation.work_given_back"
    agent_id: int
    taker_id: int | None
    conversation_ids: list[int]


@dataclass(frozen=True, slots=True)
class ConversationResolved(Event):
    """The matter is done."""

    kind: ClassVar[str] = "conversation.resolved"
    conversation_id: int
    closure_id: int


@dataclass(frozen=True, slots=True)
class ConversationReopened(Event):
    """The matter goes on."""

    kind: ClassVar[str] = "conversation.reopened"
    conversation_id: int
    by_customer: bool


@dataclass(frozen=True, slots=True)
class ConversationSnoozed(Event):
    """Out of sight until a moment. `until` is ISO 8601."""

    kind: ClassVar[str] = "conversation.snoozed"
    conversation_id: int
    until: str


@dataclass(frozen=True, slots=True)
class ConversationWoken(Event):
    """In sight again."""

    kind: ClassVar[str] = "conversation.woken"
    conversation_id: int


@dataclass(frozen=True, slots=True)
class SuspicionCleared(Event):
    """It was no spam: the promise counts from receipt; a machine's mail has none."""

    kind: ClassVar[str] = "conversation.suspicion_cleared"
    conversation_id: int
    promise_id: int | None


@dataclass(frozen=True, slots=True)
class MarkedAsSpam(Event):
    """It is no contact."""

    kind: ClassVar[str] = "conversation.marked_as_spam"
    conversation_id: int


@dataclass(frozen=True, slots=True)
class ConversationWaiting(Event):
    """The customer has the next word."""

    kind: ClassVar[str] = "conversation.waiting"
    conversation_id: int


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
