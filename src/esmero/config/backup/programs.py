"""pg_dump and pg_restore that fit a server, on whatever address it has."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from esmero.config.backup.archive import BackupProblem
from esmero.config.postgres import ClusterProblem, find_binaries
from esmero.config.postgres.binaries import OLDEST


def program(name: str, server: int) -> str:
    """Return a program of at least the server's major version. Raises BackupProblem."""
    try:
        found = find_binaries()
        if found.major >= server >= OLDEST:
            return found.program(name)
        return find_binaries(server).program(name)
    except ClusterProblem as problem:
        raise BackupProblem("{what}: {said}", what=name, said=problem) from problem


def dump(url: str, *, server: int, snapshot: str, target: Path) -> None:
    """Write one snapshot of a database in the custom format. Raises BackupProblem."""
    command = [program("pg_dump", server), "--format=custom", "--compress=3"]
    command += ["--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    _run(command, url)


# What newer programs write and older servers refuse. Source: PostgreSQL 17 release notes, E.8.3.2:
# `transaction_timeout` is new there; pg_restore sets it for every server.
_TIMEOUT_SINCE = 17
_TIMEOUT = b"SET transaction_timeout = 0;"
# Some builds (seen: Debian's 15.20) mark each column in the catalogue with an option of their own,
# which the pg_dump of another build copies and another server does not know. We set no options.
_OPTION = re.compile(rb"ALTER TABLE ONLY \S+ ALTER COLUMN .{1,140} SET \(pg_attver=\d+\);")


def load(url: str, *, server: int, source: Path) -> None:
    """Put a dump into an empty database, all or nothing. Raises BackupProblem.

    psql does what pg_restore writes down, so that what this server would refuse can be left out.
    """
    command = [program("pg_restore", server), "--no-owner", "--no-privileges", "--file=-"]
    psql = [program("psql", server), "--no-psqlrc", "--quiet", "--single-transaction"]
    psql += ["--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"]
    # The address is psql's alone; pg_restore only reads the file.
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [*command, str(source)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as reading,
        subprocess.Popen(
            psql,
            env=_environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as writing,
    ):
        script, into = cast(IO[bytes], reading.stdout), cast(IO[bytes], writing.stdin)
        with suppress(BrokenPipeError):  # psql says why it ended
            for line in fitting(script, server=server):
                into.write(line)
        script.close()
        is_read = reading.wait() == 0
        if not is_read:
            # The end of what was read is not the end of the dump: nothing of it is committed.
            writing.kill()
        with suppress(BrokenPipeError):
            into.close()
        if writing.wait() or not is_read:
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()[-800:]
            raise BackupProblem("{what}: {said}", what="pg_restore", said=text)


def fitting(script: Iterable[bytes], *, server: int) -> Iterator[bytes]:
    """Yield the lines of a script of pg_restore that a server of this major version takes.

    Rows (between COPY and its end) are left alone, whatever they say.
    """
    is_row = False
    for line in script:
        if is_row:
            is_row = line != b"\\.\n"
        elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            is_row = True
        elif _is_refused(line.rstrip(), server):
            continue
        yield line


def _is_refused(statement: bytes, server: int) -> bool:
    if server < _TIMEOUT_SINCE and statement == _TIMEOUT:
        return True
    return _OPTION.fullmatch(statement) is not None


def _run(command: list[str], url: str) -> None:
    done = subprocess.run(
        command, env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        name = Path(command[0]).name
        raise BackupProblem("{what}: {said}", what=name, said=done.stderr.strip()[-800:])


def _environment(url: str) -> dict[str, str]:
    # The address may hold a password: arguments can be read by every user of the machine.
    return {"PATH": os.environ.get("PATH", os.defpath), **_libpq(url)}


_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
}


def _libpq(url: str) -> dict[str, str]:
    from psycopg.conninfo import conninfo_to_dict

    values = conninfo_to_dict(url)
    return {
        _VARIABLES[name]: str(value)
        for name, value in values.items()
        if name in _VARIABLES and value is not None
    }
