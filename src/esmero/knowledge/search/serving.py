"""The search as a process of its own: a Unix socket, messages of JSON with their length in front.

The server keeps nothing but the index: whoever starts it fills it again after a restart
(documents with their stored vectors cost no encoding) and tells it each change. The client
connects when it is asked, again after any failure, and never waits longer than its timeout.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esmero.knowledge.search.documents import Document, Found, Hit, Passage, Role

if TYPE_CHECKING:
    from esmero.knowledge.search.index import Index

_LENGTH = struct.Struct(">I")
_LARGEST = 64 * 1024 * 1024
"""Bytes of one message."""
_IDLE_SECONDS = 600.0
"""A connection that says nothing for so long is closed; the client opens another."""
_MOST_CONNECTIONS = 64


Operation = Callable[[Mapping[str, Any]], Any]
"""Takes a message and returns what JSON can carry; KeyError, TypeError, ValueError refuse it."""


class SearchUnavailable(Exception):
    """The search process does not answer, in time or at all."""


class SearchRefused(Exception):
    """The search process could not do what it was asked; the message says why."""


def _send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    data = json.dumps(message, separators=(",", ":")).encode()
    connection.sendall(_LENGTH.pack(len(data)) + data)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        part = connection.recv(min(count - len(data), 1 << 20))
        if not part:
            raise ConnectionError("the other side went away")
        data += part
    return bytes(data)


def _receive(connection: socket.socket) -> dict[str, Any]:
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > _LARGEST:
        raise ConnectionError(f"a message of {length} bytes is refused")
    message = json.loads(_exactly(connection, length))
    if not isinstance(message, dict):
        raise ConnectionError("a message is an object")
    return message


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON can carry it."""
    found = asdict(document)
    for passage, one in zip(found["passages"], document.passages, strict=True):
        passage["vectors"] = [b64encode(vector).decode() for vector in one.vectors]
    return found


def document_from_json(data: Mapping[str, Any]) -> Document:
    """Return the document that `document_to_json` was given. Raises KeyError, ValueError."""
    return Document(
        str(data["id"]),
        str(data["language"]),
        str(data["audience"]),
        tuple(
            Passage(
                str(one["id"]),
                Role(one["role"]),
                str(one["text"]),
                tuple(b64decode(vector) for vector in one.get("vectors", ())),
            )
            for one in data["passages"]
        ),
        str(data.get("encoder", "")),
    )


