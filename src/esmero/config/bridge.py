"""Between uvicorn and Django's WSGI callable: a pool of threads, and one way there and back.

A general bridge hands each piece of an answer from thread to loop and waits until it was taken:
four switches for a page, a tenth of its time. A page is whole before a byte of it leaves, so it
comes back as the thread's result; only what is made while it is sent (files) goes piece by piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _Call:
    """One request in a thread; `send` is the loop's."""

    def __init__(
        self, app: Callable[..., Iterable[bytes]], loop: asyncio.AbstractEventLoop, send: Send
    ) -> None:
        self._app, self._loop, self._send = app, loop, send
        self._start: Message = {}

    def run(self, environ: Any) -> tuple[Message, bytes] | None:
        """Return the answer's beginning and its whole body; None when it was sent on the way."""
        chunks = self._app(environ, self._begin)
        try:
            if not getattr(chunks, "streaming", True):
                return self._start, b"".join(chunks)
            self._wait(self._start)
            for chunk in chunks:
                self._wait({"type": "http.response.body", "body": chunk, "more_body": True})
            self._wait({"type": "http.response.body", "body": b""})
            return None
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _begin(self, status: str, headers: list[tuple[str, str]], _problem: Any = None) -> None:
        # Django asks for neither the `write` that PEP 3333 returns here nor a second beginning.
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            # Django writes a cookie with a space before it.
            "headers": [
                (name.lower().encode("latin1"), value.strip().encode("latin1"))
                for name, value in headers
            ],
        }

    def _wait(self, message: Message) -> None:
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result()


async def _sent(send: Send, message: Message) -> None:
    await send(message)


class Bridge:
    """An ASGI application for HTTP that answers by Django's WSGI callable."""

    def __init__(self, app: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        environ = build_environ(scope, Body(loop, receive))  # type: ignore[arg-type]
        answer = await loop.run_in_executor(self._pool, _Call(self._app, loop, send).run, environ)
        if answer is not None:
            start, content = answer
            await send(start)
            await send({"type": "http.response.body", "body": content})
