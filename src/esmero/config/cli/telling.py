"""What `esmero up` says about its processes, and the note it keeps for other commands."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from typing import Any

from esmero.config.cli.words import note, say
from esmero.config.supervisor import Holding
from esmero.config.supervisor.state import Running


class PartTeller:
    """Puts what the supervisor reports into words for the terminal, and tells systemd."""

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._is_ready = False

    def __call__(self, event: str, **values: Any) -> None:
        """Say one event."""
        getattr(self, f"_{event}")(**values)

    def _started(self, *, name: str, pid: int) -> None:
        if self._is_ready:
            say("{name}: running again (process {pid}).", name=name, pid=pid)

    def _ready(self) -> None:
        if not self._is_ready:
            self._is_ready = True
            self._welcome(f"{time.monotonic() - self._begun:.1f}")
            tell_systemd("READY=1")

    def _welcome(self, seconds: str) -> None:
        say("Running (started in {seconds} s).", seconds=seconds)

    def _ended(self, *, name: str, status: int, pause: float) -> None:
        what = f"signal {-status}" if status < 0 else f"status {status}"
        note("{name}: ended ({what}); again in {pause} s.", name=name, what=what, pause=pause)

    def _database_ended(self, *, pause: float) -> None:
        note("The database ended; again in {pause} s.", pause=pause)

    def _database_failed(self, *, problem: Exception, pause: float) -> None:
        note("The database does not start: {problem}", problem=problem)

    def _stopping(self) -> None:
        tell_systemd("STOPPING=1")
        say("Stopping… (a second Ctrl-C does not wait)")

    def _killed(self, *, name: str) -> None:
        note("{name}: did not end by itself and was killed.", name=name)


class Teller(PartTeller):
    """The same for a whole installation, with the note that other commands read."""

    def __init__(
        self, begun: float, *, holding: Holding, url: str, is_demo: bool, lines: list[str]
    ) -> None:
        super().__init__(begun)
        self._holding, self._url, self._is_demo, self._lines = holding, url, is_demo, lines
        self.pids: Callable[[], dict[str, list[int]]] = dict

    def _started(self, *, name: str, pid: int) -> None:
        self._holding.write(Running(os.getpid(), self._url, self._is_demo, self.pids()))
        super()._started(name=name, pid=pid)

    def _welcome(self, seconds: str) -> None:
        say("Esmero is running: {url} (started in {seconds} s)", url=self._url, seconds=seconds)
        for line in self._lines:
            print(line, flush=True)
        say("Ctrl-C stops it.")


def tell_systemd(state: str) -> None:
    """Report a state to systemd when it started us (`Type=notify`).

    Source: sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names, `@` for abstract.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.connect(address)
            channel.sendall(state.encode())
        except OSError:
            return
