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
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer

KEPT_MOST = 100
"""Statements prepared for a connection; at one more all are forgotten and begun anew."""
_KEPT = "_esmero_prepared"
_NAMES = itertools.count(1)
_IDLE = pq.TransactionStatus.IDLE
_ROWS = pq.ExecStatus.TUPLES_OK


class Prepared:
    """One SELECT with `%s` for its values: whole numbers, texts and moments."""

    __slots__ = ("_name", "_numbered", "_sql")

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._name = b"esmero_%d" % next(_NAMES)
        numbers = itertools.count(1)
        self._numbered = re.sub(
            "%%|%s", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql
        ).encode()

    def rows(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> list[Any]:
        """Return the rows as psycopg returns them. Raises what psycopg raises."""
        pgconn = connection.pgconn
        kept: dict[bytes, Any] = connection.__dict__.setdefault(_KEPT, {})
        written = [_written(value) for value in values]
        begins = not connection.autocommit and pgconn.transaction_status == _IDLE
        if begins or any(isinstance(value, str) and "\0" in value for value in values):
            # psycopg begins the transaction, or refuses the text.
            return connection.execute(self._sql, values).fetchall()
        if self._name not in kept:
            if len(kept) >= KEPT_MOST:
                connection.execute("DEALLOCATE ALL")
                kept.clear()
            _check(
                connection, pgconn.prepare(self._name, self._numbered), pq.ExecStatus.COMMAND_OK
            )
            kept[self._name] = None
        result = pgconn.exec_prepared(self._name, written)
        _check(connection, result, _ROWS)
        reader = kept[self._name]
        if reader is None:
            reader = kept[self._name] = Transformer(connection)
            reader.set_pgresult(result)
        else:
            reader.set_pgresult(result, set_loaders=False)
        found = reader.load_rows(0, result.ntuples, tuple)
        reader.set_pgresult(pgconn.make_empty_result(_ROWS), set_loaders=False)  # let go of it
        return found


def _written(value: Any) -> bytes:
    """Return a value as PostgreSQL reads it."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, datetime):
        return value.isoformat(" ").encode()
    return b"%d" % value


def _check(
    connection: psycopg.Connection[Any], result: pq.abc.PGresult, wanted: pq.ExecStatus
) -> None:
    if result.status == wanted:
        return
    if connection.pgconn.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError("the connection is lost")
    raise errors.error_from_result(result, connection.info.encoding)
