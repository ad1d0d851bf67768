"""The name of a customer's page in a link: the conversation's token, a last day, a signature.

What lies in the database opens nothing: without the shop's key nobody makes the signature. So no
table of digests is needed, a mail costs no write, and a link ends by itself; giving the
conversation another token ends all of its links at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOR_LINK = "portal-link"
# Long enough for a warranty talk that rests for weeks; each of our mails carries a fresh one.
LASTS = timedelta(days=90)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says of itself, to be believed only when its signature is good."""

    token: str
    last_day: int
    signature: str

    @property
    def value(self) -> str:
        """Return what the signature covers."""
        return link_value(self.token, self.last_day)

    def is_over(self, at: datetime) -> bool:
        """Say whether its last day has passed."""
        return day_number(at) > self.last_day


def day_number(at: datetime) -> int:
    """Return the whole days since 2020-01-01 UTC."""
    return (at - _EPOCH).days


def link_value(token: str, last_day: int) -> str:
    """Return what the signature of a link covers."""
    return f"{token}.{_in_base_36(last_day)}"


def read_link(text: str) -> Link | None:
    """Read a link's name; None when it has not our form."""
    parts = text.split(".")
    if len(text) > 120 or len(parts) != 3 or not all(parts):
        return None
    token, day, signature = parts
    if not day.isascii() or not day.isalnum() or len(day) > 6 or day != day.lower():
        return None
    return Link(token, int(day, 36), signature)


def _in_base_36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"
