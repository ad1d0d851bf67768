"""Reads what was committed since the last look, each event once, however late its commit was.

A gap in the ids is a transaction that is not over, or one that was rolled back. PostgreSQL says
which: once every transaction is over that might have held the number, it will not come any more.
Source: PostgreSQL 18, 9.27 "System information functions" (pg_current_snapshot: transactions below
`xmin` are finished, at and above `xmax` not begun).
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from esmero.kernel.events import Happened, read_row
from esmero.kernel.models import EventRow
from esmero.live.cursor import Cursor, Range

MOST = 1_000
"""Events read at once."""
LOOKED_BACK = 500
"""Ids below the newest in which a new tail looks for gaps."""
SURE_AFTER = 1.0
"""Seconds that a gap must have been seen before its transactions are asked for: between taking its
number from the sequence and taking part as a transaction lie microseconds."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event with the refs whose history it belongs to: its topics."""

    event: Happened
    topics: tuple[str, ...]


class Tail:
    """The events of a database as they come; one thread's own."""

    def __init__(self) -> None:
        self.cursor = Cursor()
        self._gaps: dict[Range, tuple[float, int]] = {}  # since when; the first xid after it, or 0

    def begin(self) -> None:
        """Stand behind what is there now."""
        newest = _scalar("SELECT coalesce(max(id), 0) FROM kernel_event")
        low = max(0, newest - LOOKED_BACK)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM kernel_event WHERE id > %s AND id <= %s", [low, newest])
            ids = [row[0] for row in cursor.fetchall()]
        self.cursor, self._gaps = Cursor(low).after(ids), {}

    def read(self) -> list[Fresh]:
        """Return what is new, in the order of the ids, at most MOST."""
        closing = self._closing()
        found = events_after(self.cursor)
        self.cursor = self.cursor.after(one.event.id for one in found).closing(closing)
        self._note_gaps()
        return found

    @property
    def waits(self) -> bool:
        """Say whether something may still come below what was read."""
        return bool(self.cursor.missing)

    def _closing(self) -> list[Range]:
        """Return the gaps of which the read that follows is the last chance."""
        sure = time.monotonic() - SURE_AFTER
        if not any(since <= sure for since, _ in self._gaps.values()):
            return []
        over, begun = _snapshot()
        closing = []
        for gap, (since, xid) in list(self._gaps.items()):
            if xid and over >= xid:
                closing.append(gap)
            elif not xid and since <= sure:
                self._gaps[gap] = since, begun
        return closing

    def _note_gaps(self) -> None:
        now, known = time.monotonic(), self._gaps
        self._gaps = {gap: known.get(gap, (now, 0)) for gap in self.cursor.missing}


def events_after(cursor: Cursor, *, upto: Cursor | None = None, most: int = MOST) -> list[Fresh]:
    """Return the events that `cursor` lacks (and `upto` has), in the order of their ids."""
    conditions, values = ["e.id > %s"], [cursor.high]
    for first, last in cursor.missing:
        conditions.append("e.id BETWEEN %s AND %s")
        values += [first, last]
    with connection.cursor() as database:
        database.execute(
            "SELECT e.id, e.kind, e.version, e.at, e.actor, e.data, array(SELECT l.ref FROM "  # noqa: S608
            "kernel_event_link l WHERE l.event_id = e.id ORDER BY l.id) FROM kernel_event e "
            f"WHERE {' OR '.join(conditions)} ORDER BY e.id LIMIT {int(most)}",
            values,
        )
        rows = database.fetchall()
    return [_fresh(row) for row in rows if upto is None or upto.has(row[0])]


def _fresh(row: Sequence[Any]) -> Fresh:
    pk, kind, version, at, actor, data, refs = row
    if isinstance(data, str):  # Django's cursors leave jsonb as text
        data = json.loads(data)
    happened = EventRow(id=pk, kind=kind, version=version, at=at, actor=actor, data=data)
    return Fresh(read_row(happened), tuple(refs))


def _snapshot() -> tuple[int, int]:
    """Return the first transaction that is not over, and the first that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "FROM pg_current_snapshot() s"
        )
        over, begun = cursor.fetchone()
    return int(over), int(begun)


def _scalar(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
