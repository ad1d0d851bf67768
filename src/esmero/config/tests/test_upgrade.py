"""Upgrade: forwards with a backup, back when it fails, and again when it was killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from esmero.config.postgres import in_use
from esmero.config.tests.test_backup import SOURCES, esmero

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def migrated():
    path = Path(tempfile.mkdtemp(prefix="esmero-ug-"))
    path.chmod(0o711)
    esmero(path / "shop", "migrate")
    yield path / "shop"
    shutil.rmtree(path)


@pytest.fixture
def data(migrated):
    """A shop with one row to lose, whose database lacks the table of sessions."""
    esmero(migrated, "migrate")
    esmero(migrated, "manage", "migrate", "sessions", "zero")
    change(migrated, "DROP TABLE IF EXISTS keepsake", "CREATE TABLE keepsake AS SELECT 7 AS id")
    yield migrated
    change(migrated, "DROP TABLE IF EXISTS django_session, keepsake")
    change(migrated, "DELETE FROM django_migrations WHERE app = 'sessions'")
    shutil.rmtree(migrated / "backups", ignore_errors=True)


def change(data, *statements):
    with in_use(data) as cluster, psycopg.connect(cluster.url()) as connection:
        for statement in statements:
            connection.execute(statement)


def ask(data, query):
    with in_use(data) as cluster, psycopg.connect(cluster.url()) as connection:
        return connection.execute(query).fetchall()


def backups(data):
    return sorted((data / "backups").glob("*.tar"))


def test_upgrade_backs_up_then_migrates(data):
    out, _ = esmero(data, "upgrade")
    assert "Upgraded: 1 migrations" in out
    assert len(backups(data)) == 1
    assert ask(data, "SELECT id FROM keepsake") == [(7,)]
    assert ask(data, "SELECT count(*) FROM django_session") == [(0,)]
    out, _ = esmero(data, "upgrade")
    assert "up to date" in out
    assert len(backups(data)) == 1


def test_machines_are_told_in_json(data):
    out, _ = esmero(data, "upgrade", "--json")
    (backup,) = backups(data)
    assert json.loads(out) == {"migrations": 1, "backup": str(backup), "problem": ""}
    out, _ = esmero(data, "upgrade", "--json")
    assert json.loads(out) == {"migrations": 0, "backup": "", "problem": ""}


def test_a_failing_migration_puts_all_rows_back(data):
    change(data, "CREATE TABLE django_session AS SELECT 'in the way' AS why")
    _, err = esmero(data, "upgrade", status=1)
    assert "The data are as before" in err
    assert ask(data, "SELECT id FROM keepsake") == [(7,)]
    assert ask(data, "SELECT why FROM django_session") == [("in the way",)]
    assert not (data / "upgrading").exists()


def test_killed_in_the_middle_and_run_again_works_with_the_first_backup(data):
    environment = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "ESMERO_DATA"}}
    environment |= {"PYTHONPATH": str(SOURCES), "ESMERO_DATA": str(data)}
    killed = subprocess.Popen(
        [sys.executable, "-P", "-m", "esmero", "upgrade"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + 60
    while not (data / "upgrading").exists() and time.monotonic() < limit:
        time.sleep(0.002)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert (data / "upgrading").exists()
    _, err = esmero(data, "upgrade")
    assert "interrupted" in err
    assert len(backups(data)) == 1
    assert ask(data, "SELECT id FROM keepsake") == [(7,)]
    assert ask(data, "SELECT count(*) FROM django_session") == [(0,)]
