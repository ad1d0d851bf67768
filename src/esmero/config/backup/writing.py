"""Writing a backup while everything runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from esmero import __version__
from esmero.config.backup import archive, programs
from esmero.config.backup.archive import BackupProblem, Manifest

Told = Callable[[str, int, int | None], None]


def write_backup(
    target: Path,
    *,
    url: str,
    data: Path,
    keys: tuple[str, ...],
    passphrase: str,
    at: datetime,
    is_demo: bool,
    told: Told,
) -> Manifest:
    """Write everything into the new file `target` and return what it holds.

    The rows are those of one snapshot. Files never change and are on disk before the row that
    names them is committed, so those of the snapshot are complete when they are read after it.
    Without a passphrase the keys are left out. `told(step, done, of)` hears of `database` and
    `files` (bytes). Raises BackupProblem; then `target` is not there.
    """
    if target.exists():
        raise BackupProblem("{file} is there already", file=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.partial")
    dump = target.with_name(f".{target.name}.{os.getpid()}.dump")
    try:
        try:
            connection = psycopg.connect(url)
        except psycopg.OperationalError as problem:
            raise BackupProblem("the database does not answer: {said}", said=problem) from problem
        with connection:
            told("database", 0, None)
            paths, lost = _find(data, _dump(connection, url, dump))
            manifest = Manifest(
                version=__version__,
                made_at=at.isoformat(),
                server=connection.info.server_version // 10000,
                is_demo=is_demo,
                tables=table_sums(connection),
                files=len(paths),
                files_bytes=sum(path.stat().st_size for path in paths),
                key_fingerprint=archive.fingerprint(keys[0]),
                has_key=bool(passphrase),
                lost_files=lost,
            )
        fresh.touch(mode=0o600)
        writer = archive.ArchiveWriter(fresh)
        try:
            _write(writer, manifest, dump, paths, keys, passphrase, told)
        except BaseException:
            writer.abandon()
            raise
        _flush(fresh)
        fresh.rename(target)
        _flush(target.parent)
        return manifest
    except OSError as problem:
        raise BackupProblem("{what}: {said}", what=target, said=problem) from problem
    finally:
        for path in (fresh, dump):
            path.unlink(missing_ok=True)


def _dump(connection: psycopg.Connection, url: str, target: Path) -> set[str]:
    """Dump the snapshot that the connection then stays in; return the files that it names."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    snapshot = _one(connection, "SELECT pg_export_snapshot()")
    target.touch(mode=0o600)
    server = connection.info.server_version // 10000
    programs.dump(url, server=server, snapshot=snapshot, target=target)
    return set(stored_files(connection))


def _find(data: Path, tokens: set[str]) -> tuple[list[Path], list[str]]:
    """Return the paths of the files, and the tokens of those that are gone."""
    there = {path.name: path for path in (data / "files").glob("*/*")}
    paths = [there[token] for token in sorted(tokens) if token in there]
    return paths, sorted(token for token in tokens if token not in there)


def _write(
    writer: archive.ArchiveWriter,
    manifest: Manifest,
    dump: Path,
    paths: list[Path],
    keys: tuple[str, ...],
    passphrase: str,
    told: Told,
) -> None:
    writer.add_bytes(archive.MANIFEST, archive.manifest_bytes(manifest))
    writer.add_file(archive.DATABASE, dump)
    done = 0
    for path in paths:
        writer.add_file(f"{archive.FILES}{path.parent.name}/{path.name}", path)
        done += path.stat().st_size
        told("files", done, manifest.files_bytes)
    if passphrase:
        writer.add_bytes(archive.KEY, archive.seal(keys, passphrase))
    writer.close()


def _one(connection: psycopg.Connection, statement: LiteralString) -> str:
    row = connection.execute(statement).fetchone()
    return str(row[0]) if row else ""


def table_sums(connection: psycopg.Connection) -> dict[str, int]:
    """Return the number of rows of each table of the shop."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    sums = {}
    for (name,) in names:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name))
        row = connection.execute(query).fetchone()
        sums[name] = int(row[0]) if row else 0
    return sums


def stored_files(connection: psycopg.Connection) -> dict[str, int]:
    """Return the tokens of the files on disk that the rows name, with their bytes."""
    with suppress(psycopg.errors.UndefinedTable):
        rows = connection.execute(
            "SELECT token, size FROM kernel_blob WHERE is_on_disk"
        ).fetchall()
        return {token: size for token, size in rows}
    return {}


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
