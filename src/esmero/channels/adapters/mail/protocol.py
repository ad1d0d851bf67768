"""SMTP and LMTP as aiosmtpd speaks them, with mails read whole instead of line by line.

A line may be of any length and costs nothing; only `CRLF . CRLF` ends a mail (a bare LF never
does, which is how mails are smuggled); what mails in flight may hold in memory is bounded.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import MISSING, SMTP

from esmero.kernel import failpoints

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of a mail that is accepted."""
HELD_MOST: Final = 256 * 1024 * 1024
"""Bytes of mails on their way in, all together."""
CONNECTIONS_MOST: Final = 200
_CHUNK = 256 * 1024
_END = b"\r\n.\r\n"
_PATH = re.compile(r"\s*<(?:@[^:<>]*:)?([^<>]*)>\s*(.*)\Z", re.S)
_BARE = re.compile(r"\s*([^\s<>]+)\s*(.*)\Z", re.S)
_ODD = re.compile(r"[\x00-\x20\x7f]")
_NULL = "<>"


class Load:
    """What the connections of one listener hold together."""

    def __init__(self, *, largest: int = LARGEST, held_most: int = HELD_MOST) -> None:
        self.largest, self.held_most = largest, held_most
        self.held = 0
        self.connections: set[Any] = set()

    def take(self, size: int) -> bool:
        """Hold more bytes, if there is room."""
        if self.held + size > self.held_most:
            return False
        self.held += size
        return True


class _Whole(SMTP):
    """What SMTP and LMTP share."""

    line_length_limit = _CHUNK
    answers_each = False  # LMTP: one answer for each recipient (RFC 2033, 4.2)

    def __init__(self, handler: Any, *, load: Load, **choices: Any) -> None:
        super().__init__(handler, **choices)
        self._load = load
        self._is_one_too_many = False

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._is_one_too_many = len(self._load.connections) >= CONNECTIONS_MOST
        self._load.connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._load.connections.discard(self)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if self._is_one_too_many:
            await self.push("421 4.7.0 Too many connections, try again later")
            if self.transport is not None:
                self.transport.close()
            return
        await super()._handle_client()

    # Addresses

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Read a path as it comes: a customer's odd address is no reason to refuse their mail."""
        match = _PATH.match(arg) or _BARE.match(arg)
        if match is None:
            return None, None
        address = match[1].strip()
        if len(address) > 320 or _ODD.search(address):
            return None, None
        return address or _NULL, match[2]

    # Mails

    async def smtp_DATA(self, arg: str | None) -> None:
        """Read a mail, have it stored, answer."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        taken = [0]
        try:
            data, refusal = await self._read(taken)
            if data is None:
                status: Any = refusal
            else:
                envelope.content = envelope.original_content = data
                status = await self._call_handler_hook("DATA")
        finally:
            self._load.held -= taken[0]
        answers = len(envelope.rcpt_tos) if self.answers_each else 1
        self._set_post_data_state()
        line = "451 4.3.0 Not stored" if status is MISSING else str(status)
        await self.push("\r\n".join([line] * answers))
        failpoints.reached("listen.after_reply")

    async def _read(self, taken: list[int]) -> tuple[bytes | None, str]:
        reader = self._reader
        # With a CRLF in front, `.` on the first line ends the mail too.
        reader._buffer[0:0] = b"\r\n"  # type: ignore[attr-defined]
        pieces: list[bytes] = []
        size, refusal, is_over = 0, "", False
        while not is_over:
            try:
                piece = (await reader.readuntil(_END))[:-3]
                is_over = True
            except asyncio.LimitOverrunError as more:
                piece = await reader.read(more.consumed)
                self._reset_timeout()
            size += len(piece)
            if refusal:
                continue
            if size > self._load.largest:
                refusal = "552 5.3.4 Too large"
            elif not self._load.take(len(piece)):
                refusal = "452 4.3.1 Too much at once, try again later"
            else:
                taken[0] += len(piece)
                pieces.append(piece)
            if refusal:
                pieces.clear()
        if refusal:
            return None, refusal
        # RFC 5321, 4.5.2: a dot in front of a line is not its own.
        return b"".join(pieces).replace(b"\r\n.", b"\r\n")[2:], ""


class SmtpIn(_Whole):
    """SMTP."""


class LmtpIn(_Whole, LMTP):
    """LMTP: the local delivery of a mail server that stands in front of us."""

    answers_each = True
