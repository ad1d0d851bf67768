"""`esmero ingest PATH…`: file mails from .eml, mbox and Maildir."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from esmero.config.cli.context import shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.progress import Progress
from esmero.config.cli.words import note, say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="+", type=Path, help=t("files and folders"))
    parser.add_argument(
        "--live",
        action="store_true",
        help=t("treat them as arriving now: with promises and acknowledgements"),
    )
    parser.add_argument("--mailbox", help=t("address of the mailbox they came to"))
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Ingest, and return 1 when a file could not be read."""
    for path in args.paths:
        if not path.exists():
            raise Problem(t("{path} is not there.", path=path), status=2)
    with shop():
        from esmero.channels import queries
        from esmero.config.ingest import ingest

        box = None
        if args.mailbox:
            box = queries.mailbox_of_address(args.mailbox)
            if box is None:
                raise Problem(t("There is no mailbox {address}.", address=args.mailbox), status=2)
        steps = {"stored": Progress(t("Storing")), "filed": Progress(t("Filing"))}
        with steps["stored"], steps["filed"]:
            result = ingest(
                args.paths,
                is_live=args.live,
                mailbox_id=box.pk if box else None,
                told=lambda step, count: steps[step](count),
            )
    for line in result.problems:
        note("Not read: {problem}", problem=line)
    if args.json:
        print(json.dumps(asdict(result)))
    else:
        say(
            "{found} mails found, {filed} filed, {duplicates} were there already, "
            "{quarantined} need a look (quarantine).",
            found=result.found,
            filed=result.stored - result.duplicates - result.quarantined,
            duplicates=result.duplicates,
            quarantined=result.quarantined,
        )
    return 1 if result.problems else 0
