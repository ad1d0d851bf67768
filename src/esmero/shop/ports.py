"""What the settings ask about the automatic texts; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sample:
    """A text filled with sample data: what a customer would receive."""

    subject: str
    text: str
    html: str


class CustomerTexts(Protocol):
    """Knows the automatic texts that a shop may word anew. `key` is that of `shop.word_text`."""

    def all_keys(self) -> Sequence[str]:
        """Return the texts in the order of the settings page."""

    def variables(self, key: str) -> Sequence[str]:
        """Return the names that may stand in braces. Raises KeyError for another key."""

    def built_in(self, key: str, language: str) -> tuple[str, str]:
        """Return the (subject, body) that comes with the house, in the shop's voice."""

    def sample(self, key: str, language: str, *, subject: str, body: str) -> Sample:
        """Fill a wording with sample data."""


_texts: CustomerTexts | None = None


def use_texts(texts: CustomerTexts) -> None:
    """Install the implementation (once, at start)."""
    global _texts
    _texts = texts


def texts() -> CustomerTexts:
    """Return the installed implementation."""
    if _texts is None:
        raise RuntimeError("no texts are wired: call esmero.config.wiring first")
    return _texts
