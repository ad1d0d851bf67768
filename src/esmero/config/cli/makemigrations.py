"""`esmero makemigrations`: write migrations for changed models."""

from __future__ import annotations

import argparse
import os
import warnings

from esmero.config.cli.context import environment, is_embedded, set_up_django
from esmero.config.postgres import Cluster


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: those of Django's command."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Run Django's command of this name. No database is started for it."""
    data = environment().data
    if is_embedded():
        os.environ["DATABASE_URL"] = Cluster(data).url()
    set_up_django()
    from django.core.management import execute_from_command_line

    # It would like to compare with what the database has applied, and warns when it cannot.
    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    execute_from_command_line(["esmero", "makemigrations", *args.words])
    return 0
