"""Customers get to their own pages: a code to the address, a session in the browser."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from esmero.kernel import events, ids, signing
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.kernel.text import storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.errors import TooManyCodes, WrongCode
from esmero.people.events import CustomerSignedIn
from esmero.people.models import CustomerAddress, CustomerSession, SignIn
from esmero.people.reads.signin import code_for

CODE_LASTS = timedelta(minutes=20)
TRIES_MOST = 5
"""Wrong codes for one ticket. Source: NIST SP 800-63B, 5.2.2 asks for at most 100."""
SESSION_LASTS = timedelta(days=14)
WITHIN = timedelta(hours=1)
OF_ONE_ADDRESS = 4
OF_ONE_PLACE = 12


@dataclass(frozen=True, slots=True)
class Begun:
    """A code that was asked for. `is_new`: it has to be sent. Where nobody has the address,
    `customer_id` is None and nothing is sent; the asker sees the same.
    """

    ticket: str
    sign_in_id: int
    customer_id: int | None
    name: str
    language: str


@action
def begin_sign_in(*, email: str, ip_digest: str, at: datetime) -> Begun:
    """Make a code for an address, whoever's it is. Raises InvalidInput, TooManyCodes."""
    address = queries.normalise_email(storable(email))[:320]
    if "@" not in address:
        raise InvalidInput(field="email")
    lately = SignIn.objects.filter(at__gt=at - WITHIN)
    too_many = TooManyCodes(minutes=WITHIN // timedelta(minutes=1))
    if lately.filter(address=address).count() >= OF_ONE_ADDRESS:
        raise too_many
    if ip_digest and lately.filter(ip_digest=ip_digest).count() >= OF_ONE_PLACE:
        raise too_many
    SignIn.objects.filter(expires_at__lt=at - timedelta(days=2)).delete()
    known = queries.sender(address)
    ticket = ids.new_token()
    row = SignIn.objects.create(
        ticket_digest=ids.token_digest(ticket),
        address=address,
        customer_id=known.customer_id if known else None,
        nonce=ids.new_token(128),
        ip_digest=ip_digest,
        at=at,
        expires_at=at + CODE_LASTS,
    )
    return Begun(
        ticket,
        row.pk,
        row.customer_id,
        known.name if known and known.is_verified else "",
        known.language if known else "",
    )


def finish_sign_in(*, ticket: str, code: str, at: datetime) -> str:
    """Take a code and return the token of a new session; the address is verified thereby.

    A code opens once. Raises WrongCode for whatever is wrong with it. Publishes CustomerSignedIn.
    """
    token = _finish(ticket=ticket, code=code, at=at)
    if not token:
        # Outside of the transaction, which keeps that it was tried.
        raise WrongCode()
    return token


@action
def _finish(*, ticket: str, code: str, at: datetime) -> str:
    row = SignIn.objects.select_for_update().filter(ticket_digest=ids.token_digest(ticket)).first()
    if row is None or row.used_at is not None or row.expires_at <= at:
        return ""
    if row.attempts >= TRIES_MOST:
        return ""
    row.attempts += 1
    given = "".join(letter for letter in code if letter.isdigit())
    is_right = hmac.compare_digest(code_for(row).encode(), given.encode())
    if not is_right or row.customer_id is None:
        row.save(update_fields=["attempts"])
        return ""
    row.used_at = at
    row.save(update_fields=["attempts", "used_at"])
    customer_id = queries.surviving(row.customer_id)
    CustomerAddress.objects.filter(
        value=row.address, customer_id__in=queries.group_of(customer_id)
    ).update(is_verified=True)
    token = ids.new_token(256)
    CustomerSession.objects.create(
        token_digest=ids.token_digest(token),
        customer_id=customer_id,
        address=row.address,
        at=at,
        expires_at=at + SESSION_LASTS,
    )
    signed = CustomerSignedIn(customer_id=customer_id)
    events.publish(
        [(signed, [ref("customer", customer_id)])], at=at, actor=ref("customer", customer_id)
    )
    return token


@action
def end_session(*, token: str, at: datetime) -> None:
    """Sign a browser out."""
    CustomerSession.objects.filter(token_digest=ids.token_digest(token), ended_at=None).update(
        ended_at=at
    )


def place_digest(ip: str) -> str:
    """Return what is kept of where a code was asked from."""
    return signing.sign("people-sign-in-ip", ip) if ip else ""
