"""The only place that reads the time. Surfaces and loops ask here and pass the moment on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A file that holds seconds to add: journeys let hours pass without waiting for them.
_SHIFT_FILE = os.environ.get("ESMERO_CLOCK", "")


def now() -> datetime:
    """Return the present as an aware moment in UTC."""
    moment = datetime.now(UTC)
    if _SHIFT_FILE:
        moment += timedelta(seconds=_shift(Path(_SHIFT_FILE)))
    return moment


def _shift(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0.0
