"""What promises asks of others without knowing them; config/wiring.py puts the answers in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class FreshLook(Protocol):
    """Knows whether a reply made elsewhere (a telephone's Sent folder) would have been seen."""

    def is_fresh(self, subject_ref: str, *, since: datetime, at: datetime) -> bool:
        """Say whether every place where an answer could be was looked at after `since`."""


class _AlwaysFresh:
    def is_fresh(self, subject_ref: str, *, since: datetime, at: datetime) -> bool:
        return True


_fresh_look: FreshLook = _AlwaysFresh()


def use_fresh_look(look: FreshLook) -> None:
    """Install the implementation (once, at start)."""
    global _fresh_look
    _fresh_look = look


def fresh_look() -> FreshLook:
    """Return the installed implementation."""
    return _fresh_look
