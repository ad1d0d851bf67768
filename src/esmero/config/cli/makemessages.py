"""`esmero makemessages`: bring the Spanish catalogues up to the code."""

from __future__ import annotations

import argparse

from esmero.config.cli.words import say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folders", nargs="*", help=t("folders of the package; without, all"))
    parser.add_argument("--check", action="store_true", help=t("only list what is wrong"))


def run(args: argparse.Namespace) -> int:
    """Update catalogues, or with --check return 1 when something is missing or wrong."""
    from esmero.config import catalogues

    if args.check:
        found = catalogues.faults()
        for fault in found:
            print(fault)
        return 1 if found else 0
    for folder in catalogues.folders():
        if args.folders and folder.name not in args.folders:
            continue
        new, gone = catalogues.update(folder)
        if new or gone:
            say("{folder}: {new} new, {gone} gone", folder=folder.name, new=new, gone=gone)
    return 0
