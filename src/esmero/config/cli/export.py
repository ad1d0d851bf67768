"""`esmero export NAME`: JSON lines to stdout or a file, a row at a time."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import IO

from esmero.config.cli.context import shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import note, t

NAMES = ("conversations", "messages", "promises", "customers", "events")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", choices=NAMES, help=t("what to write"))
    parser.add_argument("-o", "--output", type=Path, help=t("a new file; without, to the screen"))


def run(args: argparse.Namespace) -> int:
    """Write all rows of one kind."""
    if args.output is None:
        with shop():
            _write(args.name, sys.stdout)
        return 0
    try:
        # What is exported is for its owner only.
        args.output.touch(mode=0o600, exist_ok=False)
        with args.output.open("w", encoding="utf-8") as output, shop():
            count = _write(args.name, output)
    except OSError as problem:
        raise Problem(str(problem)) from problem
    note("{file}: {count} rows.", file=args.output, count=count)
    return 0


def _write(name: str, output: IO[str]) -> int:
    from esmero.config.export import EXPORTS

    count = 0
    with Progress(t("Exporting")) as progress:
        for count, row in enumerate(EXPORTS[name](), start=1):
            output.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            if count % 200 == 0:
                progress(count)
    output.flush()
    return count
