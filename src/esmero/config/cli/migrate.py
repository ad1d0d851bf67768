"""`esmero migrate`: bring the database to the state of this version."""

from __future__ import annotations

import argparse

from esmero.config.cli.context import shop
from esmero.config.cli.words import say, t
from esmero.config.migrating import migrate, pending


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--check", action="store_true", help=t("only say whether any is missing"))


def run(args: argparse.Namespace) -> int:
    """Migrate, or with --check return 1 when there is something to migrate."""
    with shop():
        missing = pending()
        if args.check:
            for name in missing:
                print(name)
            return 1 if missing else 0
        if not missing:
            say("The database is up to date.")
            return 0
        migrate(
            lambda name, number, of: say("  {number}/{of} {name}", number=number, of=of, name=name)
        )
        return 0
