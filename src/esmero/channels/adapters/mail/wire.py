"""What lies under an IMAP session: a judged address, TLS, and a line reader of our own.

The reader of `imaplib` is lost after a timeout, cannot say whether something waits in its buffer
(an EXISTS that came together with "+ idling"), and reads literals of any size.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import suppress
from typing import Any, Final

from esmero.channels.adapters.mail.accounts import Server, tls_context
from esmero.channels.enums import Security
from esmero.kernel import dialler

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of a mail that are fetched whole; of a larger one only its beginning."""
_LITERAL_LIMIT = LARGEST + LARGEST // 4  # servers' sizes are estimates
_LINE_LIMIT = 16 * 1024 * 1024  # the answer to SEARCH is one line
_CHUNK = 65536


class Lines:
    """Reads lines and literals from a socket; a timeout loses nothing."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffer = bytearray()

    @property
    def has_some(self) -> bool:
        """Say whether bytes are here already (in our buffer or in TLS's)."""
        pending = getattr(self._socket, "pending", None)
        return bool(self._buffer) or bool(pending and pending())

    def readline(self) -> bytes:
        """Return a line with its end; b'' at the end of the connection."""
        begun = 0
        while True:
            end = self._buffer.find(b"\n", begun)
            if end >= 0:
                line = bytes(self._buffer[: end + 1])
                del self._buffer[: end + 1]
                return line
            begun = len(self._buffer)
            if begun > _LINE_LIMIT:
                raise imaplib.IMAP4.abort("line too long")
            piece = self._socket.recv(_CHUNK)
            if not piece:
                return b""
            self._buffer += piece

    def read(self, size: int) -> bytes:
        """Return a literal of `size` bytes. Raises abort when it is too large or cut off."""
        if size > _LITERAL_LIMIT:
            raise imaplib.IMAP4.abort(f"literal of {size} bytes")
        found = self._buffer[:size]
        del self._buffer[: len(found)]
        while len(found) < size:
            piece = self._socket.recv(min(size - len(found), 1024 * 1024))
            if not piece:
                raise imaplib.IMAP4.abort("connection closed within a literal")
            found += piece
        return bytes(found)


class Imap4(imaplib.IMAP4):
    """The protocol of the standard library over a judged address and our own reader."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.host, server.port, server.timeout)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = dialler.connect(
            host,
            port,
            timeout=min(20.0, self._server.timeout),
            allow_private=self._server.allows_private,
        )
        self.sock.settimeout(self._server.timeout)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._server.security is Security.TLS:
            self._wrap()
        self.lines = Lines(self.sock)

    def _wrap(self) -> None:
        try:
            self.sock = tls_context().wrap_socket(self.sock, server_hostname=self.host)
        except (OSError, ssl.SSLError):
            self.sock.close()
            raise

    def read(self, size: int) -> bytes:
        return self.lines.read(size)

    def readline(self) -> bytes:
        return self.lines.readline()

    def send(self, data: Any) -> None:
        self.sock.sendall(data)

    def shutdown(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def begin_tls(self) -> None:
        """STARTTLS. Raises abort when something was said in clear after it (an injection)."""
        answer, said = self._simple_command("STARTTLS")
        if answer != "OK":
            raise self.error(said[-1])
        if self.lines.has_some:
            raise self.abort("unencrypted bytes after STARTTLS")
        self._wrap()
        self.lines = Lines(self.sock)
        self._tls_established = True
        self._get_capabilities()
