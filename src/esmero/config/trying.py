"""Trying out a mailbox: sign in where its mail is fetched and where it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from esmero.channels.adapters.mail.accounts import Server
from esmero.channels.adapters.mail.imap import Session
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.smtp import Connection


@dataclass(frozen=True, slots=True)
class Tried:
    """One step: what was tried, and the server's own words when it did not work."""

    step: str
    """`imap`, `folders` or `smtp`."""
    ok: bool
    code: str = ""
    said: str = ""


def try_mailbox(imap: Server | None, smtp: Server | None, *, folder: str = "INBOX") -> list[Tried]:
    """Try both servers (None: not configured) and return each step; nothing is changed or sent."""
    found: list[Tried] = []
    if imap is not None:
        session: list[Session] = []
        if _step(found, "imap", lambda: session.append(Session(imap))):
            try:
                _step(found, "folders", lambda: session[0].open(folder))
            finally:
                session[0].close()
    if smtp is not None:
        _step(found, "smtp", lambda: Connection(smtp).close())
    return found


def _step(found: list[Tried], name: str, work: Callable[[], object]) -> bool:
    try:
        work()
    except ServerProblem as problem:
        found.append(Tried(name, ok=False, code=problem.code, said=problem.reason))
        return False
    found.append(Tried(name, ok=True))
    return True
