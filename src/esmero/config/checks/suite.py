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

QUICK = "not slow and (not journey or main_journey)"
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
    """Run pytest with its output on the terminal, and count what it says."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="esmero-tests-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-P", "-m", "pytest", "-q", f"--junitxml={report}", *paths]
        if not everything and not paths:
            command += ["-m", QUICK]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        counts = _counts(report)
    outcome = "failed" if done.returncode or counts["failed"] else "passed"
    if done.returncode and not counts["failed"]:
        counts["failed"] = 1  # it ended before it could count
    return Verdict("tests", outcome, time.monotonic() - begun, counts=counts)


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
