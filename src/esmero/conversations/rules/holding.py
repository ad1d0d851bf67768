"""How long a written reply waits for second thoughts."""

from __future__ import annotations

from datetime import datetime, timedelta

UNDO_SECONDS = 15
UNDO_LEAST, UNDO_MOST = 0, 60  # an agent chooses from 5 on
# Time that the hand-over itself needs before the word is due.
HAND_OVER_TAKES = timedelta(seconds=3)


def hold_until(*, at: datetime, undo_seconds: int, due_at: datetime | None) -> datetime:
    """Return until when a reply can be undone: cut so that it leaves before its promise is due."""
    seconds = min(max(undo_seconds, UNDO_LEAST), UNDO_MOST)
    until = at + timedelta(seconds=seconds)
    if due_at is not None and due_at > at:
        until = min(until, max(at, due_at - HAND_OVER_TAKES))
    return until
