"""The supervisor, with real processes that are really killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest

from esmero.config.postgres.processes import is_alive
from esmero.config.supervisor import AlreadyRunning, Holding, running
from esmero.config.supervisor.state import Running

SOURCES = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("supervised.py")


class Installation:
    """A supervisor in a process group of its own, and what it says."""

    def __init__(self, folder, *words):
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, PROGRAM, folder, *words],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.wait_for(lambda: "ready" in self.log())
        self.port = int((folder / "port").read_text())

    def log(self):
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def wait_for(self, condition, *, within=15.0):
        limit = time.monotonic() + within
        while not condition():
            assert time.monotonic() < limit, self.log()
            assert self.process.poll() is None, self.log()
            time.sleep(0.02)

    def pids(self, name):
        """Return the ids under which children of this name were started, in order."""
        lines = [
            line for line in self.log().splitlines() if line.startswith(f"started name={name}")
        ]
        return [int(line.rpartition("=")[2]) for line in lines]

    def page(self, path="/"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.read())

    def end(self):
        with self.process.stderr:
            if self.process.poll() is None:
                self.process.terminate()
                try:
                    self.process.wait(20)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()


@pytest.fixture
def install():
    folder = Path(tempfile.mkdtemp(prefix="esmero-up-"))
    folder.chmod(0o711)
    begun = []

    def start(*words):
        begun.append(Installation(folder, *words))
        return begun[-1]

    yield start
    for installation in begun:
        installation.end()
    shutil.rmtree(folder)


def gone(pids, *, within=5.0):
    limit = time.monotonic() + within
    while any(is_alive(pid) for pid in pids) and time.monotonic() < limit:
        time.sleep(0.02)
    return not any(is_alive(pid) for pid in pids)


def test_a_killed_child_is_restarted_on_the_same_port_and_requests_wait_for_it(install):
    here = install()
    first = here.pids("web")
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    assert here.page() not in first
    here.wait_for(lambda: len(here.pids("web")) == 4)
    assert "ended name=web 1 status=-9" in here.log()


def held_by(here, count=16):
    """Open connections that stay open; return them, and how many each process holds."""
    found, pids = [], Counter()
    for _ in range(count):
        connection = HTTPConnection("127.0.0.1", here.port, timeout=10)
        connection.request("GET", "/")
        pids[int(connection.getresponse().read())] += 1
        found.append(connection)
    return found, pids


def test_connections_that_stay_open_are_shared_out_among_the_children(install):
    here = install()
    here.wait_for(lambda: len(here.pids("web")) == 2)
    begun, pids = held_by(here)
    assert sum(pids.values()) == 16
    assert max(pids.values()) <= 10, pids
    for connection in begun:
        connection.close()
    # One that is begun anew takes its share, and its predecessor's number is in nobody's way.
    os.kill(here.pids("web")[0], signal.SIGKILL)
    here.wait_for(lambda: len(here.pids("web")) == 3)
    here.wait_for(lambda: here.page() == here.pids("web")[-1])
    again, pids = held_by(here)
    assert max(pids.values()) <= 10, pids
    for connection in again:
        connection.close()


def test_a_child_that_cannot_start_is_tried_again_ever_more_slowly(install):
    here = install("failing")
    here.wait_for(lambda: here.log().count("ended name=failing") >= 3)
    pauses = [
        float(line.rpartition("=")[2])
        for line in here.log().splitlines()
        if line.startswith("ended name=failing")
    ]
    assert pauses[:3] == [0.2, 0.4, 0.8]
    assert here.page() in here.pids("web")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_in_order_and_lets_requests_end(install, number):
    here = install()
    pids = [*here.pids("web"), *here.pids("worker")]
    answers = []
    slow = threading.Thread(target=lambda: answers.append(here.page("/slow")))
    slow.start()
    time.sleep(0.3)
    os.kill(here.process.pid, number)
    slow.join(10)
    assert here.process.wait(10) == 0
    assert len(answers) == 1
    assert (here.folder / "worked").read_text() == "to the end"
    assert gone(pids, within=0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", here.port), timeout=2)


def test_ctrl_c_in_the_terminal_reaches_only_the_parent(install):
    here = install()
    os.killpg(here.process.pid, signal.SIGINT)
    assert here.process.wait(10) == 0
    assert (here.folder / "worked").read_text() == "to the end"
    assert "ended" not in here.log()


def test_a_deaf_child_is_killed_after_its_grace(install):
    here = install("deaf")
    deaf = here.pids("deaf")
    here.process.terminate()
    assert here.process.wait(10) == 1
    assert "killed name=deaf" in here.log()
    assert gone(deaf, within=0)


def test_a_second_signal_does_not_wait_for_requests(install):
    here = install()
    answers = []

    def ask():
        with pytest.raises((OSError, HTTPException)):
            answers.append(here.page("/slow"))

    slow = threading.Thread(target=ask)
    slow.start()
    time.sleep(0.2)
    begun = time.monotonic()
    here.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    here.process.send_signal(signal.SIGINT)
    assert here.process.wait(5) == 1
    assert time.monotonic() - begun < 0.8
    slow.join(10)
    assert answers == []


def test_when_the_parent_is_killed_the_children_and_the_database_end(install):
    here = install("database")
    url = (here.folder / "url").read_text()
    connection = psycopg.connect(url)
    server = connection.info.backend_pid
    here.process.kill()
    here.process.wait()
    assert gone([*here.pids("web"), *here.pids("worker"), server])
    connection.close()
    (here.folder / "log").unlink()
    again = install("database")
    with psycopg.connect((again.folder / "url").read_text()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_database_is_started_again_under_the_same_address(install):
    here = install("database")
    url = (here.folder / "url").read_text()
    pid = int((here.folder / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    here.wait_for(lambda: "database_ended" in here.log())

    def answers():
        try:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    here.wait_for(answers)
    assert here.page() in here.pids("web")


def test_a_second_holder_learns_who_was_first(tmp_path):
    assert running(tmp_path) is None
    first = Holding(tmp_path)
    note = Running(pid=os.getpid(), url="http://localhost:8000", is_demo=True, children={})
    first.write(note)
    with pytest.raises(AlreadyRunning) as caught:
        Holding(tmp_path)
    assert caught.value.note == note
    assert running(tmp_path) == note
    first.release()
    assert running(tmp_path) is None
    Holding(tmp_path).release()
