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
class ConversationsMerged(Event):
    """Another conversation has become part of this one."""

    kind: ClassVar[str] = "conversation.merged"
    conversation_id: int
    merged_id: int
    move_id: int


@dataclass(frozen=True, slots=True)
class ConversationMergeUndone(Event):
    """It is its own again."""

    kind: ClassVar[str] = "conversation.merge_undone"
    conversation_id: int
    merged_id: int
    move_id: int


@dataclass(frozen=True, slots=True)
class ConversationSplit(Event):
    """Some of its messages went to a new conversation."""

    kind: ClassVar[str] = "conversation.split"
    conversation_id: int
    new_id: int
    move_id: int
    messages: int


@dataclass(frozen=True, slots=True)
class ConversationSplitUndone(Event):
    """They came back, with what was written since."""

    kind: ClassVar[str] = "conversation.split_undone"
    conversation_id: int
    new_id: int
    move_id: int


@dataclass(frozen=True, slots=True)
class ConversationsLinked(Event):
    """Two conversations belong together (`relation`: related, duplicate, caused_by)."""

    kind: ClassVar[str] = "conversation.linked"
    conversation_id: int
    other_id: int
    relation: str
    relation_id: int


@dataclass(frozen=True, slots=True)
class ConversationsUnlinked(Event):
    """They do not, after all."""

    kind: ClassVar[str] = "conversation.unlinked"
    conversation_id: int
    other_id: int
    relation_id: int


@dataclass(frozen=True, slots=True)
class ParticipantAdded(Event):
    """A further customer takes part; `tells`: and is to hear of it."""

    kind: ClassVar[str] = "conversation.participant_added"
    conversation_id: int
    customer_id: int
    tells: bool = False


@dataclass(frozen=True, slots=True)
class ParticipantRemoved(Event):
    """A customer takes part no more."""

    kind: ClassVar[str] = "conversation.participant_removed"
    conversation_id: int
    customer_id: int


@dataclass(frozen=True, slots=True)
class SideConversationOpened(Event):
    """Somebody outside, not the customer, was asked by mail."""

    kind: ClassVar[str] = "conversation.side_opened"
    conversation_id: int
    side_id: int


@dataclass(frozen=True, slots=True)
class SideReplyReceived(Event):
    """They wrote."""

    kind: ClassVar[str] = "conversation.side_reply_received"
    conversation_id: int
    side_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class SideMailHandedOver(Event):
    """A mail to them left the house."""

    kind: ClassVar[str] = "conversation.side_mail_handed_over"
    conversation_id: int
    side_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class SideMailNotDelivered(Event):
    """It came back, or could not be sent at all."""

    kind: ClassVar[str] = "conversation.side_mail_not_delivered"
    conversation_id: int
    side_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class SideConversationClosed(Event):
    """Nothing more is expected of it."""

    kind: ClassVar[str] = "conversation.side_closed"
    conversation_id: int
    side_id: int


@dataclass(frozen=True, slots=True)
class SideConversationReopened(Event):
    """It goes on."""

    kind: ClassVar[str] = "conversation.side_reopened"
    conversation_id: int
    side_id: int


@dataclass(frozen=True, slots=True)
class ColleagueConsulted(Event):
    """Somebody of the team, or a department, was brought in; `is_referral`: the customer hears
    of it.
    """

    kind: ClassVar[str] = "conversation.consulted"
    conversation_id: int
    consultation_id: int
    agent_id: int | None
    department_id: int | None
    is_referral: bool


@dataclass(frozen=True, slots=True)
class ConsultationAnswered(Event):
    """She said what she knows."""

    kind: ClassVar[str] = "conversation.consultation_answered"
    conversation_id: int
    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationEnded(Event):
    """She is needed no more, and sees it no more by that."""

    kind: ClassVar[str] = "conversation.consultation_ended"
    conversation_id: int
    consultation_id: int
