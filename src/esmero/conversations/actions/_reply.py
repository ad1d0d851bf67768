"""What an agent wishes to send, and what became of the wish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from esmero.conversations.enums import After, Quotes
from esmero.conversations.rules.holding import UNDO_SECONDS
from esmero.promises.enums import Kind

Addresses = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent sends. `seen_message_id` is the newest message that the writer had
    before her.

    `send_at` sends it then instead of when its undo time is over; `quoted` is the part of the
    customer's words that stands below it; `draft_id` names a colleague's draft that it was
    written in.
    """

    conversation_id: int
    agent_id: int
    text: str
    to: Addresses
    cc: Addresses = ()
    bcc: Addresses = ()
    after: After = After.KEEP
    promise: tuple[Kind, datetime] | None = None
    seen_message_id: int | None = None
    undo_seconds: int = UNDO_SECONDS
    send_at: datetime | None = None
    snooze_until: datetime | None = None
    quotes: Quotes = Quotes.ALL
    quoted: str = ""
    draft_id: int | None = None
    message_id: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A reply that waits for its hand-over."""

    message_id: int
    hold_until: datetime
    channel: str
