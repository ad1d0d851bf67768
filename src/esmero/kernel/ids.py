"""Unguessable names for things that are reached from outside."""

from __future__ import annotations

import hashlib
import secrets


def new_token(bits: int = 160) -> str:
    """Return a random URL-safe token of at least `bits` bits (OWASP ASVS 5.0 asks for 128)."""
    return secrets.token_urlsafe((bits + 7) // 8)


def token_digest(token: str) -> str:
    """Return what is stored of a token: its SHA-256 (the token is random, so no salt is
    needed).
    """
    return hashlib.sha256(token.encode()).hexdigest()
