"""`esmero up` as people start it: on a folder of its own, stopped, killed, started twice."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from esmero.config.postgres.processes import is_alive
from esmero.config.supervisor import running
from esmero.config.tests.test_backup import SOURCES, esmero
from tests.servers import free_port


class Up:
    """A running `esmero up` and what it has said."""

    def __init__(self, data, *words, **variables):
        self.data = data
        self.port = free_port()
        environment = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
        environment |= {"PYTHONPATH": str(SOURCES), "LANG": "en_US.UTF-8"}
        environment |= {"ESMERO_DATA": str(data), "PORT": str(self.port), **variables}
        self._said = data.with_suffix(".log")
        with self._said.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "esmero", "up", *words],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self):
        return self._said.read_text()

    def wait_for(self, words, *, within=60.0):
        limit = time.monotonic() + within
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < limit, self.said()
            time.sleep(0.05)
        return self

    def is_served(self):
        """Say whether the team's door answers (it leads to the login)."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", "/c/")
            return connection.getresponse().status in {200, 302}

    def pids(self):
        note = running(self.data)
        children = [pid for pids in note.children.values() for pid in pids]
        server = int((self.data / "postgres/data/postmaster.pid").read_text().split()[0])
        return [self.process.pid, *children, server]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture(scope="module")
def prepared():
    """A data folder that has been started once."""
    folder = Path(tempfile.mkdtemp(prefix="esmero-up-"))
    folder.chmod(0o711)
    data = folder / "my shop"
    first = Up(data).wait_for("Ctrl-C stops it.")
    first.end()
    assert first.process.returncode == 0, first.said()
    yield data
    shutil.rmtree(folder)


@pytest.fixture
def start(prepared):
    begun = []

    def up(*words, **variables):
        prepared.with_suffix(".log").unlink(missing_ok=True)
        begun.append(Up(prepared, *words, **variables))
        return begun[-1]

    yield up
    for one in begun:
        one.end()


def gone(pids, *, within=20.0):
    limit = time.monotonic() + within
    while any(is_alive(pid) for pid in pids) and time.monotonic() < limit:
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


def test_a_prepared_folder_starts_quickly_and_gives_one_link(start):
    begun = time.monotonic()
    up = start().wait_for("Ctrl-C stops it.")
    assert time.monotonic() - begun < 15  # 1 s on a quiet machine; the benchmark judges
    links = re.findall(r"http://localhost:\d+/instalar/[\w-]+/", up.said())
    assert len(links) == 1
    assert f"http://localhost:{up.port}" in up.said()
    assert up.is_served()


def test_ctrl_c_stops_every_process(start):
    up = start().wait_for("Ctrl-C stops it.")
    pids = up.pids()
    assert len(pids) >= 5
    os.killpg(up.process.pid, signal.SIGINT)
    assert up.process.wait(20) == 0
    assert gone(pids, within=0) == []
    assert running(up.data) is None
    assert "Traceback" not in up.said()


def test_a_second_up_says_where_the_first_is(start):
    up = start().wait_for("Ctrl-C stops it.")
    _, err = esmero(up.data, "up", status=1)
    assert f"http://localhost:{up.port}" in err
    assert str(up.process.pid) in err
    assert up.is_served()


def test_commands_use_the_running_database_and_restore_refuses_it(start):
    up = start().wait_for("Ctrl-C stops it.")
    out, _ = esmero(up.data, "export", "events")
    assert out == ""
    for words in (["upgrade"], ["restore", "nothing.tar"]):
        _, err = esmero(up.data, *words, status=1)
        assert "stop it first" in err
    assert up.is_served()


@pytest.mark.parametrize("victim", ["supervisor", "everything"])
def test_after_kill_9_up_again_recovers(start, victim):
    up = start().wait_for("Ctrl-C stops it.")
    pids = up.pids()
    for pid in pids if victim == "everything" else pids[:1]:
        os.kill(pid, signal.SIGKILL)
    up.process.wait()
    again = start(PORT=str(up.port)).wait_for("Ctrl-C stops it.")
    again.port = up.port
    assert again.is_served()
    assert gone(pids) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["web", "worker", "mail"])
def test_a_killed_part_is_started_again(start, kind):
    up = start().wait_for("Ctrl-C stops it.")
    victim = running(up.data).children[kind][0]
    os.kill(victim, signal.SIGKILL)
    up.wait_for("running again")
    assert victim not in running(up.data).children[kind]
    assert up.is_served()


def test_a_taken_port_is_named_with_the_remedy(prepared):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        _, err = esmero(prepared, "up", status=1, PORT=port)
    assert port in err
    assert "PORT=8080" in err


def test_the_demo_refuses_to_be_seen_from_outside(prepared):
    _, err = esmero(prepared.parent / "demo", "up", "--demo", status=2, ESMERO_BIND="0.0.0.0")  # noqa: S104
    assert "127.0.0.1" in err
    assert not (prepared.parent / "demo" / "postgres").exists()


@pytest.mark.slow
def test_a_real_shop_never_becomes_a_demo(prepared):
    esmero(prepared, "setup", "--no-input", "--shop", "Luz", "--admin-email", "ana@example.com")
    _, err = esmero(prepared, "up", "--demo", status=1, PORT=str(free_port()))
    assert "holds a real shop" in err
    assert not (prepared / "demo").exists()
