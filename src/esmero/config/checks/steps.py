"""The steps of `esmero test` that are not pytest: each a program, its output and its verdict."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "pyproject.toml").exists())
PYTHON = [sys.executable, "-P"]


@dataclass(frozen=True, slots=True)
class Step:
    """One check: a command in the root of the tree; `needs` is a program it cannot do without."""

    name: str
    command: list[str]
    needs: str = ""


@dataclass(slots=True)
class Verdict:
    """How a step ended: `passed`, `failed` or `skipped`."""

    name: str
    outcome: str
    seconds: float = 0.0
    output: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def static_steps() -> list[Step]:
    """Return the checks of style, types, contracts, catalogues, migrations and scripts."""
    scripts = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("src/**/*.test.js"))
    steps = [
        Step("types", [*PYTHON, "-m", "mypy", "--no-error-summary"]),
        Step("style", [*PYTHON, "-m", "ruff", "check", "--quiet", "."]),
        Step("format", [*PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
        Step("contracts", [_tool("lint-imports"), "--no-cache"]),
        Step("catalogues", [*PYTHON, "-m", "esmero", "makemessages", "--check"]),
        Step("migrations", [*PYTHON, "-m", "esmero", "makemigrations", "--check", "--dry-run"]),
    ]
    if scripts:
        steps.append(Step("scripts", ["node", "--test", *scripts], needs="node"))
    return steps


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def run_step(step: Step, environment: dict[str, str]) -> Verdict:
    """Run one step."""
    if step.needs and not shutil.which(step.needs):
        return Verdict(step.name, "skipped", output=step.needs)
    begun = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    outcome = "failed" if done.returncode else "passed"
    return Verdict(step.name, outcome, time.monotonic() - begun, done.stdout)


def run_steps(steps: list[Step], environment: dict[str, str], *, told: object) -> list[Verdict]:
    """Run steps, two at a time; `told(verdict)` hears of each as it ends."""

    def run(step: Step) -> Verdict:
        verdict = run_step(step, environment)
        told(verdict)  # type: ignore[operator]
        return verdict

    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(run, steps))
