"""One signed-in IMAP session: folders, numbers, dates, bytes, and waiting for more.

IMAPClient speaks the protocol over the line reader of `wire`.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientError

from esmero.channels.adapters.mail.accounts import Server, xoauth2
from esmero.channels.adapters.mail.folders import Listed, find_special
from esmero.channels.adapters.mail.problems import ServerProblem, problem_of
from esmero.channels.adapters.mail.wire import Imap4
from esmero.channels.enums import Security
from esmero.kernel import clock
from esmero.kernel.errors import Refusal


class _Client(imapclient.IMAPClient):
    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(server.host, server.port, ssl=False, timeout=server.timeout)
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> Imap4:
        return Imap4(self.server)


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it was when it was opened."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a mail before its bytes: size, arrival (aware), flags in lower case."""

    size: int
    received_at: datetime | None
    flags: frozenset[str]


# Beside what they document, the libraries raise these on answers that they did not expect.
_TROUBLE = (
    IMAPClientError,
    Refusal,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)


@contextmanager
def _named(*, is_login: bool = False) -> Iterator[None]:
    """Turn whatever the library or the system raises into a ServerProblem."""
    try:
        yield
    except ServerProblem:
        raise
    except _TROUBLE as error:
        raise problem_of(error, is_login=is_login) from error


