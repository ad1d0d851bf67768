"""Statements run by libpq: the same rows, errors and transactions as psycopg's own way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from esmero.kernel import prepared
from esmero.kernel.prepared import Prepared

AT = datetime(2026, 11, 18, 10, 0, 0, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def raw() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    return found


def test_values_and_columns_are_those_of_psycopg(raw: psycopg.Connection[Any]) -> None:
    sql = (
        "SELECT %s::bigint AS n, %s::text AS t, %s::timestamptz AS at, '5 %%s'::text AS p,"
        " NULL::int AS none, true AS yes, '{\"a\": 1}'::jsonb AS j, ARRAY[1, 2] AS a"
    )
    statement = Prepared(sql)
    for values in ([1, "año'; --", AT], [-(2**62), "", AT.replace(microsecond=0)]):
        assert statement.rows(raw, values) == raw.execute(sql, values).fetchall()


def test_moments_are_those_of_django(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT %s::timestamptz")
    for text in (
        "2026-11-18 10:00:00.5+00",
        "0099-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
        "2026-07-18 12:00:00+02",
        "1890-05-05 00:00:00-05:14:44",
    ):
        ((ours,),) = statement.rows(raw, [text])
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::timestamptz", [text])
            (theirs,) = cursor.fetchone()
        assert (ours, ours.tzinfo) == (theirs, theirs.tzinfo)
        assert ours.tzinfo is UTC


def test_no_rows_after_rows_and_rows_after_none(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT n FROM generate_series(1, 3) n WHERE n > %s ORDER BY n")
    assert statement.rows(raw, [1]) == [(2,), (3,)]
    assert statement.rows(raw, [9]) == []
    assert statement.rows(raw, [2]) == [(3,)]


def test_it_is_prepared_once(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT 7 WHERE 1 = %s")
    for _ in range(3):
        assert statement.rows(raw, [1]) == [(7,)]
    counted = raw.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 7 WHERE 1 = $1'"
    )
    assert counted.fetchone() == (1,)


def test_past_the_most_all_are_begun_anew(
    raw: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "KEPT_MOST", 2)
    statements = [Prepared(f"SELECT {n} WHERE 1 = %s") for n in range(5)]
    for _ in range(2):
        assert [one.rows(raw, [1]) for one in statements] == [[(n,)] for n in range(5)]
    counted = raw.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert counted is not None
    assert counted[0] <= 2


def test_a_text_that_postgresql_cannot_hold_is_refused_and_not_cut(
    raw: psycopg.Connection[Any],
) -> None:
    statement = Prepared("SELECT %s::text")
    with pytest.raises(psycopg.DataError):
        statement.rows(raw, ["before\0after"])


def test_an_error_is_psycopgs_own_and_the_statement_lives_on(
    raw: psycopg.Connection[Any],
) -> None:
    statement = Prepared("SELECT 1 / %s::int")
    assert statement.rows(raw, [1]) == [(1,)]
    with pytest.raises(psycopg.errors.DivisionByZero), transaction.atomic():
        statement.rows(raw, [0])
    assert statement.rows(raw, [1]) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_no_statement_along(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT n FROM generate_series(1, 2) n WHERE n > %s")
    assert statement.rows(raw, [1]) == [(2,)]
    with transaction.atomic():
        assert statement.rows(raw, [0]) == [(1,), (2,)]
        assert statement.rows(raw, [1]) == [(2,)]
        transaction.set_rollback(True)
    assert statement.rows(raw, [1]) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_that_has_not_begun_it_begins(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT pg_current_xact_id()::text WHERE 1 = %s")
    with transaction.atomic():
        first = statement.rows(connection.connection, [1])
        assert statement.rows(connection.connection, [1]) == first
    assert statement.rows(connection.connection, [1]) != first


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_says_so(raw: psycopg.Connection[Any]) -> None:
    statement = Prepared("SELECT 1 WHERE 1 = %s")
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as other:
        assert statement.rows(other, [1]) == [(1,)]
        raw.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            statement.rows(other, [1])
        other.close()


def _plans(raw: psycopg.Connection[Any], sql: str) -> tuple[int, int]:
    found = raw.execute(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = %s",
        [sql.replace("%s", "$1")],
    ).fetchone()
    assert found
    return found


def test_planned_once_takes_the_plan_for_any_value_and_lets_go_of_it(
    raw: psycopg.Connection[Any],
) -> None:
    sql = "SELECT kind FROM kernel_event WHERE id < %s ORDER BY id LIMIT 3"
    statement = Prepared(sql)
    statement.rows(raw, [1])
    assert _plans(raw, sql) == (0, 1)
    with prepared.planned_once():
        statement.rows(raw, [1])
        statement.rows(raw, [2])
    assert _plans(raw, sql) == (2, 1)
    assert raw.execute("SHOW plan_cache_mode").fetchone() == ("auto",)


def test_planned_once_ends_when_something_goes_wrong_within(raw: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.Error), transaction.atomic(), prepared.planned_once():
        Prepared("SELECT 1 / %s::int").rows(raw, [0])
    assert raw.execute("SHOW plan_cache_mode").fetchone() == ("auto",)
    with pytest.raises(ZeroDivisionError), prepared.planned_once():
        raise ZeroDivisionError
    assert raw.execute("SHOW plan_cache_mode").fetchone() == ("auto",)