class Server:
    """Answers on a socket for one index, a thread a connection."""

    def __init__(
        self, index: Index, path: Path, *, more: Mapping[str, Operation] | None = None
    ) -> None:
        """`path`: the socket (at most 107 bytes); one that was left behind is replaced. `more`:
        what the process does beside searching, by the name it is asked for.
        """
        self._index = index
        self._more = dict(more or {})
        self._path = path
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def start(self) -> None:
        """Listen, and accept in a thread. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        before = os.umask(0o177)
        try:
            self._listener.bind(str(self._path))
        finally:
            os.umask(before)
        self._listener.listen(_MOST_CONNECTIONS)
        threading.Thread(target=self._accept, name="search-accepts", daemon=True).start()

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._is_closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            held = list(self._connections)
        for connection in held:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                is_full = len(self._connections) >= _MOST_CONNECTIONS
                if not is_full:
                    self._connections.add(connection)
            if is_full:
                connection.close()
                continue
            threading.Thread(
                target=self._serve, args=(connection,), name="search-serves", daemon=True
            ).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_IDLE_SECONDS)
        try:
            while not self._is_closed:
                try:
                    asked = _receive(connection)
                except ValueError:
                    _send(connection, {"refused": "not JSON"})
                    continue
                _send(connection, self._answer(asked))
        except OSError:
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return {"answer": self._done(asked)}
        except (KeyError, TypeError, ValueError) as problem:
            return {"refused": f"{type(problem).__name__}: {problem}"}

    def _done(self, asked: Mapping[str, Any]) -> Any:
        match asked["do"]:
            case "search":
                return asdict(
                    self._index.search(
                        str(asked["query"]),
                        language=str(asked["language"]),
                        audiences=[str(one) for one in asked["audiences"]],
                        limit=max(1, min(int(asked["limit"]), 200)),
                    )
                )
            case "put":
                self._index.put([document_from_json(one) for one in asked["documents"]])
                return len(self._index)
            case "remove":
                self._index.remove([str(one) for one in asked["ids"]])
                return len(self._index)
            case "tidy":
                self._index.tidy()
                return len(self._index)
            case "ids":
                return sorted(self._index.ids())
            case "vectors":
                made = self._index.vectors_for(document_from_json(asked["document"]))
                return {
                    key: [b64encode(one).decode() for one in vectors]
                    for key, vectors in made.items()
                }
            case "health":
                return {
                    "documents": len(self._index),
                    "encoder": self._index.encoder_version,
                    "problem": self._index.encoder_problem,
                }
            case other if other in self._more:
                return self._more[other](asked)
            case other:
                raise ValueError(f"nothing is known of {other!r}")


class Client:
    """Asks the search process. Safe to use from several threads: each has a connection of its
    own.
    """

    def __init__(self, path: Path, *, timeout_s: float = 1.0) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._own = threading.local()

    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found:
        """As `Index.search`. Raises SearchUnavailable."""
        answer = self._ask(
            do="search", query=query, language=language, audiences=list(audiences), limit=limit
        )
        return Found(**{**answer, "hits": tuple(Hit(**hit) for hit in answer["hits"])})

    def put(self, documents: Iterable[Document], *, timeout_s: float = 60.0) -> int:
        """As `Index.put`; return how many documents there are. Raises SearchUnavailable."""
        sent = [document_to_json(document) for document in documents]
        return int(self._ask(timeout_s, do="put", documents=sent))

    def remove(self, document_ids: Iterable[str]) -> int:
        """As `Index.remove`; return how many documents there are. Raises SearchUnavailable."""
        return int(self._ask(do="remove", ids=list(document_ids)))

    def tidy(self, *, timeout_s: float = 60.0) -> None:
        """As `Index.tidy`: after filling, and in quiet hours. Raises SearchUnavailable."""
        self._ask(timeout_s, do="tidy")

    def ids(self) -> set[str]:
        """Return the ids that the process holds. Raises SearchUnavailable."""
        return set(self._ask(do="ids"))

    def vectors_for(
        self, document: Document, *, timeout_s: float = 60.0
    ) -> dict[str, tuple[bytes, ...]]:
        """As `Index.vectors_for`. Raises SearchUnavailable."""
        answer = self._ask(timeout_s, do="vectors", document=document_to_json(document))
        return {key: tuple(b64decode(one) for one in vectors) for key, vectors in answer.items()}

    def health(self) -> dict[str, Any]:
        """Return `documents`, the `encoder`'s version and its `problem`. Raises
        SearchUnavailable.
        """
        return dict(self._ask(do="health"))

    def more(self, do: str, *, timeout_s: float, **asked: Any) -> Any:
        """Ask for what the process does beside searching. Raises SearchUnavailable,
        SearchRefused.
        """
        return self._ask(timeout_s, do=do, **asked)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None

    def _ask(self, timeout_s: float | None = None, /, **asked: Any) -> Any:
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        for is_last in (False, True):
            was_open = getattr(self._own, "connection", None) is not None
            try:
                return self._asked(timeout_s, asked)
            except TimeoutError as problem:
                self.close()
                raise SearchUnavailable("no answer in time") from problem
            except (OSError, ValueError) as problem:
                self.close()
                # A process that was restarted left us a dead connection: once more, on a new one.
                if is_last or not was_open:
                    raise SearchUnavailable(str(problem)) from problem
        raise AssertionError

    def _asked(self, timeout_s: float, asked: Mapping[str, Any]) -> Any:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._own.connection = connection
            connection.settimeout(timeout_s)
            connection.connect(str(self._path))
        connection.settimeout(timeout_s)
        _send(connection, asked)
        answer = _receive(connection)
        if "refused" in answer:
            raise SearchRefused(str(answer["refused"]))
        return answer["answer"]
