"""Where and as whom we sign in at a mail server."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from esmero.channels.enums import Auth, Security
from esmero.kernel import secrets

if TYPE_CHECKING:
    from esmero.channels.models import Mailbox


@dataclass(frozen=True, slots=True)
class Server:
    """A server with what it wants to see. Secrets stay out of `repr`, so out of logs.

    `token` is an OAuth access token, used instead of the password. `allows_private` is for what
    somebody with a shell on this machine configured; `is_lenient` (only EMAIL_URL's `smtp://`)
    takes encryption when it is offered, whoever offers it.
    """

    host: str
    port: int
    security: Security = Security.TLS
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    allows_private: bool = False
    is_lenient: bool = False
    timeout: float = 60.0


def imap_server(box: Mailbox, *, token: str = "") -> Server:
    """Return where a mailbox's mail is fetched. Raises SecretUnreadable."""
    return Server(
        host=box.imap_host,
        port=box.imap_port,
        security=Security(box.imap_security),
        username=box.username or box.address,
        password=_password(box),
        token=token,
        allows_private=box.allows_private,
    )


def smtp_server(box: Mailbox, *, token: str = "") -> Server:
    """Return where a mailbox's mail is handed over. Raises SecretUnreadable."""
    return Server(
        host=box.smtp_host,
        port=box.smtp_port,
        security=Security(box.smtp_security),
        username=box.username or box.address,
        password=_password(box),
        token=token,
        allows_private=box.allows_private,
    )


def _password(box: Mailbox) -> str:
    is_by_password = box.auth == Auth.PASSWORD.value
    return secrets.unseal(box.password_sealed) if is_by_password else ""


def xoauth2(username: str, token: str) -> str:
    """Return the first answer of XOAUTH2, before base64.

    Source: Google and Microsoft, "XOAUTH2": user=…^Aauth=Bearer …^A^A.
    """
    return f"user={username}\1auth=Bearer {token}\1\1"


@lru_cache(maxsize=2)
def tls_context(*, is_verifying: bool = True) -> ssl.SSLContext:
    """Return the one context of this process: the system's authorities, host names checked."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not is_verifying:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
