"""Reading mail: tolerant, bounded, pure (no Django). See `mail.parse_mail`."""

from esmero.channels.parsing.html_text import html_to_text
from esmero.channels.parsing.mail import attachment_bytes, parse_mail
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
    "Address",
    "Attachment",
    "AuthVerdict",
    "Bounce",
    "Budget",
    "Forwarded",
    "ParsedMail",
    "Report",
    "attachment_bytes",
    "html_to_text",
    "parse_mail",
]
