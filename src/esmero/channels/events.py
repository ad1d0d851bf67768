"""What happened in channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class MailQuarantined(Event):
    """A mail could not be filed; it waits for a person."""

    kind: ClassVar[str] = "channel.mail_quarantined"
    raw_id: int


@dataclass(frozen=True, slots=True)
class MailboxFailing(Event):
    """A mailbox cannot be reached."""

    kind: ClassVar[str] = "channel.mailbox_failing"
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class MailboxBack(Event):
    """A mailbox works again."""

    kind: ClassVar[str] = "channel.mailbox_back"
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class ComplaintReported(Event):
    """A customer's provider reports that our mail was called spam."""

    kind: ClassVar[str] = "channel.complaint_reported"
    raw_id: int
    delivery_id: int | None
