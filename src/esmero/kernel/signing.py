"""Short signatures for what comes back to us by mail or link: HMAC-SHA-256, cut to 128 bits.

Source: RFC 2104 (HMAC), section 5 allows truncation to no less than half of the digest.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

_BYTES = 16


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _mac(key: str, purpose: str, value: str) -> str:
    digest = hmac.new(key.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
    # Base 32 in lower case: mail addresses and Message-IDs must survive case folding.
    return base64.b32encode(digest[:_BYTES]).decode().rstrip("=").lower()


def sign(purpose: str, value: str) -> str:
    """Return 26 lower-case letters and digits that only this shop can make for this value."""
    return _mac(_keys()[0], purpose, value)


def is_signed(purpose: str, value: str, signature: str) -> bool:
    """Say whether any of the current keys made this signature (in constant time for each)."""
    given = signature.lower().encode()
    return any(hmac.compare_digest(_mac(k, purpose, value).encode(), given) for k in _keys())
