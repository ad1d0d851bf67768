"""Statements that are prepared once a connection and run by libpq directly.

psycopg's own way makes a cursor, looks up how to write each value and how to read each column, and
walks three generators: a fifth of the time of a page of twenty statements. Here the server infers
the types of the values, which travel as text, and the readers of the columns are kept.

psycopg must prepare nothing by itself (setting DATABASES: `prepare_threshold`): what it has
prepared it forgets at every rollback, by a `DEALLOCATE ALL` that would take ours along.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors, postgres, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

KEPT_MOST = 300
"""Statements prepared for a connection; at one more all are forgotten and begun anew."""
_KEPT = "_esmero_prepared"
_WRITER = "_esmero_writer"
_READER = "_esmero_reader"
_MOMENT = postgres.types["timestamptz"].oid
_NAMES = itertools.count(1)
_IDLE = pq.TransactionStatus.IDLE
_ROWS = pq.ExecStatus.TUPLES_OK
_DONE = pq.ExecStatus.COMMAND_OK


class Prepared:
    """One statement with `%s` for its values."""

    __slots__ = ("_name", "_numbered", "sql")

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._name = b"esmero_%d" % next(_NAMES)
        numbers = itertools.count(1)
        self._numbered = re.sub(
            "%%|%s", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql
        ).encode()

    def rows(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> list[Any]:
        """Return the rows as psycopg returns them. Raises what psycopg raises."""
        return self.run(connection, values)[0]

    def run(
        self, connection: psycopg.Connection[Any], values: Sequence[Any]
    ) -> tuple[list[Any], int]:
        """Return the rows, and how many were found or touched. Raises what psycopg raises."""
        if any(isinstance(value, str) and "\0" in value for value in values):
            found = connection.execute(self.sql, values)  # psycopg refuses such a text
            return (found.fetchall() if found.description else []), found.rowcount
        pgconn = connection.pgconn
        kept: dict[bytes, Any] = connection.__dict__.setdefault(_KEPT, {})
        if not connection.autocommit and pgconn.transaction_status == _IDLE:
            begun = pgconn.exec_(connection._get_tx_start_command())
            _check(connection, begun, _DONE)
        if self._name not in kept:
            if len(kept) >= KEPT_MOST:
                connection.execute("DEALLOCATE ALL")
                kept.clear()
            _check(connection, pgconn.prepare(self._name, self._numbered), _DONE)
            kept[self._name] = None
        written = _written_all(connection, values)
        result = pgconn.exec_prepared(self._name, written)  # type: ignore[arg-type]  # None is NULL
        if result.status == _DONE:
            return [], result.command_tuples or 0
        _check(connection, result, _ROWS)
        count = result.ntuples
        reader = kept[self._name]
        if reader is None:
            reader = kept[self._name] = Transformer(_reading(connection))
            reader.set_pgresult(result)
        else:
            reader.set_pgresult(result, set_loaders=False)
        rows = reader.load_rows(0, count, tuple)
        reader.set_pgresult(pgconn.make_empty_result(_ROWS), set_loaders=False)  # let go of it
        return rows, count


@contextmanager
def planned_once() -> Iterator[None]:
    """Let PostgreSQL use for each prepared statement the plan that is made for any value.

    Left to itself it makes one anew for every call where that seems cheaper by its estimates: of
    statements with a LIMIT nearly always, and planning three joins takes longer than they do. For
    pages whose statements all go by an index whatever the values; a search is no such page.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    pgconn = connection.connection.pgconn
    pgconn.exec_(b"SET plan_cache_mode TO force_generic_plan")
    try:
        yield
    finally:
        # Where a transaction has failed it is not heard, nor needed: SET is undone with the rest.
        pgconn.exec_(b"RESET plan_cache_mode")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a `Transformer` needs to know of a connection (psycopg's `AdaptContext`)."""

    adapters: AdaptersMap
    connection: psycopg.Connection[Any]


def _reading(connection: psycopg.Connection[Any]) -> _Reading:
    """Return how rows are read: as the connection does, but moments in UTC by psycopg's own
    loader, which is written in C. Django puts one in Python in its place, for the zone, that takes
    ten times as long, and a page of lists has two hundred moments.
    """
    found: _Reading | None = connection.__dict__.get(_READER)
    if found is None:
        adapters = AdaptersMap(connection.adapters)
        django = adapters.get_loader(_MOMENT, Format.TEXT)
        if getattr(django, "timezone", None) is UTC:
            adapters.register_loader(_MOMENT, TimestamptzLoader)
        found = connection.__dict__[_READER] = _Reading(adapters, connection)
    return found


def _written_all(
    connection: psycopg.Connection[Any], values: Sequence[Any]
) -> list[pq.abc.Buffer | None]:
    """Return values as PostgreSQL reads them in text."""
    written: list[pq.abc.Buffer | None] = []
    for value in values:
        kind = type(value)
        if kind is str:
            written.append(value.encode())
        elif value is None:
            written.append(None)
        elif kind is bool:
            written.append(b"t" if value else b"f")
        elif kind is int:
            written.append(b"%d" % value)
        elif kind is datetime:
            written.append(value.isoformat(" ").encode())
        else:
            writer = connection.__dict__.get(_WRITER)
            if writer is None:
                writer = connection.__dict__[_WRITER] = Transformer(connection)
            # A copy: psycopg may write the next one over it.
            (one,) = writer.dump_sequence([value], [PyFormat.TEXT])
            written.append(None if one is None else bytes(one))
    return written


def _check(
    connection: psycopg.Connection[Any], result: pq.abc.PGresult, wanted: pq.ExecStatus
) -> None:
    if result.status == wanted:
        return
    if connection.pgconn.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError("the connection is lost")
    raise errors.error_from_result(result, connection.info.encoding)


_statements: dict[str, Prepared] = {}
STATEMENTS_MOST = 200
"""Statements of `execute` that are kept; they are written in the source, hence few."""


def execute(sql: str, values: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """Run a statement of ours on Django's connection, prepared once a connection.

    Returns its rows and how many it found or touched. `sql` holds `%s` for each of the values.
    Raises Django's database errors.
    """
    prepared = _statements.get(sql)
    if prepared is None:
        prepared = Prepared(sql)
        if len(_statements) < STATEMENTS_MOST:
            _statements[sql] = prepared
    return run(prepared, values)


def run(prepared: Prepared, values: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """Run a statement on Django's connection, like `execute`."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:  # opens what is closed, writes down
            cursor.execute(prepared.sql, values)
            return (cursor.fetchall() if cursor.description else []), cursor.rowcount
    # Planned once a connection: planning three joins takes longer than they do.
    connection.validate_no_broken_transaction()
    try:
        return prepared.run(connection.connection, values)
    except psycopg.Error:
        with connection.wrap_database_errors:
            raise
