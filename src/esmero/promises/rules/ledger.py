"""The hash that chains a promise's entries, and the seal over many."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any


def entry_hash(
    *,
    previous: str,
    promise_id: int,
    seq: int,
    what: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
) -> str:
    """SHA-256 over the line and the hash of the line before, as 64 hexadecimal digits."""
    line = json.dumps(
        [previous, promise_id, seq, what, at.astimezone(UTC).isoformat(), actor, data],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(line.encode()).hexdigest()


def seal_hash(previous: str, hashes: Iterable[str]) -> str:
    """SHA-256 over the seal before and the hashes of the entries, in the order of their ids."""
    digest = hashlib.sha256(previous.encode())
    for one in hashes:
        digest.update(one.encode())
    return digest.hexdigest()
