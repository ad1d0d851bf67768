"""Who signed in, who tried, and what was changed about an account: lines of the audit list."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from esmero.kernel import audit
from esmero.kernel.clock import now
from esmero.kernel.refs import ref
from esmero.people import queries as people


def _write(request: HttpRequest | None, action: str, agent_id: int | None, **data: object) -> None:
    who = ref("agent", agent_id) if agent_id else ""
    audit.record(
        at=now(),
        actor=who or "unknown",
        action=action,
        ref=who,
        ip=request.META.get("REMOTE_ADDR") or None if request else None,
        **data,
    )


def signed_in(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    """Say how: `password`, `code`, `mfa:totp`, `mfa:webauthn`… in the order they were used."""
    ways = [
        ":".join(filter(None, (one["method"], one.get("type"))))
        for one in get_authentication_records(request, user)
    ]
    _write(request, "account.signed_in", user.pk, ways=ways)


def signed_out(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    """A session ended by its owner."""
    if user is not None:
        _write(request, "account.signed_out", user.pk)


def refused(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_: object
) -> None:
    """A password that does not fit; an address that we do not know is not written down."""
    agent = people.agent_by_email(str(credentials.get("email", "")))
    _write(request, "account.sign_in_refused", agent.pk if agent else None, way="password")


def code_refused(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    """A wrong code from a mail."""
    _write(request, "account.sign_in_refused", user.pk, way="code")


def factor_refused(
    sender: object, request: HttpRequest, user: Any, authenticator: Any, **_: object
) -> None:
    """A wrong code of an authenticator app, or a recovery code that is none."""
    _write(request, "account.sign_in_refused", user.pk, way=f"mfa:{authenticator.type}")


def others_ended(request: HttpRequest) -> None:
    """She signed out everywhere but here."""
    _write(request, "account.sessions_ended", request.user.pk)


def _changed(action: str) -> Any:
    def changed(
        sender: object, request: HttpRequest, user: Any, authenticator: Any = None, **_: object
    ) -> None:
        data = {"type": authenticator.type} if authenticator is not None else {}
        _write(request, action, user.pk, **data)

    return changed


def listen() -> None:
    """Connect every line; once, when the house starts."""
    pairs: list[tuple[Any, str, Any]] = [
        (user_logged_in, "signed_in", signed_in),
        (user_logged_out, "signed_out", signed_out),
        (user_login_failed, "refused", refused),
        (account.login_code_rejected, "code_refused", code_refused),
        (mfa.authentication_failed, "factor_refused", factor_refused),
        (account.password_changed, "password_changed", _changed("account.password_changed")),
        (account.password_set, "password_set", _changed("account.password_set")),
        (account.password_reset, "password_reset", _changed("account.password_reset")),
        (mfa.authenticator_added, "factor_added", _changed("account.factor_added")),
        (mfa.authenticator_removed, "factor_removed", _changed("account.factor_removed")),
        (mfa.authenticator_reset, "factor_reset", _changed("account.factor_reset")),
    ]
    for signal, name, receiver in pairs:
        signal.connect(receiver, weak=False, dispatch_uid=f"esmero.accounts.{name}")
