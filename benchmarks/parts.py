"""Parts of the product as processes of their own, and what the benchmarks read from them.

`python -m benchmarks.parts worker` runs one part without a supervisor, so that a process that dies
stays dead until the benchmark starts it again.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esmero.knowledge.search.serving import Client

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


def set_up_django() -> None:
    """Make this process able to call the actions on the benchmark's database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "esmero.config.settings"
    import django

    django.setup()


def migrate() -> None:
    """Make the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Part:
    """A running process of ours."""

    name: str
    process: subprocess.Popen[bytes]

    def ended(self) -> bool:
        """Say whether it has ended."""
        return self.process.poll() is not None

    def was_killed(self) -> bool:
        """Say whether it ended by SIGKILL."""
        return self.process.poll() == -signal.SIGKILL

    def stop(self, *, within: float = 15.0) -> None:
        """Ask it to end, then make it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(within)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start(name: str, *, log: Path, ready_within: float = 60.0, **environment: str) -> Part:
    """Start a part (worker, mail) and wait until it says that it is ready or has ended."""
    signal_file = log.with_suffix(f".{name}.{time.time_ns()}")
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.parts", name, str(signal_file)],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
                "ESMERO_ALLOW_PRIVATE_HOSTS": "1",
                **environment,
            },
            stdout=out,
            stderr=out,
        )
    part = Part(name, process)
    deadline = time.monotonic() + ready_within
    while not signal_file.exists() and not part.ended() and time.monotonic() < deadline:
        time.sleep(0.01)
    signal_file.unlink(missing_ok=True)
    return part


def start_search(data: Path) -> tuple[Part, int, Client]:
    """Start `esmero search`; return it, the id of the process that it forks, and a client, once
    that answers. Raises RuntimeError when it does not.
    """
    from esmero.config.search import socket_path
    from esmero.knowledge.search.serving import Client

    with (data / "search.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "esmero", "search"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=out,
            stderr=out,
        )
    part, path = Part("search", process), socket_path(data)
    if not wait(path.exists, within=60):
        part.stop()
        raise RuntimeError("the search process did not come up")
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return part, int(child), Client(path, timeout_s=30)


@contextmanager
def sink(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the mail server that takes everything."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink", str(port), str(log)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    try:
        wait_for_port(port)
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for_port(port: int, *, within: float = 20.0) -> None:
    """Wait until somebody listens. Raises TimeoutError."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens on {port}")


def read_sink(log: Path) -> list[dict[str, object]]:
    """Return what the sink has written."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]


def wait(condition: Callable[[], bool], *, within: float, every: float = 0.05) -> bool:
    """Wait for something and say whether it came."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return condition()


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time of processes and all their descendants, reaped ones included."""
    parents, times = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(words[1])
        times[pid] = sum(int(word) for word in words[11:15]) / TICKS
    total = 0.0
    for pid, seconds in times.items():
        ancestor = pid
        while ancestor > 1 and ancestor not in pids:
            ancestor = parents.get(ancestor, 0)
        if ancestor in pids:
            total += seconds
    return total


def main(name: str, signal_file: Path) -> None:
    """Run a part in this process until SIGTERM."""
    set_up_django()
    if name == "worker":
        from esmero.config.worker import main as work
    else:
        from esmero.config.mail import main as work
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop, signal_file.touch)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
