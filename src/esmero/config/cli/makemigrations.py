"""`esmero makemigrations`: write migrations for changed models."""

from __future__ import annotations

import argparse

from esmero.config.cli import manage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: those of Django's command."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Run Django's command of this name."""
    args.words = ["makemigrations", *args.words]
    return manage.run(args)
