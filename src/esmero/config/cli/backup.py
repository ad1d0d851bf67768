"""`esmero backup`: everything into one file, while it runs."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from esmero.config import env
from esmero.config.cli import demo_data
from esmero.config.cli.context import database, environment, refuse_half_restored
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import note, say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        help=t("where to; without, a dated file in the data folder under backups/"),
    )
    add_passphrase(parser)
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Declare where the passphrase comes from."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        help=t("file with the passphrase for the key (else ESMERO_BACKUP_PASSPHRASE)"),
    )


def passphrase_of(args: argparse.Namespace) -> str:
    """Return the passphrase, empty when there is none. Raises Problem."""
    try:
        if args.passphrase_file:
            return str(args.passphrase_file.read_text().strip())
        return env.read("ESMERO_BACKUP_PASSPHRASE")
    except (OSError, env.EnvironmentProblem) as problem:
        raise Problem(str(problem), status=2) from problem


def run(args: argparse.Namespace) -> int:
    """Write a backup and say what it holds."""
    from esmero.config.backup import BackupProblem, write_backup

    at = datetime.now(UTC)
    chosen = environment()
    refuse_half_restored(chosen.data)
    passphrase = passphrase_of(args)
    target = args.file or chosen.data / "backups" / f"esmero-{at:%Y%m%d-%H%M%S}.tar"
    try:
        with database(), Progress(t("Writing the backup")) as progress:
            manifest = write_backup(
                target.absolute(),
                url=os.environ["DATABASE_URL"],
                data=chosen.data,
                keys=chosen.secret_keys,
                passphrase=passphrase,
                at=at,
                is_demo=demo_data.is_there(chosen.data),
                told=lambda step, done, of: progress(done, of),
            )
    except BackupProblem as problem:
        raise Problem(str(problem)) from problem
    if args.json:
        print(json.dumps({"file": str(target), **asdict(manifest)}))
    else:
        say(
            "{file}: {bytes} bytes, {rows} rows in {tables} tables, {files} files.",
            file=target,
            bytes=target.stat().st_size,
            rows=sum(manifest.tables.values()),
            tables=len(manifest.tables),
            files=manifest.files,
        )
    if manifest.lost_files:
        note("{count} files that rows name were already gone.", count=len(manifest.lost_files))
    if not passphrase:
        note(
            "The key is not in it, because no passphrase was given (ESMERO_BACKUP_PASSPHRASE): "
            "keep {key} elsewhere, or mailbox passwords will have to be typed again.",
            key=chosen.data / "secret.key",
        )
    return 0
