"""Backups of a database of the shop's own (DATABASE_URL), also of an older PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from esmero.config.backup import programs
from esmero.config.checks.suite import PG15
from esmero.config.postgres import Cluster, find_binaries
from esmero.config.tests.test_backup import PASSPHRASE, esmero

pytestmark = pytest.mark.slow

OPTION = b'ALTER TABLE ONLY public.a ALTER COLUMN "primary" SET (pg_attver=31180648);\n'
TIMEOUT = b"SET transaction_timeout = 0;\n"
SCRIPT = [
    b"SET statement_timeout = 0;\n",
    TIMEOUT,
    OPTION,
    b"ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n",
    b"COPY public.a (text) FROM stdin;\n",
    TIMEOUT,
    OPTION,
    b"\\.\n",
    TIMEOUT,
]


def test_statements_that_a_server_refuses_are_left_out_and_rows_never():
    rows = SCRIPT[4:8]
    assert list(programs.fitting(SCRIPT, server=15)) == [SCRIPT[0], SCRIPT[3], *rows]
    assert list(programs.fitting(SCRIPT, server=18)) == [
        SCRIPT[0], TIMEOUT, SCRIPT[3], *rows, TIMEOUT,
    ]  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="esmero-bo-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A server that is not ours: Debian's 15 where it is installed, else the one brought along."""
    if Path(PG15).is_dir():
        monkeypatch.setenv("ESMERO_PG_BIN", PG15)
    cluster = Cluster(folder / "outside")
    cluster.start()
    monkeypatch.delenv("ESMERO_PG_BIN", raising=False)
    yield cluster
    cluster.stop("immediate")


def address(server: Cluster, name: str) -> str:
    """Make an empty database and return its address."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return server.url().replace("/esmero?", f"/{name}?", 1)


def count(url: str) -> tuple[int, ...]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM people_agent), (SELECT count(*) FROM promises_hours)"
        ).fetchone()
    assert found is not None
    return found


def test_a_shop_moves_from_an_outside_server_to_ours_and_back(server, folder):
    first, second = address(server, "first"), address(server, "second")
    words = ["--no-input", "--shop", "Barro", "--country", "ES", "--zone", "Europe/Madrid"]
    esmero(
        folder / "a", "setup", *words, "--admin-email", "dora@barro.example", DATABASE_URL=first
    )
    assert count(first) == (1, 1)
    secret = {"ESMERO_BACKUP_PASSPHRASE": PASSPHRASE}
    esmero(folder / "a", "backup", folder / "one.tar", DATABASE_URL=first, **secret)
    # Into the database brought along, which is newer.
    esmero(folder / "b", "restore", folder / "one.tar", **secret)
    esmero(folder / "b", "backup", folder / "two.tar", **secret)
    # And back to the older one.
    esmero(folder / "c", "restore", folder / "two.tar", DATABASE_URL=second, **secret)
    assert count(second) == (1, 1)
    _, said = esmero(
        folder / "d", "restore", folder / "two.tar", status=1, DATABASE_URL=second, **secret
    )
    assert "not empty" in said


def test_what_cannot_be_put_back_whole_is_not_put_back_at_all(server, folder):
    url = address(server, "third")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute(
            "INSERT INTO kept SELECT repeat('x', 100) FROM generate_series(1, 9999)"
        )
        connection.execute("CREATE TABLE later (id int PRIMARY KEY)")
    major = find_binaries().major
    dump = folder / "rows.dump"
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        programs.dump(url, server=major, snapshot=snapshot[0], target=dump)
    empty = address(server, "fourth")
    # Its end is gone: pg_restore fails in the middle of the rows.
    dump.write_bytes(dump.read_bytes()[:-400])
    with pytest.raises(programs.BackupProblem):
        programs.load(empty, server=15, source=dump)
    with psycopg.connect(empty) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)


def test_doctor_says_once_that_the_server_is_away(folder):
    url = "postgresql://esmero:geheim@127.0.0.1:1/esmero"
    told, _ = esmero(folder / "e", "doctor", status=1, DATABASE_URL=url)
    failed = [line for line in told.splitlines() if line.startswith("FAIL")]
    assert len(failed) == 1
    assert "127.0.0.1" in failed[0]
    assert "DATABASE_URL" in told
    assert "geheim" not in told
