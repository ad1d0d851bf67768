"""The hub of one process: one thread and one connection that tell all its streams what happened.

It listens to what is woken after commits (`kernel.jobs`), reads the events behind its cursor, asks
the surface once for all listeners, and puts one message into each stream that is concerned.
Looking every few seconds is the net below the listening.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from django.db import connection

from esmero.kernel import clock, jobs
from esmero.live.cursor import Cursor
from esmero.live.ports import Said, Surface
from esmero.live.tail import MOST, Fresh, Tail, events_after

log = structlog.get_logger(__name__)

LOOKS_EVERY = 5.0
KEEPS_EVERY = 10.0
LEFT_AFTER = 3.0
"""Seconds in which a browser that lost its line may come back before it counts as gone."""
GATHERS = 0.02
"""Seconds in which what happens together is gathered."""
WAITING_MOST = 200
"""Messages that a slow stream may leave unread before it is told to look at everything anew."""
_EVENTS = frozenset({"events", "happened"})


class Stream:
    """What one browser is told; filled by the hub's thread, emptied by the server's loop."""

    def __init__(self, reader: Any, line: str, cursor: Cursor | None) -> None:
        self.reader, self.line = reader, line
        self.had = cursor
        self.at: Cursor | None = None  # of the last message, for the hub
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[Cursor, Said]] = deque()
        self._something = asyncio.Event()
        self.is_over = False

    def put(self, cursor: Cursor, said: Said) -> None:
        """Say something; from the hub's thread."""
        self.at = cursor
        self._call(self._add, cursor, said)

    def end(self) -> None:
        """Close it; from any thread."""
        self._call(self._end)

    def _call(self, function: Any, *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: so is the line
            self._loop.call_soon_threadsafe(function, *args)

    def _add(self, cursor: Cursor, said: Said) -> None:
        if len(self._waiting) >= WAITING_MOST:
            self._waiting.clear()
            said = {"reset": True}
        self._waiting.append((cursor, said))
        self._something.set()

    def _end(self) -> None:
        self.is_over = True
        self._something.set()

    async def next(self, within: float) -> bytes:
        """Return the next message as SSE, empty for none. Raises EOFError at the end."""
        if not self._waiting and not self.is_over:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), within)
        self._something.clear()
        if self._waiting:
            cursor, said = self._waiting.popleft()
            if self._waiting or self.is_over:
                self._something.set()
            return message(cursor, said)
        if self.is_over:
            raise EOFError
        return b""


def message(cursor: Cursor, said: Said) -> bytes:
    """Return one message of the stream. Source: WHATWG HTML, 9.2 "Server-sent events"."""
    data = json.dumps(said, separators=(",", ":"))
    return f"id: {cursor}\ndata: {data}\n\n".encode()


