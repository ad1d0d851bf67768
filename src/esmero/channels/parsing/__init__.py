"""Reading mail: tolerant, bounded, pure (no Django). See `mail.parse_mail`."""

from esmero.channels.parsing.html_text import html_to_text
from esmero.channels.parsing.mail import attachment_bytes, parse_mail
from esmero.channels.parsing.sanitise import SafeHtml, sanitise_html
from esmero.channels.parsing.spam import SUSPICIOUS_AT, SenderHistory, SpamVerdict, spam_score
from esmero.channels.parsing.thanks import is_mere_thanks
from esmero.channels.parsing.types import (
    Address,
    Attachment,
    AuthVerdict,
    Bounce,
    Budget,
    Forwarded,
    ParsedMail,
    Report,
)

__all__ = [
    "SUSPICIOUS_AT",
    "Address",
    "Attachment",
    "AuthVerdict",
    "Bounce",
    "Budget",
    "Forwarded",
    "ParsedMail",
    "Report",
    "SafeHtml",
    "SenderHistory",
    "SpamVerdict",
    "attachment_bytes",
    "html_to_text",
    "is_mere_thanks",
    "parse_mail",
    "sanitise_html",
    "spam_score",
]
