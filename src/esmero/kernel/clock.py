"""The only place that reads the time. Surfaces and loops ask here and pass the moment on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A file that holds seconds to add: journeys let hours pass without waiting for them.
_SHIFT_FILE = os.environ.get("ESMERO_CLOCK", "")


def now() -> datetime:
    """Return the present as an aware moment in UTC."""
    return datetime.now(UTC) + shift()


def shift() -> timedelta:
    """Return by how much this clock is ahead of the others: nothing, outside journeys.

    Moments that other machines name (when a mail arrived) are moved by it.
    """
    return timedelta(seconds=_shift(Path(_SHIFT_FILE))) if _SHIFT_FILE else timedelta(0)


def _shift(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0.0
