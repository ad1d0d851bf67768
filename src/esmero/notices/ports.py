"""What notices ask of those above them; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from esmero.notices.reads.cards import Card


class PushWords(Protocol):
    """Words a push message in a member's language."""

    def payload(
        self,
        cards: Sequence[Card],
        *,
        agent_id: int,
        language: str,
        hides_names: bool,
        at: datetime,
    ) -> bytes:
        """Return the JSON that the service worker shows: small, names and subjects at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push service said: its status, 0 when it could not be reached."""

    status: int
    retry_after: int = 0
    """Seconds, when it names them."""


class PushService(Protocol):
    """Hands one message over. No call inside a transaction."""

    def post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post. Raises EndpointRefused for an address that we do not call."""


_words: PushWords | None = None
_service: PushService | None = None


def use_words(words: PushWords) -> None:
    """Install the implementation (once, at start)."""
    global _words
    _words = words


def words() -> PushWords:
    """Return the installed implementation."""
    if _words is None:
        raise RuntimeError("no words for push are wired: call esmero.config.wiring first")
    return _words


def use_service(service: PushService) -> None:
    """Install the implementation (once, at start)."""
    global _service
    _service = service


def service() -> PushService:
    """Return the installed implementation."""
    if _service is None:
        raise RuntimeError("no push service is wired: call esmero.config.wiring first")
    return _service
