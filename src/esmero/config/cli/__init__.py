"""The command line: `./esmero COMMAND` and `python -m esmero COMMAND`.

One module per command with `add_arguments(parser)` and `run(args) -> int`. Only the command that
was asked for is imported, and Django only by those that need it, so help answers at once.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from esmero.config.cli.problems import Problem
from esmero.config.cli.words import t

# The order is that of the help. The texts are looked up in esmero.config.cli.es.
COMMANDS = {
    "up": "start everything on this machine",
    "setup": "set up the shop, with or without questions",
    "mailbox": "add, test and list mailboxes",
    "ingest": "file mails from .eml, mbox and Maildir",
    "export": "write conversations, messages, promises, customers or events as JSON lines",
    "knowledge": "bring articles in from files, or write them into files",
    "doctor": "check this installation and say what to do",
    "backup": "write everything into one file, while it runs",
    "restore": "put a backup into an empty data folder",
    "upgrade": "back up, migrate, and roll back when that fails",
    "web": "serve the pages only (grown installations)",
    "worker": "do the background work only (grown installations)",
    "mail": "fetch, accept and send mail only (grown installations)",
    "search": "find articles by their meaning only (grown installations)",
    "migrate": "bring the database to the state of this version",
    "test": "check the code: style, types, contracts, tests",
    "bench": "measure speed and compare it with the targets",
    "makemessages": "bring the catalogues up to the code (developers)",
    "makemigrations": "write migrations for changed models (developers)",
    "manage": "run one of Django's own commands (developers)",
}


PASSED_ON = {"makemigrations", "manage"}
"""Their words belong to Django, also those that begin with a dash."""


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status: 0 well, 1 failed, 2 not understood."""
    words = sys.argv[1:] if argv is None else argv
    if words[:1] and words[0] in PASSED_ON:
        return _run(argparse.Namespace(command=words[0], words=words[1:]))
    name = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(name if name in COMMANDS else None)
    if not words:
        parser.print_help()
        return 2
    return _run(parser.parse_args(words))


def _run(args: argparse.Namespace) -> int:
    try:
        return int(import_module(f"esmero.config.cli.{args.command}").run(args))
    except Problem as problem:
        print(f"esmero: {problem}", file=sys.stderr)
        return problem.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `esmero export … | head`
        sys.stderr.close()
        return 141


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="esmero", description=t("Customer service that keeps its promises.")
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar=t("COMMAND"), required=True)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=t(text), description=t(text).capitalize() + ".")
        if name == chosen:
            import_module(f"esmero.config.cli.{name}").add_arguments(command)
    return parser


def _version() -> str:
    from esmero import __version__

    return f"esmero {__version__}"
