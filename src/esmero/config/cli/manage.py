"""`esmero manage COMMAND…`: Django's own commands, on the shop's database."""

from __future__ import annotations

import argparse

from esmero.config.cli.context import shop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: whatever Django's command takes."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Run one of Django's commands and return 0; it raises or exits otherwise."""
    with shop():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["esmero manage", *args.words])
    return 0
