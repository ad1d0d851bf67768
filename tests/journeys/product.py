"""The product as its users run it: `esmero up` on a folder of its own, with a clock that we set.

A journey looks at it from outside: pages, mail, the command line and what that exports. The
database is asked only for what no page shows.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg

from esmero.config.postgres import Cluster
from esmero.config.supervisor import running
from esmero.promises.rules.holidays import holidays_of
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
MADRID = ZoneInfo("Europe/Madrid")
# Eight people may share the machine; a wait ends with its condition, not with this time.
PATIENCE = 90.0
T = TypeVar("T")
Row = dict[str, Any]


def eventually(
    ask: Callable[[], T], *, within: float = PATIENCE, every: float = 0.1, why: str = ""
) -> T:
    """Ask until the answer is true, and return it; an assertion that fails counts as no."""
    limit = time.monotonic() + within
    while True:
        failed: AssertionError | None = None
        try:
            answer = ask()
            if answer:
                return answer
        except AssertionError as error:
            failed = error
        if time.monotonic() > limit:
            said = "\n".join(product.tail() for product in Product.alive)
            raise AssertionError(
                f"{why or 'it did not come'} within {within} s\n{said}"
            ) from failed
        time.sleep(every)


def working_thursday(today: date) -> date:
    """Return the first Thursday after tomorrow with no holiday from it to the Tuesday after.

    Journeys begin there, so that what they are told does not depend on the day they run.
    """
    free = holidays_of("ES", None, [today.year, today.year + 1])
    day = today + timedelta(days=2)
    while day.weekday() != 3 or any(day + timedelta(days=n) in free for n in range(6)):
        day += timedelta(days=1)
    return day


def madrid(day: date, clock: str) -> datetime:
    """Return `hh:mm` of a day in Madrid as a moment in UTC."""
    hour, minute = clock.split(":")
    moment = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=MADRID)
    return moment.astimezone(UTC)


class Product:
    """An installation: `begin()` runs `esmero up`, `run()` any other command."""

    alive: list[Product] = []  # noqa: RUF012  all that a failure may have to tell about

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.day = working_thursday(datetime.now(MADRID).date())
        self._clock = data.with_suffix(".clock")
        self._log = data.with_suffix(".log")
        self._variables = variables
        self.process: subprocess.Popen[bytes] | None = None

    # Its processes

    def environment(self, **variables: str) -> dict[str, str]:
        """Return what it is started with."""
        plain = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ESMERO_") or name.startswith("ESMERO_PG_")
        }
        plain.pop("DATABASE_URL", None)
        return plain | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "LANG": "es_ES.UTF-8",
            "ESMERO_DATA": str(self.data),
            "ESMERO_CLOCK": str(self._clock),
            "ESMERO_ALLOW_PRIVATE_HOSTS": "1",
            "PORT": str(self.port),
            **self._variables,
            **variables,
        }

    def begin(self, *, within: float = PATIENCE) -> Product:
        """Start `esmero up` and wait until it says that it runs."""
        before = len(self.said())
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "esmero", "up"],
                env=self.environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self not in Product.alive:
            Product.alive.append(self)
        eventually(
            lambda: self._is_up(before) or self.process.poll() is not None,
            within=within,
            why="`up` says nothing",
        )
        assert self.process.poll() is None, self.tail()
        return self

    def _is_up(self, before: int) -> bool:
        return "Ctrl-C la para." in self.said()[before:]

    def end(self) -> None:
        """Stop it as Ctrl-C does, and make it when it does not."""
        if self in Product.alive:
            Product.alive.remove(self)
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def pids(self) -> dict[str, list[int]]:
        """Return the ids of its processes by kind: up, postgres, web, worker, mail."""
        assert self.process is not None
        note = running(self.data)
        children = note.children if note else {}
        server = (self.data / "postgres/data/postmaster.pid").read_text().split()[0]
        return {"up": [self.process.pid], "postgres": [int(server)], **children}

    def said(self) -> str:
        """Return everything that `up` has printed."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def tail(self) -> str:
        """Return the end of what it printed and where its work stands, for whoever looks into a
        failure.
        """
        lines = [f"--- {self.url}, {self.now()}", *self.said().splitlines()[-40:]]
        for query in (
            "SELECT id, source, state, reason, received_at FROM channels_raw_mail ORDER BY 1",
            "SELECT id, template, state, recipients, error FROM channels_delivery ORDER BY 1",
            "SELECT id, kind, state, due_at, next_check_at FROM promises_promise ORDER BY 1",
        ):
            try:
                lines += [query, *(f"  {row}" for row in self.ask(query)[-12:])]
            except (psycopg.Error, OSError) as error:
                lines.append(f"  {error}")
        return "\n".join(lines)

    # Its clock

    def now(self) -> datetime:
        """Return the present of the product in UTC."""
        shift = float(self._clock.read_text()) if self._clock.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=shift)

    def set_clock(self, moment: datetime) -> None:
        """Make it `moment` now; time passes from there."""
        shift = (moment - datetime.now(UTC)).total_seconds()
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(f"{shift:.3f}", encoding="ascii")
        fresh.replace(self._clock)
        if self.process is not None:
            self._wake()

    def _wake(self) -> None:
        """Let the loops look at the clock now instead of at their next poll."""
        for topic in ("promises", "deliveries", "events", "updates", "snoozes"):
            self.ask("SELECT pg_notify('esmero_wake', %s)", topic)

    def at(self, clock: str, *, days: int = 0) -> datetime:
        """Return `hh:mm` in Madrid on the product's first day, or so many days later."""
        return madrid(self.day + timedelta(days=days), clock)

    def let_pass(self, **time_: float) -> None:
        """Let time pass, in the words of timedelta."""
        self.set_clock(self.now() + timedelta(**time_))

    # What it says

    def run(self, *words: object, status: int = 0, **variables: str) -> str:
        """Run a command of `esmero` and return its output; of one that is to fail, what it says.

        Fails when it ends otherwise.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-m", "esmero", *map(str, words)],
            env=self.environment(**variables),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == status, done.stdout + done.stderr + self.tail()
        return done.stderr if status else done.stdout

    def export(self, what: str) -> list[Row]:
        """Return the record as the shop may take it with it."""
        return [json.loads(line) for line in self.run("export", what).splitlines()]

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database for what no page shows."""
        with psycopg.connect(Cluster(self.data).url(), autocommit=True) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def connect(self, address: str, *, imap: int, smtp: int, user: str, name: str = "") -> None:
        """Connect a mailbox by the command line, and wait until its folders are followed."""
        self.run(
            "mailbox", "add", address,
            "--imap", f"127.0.0.1:{imap}", "--imap-security", "none",
            "--smtp", f"127.0.0.1:{smtp}", "--smtp-security", "none",
            "--username", user, "--name", name,
            ESMERO_MAILBOX_PASSWORD="secreto",
        )  # fmt: skip
        self.wait_for_look()

    def wait_for_look(self) -> None:
        """Wait until every mailbox and its Sent folder have been looked through from now on."""
        since = self.now()
        self.ask("SELECT pg_notify('esmero_wake', 'looks')")
        eventually(
            lambda: self.ask(
                "SELECT bool_and(coalesce(sent_looked_at >= %s, false)) FROM channels_mailbox",
                since,
            )[0][0],
            why="the mailboxes are not looked at",
        )

    def answers(self, path: str) -> int:
        """Return the status of a page asked for without a session."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


def copy_of(prepared: Path, data: Path) -> Path:
    """Copy a stopped installation, as another one with a key of its own."""
    subprocess.run(["/bin/cp", "-a", str(prepared), str(data)], check=True)
    (data / "secret.key").unlink(missing_ok=True)
    shutil.rmtree(data / "postgres/run", ignore_errors=True)
    return data
