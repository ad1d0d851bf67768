"""The listener alone: mails accepted a second and the CPU each costs, committed before `250`.

Only the mail process runs; nothing files the mails. The clients speak raw SMTP from one process of
their own, over few connections that stay open and over one connection a mail.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from benchmarks import parts
from benchmarks.letters import letters

if TYPE_CHECKING:
    from benchmarks.frame import Bench

TO = "soporte@tienda.example"
CLIENTS = 8


def run(bench: Bench) -> None:
    """Measure both ways."""
    parts.set_up_django()
    parts.migrate()
    count = 600 if bench.is_quick else 3000
    mails = [one.data for one in letters(count, seed=bench.seed, to=TO)]
    port = parts.free_port()
    address = f"127.0.0.1:{port}"
    mail = parts.start("mail", log=bench.data / "mail.log", ESMERO_SMTP_IN=address)
    try:
        parts.wait_for_port(port)
        send(port, mails[:100], is_kept=True)
        for name, is_kept in (("kept", True), ("fresh", False)):
            database = bench.cluster.pid() or 0
            before = [parts.cpu_seconds([mail.process.pid]), parts.cpu_seconds([database])]
            begun = time.monotonic()
            send(port, mails, is_kept=is_kept)
            seconds = time.monotonic() - begun
            own = parts.cpu_seconds([mail.process.pid]) - before[0]
            base = parts.cpu_seconds([database]) - before[1]
            bench.figure(f"{name}_accepted_per_s", count / seconds, "/s")
            bench.figure(f"{name}_listener_cpu_ms", own / count * 1000, "ms")
            bench.figure(f"{name}_database_cpu_ms", base / count * 1000, "ms")
        _check(count)
    finally:
        mail.stop()


def _check(count: int) -> None:
    from esmero.channels.models import RawMail

    stored = RawMail.objects.count()
    if stored != 2 * count + 100:
        raise RuntimeError(f"{stored} mails stored, not {2 * count + 100}")


def send(port: int, mails: list[bytes], *, is_kept: bool) -> None:
    """Send from another process, whose CPU is not ours."""
    context = multiprocessing.get_context("fork")
    sender = context.Process(target=_send_all, args=(port, mails, is_kept))
    sender.start()
    sender.join()
    if sender.exitcode:
        raise RuntimeError("the clients failed")


def _send_all(port: int, mails: list[bytes], is_kept: bool) -> None:
    todo: SimpleQueue[bytes] = SimpleQueue()
    for data in mails:
        todo.put(data.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
    failed: list[BaseException] = []

    def work() -> None:
        client: _Client | None = None
        try:
            while True:
                data = todo.get_nowait()
                client = client or _Client(port)
                client.send(data)
                if not is_kept:
                    client.close()
                    client = None
        except Empty:
            pass
        except Exception as error:  # noqa: BLE001  raised again by the main thread
            failed.append(error)
        finally:
            if client is not None:
                client.close()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


class _Client:
    """As little SMTP as it takes."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb")
        self._answer(b"220")
        self._say(b"EHLO bench.example\r\n", b"250")

    def send(self, data: bytes) -> None:
        """Hand one mail over."""
        self._say(b"MAIL FROM:<ana@example.net>\r\n", b"250")
        self._say(f"RCPT TO:<{TO}>\r\n".encode(), b"250")
        self._say(b"DATA\r\n", b"354")
        self._say(data, b"250")

    def close(self) -> None:
        """Say goodbye."""
        self._say(b"QUIT\r\n", b"221")
        self._lines.close()
        self._socket.close()

    def _say(self, line: bytes, wanted: bytes) -> None:
        self._socket.sendall(line)
        self._answer(wanted)

    def _answer(self, wanted: bytes) -> None:
        while True:
            line = self._lines.readline()
            if not line.startswith(wanted):
                raise RuntimeError(f"answered {line!r}")
            if line[3:4] != b"-":
                return
