"""`esmero knowledge import|export`: articles from files and into files."""

from __future__ import annotations

import argparse
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from esmero.config.cli.context import shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import language, note, say, t

if TYPE_CHECKING:
    from esmero.knowledge import actions, queries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar=t("WHAT"))
    bring = acts.add_parser("import", help=t("bring articles in from CSV, Markdown, HTML, a zip"))
    bring.add_argument("paths", nargs="+", type=Path, help=t("files and folders"))
    bring.add_argument(
        "--dry-run", action="store_true", help=t("say line by line what would happen")
    )
    bring.add_argument("--language", choices=["es", "en"], help=t("where a file names none"))
    bring.add_argument("--json", action="store_true", help=t("print one JSON object"))
    take = acts.add_parser("export", help=t("write all articles into a new folder, zip or CSV"))
    take.add_argument("output", type=Path, help=t("a new folder, or a new file .zip or .csv"))


def run(args: argparse.Namespace) -> int:
    """Do it, and return 1 when something could not be brought in."""
    return _import(args) if args.act == "import" else _export(args.output)


def _import(args: argparse.Namespace) -> int:
    files = _gathered(args.paths)
    with shop():
        from esmero.kernel.clock import now
        from esmero.knowledge import actions, queries
        from esmero.shop.queries import the_shop

        found: dict[str, bytes] = {}
        problems: list[queries.Problem] = []
        for name, data in files.items():
            if data[:4] == b"PK\x03\x04":
                inside, wrong = queries.unpack(data)
                found |= inside
                problems += wrong
            else:
                found[name] = data
        entries, wrong = queries.read_files(found, language=args.language or the_shop().language)
        problems += wrong
        lines = actions.bring_articles(entries=entries, at=now(), by=None, is_trial=args.dry_run)
    if args.json:
        print(json.dumps({
            "lines": [asdict(line) for line in lines],
            "problems": [asdict(one) for one in problems],
        }))  # fmt: skip
    else:
        _tell(lines, problems, is_trial=args.dry_run)
    return 1 if problems or any(line.what == "refused" for line in lines) else 0


def _tell(lines: list[actions.Line], problems: list[queries.Problem], *, is_trial: bool) -> None:
    """Say line by line what happens, in the words of the console."""
    from django.utils import translation

    from esmero.console.knowledge.exchange import NOTES, WHATS, WHYS

    with translation.override(language()):
        for line in lines:
            why = [WHYS.get(line.why, line.why)] if line.why else []
            said = "; ".join(map(str, [*(NOTES.get(one, one) for one in line.notes), *why]))
            print(f"{WHATS.get(line.what, line.what)!s:10} {line.language} {line.source}: "
                  f"{line.title}" + (f" ({said})" if said else ""))  # fmt: skip
        for one in problems:
            note("Not read: {problem}", problem=f"{one.source}: {WHYS.get(one.why, one.why)}")
    counts = {what: sum(line.what == what for line in lines) for what in ("new", "changed")}
    if is_trial:
        say("{new} would be new, {changed} changed; nothing was written.", **counts)
    else:
        say("{new} are new, {changed} changed.", **counts)


def _gathered(paths: list[Path]) -> dict[str, bytes]:
    """The files by their paths within what was named."""
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            found |= {one.relative_to(path).as_posix(): _read(one) for one in inside}
        elif path.exists():
            found[path.name] = _read(path)
        else:
            raise Problem(t("{path} is not there.", path=path), status=2)
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Problem(str(problem)) from problem


def _export(output: Path) -> int:
    if output.exists():
        raise Problem(t("{path} is there already.", path=output), status=2)
    with shop():
        from esmero.knowledge import actions

        count = 0
        if output.suffix == ".csv":
            with output.open("w", encoding="utf-8-sig", newline="") as out:
                for count, line in enumerate(actions.exported_csv()):  # noqa: B007
                    out.write(line)
        elif output.suffix == ".zip":
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in actions.exported_files():
                    archive.writestr(name, data)
                    count += name.endswith(".md")
        else:
            for name, data in actions.exported_files():
                path = output / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                count += name.endswith(".md")
    say("{file}: {count} texts.", file=output, count=count)
    return 0
