"""The product's parser behind the contract of outside mail checkers: bytes in, a dict out."""

import sys
from pathlib import Path
from typing import Any

_SOURCE = str(Path(__file__).resolve().parents[1] / "src")
if _SOURCE not in sys.path:
    sys.path.insert(0, _SOURCE)

from esmero.channels.parsing import parse_mail  # noqa: E402


def parse(raw: bytes) -> dict[str, Any]:
    """One mail as plain values; see `esmero.channels.parsing.ParsedMail` for their meaning."""
    mail = parse_mail(raw)
    bounce = mail.bounce
    return {
        "from_email": mail.sender.email,
        "from_name": mail.sender.name,
        "subject": mail.subject,
        "to": [address.email for address in mail.to],
        "text": mail.text,
        "html": mail.html,
        "attachments": [{"name": file.name, "size": file.size} for file in mail.attachments],
        "reply": mail.visible_text,
        "is_auto": mail.is_auto,
        "is_bounce": mail.is_bounce,
        "bounce_rcpts": list(bounce.recipients) if bounce else [],
        "bounce_status": (bounce.status or None) if bounce else None,
        "fwd_from": mail.forwarded.sender.email if mail.forwarded else None,
        "is_report": mail.is_report,
    }
