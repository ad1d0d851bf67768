"""The bridge between ASGI and Django's WSGI: pages whole, files piece by piece, bodies read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from esmero.config.bridge import Bridge

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def ask(app: App, method: str = "GET", bodies: tuple[bytes, ...] = ()) -> list[dict[str, Any]]:
    """Return the messages that were sent as the answer to one request."""
    incoming = iter(bodies or (b"",))
    sent: list[dict[str, Any]] = []
    length = sum(map(len, bodies))

    async def receive() -> dict[str, Any]:
        body = next(incoming)
        return {
            "type": "http.request",
            "body": body,
            "more_body": bool(bodies) and body != bodies[-1],
        }

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {
        "type": "http", "method": method, "path": "/c/día/", "query_string": b"q=1",
        "http_version": "1.1", "scheme": "http", "server": ("localhost", 80),
        "client": ("192.0.2.7", 40_000), "root_path": "",
        "headers": [(b"x-one", b"a"), (b"content-length", str(length).encode())],
    }  # fmt: skip
    asyncio.run(Bridge(app, threads=1)(scope, receive, send))
    return sent


def answering(response: Any, seen: dict[str, Any] | None = None) -> App:
    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if seen is not None:
            seen.update(environ)
        headers = [
            *response.items(),
            *(("Set-Cookie", c.output(header="")) for c in response.cookies.values()),
        ]
        start(f"{response.status_code} {response.reason_phrase}", headers)
        return response  # type: ignore[no-any-return]

    return app


def test_a_page_is_two_messages_with_its_status_headers_and_cookies() -> None:
    page = HttpResponse("<p>día</p>", status=404, headers={"X-Two": "b"})
    page.set_cookie("one", "1")
    page.set_cookie("two", "2")
    seen: dict[str, Any] = {}
    start, body = ask(answering(page, seen))
    assert start["status"] == 404
    assert (b"x-two", b"b") in start["headers"]
    cookies = [value for name, value in start["headers"] if name == b"set-cookie"]
    assert [value[:5] for value in cookies] == [b"one=1", b"two=2"]
    assert body == {"type": "http.response.body", "body": "<p>día</p>".encode()}
    assert page.closed
    assert seen["REMOTE_ADDR"] == "192.0.2.7"
    assert seen["HTTP_X_ONE"] == "a"
    assert seen["PATH_INFO"].encode("latin1").decode() == "/c/día/"


def test_what_is_made_while_it_is_sent_goes_piece_by_piece_and_is_closed() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"%d" % number

    file = StreamingHttpResponse(pieces())
    start, *bodies = ask(answering(file))
    assert start["type"] == "http.response.start"
    assert [(m["body"], m.get("more_body", False)) for m in bodies] == [
        (b"0", True), (b"1", True), (b"2", True), (b"", False),
    ]  # fmt: skip
    assert made == [0, 1, 2]
    assert file.closed


def test_the_body_of_a_request_is_read_across_its_messages() -> None:
    read: list[bytes] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        read.append(environ["wsgi.input"].read(4))
        read.append(environ["wsgi.input"].read())
        start("204 No Content", [])
        return HttpResponse()

    start, _ = ask(app, "POST", (b"abc", b"defg", b"h"))
    assert read == [b"abcd", b"efgh"]
    assert start["status"] == 204


def test_a_failure_in_the_middle_of_a_file_reaches_the_server() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"1"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        ask(answering(StreamingHttpResponse(pieces())))
