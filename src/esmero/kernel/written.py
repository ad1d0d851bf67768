"""Writes of whole rows whose SQL is made once: afterwards only the values change.

The ORM composes the SQL of an INSERT or UPDATE anew for each row, which takes longer than the
database needs for it, and its cursor does not prepare statements, so that each is planned anew
too. These are for the actions that every mail goes through; elsewhere `save()` does.

The values go through the fields (`pre_save`, `get_db_prep_save`) as in `save()`. Not for
expressions (`F`) and inherited tables; what the database computes is left to it and not read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Field, Model

from esmero.kernel.prepared import execute

M = TypeVar("M", bound=Model)
PREPARED_MOST = 8
"""Rows in one statement that is kept; more go through `bulk_create`."""


def insert(row: M) -> M:
    """Insert a new row and give it its id. Raises what `save(force_insert=True)` raises."""
    insert_all([row])
    return row


def insert_all(rows: Sequence[M]) -> None:
    """Insert new rows of one model in one statement and give them their ids, in their order."""
    if not rows:
        return
    if len(rows) > PREPARED_MOST:
        type(rows[0])._default_manager.bulk_create(rows)
        return
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields, key = _insert(type(rows[0]), len(rows))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    found, _ = execute(sql, values)
    for row, (value,) in zip(rows, found, strict=True):
        setattr(row, key, value)
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def update(row: Model, fields: Iterable[str]) -> None:
    """Write these fields of an existing row. Raises DatabaseError when it is not there."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, written = _update(type(row), tuple(fields))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in written
    ]
    _, count = execute(sql, [*values, row.pk])
    if count != 1:
        raise DatabaseError(f"{type(row).__name__} {row.pk} is not there")


@lru_cache(maxsize=256)
def _insert(model: type[Model], count: int) -> tuple[str, Sequence[Field[Any, Any]], str]:
    options, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    key = options.pk
    if key is None or not hasattr(key, "db_returning") or options.parents:
        raise TypeError(f"{model.__name__} has no key that the database makes")
    fields = [
        field
        for field in options.local_concrete_fields
        if field is not key and not field.generated
    ]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"INSERT INTO {quote(options.db_table)} ({columns}) "  # noqa: S608 - names of our own
        f"VALUES {', '.join([places] * count)} RETURNING {quote(str(key.column))}"
    )
    return sql, fields, str(key.attname)


@lru_cache(maxsize=256)
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, Sequence[Field[Any, Any]]]:
    options, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: list[Field[Any, Any]] = [options.get_field(name) for name in names]  # type: ignore[misc]
    if options.pk is None or not fields:
        raise TypeError(f"nothing to write of {model.__name__}")
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    sql = (
        f"UPDATE {quote(options.db_table)} SET {columns} "  # noqa: S608 - names of our own
        f"WHERE {quote(str(options.pk.column))} = %s"
    )
    return sql, fields
