"""Cursors of the lists: the last row that was shown, as a text in the address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

CURSOR = re.compile(r"([pr])\.(-?\d{1,20})\.(\d{1,19})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_of(kind: str, moment: datetime, pk: int) -> str:
    """Return the cursor of a row: of what presses (p) or by recency (r)."""
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    return f"{kind}.{micros}.{pk}"


def read_cursor(text: str) -> tuple[str, datetime, int]:
    """Return kind, moment and id; an empty kind for what is no cursor."""
    match = CURSOR.fullmatch(text)
    if match is None:
        return "", _EPOCH, 0
    try:
        return match[1], _EPOCH + timedelta(microseconds=int(match[2])), int(match[3])
    except OverflowError:
        return "", _EPOCH, 0
