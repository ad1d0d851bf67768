"""Choices of channels."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """How a raw mail reached us."""

    IMAP = "imap"
    SMTP = "smtp"
    FILE = "file"
    SENT = "sent"  # the Sent folder of a mailbox


class Mark(StrEnum):
    """What a fetched mail's flags may say beside those of the server (seen, answered, …)."""

    JUNK = "junk"  # it lay in the Junk folder, or was called so
    TRUNCATED = "truncated"  # too large: only its beginning is stored
    UNFETCHABLE = "unfetchable"  # the server would not give it: a note is stored in its place


class RawState(StrEnum):
    """How far a raw mail has come. None of them means that it is gone."""

    STORED = "stored"
    FILED = "filed"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"  # with a reason: the same mail again, our own, a delivery report


class DeliveryState(StrEnum):
    """How far an outgoing mail has come."""

    BATCH = "batch"  # a late notice after an outage: a supervisor releases it
    QUEUED = "queued"  # leaves at `not_before`
    HANDING_OVER = "handing_over"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Auth(StrEnum):
    """How we sign in at a mailbox."""

    PASSWORD = "password"  # noqa: S105  a choice, not a password
    MICROSOFT = "microsoft"
    GOOGLE = "google"


class Take(StrEnum):
    """What of the mail that lies there already is taken over when a mailbox is connected."""

    FROM_NOW = "from_now"
    LAST_DAYS = "last_days"
    ALL = "all"


class Judgement(StrEnum):
    """What the shop has said about a sender."""

    BLOCK = "block"
    TRUST = "trust"
