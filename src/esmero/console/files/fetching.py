"""Fetching a remote image through the one guarded dialler, with limits of time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from esmero.kernel import dialler
from esmero.kernel.dialler import HostRefused, HostUnknown

BYTES_MOST = 5 * 1024 * 1024
SECONDS_MOST = 6.0
REDIRECTS_MOST = 3
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_HEADERS = {"Accept": "image/png, image/jpeg, image/gif, image/webp", "User-Agent": "Mail"}


def image_at(url: str) -> bytes | None:
    """Return the bytes at an address, or None: refused, too large, too slow, not there.

    Each redirect is judged anew. No cookie, no referrer, no word of who asks.
    """
    deadline = time.monotonic() + SECONDS_MOST
    for _ in range(REDIRECTS_MOST + 1):
        try:
            found = _get(url, deadline)
        except (OSError, http.client.HTTPException, HostRefused, HostUnknown, ValueError):
            return None
        if isinstance(found, bytes) or found is None:
            return found
        url = urljoin(url, found)
    return None


def _get(url: str, deadline: float) -> bytes | str | None:
    """Return the body, or the address of a redirect, or None."""
    parts = urlsplit(url)
    port = _PORTS.get(parts.scheme)
    if port is None or not parts.hostname or parts.username or parts.port not in (None, port):
        return None
    connection = _Guarded(parts.hostname, port, is_tls=parts.scheme == "https", deadline=deadline)
    # The timeout of a socket is for one wait: what drips in byte by byte is cut off by the clock.
    clock = threading.Timer(max(0.0, deadline - time.monotonic()), connection.cut)
    clock.daemon = True
    clock.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers=_HEADERS)
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            return response.headers.get("Location") or None
        if response.status != 200:
            return None
        return _body(response, connection, deadline)
    finally:
        clock.cancel()
        connection.close()


def _body(
    response: http.client.HTTPResponse, connection: _Guarded, deadline: float
) -> bytes | None:
    found = bytearray()
    while chunk := response.read1(64 * 1024):
        found += chunk
        left = deadline - time.monotonic()
        if len(found) > BYTES_MOST or left <= 0:
            return None
        if connection.sock is not None:
            connection.sock.settimeout(left)
    # What the clock has cut off looks like an end.
    return bytes(found) if time.monotonic() < deadline else None


class _Guarded(http.client.HTTPConnection):
    """A connection whose address was judged, with one deadline for all of it."""

    def __init__(self, host: str, port: int, *, is_tls: bool, deadline: float) -> None:
        super().__init__(host, port)
        self._is_tls = is_tls
        self._deadline = deadline

    def connect(self) -> None:
        """Open it. Raises HostRefused, HostUnknown, OSError."""
        left = max(0.1, self._deadline - time.monotonic())
        self.sock = dialler.connect(self.host, self.port, timeout=left)
        if self._is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from outside: whoever reads meets its end."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
