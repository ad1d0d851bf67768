"""An IMAP server that errs as real ones do, where Dovecot is too good: it says what it is told."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Mail:
    """A mail on the odd server. `body` None: the server gives none (NIL)."""

    uid: int
    body: bytes | None
    date: str = ""
    flags: str = ""
    size: int | None = None


@dataclass
class OddImap:
    """`with OddImap() as server:`; change its fields at any moment."""

    mails: list[Mail] = field(default_factory=list)
    uidvalidity: int = 7
    uidnext: Callable[[OddImap], int | None] = lambda s: (
        max((m.uid for m in s.mails), default=0) + 1
    )
    breaks_on: set[int] = field(default_factory=set)  # hangs up when this body is asked for
    lies_on: set[int] = field(default_factory=set)  # names a literal of gigabytes
    before_idle: bytes = b""  # said before the "+"
    with_idle: bytes = b""  # said together with the "+"
    expunged_on_look: set[int] = field(default_factory=set)
    refuses_list: bool = False
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> OddImap:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.host, self.port = self._server.server_address[:2]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def fetches(self, what: str) -> int:
        """Return how often something was asked for."""
        return sum(what in c for c in self.commands)


def _handler(odd: OddImap) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK odd server\r\n")
            while line := self.rfile.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                odd.commands.append(rest)
                words = rest.upper().split()
                try:
                    if not self._answer(tag, words, rest):
                        return
                except (BrokenPipeError, ConnectionError):
                    return

        def _say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

        def _answer(self, tag: str, words: list[str], rest: str) -> bool:
            ok = f"{tag} OK done"
            match words:
                case ["CAPABILITY"]:
                    self._say("* CAPABILITY IMAP4rev1 IDLE UIDPLUS", ok)
                case ["LIST", *_] if odd.refuses_list:
                    self._say(f"{tag} NO not today")
                case ["LIST", *_]:
                    self._say('* LIST () "/" INBOX', ok)
                case ["EXAMINE" | "SELECT", *_]:
                    uidnext = odd.uidnext(odd)
                    lines = [f"* {len(odd.mails)} EXISTS", "* 0 RECENT", "* FLAGS ()"]
                    lines.append(f"* OK [UIDVALIDITY {odd.uidvalidity}] fine")
                    if uidnext is not None:
                        lines.append(f"* OK [UIDNEXT {uidnext}] fine")
                    self._say(*lines, ok)
                case ["UID", "SEARCH", *_]:
                    self._say(f"* SEARCH {' '.join(str(u) for u in _search(odd, rest))}", ok)
                case ["UID", "FETCH", which, *_]:
                    return self._fetch(tag, which, rest)
                case ["IDLE"]:
                    self.wfile.write(odd.before_idle + b"+ idling\r\n" + odd.with_idle)
                    self.rfile.readline()
                    self._say(ok)
                case ["LOGOUT"]:
                    self._say("* BYE", ok)
                    return False
                case _:
                    self._say(ok)
            return True

        def _fetch(self, tag: str, which: str, rest: str) -> bool:
            wanted = _numbers(odd, which)
            for seq, mail in enumerate(odd.mails, 1):
                if mail.uid not in wanted:
                    continue
                if "BODY" not in rest:
                    body = mail.body or b""
                    size = mail.size if mail.size is not None else len(body)
                    date = mail.date or time.strftime("%d-%b-%Y %H:%M:%S +0000", time.gmtime())
                    self._say(
                        f"* {seq} FETCH (UID {mail.uid} RFC822.SIZE {size}"
                        f' INTERNALDATE "{date}" FLAGS ({mail.flags}))'
                    )
                    continue
                if mail.uid in odd.breaks_on and "<0." not in rest:
                    return False
                if mail.uid in odd.lies_on and "<0." not in rest:
                    self._say(f"* {seq} FETCH (UID {mail.uid} BODY[] {{9999999999}}")
                    continue
                if mail.body is None:
                    self._say(f"* {seq} FETCH (UID {mail.uid} BODY[] NIL)")
                    continue
                key, data = "BODY[]", mail.body
                if part := re.search(r"<0\.(\d+)>", rest):
                    key, data = "BODY[]<0>", data[: int(part[1])]
                self.wfile.write(
                    f"* {seq} FETCH (UID {mail.uid} {key} {{{len(data)}}}\r\n".encode()
                    + data
                    + b")\r\n"
                )
            if odd.expunged_on_look and "RFC822.SIZE" in rest:
                odd.mails[:] = [m for m in odd.mails if m.uid not in odd.expunged_on_look]
            self._say(f"{tag} OK done")
            return True

    return Handler


def _numbers(odd: OddImap, which: str) -> set[int]:
    """Return the numbers of a sequence set that exist."""
    there = {m.uid for m in odd.mails}
    highest = max(there, default=0)
    found: set[int] = set()
    for part in which.split(","):
        low, _, high = part.partition(":")
        last = highest if high == "*" else int(high or low)
        first = highest if low == "*" else int(low)
        found |= {u for u in there if min(first, last) <= u <= max(first, last)}
    return found


def _search(odd: OddImap, rest: str) -> list[int]:
    there = [m.uid for m in odd.mails]
    if match := re.search(r"UID (\d+:[\d*]+)", rest.removeprefix("UID SEARCH")):
        wanted = _numbers(odd, match[1])
        return [u for u in there if u in wanted]
    return there
