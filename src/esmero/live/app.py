"""The stream's address, as plain ASGI: one GET that stays open, beside the pages' pool of threads.

Each web process has one hub, started with it. `X-Accel-Buffering: no` lets nginx pass on each
message at once; a heartbeat keeps its default `proxy_read_timeout` of 60 s from closing the line.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.db import close_old_connections, connection

from esmero.live.cursor import Cursor
from esmero.live.hub import Hub, Stream
from esmero.live.ports import Surface

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BEATS_EVERY = 20.0
STREAMS_MOST = 2_000
COMES_BACK_MS = 1_500
"""After how long a browser that lost the line asks again (the field `retry`)."""
_LINE = re.compile(r"[A-Za-z0-9-]{8,40}")
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
]


class Live:
    """The ASGI callable of one process and its hub."""

    def __init__(self, surface: Surface, *, cookie: str) -> None:
        self._surface, self._cookie = surface, cookie
        self._door: ThreadPoolExecutor | None = None
        self._open = 0
        self.hub: Hub | None = None

    def start(self) -> None:
        """Begin to follow what happens; in the process that serves, not before it is forked."""
        self.hub = Hub(self._surface)
        self._door = ThreadPoolExecutor(1, thread_name_prefix="live-door")
        self.hub.start()

    def stop(self) -> None:
        """End every stream: the server waits for open answers before it stops."""
        hub, self.hub = self.hub, None
        if hub is not None:
            hub.stop()
        if self._door is not None:
            self._door.submit(_close)
            self._door.shutdown(wait=False)
            self._door = None

    def present(self) -> str:
        """Return the cursor for a page that is made now, '' when nobody follows the events."""
        return self.hub.present() if self.hub else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        hub = self.hub
        if hub is None or self._open >= STREAMS_MOST:
            await _refuse(send, 503)
            return
        reader = await self._entered(scope)
        if reader is None:
            await _refuse(send, 401)
            return
        stream = Stream(reader, *_asked(scope))
        self._open += 1
        hub.join(stream)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _body(send, f"retry: {COMES_BACK_MS}\n\n".encode())
            await _tell(stream, send, gone)
        finally:
            self._open -= 1
            gone.cancel()
            hub.leave(stream)

    async def _entered(self, scope: Scope) -> Any:
        key = _cookie(scope, self._cookie)
        if not key or self._door is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._door, self._enter, key)

    def _enter(self, key: str) -> Any:
        close_old_connections()
        return self._surface.enter(key)


def _close() -> None:
    connection.close()  # that of the thread in which this runs


async def _tell(stream: Stream, send: Send, gone: asyncio.Future[None]) -> None:
    """Send what comes until one of both sides ends."""
    while not gone.done():
        following = asyncio.ensure_future(stream.next(BEATS_EVERY))
        both: set[asyncio.Future[Any]] = {following, gone}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            following.cancel()
            return
        try:
            said = following.result()
        except EOFError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await _body(send, said or b": \n\n")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
    if status == 405:
        headers.append((b"allow", b"GET"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _cookie(scope: Scope, name: str) -> str:
    try:
        found = SimpleCookie(_header(scope, b"cookie")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _asked(scope: Scope) -> tuple[str, Cursor | None]:
    """Return the line's name and where it goes on: the header of a browser that comes back, else
    the address.
    """
    said = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    line = said.get("linea", [""])[0]
    if not _LINE.fullmatch(line):
        line = secrets.token_hex(8)
    where = _header(scope, b"last-event-id") or said.get("desde", [""])[0]
    return line, Cursor.read(where)
