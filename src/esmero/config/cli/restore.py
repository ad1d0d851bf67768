"""`esmero restore`: put a backup into an empty data folder."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esmero.config import env
from esmero.config.cli.backup import add_passphrase, passphrase_of
from esmero.config.cli.context import data_folder, database, set_up_django
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import note, say, t
from esmero.config.supervisor import running


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, help=t("the backup"))
    add_passphrase(parser)
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Restore, migrate to this version, compare, and return 1 when anything differs."""
    from esmero.config.backup import BackupProblem, read_manifest, restore

    data = data_folder()
    if running(data):
        raise Problem(t("Esmero runs on {data}: stop it first.", data=data))
    source = args.file.absolute()
    try:
        manifest = read_manifest(source)
        passphrase = passphrase_of(args)
        given_key = env.read("ESMERO_SECRET_KEY").split(",")[0].strip()
        if manifest.has_key and not passphrase and not given_key and sys.stdin.isatty():
            passphrase = getpass.getpass(t("Passphrase of the backup (empty: without the key): "))
        with Progress(t("Restoring")) as progress:
            restored = restore(
                source,
                data=data,
                passphrase=passphrase,
                given_key=given_key,
                opened=_database,
                told=lambda step, done, of: progress(done, of),
            )
    except BackupProblem as problem:
        raise Problem(str(problem)) from problem
    migrated = _migrate()
    rows, files = sum(manifest.tables.values()), manifest.files
    if args.json:
        told = {"rows": rows, "files": files, "has_key": restored.has_key, "migrated": migrated}
        print(json.dumps({**told, "differences": restored.differences}))
    elif not restored.differences:
        say("Restored and compared: {rows} rows, {files} files.", rows=rows, files=files)
    for line in restored.differences:
        note("DIFFERENT: {what}", what=line)
    if not restored.has_key:
        note(
            "Without the key of that shop: mailbox and store passwords must be typed again, "
            "everybody signs in again, and links in mails sent before no longer open."
        )
    return 1 if restored.differences else 0


@contextmanager
def _database() -> Iterator[str]:
    with database():
        yield os.environ["DATABASE_URL"]


def _migrate() -> int:
    with database():
        set_up_django()
        from django.db import connections

        from esmero.config import migrating

        try:
            with Progress(t("Preparing the tables")) as progress:
                return migrating.migrate(lambda name, number, of: progress(number, of))
        finally:
            connections.close_all()
