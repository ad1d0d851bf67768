"""How the workers and the search process name sentences to each other: by digests.

Fifteen thousand questions are three megabytes, and five times as much once they are read; their
digests are a third of one, however long they are.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 600
"""Characters of a sentence that are looked at."""
_SIZE: Final = 16


def digest_of(text: str) -> bytes:
    """Return by what a question's vector is found again; never that of a passage."""
    said = text[:LONGEST].encode()
    return hashlib.blake2b(said, digest_size=_SIZE, person=b"question").digest()


def packed(texts: Iterable[str]) -> str:
    """Return the digests of texts as JSON carries them."""
    return b64encode(b"".join(map(digest_of, texts))).decode()


def unpacked(digests: str) -> list[bytes]:
    """Return digests that were packed. Raises ValueError, TypeError."""
    data = b64decode(digests, validate=True)
    if len(data) % _SIZE:
        raise ValueError("digests have 16 bytes")
    return [data[start : start + _SIZE] for start in range(0, len(data), _SIZE)]