class Hub:
    """Runs from `start` to `stop`; streams `join` and `leave`."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.tail = Tail()
        self._streams: set[Stream] = set()
        self._asked: deque[tuple[str, Stream]] = deque()
        self._heard: set[str] = set()
        self._gone: list[tuple[float, str, datetime]] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._present: Cursor | None = None
        self._has_begun = False
        self._keeps_at = 0.0
        self._failures = 0

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every stream at once; browsers come back by themselves, to whoever serves then."""
        self._stopping.set()
        for stream in list(self._streams):
            stream.end()
        self._wake()

    def join(self, stream: Stream) -> None:
        """Tell a stream from now on; first what it missed since its cursor."""
        self._asked.append(("join", stream))
        self._wake()

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        self._asked.append(("leave", stream))
        self._wake()

    def present(self) -> str:
        """Return the cursor for a page that is made now, empty when nobody follows the events.

        What the page shows is at least as new: it is read after this was.
        """
        return str(self._present) if self._present is not None else ""

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._writing, b".")

    # -- the thread -----------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                self._follow()
            except Exception as error:
                self._present = None
                failures = 1 if time.monotonic() - begun > 60 else self._failures + 1
                self._failures = failures
                log.warning("live_lost", error=type(error).__name__, exc_info=failures <= 3)
                connection.close()
                self._stopping.wait(min(10.0, 0.5 * 2 ** min(failures, 5)))
        connection.close()
        for stream in list(self._streams):
            stream.end()

    def _follow(self) -> None:
        jobs.listen()
        raw = connection.connection
        raw.add_notify_handler(lambda note: self._heard.add(note.payload))
        if not self._has_begun:
            self.tail.begin()
        self.surface.begin()
        if self._has_begun:
            self._tell_all({"reset": True})
        self._has_begun = True
        while not self._stopping.is_set():
            self._round()
            self._sleep(raw)

    def _round(self) -> None:
        self._read()
        while self._asked:
            what, stream = self._asked.popleft()
            if what == "join":
                self._join(stream)
            elif stream in self._streams:
                self._streams.discard(stream)
                self._gone.append((time.monotonic() + LEFT_AFTER, stream.line, clock.now()))
        now = time.monotonic()
        if now >= self._keeps_at:
            self._keeps_at = now + KEEPS_EVERY
            self._check()
            lines = {stream.line for stream in self._streams}
            self.surface.keep(lines, at=clock.now())
            for stream in self._streams:
                if stream.at != self.tail.cursor:  # that little is missed should it come again
                    stream.put(self.tail.cursor, {})
        for left in [one for one in self._gone if one[0] <= now]:
            self._gone.remove(left)
            self.surface.left(left[1], at=left[2])

    def _read(self) -> None:
        heard, self._heard = self._heard, set()
        while True:
            fresh = self.tail.read()
            if fresh:
                self._tell(fresh)
            if len(fresh) < MOST:
                break
        self._present = self.tail.cursor
        topics = heard - _EVENTS
        if topics and self._streams:
            self._check()
            streams = list(self._streams)
            said = self.surface.heard(topics, [stream.reader for stream in streams])
            self._put(zip(streams, said, strict=True))

    def _tell(self, fresh: list[Fresh]) -> None:
        self._check()
        streams = list(self._streams)
        said = self.surface.told(fresh, [stream.reader for stream in streams])
        ahead = [s for s in streams if s.had and s.had.high >= fresh[0].event.id]
        again = dict(zip(streams, said, strict=True))
        for stream in ahead:  # it came from a process that was further than this one
            had = stream.had or Cursor()
            rest = [one for one in fresh if not had.has(one.event.id)]
            again[stream] = self.surface.told(rest, [stream.reader])[0] if rest else {}
        self._put(again.items())

    def _join(self, stream: Stream) -> None:
        (reader,) = self.surface.still([stream.reader])
        if reader is None or self._stopping.is_set():
            stream.end()
            return
        stream.reader = reader
        self._streams.add(stream)
        self._gone = [one for one in self._gone if one[1] != stream.line]
        said: dict[str, Any] = {"hello": dict(self.surface.greeting(reader))}
        if stream.had is not None:
            missed = events_after(stream.had, upto=self.tail.cursor, most=MOST + 1)
            if len(missed) > MOST or stream.had.high > self.tail.cursor.high + MOST:
                said["reset"] = True
                stream.had = None
            elif missed:
                said |= self.surface.told(missed, [reader])[0]
        stream.put(self.tail.cursor, said)

    def _check(self) -> None:
        """Let nobody listen who may not any more, and see each as she is now."""
        streams = list(self._streams)
        if not streams:
            return
        now = self.surface.still([stream.reader for stream in streams])
        for stream, reader in zip(streams, now, strict=True):
            if reader is None:
                self._streams.discard(stream)
                self._gone.append((time.monotonic(), stream.line, clock.now()))
                stream.put(self.tail.cursor, {"out": True})
                stream.end()
            elif reader != stream.reader:
                stream.reader = reader
                stream.put(
                    self.tail.cursor,
                    {"reset": True, "hello": dict(self.surface.greeting(reader))},
                )

    def _put(self, found: Iterable[tuple[Stream, Said]]) -> None:
        for stream, said in found:
            if said:
                stream.put(self.tail.cursor, said)

    def _tell_all(self, said: Said) -> None:
        for stream in self._streams:
            stream.put(self.tail.cursor, said)

    def _sleep(self, raw: Any) -> None:
        """Wait until something is woken, a stream comes or goes, or the net is due."""
        pause = 1.0 if self.tail.waits or self._gone else LOOKS_EVERY
        if not self._heard and not self._asked:
            ready, _, _ = select.select([raw.fileno(), self._reading], [], [], pause)
            if self._reading in ready:
                os.read(self._reading, 4096)
            elif ready:
                self._stopping.wait(GATHERS)
        raw.pgconn.consume_input()
        while (note := raw.pgconn.notifies()) is not None:
            self._heard.add(note.extra.decode())
