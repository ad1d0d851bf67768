"""Starting and idling: the first page, the memory of everything, the demo from nothing.

Runs `python -m esmero up` as people do, on folders of its own.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.frame import Bench
from esmero.config.postgres import Cluster
from esmero.config.postgres.processes import processes_named
from esmero.config.supervisor import running

PAGE = "/c/"
"""The team's door: what a person opens first."""
PATIENCE = 300.0
STARTS = 5
QUIET_SECONDS = 20.0
"""How long everything idles before its memory is read."""


class Up:
    """A running installation, on `port` of this machine."""

    def __init__(self, data: Path, *words: str) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.data = data
        environment = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
        environment |= {"ESMERO_DATA": str(data), "PORT": str(self.port)}
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "esmero", "up", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def first_page(self) -> float:
        """Return the seconds from the start until a page was served."""
        while not self.page():
            if self._process.poll() is not None:
                raise RuntimeError("`esmero up` ended before it served a page")
            if time.monotonic() - self._begun > PATIENCE:
                raise RuntimeError(f"no page after {PATIENCE:.0f} s")
            time.sleep(0.01)
        return time.monotonic() - self._begun

    def page(self) -> bool:
        """Fetch a page and say whether it came."""
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection,
        ):
            connection.request("GET", PAGE)
            return connection.getresponse().status < 400
        return False

    def pids(self) -> list[int]:
        """Return every process of it, the database's too."""
        note = running(self.data)
        children = [pid for pids in note.children.values() for pid in pids] if note else []
        return [self._process.pid, *children, *processes_named(Cluster(self.data).name)]

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(90)


def pss_mb(pids: list[int]) -> float:
    """Return the proportional memory of processes (shared pages are counted once), in MB.

    Source: proc_pid_smaps(5), `Pss`.
    """
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def run(bench: Bench) -> None:
    """Measure."""
    folder = bench.data / "start"
    first = Up(folder)
    first.first_page()
    first.stop()
    seconds = []
    for number in range(3 if bench.is_quick else STARTS):
        up = Up(folder)
        seconds.append(up.first_page())
        if number == 0:
            for _ in range(20):  # every web process has served a page
                up.page()
            time.sleep(QUIET_SECONDS / 2 if bench.is_quick else QUIET_SECONDS)
            pids = up.pids()
            bench.figure("idle_pss_mb", pss_mb(pids), "MB")
            bench.note(f"{len(pids)} processes")
        up.stop()
    bench.figure("first_page_s", statistics.median(seconds), "s")
    demo = Up(bench.data / "demo", "--demo")
    bench.figure("demo_s", demo.first_page(), "s")
    demo.stop()
