"""The live part served as in a web process, and ears that hear it."""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from esmero.config import web
from esmero.console.live.watching import TeamSurface
from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.live import here, hub
from esmero.live.app import Live


def application(live: Live) -> Callable[..., Any]:
    """Return what `config.asgi` is without its pages."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await live(scope, receive, send)
            return
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                live.start()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    return app


class Server:
    """One web process's live part on a port of its own."""

    def __init__(self) -> None:
        self.live = Live(TeamSurface(), cookie=settings.SESSION_COOKIE_NAME)
        here.use(self.live)
        self._socket = web.listen("127.0.0.1", 0)
        self.port = self._socket.getsockname()[1]
        self._stop, ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(
            target=web.serve,
            args=(self._socket, application(self.live), [], self._stop, ready.set),
        )
        self._thread.start()
        assert ready.wait(20)
        self.until_it_follows()

    def until_it_follows(self) -> None:
        limit = time.monotonic() + 30
        while not self.live.present():
            assert time.monotonic() < limit
            time.sleep(0.02)

    def stop(self) -> float:
        """Stop it and return how many seconds that took."""
        begun, following = time.monotonic(), self.live.hub
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()
        if following is not None and following._thread is not None:
            following._thread.join(20)
        return time.monotonic() - begun


class Ear:
    """A browser's stream: what it is told, in order, and the cursor it would come back with."""

    def __init__(self, port: int, cookie: str, *, at: str = "", line: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        path = "/c/vivo/" + (f"?linea={line}" if line else "")
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
        if at:
            headers["Last-Event-ID"] = at
        self._connection.request("GET", path, headers=headers)
        self.answer = self._connection.getresponse()
        self.raw: list[str] = []
        self.at = at
        self._heard: queue.Queue[dict[str, Any] | None] = queue.Queue()
        if self.answer.status == 200:
            threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        at = ""
        try:
            while (line := self.answer.fp.readline()) and line != b"0\r\n":  # the last chunk
                if line.startswith(b"id: "):
                    at = line[4:].decode().strip()
                if line.startswith(b"data: "):
                    self.raw.append(line[6:].decode())
                    said = json.loads(line[6:])
                    self._heard.put({**said, "at": at})
        except (OSError, ValueError, AttributeError):
            pass
        self._heard.put(None)

    def next(self, key: str = "", within: float = 10.0) -> dict[str, Any]:
        """Return the next message (with `key` in it); fail when there is none."""
        limit = time.monotonic() + within
        while True:
            said = self._heard.get(timeout=max(0.01, limit - time.monotonic()))
            assert said is not None, "the stream ended"
            self.at = said.pop("at")
            if not key or key in said:
                return said

    def news(self, within: float = 10.0) -> list[dict[str, Any]]:
        """Return the news of the next message with some."""
        return self.next("news", within)["news"]

    def rest(self, seconds: float = 0.7, *, least: int = 0) -> list[dict[str, Any]]:
        """Return what else is told in some seconds, ticks of the cursor left out.

        They begin when `least` messages have come, however long that takes a busy machine.
        """
        found: list[dict[str, Any]] = []
        limit = time.monotonic() + 20
        while len(found) < least and time.monotonic() < limit:
            found += self._so_far()
            time.sleep(0.02)
        time.sleep(seconds)
        return found + self._so_far()

    def _so_far(self) -> list[dict[str, Any]]:
        found = []
        while not self._heard.empty():
            said = self._heard.get()
            if said is None:
                found.append({"end": True})
                continue
            self.at = said.pop("at")
            if said:
                found.append(said)
        return found

    def close(self) -> None:
        # The listening thread holds the reader's lock until something comes: end the line first.
        if self._connection.sock is not None:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.answer.close()
        self._connection.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is woken in tests: the net looks often."""
    monkeypatch.setattr(hub, "LOOKS_EVERY", 0.05)
    monkeypatch.setattr(hub, "KEEPS_EVERY", 0.3)
    monkeypatch.setattr(hub, "LEFT_AFTER", 0.3)


@pytest.fixture
def serve(quick: None) -> Iterator[Callable[[], Server]]:
    running: list[Server] = []

    def begin() -> Server:
        running.append(Server())
        return running[-1]

    yield begin
    for server in running:
        server.stop()


@pytest.fixture
def ear() -> Iterator[Callable[..., Ear]]:
    open_ears: list[Ear] = []

    def begin(server: Server, agent: Any, **more: str) -> Ear:
        client = Client()
        client.force_login(agent)
        return with_cookie(server, client.cookies[settings.SESSION_COOKIE_NAME].value, **more)

    def with_cookie(server: Server, cookie: str, **more: str) -> Ear:
        open_ears.append(Ear(server.port, cookie, **more))
        return open_ears[-1]

    begin.with_cookie = with_cookie  # type: ignore[attr-defined]
    yield begin
    for one in open_ears:
        one.close()
