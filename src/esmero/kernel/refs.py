"""String references between rooms that may not import each other: `conversation:12`."""

from __future__ import annotations

import re

_REF = re.compile(r"([a-z_]+):(\d+)")


def ref(kind: str, pk: int) -> str:
    """Return `kind:pk`."""
    return f"{kind}:{pk}"


def split_ref(text: str) -> tuple[str, int]:
    """Return (kind, id). Raises ValueError when `text` is not a reference."""
    match = _REF.fullmatch(text)
    if match is None:
        raise ValueError(f"not a reference: {text!r}")
    return match[1], int(match[2])


def id_of(text: str, kind: str) -> int | None:
    """Return the id when `text` is a reference of this kind, else None."""
    match = _REF.fullmatch(text or "")
    return int(match[2]) if match and match[1] == kind else None
