"""Rows of conversations."""

from esmero.conversations.models.matters import (
    Consultation,
    Move,
    MovedMessage,
    Relation,
    SideConversation,
)
from esmero.conversations.models.order import (
    Follower,
    Tag,
)
from esmero.conversations.models.presence import (
    Presence,
    Takeover,
)
from esmero.conversations.models.talk import (
    Attachment,
    Closure,
    Conversation,
    Message,
    Participant,
    Snooze,
)
from esmero.conversations.models.words import (
    Word,
    WordsRead,
)
from esmero.conversations.models.writing import (
    CheckLevel,
    Draft,
    DraftFile,
    DraftShare,
    DraftTurn,
    KnownWord,
    Mention,
    SavedAnswer,
)

__all__ = [
    "Attachment",
    "CheckLevel",
    "Closure",
    "Consultation",
    "Conversation",
    "Draft",
    "DraftFile",
    "DraftShare",
    "DraftTurn",
    "Follower",
    "KnownWord",
    "Mention",
    "Message",
    "Move",
    "MovedMessage",
    "Participant",
    "Presence",
    "Relation",
    "SavedAnswer",
    "SideConversation",
    "Snooze",
    "Tag",
    "Takeover",
    "Word",
    "WordsRead",
]
