"""Signing in at Microsoft and Google with the shop's own client id: consent, tokens, refresh.

Source: RFC 6749 (OAuth 2.0), RFC 7636 (PKCE); Microsoft "Authenticate an IMAP, POP or SMTP
connection using OAuth"; Google "OAuth 2.0 Mechanism" (scope https://mail.google.com/).
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets as random
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import httpx

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.enums import Auth
from esmero.channels.models import Mailbox
from esmero.kernel import secrets

# A token is renewed while it is still good for this long: no session begins with a dying one.
RENEWED_BEFORE: Final = timedelta(minutes=5)
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_LIFE = 3600  # seconds, where the provider does not say
# invalid_grant: consent withdrawn, password changed, token too old. The others: the shop's
# registration at the provider is wrong. Source: RFC 6749, 5.2; Microsoft's interaction_required.
_FINAL = {
    "invalid_grant",
    "interaction_required",
    "consent_required",
    "invalid_client",
    "unauthorized_client",
    "invalid_scope",
    "access_denied",
}
_locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's addresses and what we ask it for."""

    authorize_url: str
    token_url: str
    scope: str
    extra: dict[str, str]


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent on its way: the browser goes to `url`; keep the rest until it is back."""

    url: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


def provider_of(auth: Auth, tenant: str = "") -> Provider:
    """Return a provider. `ESMERO_OAUTH_MICROSOFT_URL` and `ESMERO_OAUTH_GOOGLE_URL` replace its
    origin (national clouds, tests)."""
    if auth is Auth.MICROSOFT:
        origin = os.environ.get(
            "ESMERO_OAUTH_MICROSOFT_URL", "https://login.microsoftonline.com"
        ).rstrip("/")
        base = f"{origin}/{quote(tenant or 'common', safe='')}/oauth2/v2.0"
        scope = (
            "offline_access https://outlook.office.com/IMAP.AccessAsUser.All"
            " https://outlook.office.com/SMTP.Send"
        )
        return Provider(f"{base}/authorize", f"{base}/token", scope, {"response_mode": "query"})
    if auth is Auth.GOOGLE:
        origin = os.environ.get("ESMERO_OAUTH_GOOGLE_URL", "").rstrip("/")
        # A refresh token comes only with both, and only with fresh consent.
        extra = {"access_type": "offline", "prompt": "consent"}
        if origin:
            return Provider(f"{origin}/auth", f"{origin}/token", "https://mail.google.com/", extra)
        return Provider(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
            extra,
        )
    raise ValueError(f"{auth} does not sign in by OAuth")


def begin(
    *, auth: Auth, client_id: str, redirect_uri: str, address: str, tenant: str = ""
) -> Begun:
    """Prepare a consent for a mailbox."""
    provider = provider_of(auth, tenant)
    verifier = random.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    state = random.token_urlsafe(24)
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": address,
        **provider.extra,
    }
    return Begun(f"{provider.authorize_url}?{urlencode(query)}", state, verifier)


def complete(
    *, mailbox_id: int, code: str, verifier: str, redirect_uri: str, at: datetime
) -> None:
    """Turn the code that the browser brought back into tokens and keep them.

    The caller has compared the state. Raises ServerProblem (consent_lost, oauth_unreachable).
    """
    box = _box(mailbox_id)
    tokens = _ask(
        box,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        },
        at=at,
    )
    if not tokens.refresh:
        raise ServerProblem("consent_lost", "the provider gave no refresh token")
    _keep(mailbox_id, tokens)


def fresh_token(mailbox_id: int, *, at: datetime) -> str:
    """Return an access token that is good for some minutes, asking the provider when needed.

    Not to be called inside a transaction. Raises ServerProblem: consent_lost when a person has to
    consent again, oauth_unreachable when the provider does not answer and the old token is over.
    """
    with _locks[mailbox_id]:
        box = _box(mailbox_id)
        held = secrets.unseal(box.oauth_access_sealed)
        left = box.oauth_expires_at - at if box.oauth_expires_at and held else timedelta(0)
        if left > RENEWED_BEFORE:
            return held
        refresh = secrets.unseal(box.oauth_refresh_sealed)
        if not refresh:
            raise ServerProblem("consent_lost", "nobody has consented yet")
        try:
            tokens = _ask(box, {"grant_type": "refresh_token", "refresh_token": refresh}, at=at)
        except ServerProblem as problem:
            if problem.code == "oauth_unreachable" and left > timedelta(0):
                return held
            raise
        _keep(mailbox_id, tokens)
        return tokens.access


def _box(mailbox_id: int) -> Mailbox:
    box = queries.mailbox(mailbox_id)
    if box is None:
        raise ServerProblem("consent_lost", "the mailbox is gone")
    return box


def _keep(mailbox_id: int, tokens: Tokens) -> None:
    actions.keep_tokens(
        mailbox_id=mailbox_id,
        access_token=tokens.access,
        refresh_token=tokens.refresh,
        expires_at=tokens.expires_at,
    )


def _ask(box: Mailbox, grant: dict[str, str], *, at: datetime) -> Tokens:
    provider = provider_of(Auth(box.auth), box.oauth_tenant)
    form = {"client_id": box.oauth_client_id, **grant}
    if client_secret := secrets.unseal(box.oauth_client_secret_sealed):
        form["client_secret"] = client_secret
    if Auth(box.auth) is Auth.MICROSOFT:
        form["scope"] = provider.scope
    try:
        answer = httpx.post(
            provider.token_url, data=form, timeout=_TIMEOUT, follow_redirects=False
        )
        said = answer.json()
    except httpx.HTTPError as error:
        raise ServerProblem("oauth_unreachable", f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        raise ServerProblem("oauth_unreachable", f"HTTP {answer.status_code}") from error
    if not isinstance(said, dict):
        raise ServerProblem("oauth_unreachable", f"HTTP {answer.status_code}")
    access = said.get("access_token")
    if answer.status_code == 200 and isinstance(access, str) and access:
        life = timedelta(seconds=_seconds(said.get("expires_in")))
        refresh = said.get("refresh_token")
        return Tokens(access, refresh if isinstance(refresh, str) else "", at + life)
    error_code = str(said.get("error", ""))
    words = f"{error_code}: {said.get('error_description', '')}".strip(": ")[:500]
    code = "consent_lost" if error_code in _FINAL else "oauth_unreachable"
    raise ServerProblem(code, words or f"HTTP {answer.status_code}")


def _seconds(value: object) -> int:
    try:
        return max(60, int(str(value)))
    except ValueError:
        return _LIFE
