"""What the parser hands over: frozen values, no Django, no behaviour beyond reading.

Every string is free of NUL and of lone surrogates, so that it can be stored in PostgreSQL as is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """What one mail may cost. Whatever lies beyond is cut off and named in `defects`.

    Sizes are bytes unless the name says otherwise; `seconds` is wall time, after which optional
    steps (cutting quotes, guessing bounces from prose) are skipped.
    """

    header_bytes: int = 256_000
    headers: int = 1_000
    value_bytes: int = 32_000
    addresses: int = 500
    depth: int = 24
    parts: int = 300
    text_bytes: int = 1_000_000
    html_bytes: int = 1_000_000
    visible_chars: int = 200_000
    seconds: float = 0.6


DEFAULT_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` is as written (case kept), '' when there was only a name."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A pointer into the raw mail: `part_number` is stable for the same bytes.

    `size` is in decoded bytes, `sha256` the hex digest of the decoded bytes, `content_id` is
    without angle brackets. `name` is untrusted metadata and never a path.
    """

    part_number: int
    name: str
    content_type: str
    size: int
    content_id: str
    is_inline: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery failure or delay. `status` is an enhanced code ('5.1.1') or ''.

    **Source:** RFC 3464 (fields), RFC 3463 (codes).
    """

    recipients: tuple[str, ...]
    status: str
    action: str
    original_message_id: str
    is_delay: bool
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A spam complaint of a feedback loop. **Source:** RFC 5965."""

    feedback_type: str
    original_message_id: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Who wrote the mail that somebody passed on, as far as it is seen in it."""

    sender: Address
    subject: str
    sent_at: datetime | None
    is_attachment: bool


@dataclass(frozen=True, slots=True)
class AuthVerdict:
    """What our own receiving server said, else 'none'. **Source:** RFC 8601."""

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    authserv_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, read tolerantly. Everything in it is untrusted; the HTML is unsanitised."""

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: Address
    sender_defects: tuple[str, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    sent_at: datetime | None
    text: str
    html: str
    visible_text: str
    quoted_text: str
    visible_html: str
    attachments: tuple[Attachment, ...]
    is_auto: bool
    auto_reason: str
    is_list: bool
    is_bulk: bool
    is_bounce: bool
    bounce: Bounce | None
    is_report: bool
    report: Report | None
    forwarded: Forwarded | None
    language: str
    auth: AuthVerdict
    identity_hash: str
    size: int
    defects: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def header(self, name: str) -> str:
        """The first value of a kept header (see `mail.KEPT_HEADERS`), '' when absent."""
        values = self.headers.get(name.lower())
        return values[0] if values else ""
