"""Who is signed in at the customers' pages, and the code that went to her address."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from esmero.kernel import ids
from esmero.kernel.composed import composed
from esmero.people.models import CustomerSession, SignIn

DIGITS = 6
_PURPOSE = b"esmero.people.sign-in-code"


@dataclass(frozen=True, slots=True)
class Reader:
    """A customer who is signed in at her own pages."""

    customer_id: int
    address: str
    name: str
    language: str
    zone: str


def code_for(row: SignIn) -> str:
    """Return the code of a row: six digits that only this shop can make.

    Of a random number with the shop's key, so that neither the database nor a backup of it opens
    anything.
    """
    said = f"{row.ticket_digest}\0{row.nonce}\0{row.address}".encode()
    made = hmac.new(settings.SECRET_KEY.encode(), _PURPOSE + said, hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8]) % 10**DIGITS:0{DIGITS}d}"


def code_to_send(sign_in_id: int) -> tuple[str, datetime] | None:
    """Return (code, good until) for the mail; None once it is used."""
    row = SignIn.objects.filter(pk=sign_in_id, used_at=None).first()
    return (code_for(row), row.expires_at) if row is not None else None


def is_waiting(ticket: str, *, at: datetime) -> bool:
    """Say whether a code may still be typed for a ticket."""
    return SignIn.objects.filter(
        ticket_digest=ids.token_digest(ticket), used_at=None, expires_at__gt=at
    ).exists()


def reader_of(token: str, *, at: datetime) -> Reader | None:
    """Return who is signed in with a session's token."""
    rows = _session(ids.token_digest(token), at)
    return Reader(*rows[0]) if rows else None


@composed
def _session(digest: str, at: datetime) -> QuerySet[CustomerSession, Any]:
    found = CustomerSession.objects.filter(
        token_digest=digest,
        ended_at=None,
        expires_at__gt=at,
        customer__erased_at=None,
        customer__merged_into=None,
    )
    return found.values_list(
        "customer_id", "address", "customer__name", "customer__language", "customer__zone"
    )
