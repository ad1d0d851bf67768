"""What channels asks of those above it; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from esmero.channels.enums import Security


@dataclass(frozen=True, slots=True)
class ToRender:
    """An outgoing mail before it has bytes. `template` is empty for an agent's reply."""

    delivery_id: int
    template: str
    context: dict[str, Any]
    language: str
    conversation_id: int | None
    message_id: int | None
    promise_id: int | None
    message_header: str
    mail_from: tuple[str, str]
    reply_to: str
    to: list[tuple[str, str]]
    cc: list[tuple[str, str]]
    in_reply_to: str
    references: list[str]
    is_automatic: bool
    at: datetime


class Renderer(Protocol):
    """Makes the bytes of a mail; the same input gives the same words."""

    def render(self, mail: ToRender) -> bytes:
        """Return an RFC 5322 message with CRLF line ends, without Bcc."""


_renderer: Renderer | None = None


def use_renderer(renderer: Renderer) -> None:
    """Install the implementation (once, at start)."""
    global _renderer
    _renderer = renderer


def renderer() -> Renderer:
    """Return the installed implementation."""
    if _renderer is None:
        raise RuntimeError("no renderer is wired: call esmero.config.wiring first")
    return _renderer


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a mailbox's test. `code` is for advice, `said` the server's own words."""

    name: str  # a code: resolve, connect, sign_in, folders, sent_folder, send, receive, …
    is_ok: bool
    code: str = ""
    said: str = ""
    is_skipped: bool = False


OPTIONAL_STEPS = frozenset({"sent_folder", "idle", "plus_address"})
"""What is good to have and no failure where it is missing."""


def is_well(steps: Sequence[Step]) -> bool:
    """Say whether mail can be fetched and sent."""
    return all(s.is_ok or s.is_skipped for s in steps if s.name not in OPTIONAL_STEPS)


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent on its way: the browser goes to `url`, the rest is kept until it is back."""

    url: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """Servers to be tried before a mailbox is connected; empty hosts are left out.

    `sends` False: it signs in everywhere and sends no mail. `allows_private` is for what somebody
    with a shell on this machine named.
    """

    address: str
    password: str = field(repr=False)
    username: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Security = Security.TLS
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    sends: bool = True
    allows_private: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial found. None: it could not be found out."""

    steps: Sequence[Step]
    is_ok: bool
    has_plus_addresses: bool | None = None
    authserv_ids: Sequence[str] = ()


class MailServers(Protocol):
    """Talks with the servers of a mailbox while somebody waits. No call inside a transaction."""

    def probe(self, mailbox_id: int, *, at: datetime) -> Sequence[Step]:
        """Go through every step of fetching and sending; at most some thirty seconds."""

    def suggested(self, address: str) -> Trial | None:
        """Return the servers that an address's provider most likely has; None for no address."""

    def try_out(self, trial: Trial, *, at: datetime) -> Outcome:
        """The same test for servers that are not connected yet; nothing is kept."""

    def begin_consent(self, mailbox_id: int, *, redirect_uri: str) -> Consent:
        """Prepare what the provider is asked. Raises NotFound, MailboxProblem."""

    def complete_consent(
        self, mailbox_id: int, *, code: str, verifier: str, redirect_uri: str, at: datetime
    ) -> None:
        """Turn the code into tokens and keep them. Raises MailboxProblem."""


_mail_servers: Callable[[], MailServers] | None = None


def use_mail_servers(make: Callable[[], MailServers]) -> None:
    """Install the implementation (once, at start); it is made when first asked for."""
    global _mail_servers
    _mail_servers = make


def mail_servers() -> MailServers:
    """Return the installed implementation."""
    if _mail_servers is None:
        raise RuntimeError("no mail servers are wired")
    return _mail_servers()
