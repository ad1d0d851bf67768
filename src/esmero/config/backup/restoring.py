"""Putting a backup into an empty data folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from esmero import __version__
from esmero.config.backup import archive, programs
from esmero.config.backup.archive import BackupProblem, Manifest
from esmero.config.backup.writing import stored_files, table_sums

MARK = "restoring"
"""A file in the data folder while a restore is not finished."""

Told = Callable[[str, int, int | None], None]
Opened = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, compared with what was written."""

    manifest: Manifest
    differences: list[str]
    """Tables and files that are not as in the backup; empty when all is well."""
    has_key: bool
    """Whether what is encrypted can be opened again."""


def check_target(data: Path) -> None:
    """Raise BackupProblem unless the folder is empty or holds only an unfinished restore."""
    if not data.exists() or (data / MARK).exists():
        return
    there = sorted(path.name for path in data.iterdir())
    if there:
        raise BackupProblem(
            "{folder} is not empty ({names}): restore into a new folder, "
            "for example ESMERO_DATA={folder}-restored",
            folder=data,
            names=", ".join(there[:5]),
        )


def restore(
    source: Path, *, data: Path, passphrase: str, given_key: str, opened: Opened, told: Told
) -> Restored:
    """Put a backup into an empty folder and an empty database, and compare.

    `given_key` is the key of the environment, if any; `opened()` gives the address of the empty
    database, for as long as it is needed. A restore that was interrupted begins again. Raises
    BackupProblem and leaves a mark, so that nobody takes half a shop for a whole one.
    """
    manifest = archive.read_manifest(source)
    if _numbers(manifest.version) > _numbers(__version__):
        raise BackupProblem(
            "{file} is of Esmero {version}, this is {own}: "
            "restore with that version or a newer one",
            file=source,
            version=manifest.version,
            own=__version__,
        )
    check_target(data)
    _clear(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).write_text(f"{source}\n")
    folder = data / "unpacked"
    folder.mkdir(mode=0o700)
    archive.unpack(source, folder, told=lambda done, of: told("unpack", done, of))
    has_key = _restore_key(folder, data, manifest, passphrase, given_key)
    if (folder / "files").exists():
        (folder / "files").rename(data / "files")
    if manifest.is_demo:
        (data / "demo").write_text("filled\n")
    with opened() as url:
        told("database", 0, None)
        differences = _load(url, folder / archive.DATABASE, manifest, data)
    shutil.rmtree(folder)
    (data / MARK).unlink()
    return Restored(manifest, differences, has_key)


def load_rows(source: Path, *, url: str) -> None:
    """Put only the rows of a backup into an empty database. Raises BackupProblem."""
    manifest = archive.read_manifest(source)
    with tempfile.TemporaryDirectory(prefix="esmero-rows-", dir=source.parent) as folder:
        archive.unpack(source, Path(folder), told=lambda done, of: None)
        differences = _load(url, Path(folder) / archive.DATABASE, manifest, None)
    if differences:
        raise BackupProblem("not all rows came back: {what}", what=", ".join(differences[:3]))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _clear(data: Path) -> None:
    """Remove what an interrupted restore has left."""
    if not (data / MARK).exists():
        return
    for path in data.iterdir():
        if path.name == MARK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _restore_key(
    folder: Path, data: Path, manifest: Manifest, passphrase: str, given_key: str
) -> bool:
    sealed = folder / archive.KEY
    if given_key:
        return archive.fingerprint(given_key) == manifest.key_fingerprint
    if not sealed.exists() or not passphrase:
        return False
    keys = archive.unseal(sealed.read_bytes(), passphrase)
    path = data / "secret.key"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as output:
        output.write("\n".join(keys) + "\n")
    return True


def _load(url: str, dump: Path, manifest: Manifest, data: Path | None) -> list[str]:
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
        if table_sums(connection):
            raise BackupProblem("the database is not empty: restore into a new one")
    programs.load(url, server=server, source=dump)
    with psycopg.connect(url) as connection:
        connection.execute("ANALYZE")
        now = table_sums(connection)
        wanted = stored_files(connection)
    differences = [
        f"{name}: {now.get(name, 0)} / {count}"
        for name, count in manifest.tables.items()
        if now.get(name) != count
    ]
    if data is None:
        return differences
    there = {path.name: path.stat().st_size for path in (data / "files").glob("*/*")}
    lost = set(manifest.lost_files)
    differences += [
        f"file {token}: {there.get(token, 0)} / {size}"
        for token, size in wanted.items()
        if token not in lost and there.get(token) != size
    ]
    return differences
