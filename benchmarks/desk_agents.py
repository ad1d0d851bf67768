"""The agents of `bench desk`, in a process of their own: streams, pages, drafts, replies.

Reads its task as a line of JSON, says "listening" once every stream is open, begins at the next
line and writes what it saw as a line of JSON.
"""

from __future__ import annotations

import asyncio
import html
import json
import random
import re
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

SECRET = "a" * 32  # the half of the form token that a browser keeps in its cookie
GATHER, AT_MOST_EVERY = 0.12, 0.4  # es-news.js
PAUSE = (20.0, 40.0)
KEPT_OPEN = 20.0  # seconds; the server closes an idle connection after thirty
_ROW = re.compile(r'id="c-(\d+)"')
_FIELD = re.compile(r'name="(once|seen|to)" value="([^"]*)"')


class Agent:
    """One agent: a stream, and a connection for the pages."""

    def __init__(self, port: int, cookie: str, seen: dict[str, Any], dice: random.Random) -> None:
        self.port, self.seen, self.dice = port, seen, dice
        self.cookie = f"esmero_team={cookie}; esmero_csrf={SECRET}"
        self._lock = asyncio.Lock()
        self._asked: set[int] = set()
        self._task: asyncio.Task[None] | None = None
        self._last = 0.0
        self._used = time.perf_counter()

    async def open(self) -> None:
        """Connect, and listen."""
        self.reader, self.writer = await self._connect()
        stream, writer = await self._connect()
        writer.write(self._head("GET", f"/c/vivo/?linea=mesa{id(self)}", ""))
        head = await stream.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        self.told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen(stream, writer))
        await self.told

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)

    def _head(self, method: str, path: str, body: str, *more: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"Cookie: {self.cookie}", "Accept-Language: es", *more]
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    async def ask(
        self,
        name: str,
        method: str,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        status: int = 200,
    ) -> str:
        """Make one request, note its milliseconds, and return the answer."""
        body = urlencode({**(fields or {}), "csrfmiddlewaretoken": SECRET}) if fields else ""
        async with self._lock:
            begun = time.perf_counter()
            if begun - self._used > KEPT_OPEN:  # as a browser does; it counts
                self.writer.close()
                self.reader, self.writer = await self._connect()
            self.writer.write(self._head(method, path, body, "HX-Request: false"))
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            answer = await self._body(head)
            self._used = time.perf_counter()
            took = (self._used - begun) * 1000
        code = int(head.split()[1])
        if code != status and not (name == "send" and code == 422):
            raise RuntimeError(f"{method} {path}: {code}\n{answer[:300]}")
        self.seen[name].append(took)
        if code == 422:
            self.seen["stopped"].append(path)
        return answer if code == status else ""

    async def _body(self, head: str) -> str:
        for line in head.split("\r\n"):
            if line.startswith("content-length:"):
                return (await self.reader.readexactly(int(line.partition(":")[2]))).decode()
        if head.startswith("http/1.1 204"):
            return ""
        pieces = []
        while size := int(await self.reader.readline(), 16):
            pieces.append(await self.reader.readexactly(size))
            await self.reader.readline()
        await self.reader.readline()
        return b"".join(pieces).decode()

    # -- what the stream tells --

    async def _listen(self, stream: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while line := await stream.readline():
            if not line.startswith(b"data: "):
                continue
            said = json.loads(line[6:])
            if "hello" in said and not self.told.done():
                self.departments_seen = said["hello"]["me"]
                self.told.set_result(None)
            for one in said.get("news", []):
                if one.get("gone"):
                    continue
                self.seen["heard"].add((one["c"], one.get("message_id")))
                self._asked.add(one["c"])
            if self._asked and (self._task is None or self._task.done()):
                self._task = asyncio.create_task(self._rows())

    async def _rows(self) -> None:
        """Ask for the rows that changed, gathered as es-news.js gathers them."""
        while self._asked:
            await asyncio.sleep(max(GATHER, self._last + AT_MOST_EVERY - time.perf_counter()))
            ids, self._asked = self._asked, set()
            self._last = time.perf_counter()
            said = ",".join(map(str, sorted(ids)[:100]))
            page = await self.ask(
                "rows", "GET", f"/c/vivo/filas/?lista=equipo&orden=reciente&ids={said}"
            )
            now = time.perf_counter()
            for pk in map(int, _ROW.findall(page)):
                for at, sender in self.seen["sent"].get(pk, []):
                    if sender is not self and (at, id(self)) not in self.seen["shown"]:
                        self.seen["shown"].add((at, id(self)))
                        self.seen["appears"].append((now - at) * 1000)

    # -- what she does --

    async def work(self, until: float) -> None:
        """List, open, type, send; again every 20 to 40 s."""
        await asyncio.sleep(self.dice.uniform(0, PAUSE[1]))
        while time.perf_counter() < until:
            await self._once()
            await asyncio.sleep(self.dice.uniform(*PAUSE))

    async def _once(self) -> None:
        listed = await self.ask("list", "GET", "/c/bandejas/equipo/?orden=reciente")
        numbers = [int(n) for n in _ROW.findall(listed)]
        assert numbers, "the list is empty"
        pk = self.dice.choice(numbers)
        page = await self.ask("thread", "GET", f"/c/conversaciones/{pk}/?lista=equipo")
        fields = {name: html.unescape(value) for name, value in _FIELD.findall(page)}
        assert fields.get("once"), "the thread has no composer"
        here = {"linea": f"mesa{id(self)}", "ventana": "ventana-1", "conversacion": pk}
        await self.ask("here", "POST", "/c/vivo/aqui/", {**here, "hace": "writes"}, status=204)
        text = f"Buenos días: lo miramos hoy mismo. {self.dice.random()}"
        fields |= {"mode": "reply", "after": "keep", "to": fields.get("to") or "a@example.com"}
        where = f"/c/conversaciones/{pk}"
        for part in (text[:20], text):
            await self.ask("draft", "POST", f"{where}/borrador/", {**fields, "text": part})
            await asyncio.sleep(0.4)
        begun = time.perf_counter()
        self.seen["sent"][pk].append((begun, self))
        sent = len(self.seen["send"])
        await self.ask("send", "POST", f"{where}/escribir/", {**fields, "text": text}, status=302)
        assert len(self.seen["send"]) > sent
        if f"{where}/escribir/" not in self.seen["stopped"]:
            self.seen["written"].add(pk)


async def run(task: dict[str, Any]) -> dict[str, Any]:
    """Open the streams, wait for the word, let them work."""
    seen: dict[str, Any] = defaultdict(list)
    seen |= {"heard": set(), "shown": set(), "written": set(), "sent": defaultdict(list)}
    agents = [
        Agent(task["port"], cookie, seen, random.Random(task["seed"] + number))
        for number, cookie in enumerate(task["cookies"])
    ]
    for agent in agents:
        await agent.open()
    print("listening", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    until = time.perf_counter() + task["seconds"]
    await asyncio.gather(*(agent.work(until) for agent in agents))
    await asyncio.sleep(3)
    heard = {pk for pk, _ in seen["heard"]}
    return {
        **{name: seen[name] for name in ("list", "thread", "draft", "send", "appears")},
        "rows": len(seen["rows"]),
        "stopped": len(seen["stopped"]),
        "untold": len(seen["written"] - heard),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.stdin.readline())))), flush=True)
