"""What channels asks of those above it; config/wiring.py puts the answers in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ToRender:
    """An outgoing mail before it has bytes. `template` is empty for an agent's reply."""

    delivery_id: int
    template: str
    context: dict[str, Any]
    language: str
    conversation_id: int | None
    message_id: int | None
    promise_id: int | None
    message_header: str
    mail_from: tuple[str, str]
    reply_to: str
    to: list[tuple[str, str]]
    cc: list[tuple[str, str]]
    in_reply_to: str
    references: list[str]
    is_automatic: bool
    at: datetime


class Renderer(Protocol):
    """Makes the bytes of a mail; the same input gives the same words."""

    def render(self, mail: ToRender) -> bytes:
        """Return an RFC 5322 message with CRLF line ends, without Bcc."""


_renderer: Renderer | None = None


def use_renderer(renderer: Renderer) -> None:
    """Install the implementation (once, at start)."""
    global _renderer
    _renderer = renderer


def renderer() -> Renderer:
    """Return the installed implementation."""
    if _renderer is None:
        raise RuntimeError("no renderer is wired: call esmero.config.wiring first")
    return _renderer
