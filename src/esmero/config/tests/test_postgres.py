"""The life of the database that Esmero brings along: on the real programs, killed for real."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from esmero.config.postgres import (
    Cluster,
    ClusterBusy,
    ClusterProblem,
    conf,
    find_binaries,
    in_use,
    processes,
)
from esmero.config.postgres.binaries import place_for
from esmero.config.postgres.places import SOCKET_BYTES
from esmero.config.postgres.runner import Runner, find_runner

pytestmark = pytest.mark.slow

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
SOURCES = Path(__file__).parents[3]

HOLDER = """
import sys, time
from pathlib import Path
from esmero.config.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that everybody may walk (pytest's own is private)."""
    path = Path(tempfile.mkdtemp(prefix="esmero-pg-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def ask(cluster: Cluster, statement: str, *, database: str = conf.DATABASE) -> list[tuple]:
    with psycopg.connect(cluster.url(database)) as connection:
        return connection.execute(statement).fetchall()


def held_by_another_process(data: Path) -> tuple[subprocess.Popen, int]:
    """Start a process that starts the cluster; return it and the server's id."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        text=True,
    )
    with holder.stdout as output:
        return holder, int(output.readline())


def gone(pid: int, *, within: float = 10.0) -> bool:
    limit = time.monotonic() + within
    while processes.is_alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return not processes.is_alive(pid)


def test_start_makes_a_cluster_with_role_database_and_utf8(folder):
    cluster = Cluster(folder)
    assert not cluster.exists()
    cluster.start()
    try:
        assert cluster.is_running()
        assert ask(
            cluster,
            "SELECT current_user::text, rolsuper, rolcreatedb, pg_encoding_to_char(encoding)"
            " FROM pg_roles, pg_database WHERE rolname = current_user"
            " AND datname = current_database()",
        ) == [("esmero", False, True, "UTF8")]
        assert ask(cluster, "SELECT upper('ñandú')") == [("ÑANDÚ",)]
        assert ask(cluster, "SHOW fsync") == [("on",)]
        assert ask(cluster, "SHOW data_checksums") == [("on",)]
        assert ask(cluster, "SHOW listen_addresses") == [("",)]
    finally:
        cluster.stop()
    assert not cluster.is_running()


def test_the_role_may_make_the_two_extensions_and_data_survive_a_restart(folder):
    cluster = Cluster(folder)
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        connection.execute("CREATE TABLE word AS SELECT unaccent('devolución') AS it")
    cluster.stop()
    again = Cluster(folder)
    again.start()
    try:
        assert ask(again, "SELECT it FROM word") == [("devolucion",)]
    finally:
        again.stop()


@pytest.mark.parametrize("name", ["con espacios y ñ", "x" * 150])
def test_start_works_in_folders_with_spaces_and_with_long_paths(folder, name):
    cluster = Cluster(folder / name / "data")
    cluster.start()
    try:
        query = parse_qs(urlsplit(cluster.url()).query)
        socket = Path(query["host"][0]) / ".s.PGSQL.5432"
        assert ask(cluster, "SELECT 1") == [(1,)]
        assert socket.is_socket()
        assert len(os.fsencode(socket)) <= SOCKET_BYTES
    finally:
        cluster.stop()
    assert not socket.exists()


@needs_root
def test_root_in_a_private_folder_changes_no_permission_above(folder):
    private = folder / "private"
    private.mkdir(mode=0o700)
    data = private / "data"
    data.mkdir(mode=0o700)
    cluster = Cluster(data)
    cluster.start()
    try:
        runner = find_runner(cluster.pgdata)
        assert runner.uid != 0
        assert Path(f"/proc/{cluster.pid()}").stat().st_uid == runner.uid
        assert not runner.can("x", cluster.pgdata)
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        cluster.stop()
    assert [oct(path.stat().st_mode & 0o777) for path in (private, data)] == ["0o700", "0o700"]
    assert [path.stat().st_uid for path in (private, data)] == [0, 0]


@needs_root
def test_programs_below_a_private_folder_are_copied_with_their_libraries(folder):
    brought = find_binaries()
    if not brought.is_brought:
        pytest.skip("ESMERO_PG_BIN names another PostgreSQL")
    private = folder / "private"
    package = brought.folder.parents[1]
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, private / source.name)
    private.chmod(0o700)
    closed = type(brought)(private / package.name / "pginstall" / "bin", brought.version, True)
    nobody = find_runner(folder / "none")
    placed = place_for(closed, nobody, [folder / "programs"])
    assert placed.folder != closed.folder
    assert placed.folder.is_relative_to(folder / "programs")
    command = [placed.program("postgres"), "--version"]
    answer = subprocess.run(command, **nobody.popen_arguments(), cwd="/", capture_output=True)
    assert brought.version.encode() in answer.stdout


def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(folder):
    first = Cluster(folder)
    first.start()
    try:
        with pytest.raises(ClusterBusy):
            Cluster(folder).start()
        assert ask(first, "SELECT 1") == [(1,)]
    finally:
        first.stop()


def test_the_server_ends_when_its_starter_is_killed_and_the_next_start_works(folder):
    holder, server = held_by_another_process(folder)
    other = Cluster(folder)
    assert other.postmaster() == server
    holder.kill()
    holder.wait()
    assert gone(server)
    other.start()
    try:
        assert other.pid() != server
        assert ask(other, "SELECT 1") == [(1,)]
    finally:
        other.stop()


def test_after_kill_9_of_starter_and_server_the_committed_rows_are_there(folder):
    holder, server = held_by_another_process(folder)
    cluster = Cluster(folder)
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE promise AS SELECT generate_series(1, 500) AS id")
    os.kill(server, signal.SIGKILL)
    holder.kill()
    holder.wait()
    cluster.start()  # at once: orphaned processes may still be there
    try:
        assert ask(cluster, "SELECT count(*) FROM promise") == [(500,)]
        assert len([p for p in processes.processes_named(cluster.name) if p == server]) == 0
    finally:
        cluster.stop()


def test_a_server_left_without_starter_is_stopped_never_doubled(folder):
    cluster = Cluster(folder)
    cluster.start()
    left = cluster.pid()
    orphaned = cluster._process  # as if its starter had vanished and the kernel's signal with it
    cluster.forget()
    following = Cluster(folder)
    following.start()
    try:
        orphaned.wait(5)
        assert following.pid() != left
        assert ask(following, "SELECT 1") == [(1,)]
    finally:
        following.stop()


def test_a_pid_file_with_a_strangers_number_does_not_stop_the_start(folder):
    cluster = Cluster(folder)
    cluster.start()
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = cluster.pgdata / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{cluster.pgdata}\n1\n5432\n/tmp\n\n 1 1\nready\n")
        shutil.chown(pid_file, cluster.pgdata.stat().st_uid)
        assert not cluster.is_running()
        cluster.start()
        assert ask(cluster, "SELECT 1") == [(1,)]
        cluster.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_attempt_killed_while_making_the_cluster_is_repeated(folder):
    cluster = Cluster(folder)
    half = cluster.home / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    cluster.start()
    try:
        assert ask(cluster, "SELECT 1") == [(1,)]
        assert not half.exists()
    finally:
        cluster.stop()


def test_data_of_another_major_version_are_refused_with_the_remedy(folder, monkeypatch):
    cluster = Cluster(folder)
    cluster.pgdata.mkdir(parents=True)
    (cluster.pgdata / "PG_VERSION").write_text("11\n")
    with pytest.raises(ClusterProblem, match=r"PostgreSQL 11.*ESMERO_PG_BIN|ESMERO_PG_BIN.*11"):
        cluster.start()


def test_a_configured_folder_without_the_programs_is_named(folder, monkeypatch):
    monkeypatch.setenv("ESMERO_PG_BIN", str(folder))
    with pytest.raises(ClusterProblem, match="ESMERO_PG_BIN"):
        find_binaries()


def test_in_use_starts_a_stopped_cluster_and_leaves_a_running_one(folder):
    with in_use(folder) as cluster:
        assert ask(cluster, "SELECT 1") == [(1,)]
    assert not cluster.is_running()
    owner = Cluster(folder)
    owner.start()
    try:
        with in_use(folder) as guest:
            assert guest.url() == owner.url()
        assert ask(owner, "SELECT 1") == [(1,)]
    finally:
        owner.stop()


def test_the_log_holds_neither_the_statement_nor_the_row(folder):
    cluster = Cluster(folder)
    cluster.start()
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE t (mail text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES ('canary@example.com')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO t VALUES ('canary@example.com')")
    cluster.stop()
    written = "".join(path.read_text() for path in (cluster.home / "log").iterdir())
    assert "duplicate key" in written
    assert "canary" not in written


def test_a_folder_of_somebody_else_is_refused(folder):
    socket_folder = Runner(os.geteuid(), os.getegid(), "x", is_other=False)
    assert socket_folder.can("w", folder)
    cluster = Cluster(folder / ("y" * 150))
    runner = find_runner(cluster.pgdata)
    place = Path(f"/tmp/{cluster.name}-{runner.uid}")  # noqa: S108
    place.symlink_to(folder)
    try:
        with pytest.raises(ClusterProblem, match=cluster.name):
            cluster.start()
    finally:
        place.unlink()
        cluster.stop()
