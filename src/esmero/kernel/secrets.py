"""Mailbox passwords and tokens at rest: encrypted with a key that can be rotated.

Source: Fernet (AES-128-CBC with HMAC-SHA-256) of `cryptography`; its MultiFernet opens with any of
several keys and closes with the first.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from esmero.kernel.errors import Refusal


class SecretUnreadable(Refusal):
    """No key that we hold opens this secret (a restore without its key, for example)."""

    code = "secret_unreadable"


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    derived = (hashlib.sha256(b"esmero at rest\0" + k.encode()).digest() for k in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(d)) for d in derived])


def _current() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> str:
    """Encrypt; the empty string stays empty."""
    return _current().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Decrypt. Raises SecretUnreadable when no key fits."""
    if not sealed:
        return ""
    try:
        return _current().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable() from None


def is_current(sealed: str) -> bool:
    """Say whether the newest key opens it, so that the others are not needed for it."""
    if not sealed:
        return True
    try:
        _box((settings.SECRET_KEY,)).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def reseal(sealed: str) -> str:
    """Close again with the newest key. Raises SecretUnreadable when no key fits."""
    if not sealed:
        return ""
    try:
        return _current().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable() from None
