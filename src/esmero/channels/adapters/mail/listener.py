"""The listener for mail that a server hands to us: `250` only after the mail is committed.

It takes mail for the shop only and relays nothing.
"""

from __future__ import annotations

import asyncio
import errno
import os
import queue
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from esmero.channels import actions
from esmero.channels.adapters.mail.protocol import LmtpIn, Load, SmtpIn
from esmero.channels.adapters.mail.recipients import Directories, Directory
from esmero.channels.enums import Source
from esmero.kernel import clock, failpoints

log = structlog.get_logger(__name__)
# Several commits in flight share one flush of the database's log.
STORING_AT_ONCE: Final = 6
_ANSWER_WITHIN = 120.0  # a client waits ten minutes for it (RFC 5321, 4.5.3.2.6)
_TAKEN = "250 2.0.0 Stored"
_LATER = "451 4.3.0 Cannot store now, try again later"
_FULL = "452 4.3.1 Insufficient storage, try again later"
_UNKNOWN = "550 5.1.1 No such mailbox here"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how it listens; port 0 takes a free one."""

    host: str
    port: int
    is_lmtp: bool = False
    certificate: str = ""
    key: str = ""

    def tls(self) -> ssl.SSLContext | None:
        """Return the context of STARTTLS. Raises ValueError naming the variable."""
        if not self.certificate:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self.certificate, self.key or None)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"ESMERO_SMTP_IN_CERT: {error}") from error
        return context


class _Threads:
    """Threads that keep their database connection, and close it when they end."""

    def __init__(self, count: int) -> None:
        self._work: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"storing-{n}", daemon=True)
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call in one of the threads and return what it returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._work.put((loop, answer, call, arguments))
        return await answer

    def close(self) -> None:
        """Finish what waits, and end."""
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            loop, answer, call, arguments = item
            try:
                found, error = _with_fresh_connection(call, arguments), None
            except Exception as raised:  # noqa: BLE001  an entry: it goes to whoever waits
                found, error = None, raised
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, answer, found, error)
        connection.close()


def _settle(answer: asyncio.Future[Any], found: Any, error: Exception | None) -> None:
    if answer.done():
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(found)


class _Handler:
    """Decides about recipients and stores mails."""

    def __init__(self, threads: _Threads, directories: Directories) -> None:
        self._threads, self._directories = threads, directories

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        kept = [line for line in lines if not line.startswith("250-AUTH")]
        return [kept[0], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *kept[1:]]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        directory = self._directories.fresh
        if directory is None:
            try:
                directory = await self._threads.run(self._directories.read)
            except (DatabaseError, InterfaceError, psycopg.Error, OSError) as error:
                log.error("directory_unread", error=f"{type(error).__name__}: {error}")
                return _LATER
        if not directory.takes(address):
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        failpoints.reached("listen.before_store")
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        try:
            await asyncio.wait_for(
                self._threads.run(
                    _store, self._directories, envelope.content, sender, envelope.rcpt_tos
                ),
                _ANSWER_WITHIN,
            )
        except Exception as error:  # an entry: whatever it is, the sender keeps the mail
            is_full = _is_full(error)
            log.error(
                "mail_not_stored",
                error=f"{type(error).__name__}: {error}",
                exc_info=not isinstance(error, (OperationalError, InterfaceError, OSError)),
            )
            return _FULL if is_full else _LATER
        failpoints.reached("listen.after_store")
        return _TAKEN


def _with_fresh_connection(call: Any, arguments: tuple[Any, ...]) -> Any:
    """Call, and once more when the connection of this thread turns out to be dead."""
    try:
        return call(*arguments)
    except (OperationalError, InterfaceError) as error:
        connection.close()
        if _is_full(error):
            raise
        try:
            return call(*arguments)
        except (OperationalError, InterfaceError):
            connection.close()
            raise


def _store(directories: Directories, data: bytes, sender: str, recipients: list[str]) -> None:
    directory = directories.fresh or Directory()
    now = clock.now()
    actions.accept_mail(
        source=Source.SMTP,
        data=data,
        received_at=now,
        at=now,
        mailbox_id=directory.mailbox_of(recipients),
        envelope_from=sender,
        envelope_to=recipients,
    )


def _is_full(error: BaseException) -> bool:
    """Say whether a disk is full: ours, or the database's (SQLSTATE 53100)."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.DiskFull)


class Listener:
    """A listener in a thread of its own: `start`, then `stop`."""

    def __init__(self, listening: Listening, *, load: Load | None = None) -> None:
        self._listening = listening
        self._tls = listening.tls()
        self._load = load or Load()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="listener-smtp", daemon=True)
        self._started = threading.Event()
        self._stopping: asyncio.Event | None = None
        self._error: OSError | None = None
        self.port = listening.port

    def start(self) -> None:
        """Begin to listen. Raises OSError when the address cannot be had."""
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            raise OSError(f"ESMERO_SMTP_IN: {self._error}") from self._error

    def stop(self, *, within: float = 8.0) -> None:
        """Accept no more, finish what is being stored, end."""
        if self._loop is not None and self._stopping is not None:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(within)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        threads = _Threads(STORING_AT_ONCE)
        kind = LmtpIn if self._listening.is_lmtp else SmtpIn
        handler = _Handler(threads, Directories())
        try:
            server = await self._loop.create_server(
                lambda: kind(
                    handler,
                    load=self._load,
                    data_size_limit=self._load.largest,
                    enable_SMTPUTF8=True,
                    ident="Esmero",
                    hostname=_hostname(),
                    tls_context=self._tls,
                    timeout=300,
                    loop=self._loop,
                ),
                self._listening.host,
                self._listening.port,
                backlog=512,
            )
        except OSError as error:
            self._error = error
            self._started.set()
            threads.close()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        log.info(
            "listening", host=self._listening.host, port=self.port, lmtp=self._listening.is_lmtp
        )
        await self._stopping.wait()
        server.close()
        await self._loop.run_in_executor(None, threads.close)
        await asyncio.sleep(0.05)  # the answers to what has just been stored leave
        for one in list(self._load.connections):
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0)


def _hostname() -> str:
    name = os.environ.get("HOSTNAME", "") or os.uname().nodename
    return name if name.isascii() and name else "localhost"