class Session:
    """A connection to a mailbox, signed in; left by `close`. Everything raises ServerProblem."""

    def __init__(self, server: Server, *, said: Callable[[str], None] | None = None) -> None:
        """Connect, protect, sign in; `said` hears of each step (connect, tls, login) when done."""
        tell = said or (lambda step: None)
        with _named():
            self._client = _Client(server)
        try:
            tell("connect")
            if server.security is Security.STARTTLS:
                with _named():
                    self._client._imap.begin_tls()
                    self._client._cached_capabilities = None
            tell("tls")
            with _named(is_login=True):
                self._login(server)
            tell("login")
        except BaseException:
            self.close()
            raise
        self.has_idle = self._has("IDLE")
        self._wake: socket.socket | None = None

    def _has(self, capability: str) -> bool:
        with _named():
            return bool(self._client.has_capability(capability))

    def _login(self, server: Server) -> None:
        client = self._client
        client._cached_capabilities = None
        if server.token:
            said: list[bytes] = []

            def answer(challenge: bytes) -> bytes:
                # The first challenge is empty; a second one holds the error and wants nothing.
                said.append(challenge)
                first = len(said) == 1
                return xoauth2(server.username, server.token).encode() if first else b""

            try:
                client.sasl_login("XOAUTH2", answer)
            except IMAPClientError as error:
                detail = said[-1].decode("utf-8", "replace") if len(said) > 1 else ""
                raise ServerProblem(
                    "token_refused", f"{problem_of(error).reason} {detail}"
                ) from error
        elif self._has("AUTH=PLAIN") and (
            not (server.username + server.password).isascii() or self._has("LOGINDISABLED")
        ):
            client.plain_login(server.username, server.password)
        elif self._has("LOGINDISABLED"):
            raise ServerProblem("tls_needed", "LOGINDISABLED")
        else:
            client.login(server.username, server.password)

    def close(self) -> None:
        """Say goodbye if possible, and close."""
        with suppress(Exception):
            self._client._imap.sock.settimeout(3)
            self._client.logout()
        with suppress(Exception):
            self._client.shutdown()

    # Folders

    def special_folders(self) -> dict[str, str]:
        """Return the names of the folders `sent` and `junk`, '' where there is none."""
        with _named():
            client = self._client
            is_old_gmail = client.has_capability("XLIST") and not client.has_capability(
                "SPECIAL-USE"
            )
            found = self._listing(client.xlist_folders if is_old_gmail else client.list_folders)
            if client.has_capability("SPECIAL-USE") and not find_special(found, "sent"):
                found = self._listing(self._list_with_marks) or found
        return {kind: find_special(found, kind) for kind in ("sent", "junk")}

    def _listing(self, read: Callable[[], Iterable[Any]]) -> list[Listed]:
        found = []
        for flags, delimiter, name in read():
            marks = tuple(f.decode("ascii", "replace") for f in flags)
            found.append(Listed(marks, (delimiter or b"").decode("ascii", "replace"), str(name)))
        return found

    def _list_with_marks(self) -> Any:
        # Some servers show the marks only when asked. Source: RFC 6154, section 5.
        low = self._client._imap
        answer, data = low._simple_command("LIST", '""', '"*"', "RETURN", "(SPECIAL-USE)")
        if answer != "OK":
            return []
        return self._client._proc_folder_list(low._untagged_response(answer, data, "LIST")[1])

    def open(self, folder: str) -> Opened:
        """Open a folder without changing anything in it."""
        with _named():
            found = self._client.select_folder(folder, readonly=True)
            uidnext = found.get(b"UIDNEXT")
            exists = int(found.get(b"EXISTS", 0))
            if uidnext is None:
                uidnext = max(self.uids(1), default=0) + 1 if exists else 1
            validity = int(found.get(b"UIDVALIDITY", 0))
            return Opened(validity, max(1, int(uidnext)), exists)

    def status(self, folder: str) -> Opened:
        """Return how a folder stands without opening it."""
        with _named():
            found = self._client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY", "MESSAGES"])
            return Opened(
                int(found.get(b"UIDVALIDITY", 0)),
                int(found.get(b"UIDNEXT", 0)),
                int(found.get(b"MESSAGES", 0)),
            )

    # Mails of the open folder

    def uids(self, low: int, high: int | None = None) -> list[int]:
        """Return the numbers from `low` up to `high` (None: the end) that exist, in order."""
        with _named():
            found = self._client.search(["UID", f"{low}:{high or '*'}"])
        # `n:*` names the last mail even where its number is below n (RFC 3501, 6.4.8).
        return sorted(u for u in found if u >= low and (high is None or u <= high))

    def uids_since(self, day: date) -> list[int]:
        """Return the numbers of the mails that came on this day (of the server) or later."""
        with _named():
            return sorted(self._client.search(["SINCE", day]))

    def look(self, uids: list[int]) -> dict[int, Seen]:
        """Return size, arrival and flags; a mail that is gone is missing."""
        with _named():
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
        seen = {}
        for uid, item in found.items():
            if b"RFC822.SIZE" not in item:
                continue
            flags = item.get(b"FLAGS") or ()
            seen[uid] = Seen(
                size=int(item[b"RFC822.SIZE"] or 0),
                received_at=_moved(_aware(item.get(b"INTERNALDATE"))),
                flags=frozenset(
                    f.decode("ascii", "replace").lower() for f in flags if isinstance(f, bytes)
                ),
            )
        return seen

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """Return whole mails, without marking them as read; one that is gone is missing."""
        return self._fetch_bodies(uids, "BODY.PEEK[]", b"BODY[]")

    def heads(self, uids: list[int]) -> dict[int, bytes]:
        """Return the header blocks of mails."""
        return self._fetch_bodies(uids, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def remove(self, folder: str, uid: int) -> None:
        """Remove a mail that this program has sent to itself, and no other."""
        with _named():
            self._client.select_folder(folder)
            self._client.add_flags([uid], [imapclient.DELETED], silent=True)
            if self._client.has_capability("UIDPLUS"):  # else EXPUNGE would remove others too
                self._client.expunge([uid])

    def beginning(self, uid: int, size: int) -> bytes | None:
        """Return the first bytes of a mail, None when it is gone."""
        return self._fetch_bodies([uid], f"BODY.PEEK[]<0.{size}>", b"BODY[]<0>").get(uid)

    def _fetch_bodies(self, uids: list[int], what: str, key: bytes) -> dict[int, bytes]:
        with _named():
            found = self._client.fetch(uids, [what])
        bodies = {}
        for uid, item in found.items():
            value = item.get(key)
            if isinstance(value, int):  # a body of digits only, quoted: read as a number
                value = str(value).encode()
            if isinstance(value, bytes):
                bodies[uid] = value
        return bodies

    # Waiting

    def wait(self, seconds: float, wake: socket.socket) -> bool:
        """Wait until the folder changes (with IDLE), `wake` can be read, or the time is over.

        Returns whether the server has said something. Source: RFC 2177; IDLE is ended well within
        its 29 minutes, as long as `seconds` is.
        """
        if not self.has_idle:
            select.select([wake], [], [], seconds)
            return False
        with _named():
            low = self._client._imap
            tag = low._command("IDLE")
            has_more = False
            while low._get_response() is not None:  # None is the "+" that lets us wait
                if low.tagged_commands.get(tag):
                    self.has_idle = False  # it offered what it cannot do
                    return True
                has_more = True
            has_more = has_more or low.lines.has_some
            if not has_more:
                poller = select.poll()
                poller.register(low.sock, select.POLLIN | select.POLLHUP | select.POLLERR)
                poller.register(wake, select.POLLIN)
                ready = {number for number, _ in poller.poll(seconds * 1000)}
                has_more = low.sock.fileno() in ready
            low.send(b"DONE\r\n")
            while not low.tagged_commands.get(tag):
                low._get_response()
            low.tagged_commands.pop(tag)
            # What was said meanwhile is asked for anew; kept, it would pile up.
            low.untagged_responses.clear()
        return has_more

    def is_well(self) -> None:
        """Ask for a sign of life."""
        with _named():
            self._client.noop()


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    try:
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _moved(moment: datetime | None) -> datetime | None:
    return moment and moment + clock.shift()
