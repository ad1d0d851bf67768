"""pg_dump and pg_restore that fit a server, on whatever address it has."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

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


def load(url: str, *, server: int, source: Path) -> None:
    """Put a dump into an empty database, all or nothing. Raises BackupProblem."""
    command = [program("pg_restore", server), "--no-owner", "--no-privileges"]
    command += ["--single-transaction", "--exit-on-error", "--dbname=", str(source)]
    _run(command, url)


def _run(command: list[str], url: str) -> None:
    # The address may hold a password: arguments can be read by every user of the machine.
    environment = {"PATH": os.environ.get("PATH", os.defpath), **_libpq(url)}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        name = Path(command[0]).name
        raise BackupProblem("{what}: {said}", what=name, said=done.stderr.strip()[-800:])


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
