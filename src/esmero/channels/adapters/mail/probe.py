"""The live test of a mailbox: each step with what the server really said, and what it taught us.

It signs in where mail is fetched and where it is sent, sends two mails to the mailbox itself (to
its address, and to address+tag), waits for them, reads how the provider treats them, and removes
them again: the only mails that are ever deleted on a server.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from esmero.channels import actions
from esmero.channels.adapters.mail.accounts import Server
from esmero.channels.adapters.mail.imap import Session
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.smtp import Connection, NotHandedOver
from esmero.channels.parsing.headers import read_headers
from esmero.channels.parsing.types import Budget
from esmero.channels.ports import Step, is_well
from esmero.channels.rules.addressing import reply_address

_TIMEOUT: Final = 10.0
_LOOK_EVERY: Final = 0.5
_IDS_MOST = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What the test found. None: it could not be found out."""

    steps: tuple[Step, ...]
    has_plus_addresses: bool | None = None
    authserv_ids: tuple[str, ...] | None = None
    rewrites_message_id: bool | None = None
    folders: dict[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Say whether mail can be fetched and sent. A missing Sent folder or tag is no failure."""
        return is_well(self.steps)


@dataclass(slots=True)
class _Letter:
    """A mail of ours on its way."""

    to: str
    token: str
    header: str
    head: bytes | None = None
    place: tuple[str, int] | None = None


class Probe:
    """One test of one mailbox; `run` once."""

    def __init__(
        self,
        address: str,
        imap: Server | None,
        smtp: Server | None,
        *,
        folder: str = "INBOX",
        sends: bool = True,
        within: float = 20.0,
    ) -> None:
        """`imap` or `smtp` None: not configured; `within` seconds its own mails have to arrive."""
        self._address, self._folder = address, folder
        self._imap = replace(imap, timeout=_TIMEOUT) if imap else None
        self._smtp = replace(smtp, timeout=_TIMEOUT) if smtp else None
        self._sends, self._within = sends, within
        self._steps: list[Step] = []
        self._folders: dict[str, str] = {}

    def run(self, *, at: datetime) -> Report:
        """Go through all steps. Never raises for what a server does."""
        session = self._open_imap()
        connection = None
        try:
            if session is not None:
                self._look_around(session)
            connection = self._open_smtp()
            return self._round_trip(session, connection, at)
        finally:
            if session is not None:
                session.close()
            if connection is not None:
                connection.close()

    # Steps

    def _ok(self, name: str, said: str = "") -> None:
        self._steps.append(Step(name, True, said=said))

    def _failed(self, name: str, code: str, said: str) -> None:
        self._steps.append(Step(name, False, code=code, said=said))

    def _skipped(self, *names: str) -> None:
        self._steps += [Step(name, False, is_skipped=True) for name in names]

    def _staged(self, kind: str, begin: Callable[[Callable[[str], None]], object]) -> object:
        """Connect and sign in as two steps; return what was opened, None on failure."""
        done: list[str] = []
        try:
            opened = begin(done.append)
        except ServerProblem as problem:
            if "tls" in done:
                self._ok(f"{kind}_connect")
                self._failed(f"{kind}_login", problem.code, problem.reason)
            else:
                self._failed(f"{kind}_connect", problem.code, problem.reason)
                self._skipped(f"{kind}_login")
            return None
        self._ok(f"{kind}_connect")
        self._ok(f"{kind}_login")
        return opened

    def _open_imap(self) -> Session | None:
        server = self._imap
        session = None
        if server is None:
            self._skipped("imap_connect", "imap_login")
        else:
            session = self._staged("imap", lambda tell: Session(server, said=tell))
        if session is None:
            self._skipped("inbox", "sent_folder", "idle")
        assert session is None or isinstance(session, Session)  # noqa: S101  for the types
        return session

    def _look_around(self, session: Session) -> None:
        try:
            opened = session.open(self._folder)
            self._ok("inbox", f"{self._folder}: {opened.exists}")
        except ServerProblem as problem:
            self._failed("inbox", problem.code, problem.reason)
        try:
            self._folders = session.special_folders()
        except ServerProblem as problem:
            self._failed("sent_folder", problem.code, problem.reason)
        else:
            sent = self._folders.get("sent", "")
            self._steps.append(
                Step("sent_folder", bool(sent), code="" if sent else "no_sent", said=sent)
            )
        self._steps.append(
            Step("idle", session.has_idle, code="" if session.has_idle else "no_idle")
        )

    def _open_smtp(self) -> Connection | None:
        server = self._smtp
        if server is None:
            self._skipped("smtp_connect", "smtp_login")
            return None
        connection = self._staged("smtp", lambda tell: Connection(server, said=tell))
        assert connection is None or isinstance(connection, Connection)  # noqa: S101
        return connection

    # There and back

    def _round_trip(
        self, session: Session | None, connection: Connection | None, at: datetime
    ) -> Report:
        if connection is None or not self._sends:
            self._skipped("send", "receive", "plus_address")
            return self._report()
        # As long as a real reply address, with a signature that nobody believes.
        signature = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
        letters = [
            self._letter(self._address),
            self._letter(reply_address(self._address, 0, signature)),
        ]
        places = {}
        if session is not None:
            try:
                wanted = [self._folder, self._folders.get("junk", "")]
                places = {f: session.status(f).uidnext for f in wanted if f}
            except ServerProblem:
                session = None
        if not self._send(connection, letters, at):
            self._skipped("receive", "plus_address")
            return self._report()
        if session is None:
            self._skipped("receive", "plus_address")
            return self._report()
        try:
            self._await(session, letters, places)
            self._clear(session, letters)
        except ServerProblem as problem:
            self._failed("receive", problem.code, problem.reason)
            self._skipped("plus_address")
            return self._report()
        return self._judge(*letters)

    def _letter(self, to: str) -> _Letter:
        domain = self._address.rpartition("@")[2]
        # A signed Message-ID of ours for no conversation: whoever fetches it leaves it alone.
        return _Letter(to, secrets.token_hex(8), actions.new_message_id(0, domain))

    def _send(self, connection: Connection, letters: list[_Letter], at: datetime) -> bool:
        for number, letter in enumerate(letters):
            data = (
                f"From: <{self._address}>\r\nTo: <{letter.to}>\r\n"
                f"Subject: Esmero: test {letter.token}\r\nDate: {format_datetime(at)}\r\n"
                f"Message-ID: {letter.header}\r\nAuto-Submitted: auto-generated\r\n"
                f"X-Esmero-Probe: {letter.token}\r\nMIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=us-ascii\r\n\r\n"
                "A test of this mailbox by Esmero. It removes this mail by itself.\r\n"
            )
            try:
                connection.send(self._address, [letter.to], data.encode("utf-8"))
            except NotHandedOver as problem:
                if number:  # only the tag is not taken
                    letter.header = ""
                    continue
                self._failed("send", "send_refused", problem.reason)
                return False
        self._ok("send")
        return True

    def _await(self, session: Session, letters: list[_Letter], places: dict[str, int]) -> None:
        limit = time.monotonic() + self._within
        while True:
            for folder, begin in places.items():
                session.open(folder)
                uids = session.uids(begin)[-50:]
                for uid, head in session.heads(uids).items():
                    for letter in letters:
                        if letter.token.encode() in head:
                            letter.head, letter.place = head, (folder, uid)
            if all(one.head is not None or not one.header for one in letters):
                return
            # Once the plain one is here, the tagged one gets a moment more, not the whole time.
            if letters[0].head is not None:
                limit = min(limit, time.monotonic() + self._within / 3)
            if time.monotonic() > limit:
                return
            time.sleep(_LOOK_EVERY)

    def _clear(self, session: Session, letters: list[_Letter]) -> None:
        for letter in letters:
            if letter.place is not None:
                session.remove(*letter.place)

    def _judge(self, plain: _Letter, tagged: _Letter) -> Report:
        if plain.head is None:
            self._failed("receive", "not_seen", "")
        else:
            self._ok("receive", plain.place[0] if plain.place else "")
        has_plus = tagged.head is not None
        if plain.head is None and not has_plus:
            self._skipped("plus_address")
            return self._report()
        self._steps.append(Step("plus_address", has_plus, code="" if has_plus else "no_plus"))
        head = plain.head or tagged.head or b""
        sent = plain.header if plain.head else tagged.header
        headers, _ = read_headers(head, 0, len(head), Budget())
        ids = []
        for value in headers.all("authentication-results"):
            first = value.partition(";")[0].split()
            if first:
                ids.append(first[0].strip('"').lower())
        return replace(
            self._report(),
            has_plus_addresses=has_plus,
            authserv_ids=tuple(dict.fromkeys(ids))[:_IDS_MOST],
            rewrites_message_id=sent not in headers.first("message-id"),
        )

    def _report(self) -> Report:
        return Report(tuple(self._steps), folders=self._folders)
