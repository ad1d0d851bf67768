"""Behind a proxy with https: cookies stay on it, browsers are told so, and whose word counts."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esmero.config import web

SOURCES = Path(__file__).parents[3]
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
found = Client().get("/healthz", headers={"host": "tienda.example"})
print(json.dumps({
    "status": found.status_code,
    "hsts": found.headers.get("Strict-Transport-Security"),
    "session": settings.SESSION_COOKIE_SECURE,
    "csrf": settings.CSRF_COOKIE_SECURE,
    "http_only": settings.SESSION_COOKIE_HTTPONLY,
}))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("url", "is_https"), [("https://tienda.example", True),
                                               ("http://tienda.example", False)])  # fmt: skip
def test_https_makes_cookies_secure_and_sends_hsts(tmp_path, url: str, is_https: bool) -> None:
    environment = {
        **os.environ, "PYTHONPATH": str(SOURCES), "ESMERO_DATA": str(tmp_path),
        "ESMERO_URL": url, "DJANGO_SETTINGS_MODULE": "esmero.config.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "status": 200,
        "hsts": "max-age=31536000" if is_https else None,
        "session": is_https,
        "csrf": is_https,
        "http_only": True,
    }


async def echo(scope, receive, send) -> None:
    """Answer with what the server makes of a request's origin."""
    if scope["type"] != "http":
        return
    said = json.dumps({"from": scope["client"][0], "scheme": scope["scheme"]}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    running: list[tuple[threading.Event, threading.Thread, socket.socket]] = []

    def begin(trusted: tuple[str, ...]) -> int:
        listening, stop, ready = web.listen("127.0.0.1", 0), threading.Event(), threading.Event()
        thread = threading.Thread(
            target=web.serve, args=(listening, echo, trusted, stop, ready.set), daemon=True
        )
        thread.start()
        running.append((stop, thread, listening))
        assert ready.wait(10)
        return int(listening.getsockname()[1])

    yield begin
    for stop, thread, listening in running:
        stop.set()
        thread.join(10)
        listening.close()


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [
        ((), {"from": "127.0.0.1", "scheme": "http"}),
        (("192.0.2.7",), {"from": "127.0.0.1", "scheme": "http"}),
        (("127.0.0.1",), {"from": "198.51.100.9", "scheme": "https"}),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(serve, trusted, expected) -> None:
    headers = {
        # The first is what the visitor claims; the proxy adds whom it saw.
        "X-Forwarded-For": "203.0.113.1, 198.51.100.9",
        "X-Forwarded-Proto": "https",
    }
    connection = http.client.HTTPConnection("127.0.0.1", serve(trusted), timeout=10)
    connection.request("GET", "/", headers=headers)
    assert json.load(connection.getresponse()) == expected
    connection.close()
