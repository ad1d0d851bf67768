"""Rows of conversations."""

from esmero.conversations.models.matters import (
    Consultation,
    Move,
    MovedMessage,
    Relation,
    SideConversation,
)
from esmero.conversations.models.talk import (
    Attachment,
    Closure,
    Conversation,
    Draft,
    DraftFile,
    Message,
    Participant,
    Snooze,
)

__all__ = [
    "Attachment",
    "Closure",
    "Consultation",
    "Conversation",
    "Draft",
    "DraftFile",
    "Message",
    "Move",
    "MovedMessage",
    "Participant",
    "Relation",
    "SideConversation",
    "Snooze",
]
