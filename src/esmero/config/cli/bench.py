"""`esmero bench NAME`: measure speed and compare it with the targets."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from esmero.config.checks.steps import ROOT
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import t

FOLDER = ROOT / "benchmarks"


def names() -> list[str]:
    """Return the benchmarks that there are: modules with a `run`."""
    return sorted(
        path.stem for path in FOLDER.glob("*.py") if "\ndef run(bench" in path.read_text()
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that all share, and those of the benchmark that was asked for."""
    parser.add_argument("name", choices=names(), help=t("which one"))
    parser.add_argument(
        "--quick", action="store_true", help=t("the same figures on less data, within 45 s")
    )
    parser.add_argument("--seed", type=int, default=1, help=t("of everything random"))
    for word in sys.argv[2:]:
        if word in names():
            module = _load(word)
            if hasattr(module, "add_arguments"):
                module.add_arguments(parser)
            break


def _load(name: str) -> ModuleType:
    root = str(Path(ROOT))
    if root not in sys.path:
        sys.path.append(root)
    return import_module(f"benchmarks.{name}")


def run(args: argparse.Namespace) -> int:
    """Run one benchmark. Returns 1 where a figure falls short of its target."""
    if not FOLDER.is_dir():
        raise Problem(t("The benchmarks are not part of this installation."))
    module = _load(args.name)
    return int(import_module("benchmarks.frame").run(module, args.name, args))
