"""The life of one database cluster: made, started, reached, stopped, taken up after a crash."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from esmero.config.postgres import conf, processes
from esmero.config.postgres.binaries import Binaries, find_binaries, place_for
from esmero.config.postgres.places import own_name, path_for, ready_socket_folder, socket_folder
from esmero.config.postgres.problems import ClusterBusy, ClusterProblem
from esmero.config.postgres.runner import Runner, find_runner

_STOP = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_STALE_RETRIES = 20
_PROGRAMS = Path("/var/lib/esmero")

Say = Callable[[str], None]


class Cluster:
    """PostgreSQL in `data`/postgres, for one owner at a time.

    The process that starts it holds a lock until it stops it, and the server ends with the thread
    that started it, even when that is killed. `is_durable=False` is for throw-away data.
    """

    def __init__(self, data: Path, *, is_durable: bool = True) -> None:
        self.home = data.resolve() / "postgres"
        self.pgdata = self.home / "data"
        self.is_durable = is_durable
        self.name = "esmero-" + hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._binaries: Binaries | None = None

    # What is there

    def exists(self) -> bool:
        """Say whether the cluster has been made."""
        return (self.pgdata / "PG_VERSION").exists()

    def major(self) -> int | None:
        """Return the major version of the data, None before they are made."""
        path = self.pgdata / "PG_VERSION"
        return int(path.read_text()) if path.exists() else None

    def binaries(self) -> Binaries:
        """Return the programs that fit the data. Raises ClusterProblem when there are none."""
        if self._binaries is None:
            self._binaries = find_binaries(self.major())
        return self._binaries

    def program(self, name: str) -> str:
        """Return the path of `psql`, `pg_dump`, `pg_restore`…"""
        return self.binaries().program(name)

    def postmaster(self) -> int | None:
        """Return the id of the running server, None when it is not (yet) ready."""
        lines = self._pid_lines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return None
        pid = int(lines[0])
        return pid if processes.is_alive(pid) and pid in self._processes() else None

    def is_running(self) -> bool:
        """Say whether the server accepts connections."""
        return self.postmaster() is not None

    def pid(self) -> int | None:
        """Return the id of the server that this object started, None when it did not."""
        return self._process.pid if self._process else None

    def has_ended(self) -> bool:
        """Say whether the server that this object started is gone, though nobody stopped it."""
        return self._process is not None and self._process.poll() is not None

    def url(self, database: str = conf.DATABASE, *, role: str = conf.ROLE) -> str:
        """Return the address for libpq and `DATABASE_URL`."""
        lines = self._pid_lines()
        folder = lines[4].strip() if len(lines) > 4 else str(socket_folder(self.home, self.name))
        return f"postgresql://{role}@/{database}?host={quote(folder, safe='')}&port={conf.PORT}"

    def _pid_lines(self) -> list[str]:
        try:
            return (self.pgdata / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _processes(self) -> list[int]:
        return processes.processes_named(self.name)

    # The lock

    def hold(self, *, within: float = 0.0) -> None:
        """Take the lock, waiting at most `within` seconds. Raises ClusterBusy."""
        if self._lock is not None:
            return
        self.home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.home.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        limit = time.monotonic() + within
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= limit:
                    os.close(lock)
                    raise ClusterBusy("another process uses {folder}", folder=self.home) from None
                time.sleep(0.05)
        self._lock = lock

    def forget(self) -> None:
        """Give up our copy of the lock, in a forked child; the parent keeps its own."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = self._process = None

    # Making

    def ensure(self) -> None:
        """Make the cluster where there is none; what a killed attempt left is cleared away."""
        self.hold()
        if self.exists():
            return
        if self.pgdata.exists() and any(self.pgdata.iterdir()):
            raise ClusterProblem("{folder} is not empty and not a database", folder=self.pgdata)
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        binaries, runner = self._ready_programs()
        fresh.mkdir(mode=0o700)
        runner.give(fresh)
        for ctype in ("C.UTF-8", "C"):
            done = self._initdb(fresh, binaries, runner, ctype)
            if done.returncode == 0:
                break
            if "locale" not in done.stderr:
                raise ClusterProblem("initdb: {said}", said=done.stderr.strip())
        else:
            raise ClusterProblem("initdb: {said}", said=done.stderr.strip())
        with (fresh / "postgresql.conf").open("a") as file:
            file.write(conf.INCLUDE)
        (fresh / "local.conf").write_text(conf.LOCAL)
        runner.give(fresh / "local.conf")
        if self.pgdata.exists():
            self.pgdata.rmdir()
        fresh.rename(self.pgdata)

    def _initdb(
        self, folder: Path, binaries: Binaries, runner: Runner, ctype: str
    ) -> subprocess.CompletedProcess[str]:
        with path_for(folder, runner) as (path, handles):
            command = [binaries.program("initdb"), "-D", path, "-U", conf.SUPERUSER]
            command += ["--auth=peer", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
            command += conf.locale_arguments(binaries.major, ctype)
            if not self.is_durable:
                command.append("--no-sync")
            return subprocess.run(  # type: ignore[call-overload]
                command,
                **runner.popen_arguments(),
                pass_fds=handles,
                cwd="/",
                env=_ENVIRONMENT,
                umask=0o077,
                capture_output=True,
                text=True,
            )

    def _ready_programs(self) -> tuple[Binaries, Runner]:
        runner = find_runner(self.pgdata)
        runner.give(self.home)
        log = self.home / "log"
        log.mkdir(mode=0o700, exist_ok=True)
        runner.give(log)
        places = [self.home, _PROGRAMS, Path(tempfile.gettempdir()) / "esmero-programs"]
        return place_for(self.binaries(), runner, places), runner

    # Starting and stopping

    def start(self, *, within: float = 600.0, say: Say | None = None) -> None:
        """Start the server and return when it accepts connections.

        A server that a killed process left behind is stopped first: never two on one folder.
        `within` bounds the wait in seconds; it is long because recovery after a crash may be.
        `say` hears about anything that takes more than a second.
        Raises ClusterBusy while another process holds the folder, ClusterProblem otherwise.
        """
        self.hold()
        if self._process is not None and self._process.poll() is None:
            return
        self._end_leftovers(say)
        self.ensure()
        binaries, runner = self._ready_programs()
        if runner.is_other and self.pgdata.stat().st_uid != runner.uid:
            runner.give_tree(self.home)
        self._write_conf(binaries, runner)
        sockets = ready_socket_folder(self.home, self.name, runner)
        for attempt in range(_STALE_RETRIES):
            answer = self._try_start(binaries, runner, sockets, within, say)
            if answer is None:
                self._ready_database()
                return
            if "postmaster.pid" not in answer and "shared memory" not in answer:
                break
            time.sleep(0.1 * (attempt + 1) ** 0.5)
        raise ClusterProblem("PostgreSQL did not start: {said}", said=answer)

    def stop(self, mode: str = "fast", *, within: float = 30.0) -> None:
        """Stop the server that this object started and give the lock back.

        `mode`: smart (waits for clients) | fast | immediate. What is not gone after `within`
        seconds is stopped at once; PostgreSQL then recovers at the next start.
        """
        if self._process is not None:
            for chosen, seconds in ((_STOP[mode], within), (signal.SIGQUIT, 5.0)):
                if self._process.poll() is None:
                    self._process.send_signal(chosen)
                try:
                    self._process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                processes.end(self._processes(), signal.SIGKILL, within=5.0)
                self._process.wait()
            self._process = None
            if (sockets := socket_folder(self.home, self.name)).parent != self.home:
                shutil.rmtree(sockets, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _end_leftovers(self, say: Say | None) -> None:
        """End what an earlier start has left, and the note of it that PostgreSQL would believe."""
        found = self._processes()
        if found:
            if say:
                say("leftover")
            server = [pid for pid in found if str(pid) in self._pid_lines()[:1]]
            if server and processes.end(server, signal.SIGINT, within=15.0):
                found = self._processes()
            if not processes.end(found, signal.SIGQUIT, within=3.0):
                processes.end(self._processes(), signal.SIGKILL, within=5.0)
            if self._processes():
                raise ClusterProblem(
                    "PostgreSQL of an earlier start does not end: {pids}", pids=found
                )
        lines = self._pid_lines()
        if not lines:
            return
        noted = abs(int(lines[0]))
        if processes.is_alive(noted) and processes.is_postgres(noted):
            raise ClusterProblem(
                "a PostgreSQL that is not ours runs on {folder} ({pid})",
                folder=self.pgdata,
                pid=noted,
            )
        # The number may be a stranger's after a restart of the machine, or a zombie's that nobody
        # reaps. None of our processes is left, so the file protects nothing any more.
        (self.pgdata / "postmaster.pid").unlink()
        if len(lines) > 4 and Path(lines[4]) == socket_folder(self.home, self.name):
            for path in Path(lines[4]).glob(".s.PGSQL.*"):
                path.unlink()

    def _write_conf(self, binaries: Binaries, runner: Runner) -> None:
        users = {runner.name, own_name()}
        for name, text in (
            ("esmero.conf", conf.settings_text(major=binaries.major, is_durable=self.is_durable)),
            ("pg_hba.conf", conf.hba_text()),
            ("pg_ident.conf", conf.ident_text(users)),
        ):
            path = self.pgdata / name
            if path.exists() and path.read_text() == text:
                continue
            fresh = path.with_suffix(".new")
            fresh.write_text(text)
            fresh.chmod(0o600)
            runner.give(fresh)
            fresh.replace(path)

    def _try_start(
        self, binaries: Binaries, runner: Runner, sockets: Path, within: float, say: Say | None
    ) -> str | None:
        """Start once; None when it is ready, else the last lines that the server wrote."""
        log = self.home / "log" / "start.log"
        with path_for(self.pgdata, runner) as (path, handles), log.open("wb") as output:
            command = [binaries.program("postgres"), "-D", path]
            command += ["-c", f"cluster_name={self.name}"]
            command += ["-c", f"unix_socket_directories={sockets}"]
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                **runner.popen_arguments(),
                pass_fds=handles,
                cwd="/",
                env=_ENVIRONMENT,
                umask=0o077,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C is for us, not for it
                preexec_fn=_before_postgres,
            )
        begun, told = time.monotonic(), False
        assert self._process is not None  # noqa: S101 - for the type checker
        while self._process.poll() is None:
            lines = self._pid_lines()
            if lines[:1] == [str(self._process.pid)] and lines[7:8] and "ready" in lines[7]:
                return None
            waited = time.monotonic() - begun
            if waited > within:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
                return f"not ready after {within:.0f} s"
            if waited > 1 and not told and say:
                told = True
                say("starting")
            time.sleep(0.01)
        self._process = None
        return self._last_words()

    def _last_words(self) -> str:
        """Return the end of the newest logs: what the server said before it ended."""
        logs = sorted((self.home / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        return "\n".join(log.read_text(errors="replace").strip()[-1000:] for log in logs[-2:])

    def _ready_database(self) -> None:
        """Make the role and the database, unless a start before has done so."""
        import psycopg

        url = self.url("postgres", role=conf.SUPERUSER)
        with psycopg.connect(url, autocommit=True) as connection:
            for kind, name, create in (
                ("roles", "rolname", f"CREATE ROLE {conf.ROLE} LOGIN CREATEDB"),
                ("database", "datname", f"CREATE DATABASE {conf.DATABASE} OWNER {conf.ROLE}"),
            ):
                found = connection.execute(
                    f"SELECT 1 FROM pg_{kind} WHERE {name} = 'esmero'"  # noqa: S608 - own words
                ).fetchone()
                if not found:
                    connection.execute(create)


_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _before_postgres() -> None:
    # Signals that our process blocks or ignores would stay so in the server.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    processes.die_with_parent(signal.SIGINT)
