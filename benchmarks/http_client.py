"""The reader of pages, in a process of its own: keep-alive connections, every answer checked.

Reads a `Task` as JSON from standard input and writes what it saw as JSON: the milliseconds of
each request, or how many were answered in how many seconds. An answer that is not 200, or that
lacks its expected text, ends it with an error: a fast error page is not a fast page.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and what its answer must hold."""

    path: str
    cookie: str = ""
    expected: tuple[str, ...] = ()
    kind: str = ""


@dataclass(slots=True)
class Task:
    """What to ask of whom: each once in turn, or round and round for some seconds."""

    port: int
    asks: list[Ask]
    connections: int = 1
    seconds: float = 0.0
    """0: each request once, one after the other, over one connection."""
    answered: int = field(default=0)


def run(task: Task) -> dict[str, Any]:
    """Run a task in a new process and return what it saw. Raises RuntimeError."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.http_client"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if done.returncode:
        raise RuntimeError(f"the reader failed: {done.stderr.strip()[-2000:]}")
    return dict(json.loads(done.stdout))


class Connection:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, limit=1 << 20
        )

    async def get(self, ask: Ask) -> float:
        """Return the milliseconds until the whole answer was there; check it afterwards."""
        lines = [f"GET {ask.path} HTTP/1.1", f"Host: localhost:{self._port}"]
        lines += ["Accept: text/html", "Accept-Language: es"]
        if ask.cookie:
            lines.append(f"Cookie: {ask.cookie}")
        begun = time.perf_counter()
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        body = await self._body(head)
        took = (time.perf_counter() - begun) * 1000
        page = body.decode()
        if not head.startswith("http/1.1 200"):
            raise RuntimeError(f"{ask.path}: {head.splitlines()[0]}")
        for words in ask.expected:
            if words not in page:
                raise RuntimeError(f"{ask.path}: {words!r} is not in its {len(page)} characters")
        return took

    async def _body(self, head: str) -> bytes:
        for line in head.split("\r\n"):
            if line.startswith("content-length:"):
                return await self._reader.readexactly(int(line.partition(":")[2]))
        pieces = []
        while size := int(await self._reader.readline(), 16):
            pieces.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(pieces)


async def _one_by_one(task: Task) -> dict[str, Any]:
    connection = Connection(task.port)
    await connection.open()
    return {"ms": [await connection.get(ask) for ask in task.asks]}


async def _together(task: Task) -> dict[str, Any]:
    until = time.perf_counter() + task.seconds

    async def go_on(first: int) -> None:
        connection = Connection(task.port)
        await connection.open()
        place = first * 7
        while time.perf_counter() < until:
            await connection.get(task.asks[place % len(task.asks)])
            task.answered += 1
            place += 1

    begun = time.perf_counter()
    await asyncio.gather(*(go_on(n) for n in range(task.connections)))
    return {"answered": task.answered, "seconds": time.perf_counter() - begun}


def main() -> None:
    """Do the task of standard input."""
    raw = json.load(sys.stdin)
    raw["asks"] = [Ask(**{**ask, "expected": tuple(ask["expected"])}) for ask in raw["asks"]]
    task = Task(**raw)
    print(json.dumps(asyncio.run(_together(task) if task.seconds else _one_by_one(task))))


if __name__ == "__main__":
    main()
