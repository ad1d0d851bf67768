"""`esmero upgrade`: back up, migrate, and roll back when that fails."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from esmero.config.cli import demo_data
from esmero.config.cli.backup import add_passphrase, passphrase_of
from esmero.config.cli.context import (
    data_folder,
    database,
    environment,
    refuse_half_restored,
    set_up_django,
)
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import note, say, t
from esmero.config.supervisor import running

MARK = "upgrading"
"""A file in the data folder that names the backup, until the upgrade has ended well or ill."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_passphrase(parser)
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Bring the data to this version, or back to where they were. Returns 1 after a roll-back."""
    data = data_folder()
    refuse_half_restored(data)
    if running(data):
        raise Problem(t("Esmero runs on {data}: stop it first.", data=data))
    with database():
        set_up_django()
        from django.db import connections

        try:
            return _upgrade(data, passphrase_of(args), is_json=args.json)
        finally:
            connections.close_all()


def _upgrade(data: Path, passphrase: str, *, is_json: bool) -> int:
    from esmero.config import migrating

    unknown = migrating.unknown()
    if unknown:
        raise Problem(t("The data come from a newer version of Esmero.") + f" ({unknown[0]})")
    mark = data / MARK
    if not migrating.pending() and not mark.exists():
        if is_json:
            _print(migrations=0)
        else:
            say("The database is up to date.")
        return 0
    if mark.exists():
        backup = Path(mark.read_text().strip())
        note("Going on with the upgrade that was interrupted; its backup is {file}.", file=backup)
    else:
        backup = _back_up(data, passphrase)
        fresh = mark.with_suffix(".new")
        fresh.write_text(f"{backup}\n")
        fresh.replace(mark)
    try:
        with Progress(t("Preparing the tables")) as progress:
            count = migrating.migrate(lambda name, number, of: progress(number, of))
    except Exception as problem:  # noqa: BLE001 - an entry: whatever it is, the data go back
        note("The upgrade failed: {problem}", problem=f"{type(problem).__name__}: {problem}")
        _roll_back(backup)
        mark.unlink()
        note("The data are as before. Start the version before, or report this.")
        if is_json:
            _print(
                migrations=0, backup=str(backup), problem=f"{type(problem).__name__}: {problem}"
            )
        return 1
    mark.unlink()
    if is_json:
        _print(migrations=count, backup=str(backup))
    else:
        say("Upgraded: {count} migrations. The backup stays at {file}.", count=count, file=backup)
    return 0


def _print(*, migrations: int, backup: str = "", problem: str = "") -> None:
    found = {"migrations": migrations, "backup": backup, "problem": problem}
    print(json.dumps(found), flush=True)


def _back_up(data: Path, passphrase: str) -> Path:
    from esmero.config.backup import BackupProblem, write_backup

    at = datetime.now(UTC)
    target = data / "backups" / f"before-upgrade-{at:%Y%m%d-%H%M%S}.tar"
    try:
        with Progress(t("Writing the backup")) as progress:
            write_backup(
                target,
                url=os.environ["DATABASE_URL"],
                data=data,
                keys=environment().secret_keys,
                passphrase=passphrase,
                at=at,
                is_demo=demo_data.is_there(data),
                told=lambda step, done, of: progress(done, of),
            )
    except BackupProblem as problem:
        raise Problem(t("No backup, so no upgrade: {problem}", problem=problem)) from problem
    return target


def _roll_back(backup: Path) -> None:
    """Put the rows back; files never change, so those of the backup are still there."""
    from django.db import connection, connections

    from esmero.config.backup import BackupProblem
    from esmero.config.backup.restoring import load_rows

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    try:
        load_rows(backup, url=os.environ["DATABASE_URL"])
    except BackupProblem as problem:
        raise Problem(
            t(
                "Could not go back by itself: {problem}. Restore {file} into a new folder with "
                "`esmero restore`.",
                problem=problem,
                file=backup,
            )
        ) from problem
