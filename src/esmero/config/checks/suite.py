"""The tests proper: which of them, on which database, and what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from esmero.config.checks.steps import ROOT, Verdict

UNITS = "not slow and not journey"
JOURNEYS = "main_journey"
PROCESSES = min(4, len(os.sched_getaffinity(0)))
"""Tests that run at once: more would only wait for each other's databases."""
PG15 = "/usr/lib/postgresql/15/bin"


def environment_for_tests(*, data: str, pg_bin: str = "") -> dict[str, str]:
    """Return the environment for the checks: ours without the settings of a real shop."""
    chosen = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ESMERO_") or name.startswith(("ESMERO_PG_", "ESMERO_TEST_"))
    }
    chosen["ESMERO_DATA"] = data
    if pg_bin:
        chosen["ESMERO_PG_BIN"] = pg_bin
        chosen.pop("DATABASE_URL", None)
    # Set by the bootstrapper; also right where the command was started without it.
    sources = ROOT / "src"
    chosen["PYTHONPATH"] = os.pathsep.join([str(sources), str(ROOT)])
    return chosen


def run_suite(paths: list[str], *, everything: bool, environment: dict[str, str]) -> Verdict:
    """Run pytest with its output on the terminal, and count what it says.

    The journeys come after the rest and alone: they have the processors to themselves then.
    """
    begun = time.monotonic()
    if paths:
        runs = [paths]
    else:
        units, journeys = ("not journey", "journey") if everything else (UNITS, JOURNEYS)
        runs = [["-n", str(PROCESSES), "--dist", "loadfile", "-m", units], ["-m", journeys]]
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    for words in runs:
        for outcome, count in _run_pytest(words, environment).items():
            sums[outcome] += count
    outcome = "failed" if sums["failed"] else "passed"
    return Verdict("tests", outcome, time.monotonic() - begun, counts=sums)


def _run_pytest(words: list[str], environment: dict[str, str]) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="esmero-tests-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-P", "-m", "pytest", "-q", f"--junitxml={report}", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        counts = _counts(report)
    if done.returncode and not counts["failed"]:
        counts["failed"] = 1  # it ended before it could count
    return counts


def _counts(report: Path) -> dict[str, int]:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not report.exists():
        return counts
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - our own file
        total = int(suite.get("tests", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        counts["failed"] += failed
        counts["skipped"] += skipped
        counts["passed"] += max(0, total - failed - skipped)
    return counts
