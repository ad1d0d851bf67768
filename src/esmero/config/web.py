"""One web process: uvicorn on a socket that the parent has opened.

The socket outlives the process, so that a restarted one keeps the port and requests wait for it
instead of being refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import uvicorn

from esmero.config.listening import Listening
from esmero.live import here

FINISHING = 8
"""Seconds that open requests get when the process stops."""


class AddressInUse(Exception):
    """Another program listens on the address."""


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach what listens on `host` (a name or an address)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> Listening:
    """Open the listening socket; port 0 takes a free one.

    Raises AddressInUse, and OSError for an address that this machine does not have.
    """
    found = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    family, kind, protocol, _, address = found[0]
    listening = Listening(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as problem:
        listening.close()
        if problem.errno == 98 or "in use" in str(problem):  # EADDRINUSE is 48 elsewhere
            raise AddressInUse(str(problem)) from problem
        raise
    return listening


class _Server(uvicorn.Server):
    """uvicorn that is stopped by us and says when it serves."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: the child's own handling sets `should_exit`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # An open stream is an answer that never ends: it would be waited for.
        here.stop()
        await super().shutdown(sockets)


def serve(
    listening: Listening,
    app: Any,
    trusted_proxies: Sequence[str],
    stop: threading.Event,
    ready: Callable[[], None],
) -> None:
    """Serve `app` (ASGI) until `stop` is set, then finish the open requests."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="auto",
        loop="asyncio",
        lifespan="auto",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=FINISHING,
    )
    server = _Server(config, ready)

    def stopping() -> None:
        stop.wait()
        server.should_exit = True

    threading.Thread(target=stopping, name="web-stopping", daemon=True).start()
    listening.share(lambda: len(server.server_state.connections))
    asyncio.run(server.serve([listening]))
