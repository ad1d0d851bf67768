"""`esmero search`: answer searches of articles only."""

from __future__ import annotations

import argparse

from esmero.config.cli.parts import run_part


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(args: argparse.Namespace) -> int:
    """Answer until a signal comes."""
    from esmero.config import running

    return run_part(lambda environment: [running.search_job()])
