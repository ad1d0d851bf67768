"""`esmero test`: everything that must hold before a change is shared."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time

from esmero.config.checks import packages
from esmero.config.checks.steps import Verdict, run_steps, static_steps
from esmero.config.checks.suite import PG15, environment_for_tests, run_suite
from esmero.config.cli.words import say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--all", action="store_true", help=t("also slow tests and all journeys"))
    parser.add_argument(
        "--pg15", action="store_true", help=t("on the PostgreSQL 15 of Debian ({path})", path=PG15)
    )
    parser.add_argument("paths", nargs="*", help=t("only these tests, without the other checks"))


def run(args: argparse.Namespace) -> int:
    """Run the checks, print one line of sums last, and return 1 when anything failed."""
    begun = time.monotonic()
    verdicts = []
    lacking = _programs()
    with tempfile.TemporaryDirectory(prefix="esmero-check-") as data:
        environment = environment_for_tests(data=data, pg_bin=PG15 if args.pg15 else "")
        if not args.paths:
            verdicts += run_steps(static_steps(), environment, told=_tell)
        verdicts.append(run_suite(args.paths, everything=args.all, environment=environment))
    for verdict in verdicts:
        if verdict.outcome == "failed" and verdict.output:
            print(f"\n--- {verdict.name} ---\n{verdict.output.strip()}")
    if lacking:
        say(
            "SKIPPED: journeys need {names}. On Debian: apt-get install {names}",
            names=lacking,
        )
    return _sum_up(verdicts, time.monotonic() - begun)


def _programs() -> str:
    names = packages.missing()
    if not names:
        return ""
    if packages.can_install():
        say("Installing for the journeys: {names}…", names=" ".join(names))
        problem = packages.install(names)
        if problem:
            print(problem, file=sys.stderr)
        names = packages.missing()
    return " ".join(names)


def _tell(verdict: Verdict) -> None:
    mark = {"passed": "ok", "failed": "FAILED", "skipped": "SKIPPED"}[verdict.outcome]
    detail = ""
    if verdict.outcome == "skipped":
        detail = " " + t("({program} is not installed)", program=verdict.output)
    print(f"{verdict.name:<12} {mark:<8} {verdict.seconds:5.1f} s{detail}", flush=True)


def _sum_up(verdicts: list[Verdict], seconds: float) -> int:
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    for verdict in verdicts:
        for outcome, count in (verdict.counts or {verdict.outcome: 1}).items():
            sums[outcome] += count
    print(f"\n{seconds:.0f} s")
    print(f"{sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped")
    return 1 if sums["failed"] else 0
