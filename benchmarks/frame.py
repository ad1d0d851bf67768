"""What all benchmarks share: calibration, noise, figures, targets, and the way they are told.

A benchmark is a module of this folder with `run(bench)`, and `add_arguments(parser)` when it has
arguments of its own. It measures through the public actions and entry points and reports with
`bench.figure(name, value, unit)`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from esmero.config.postgres import Cluster

TARGETS = Path(__file__).with_name("targets.toml")
NOISE = 0.15
"""Share of the machine that others may take before a run is called unreliable."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How fast this machine is now (milliseconds)."""

    python_ms: float
    """A fixed loop of pure Python, median of 9."""
    fsync_ms: float
    """Writing 8 KiB and flushing it to the disk of the data, median of 25."""
    select_ms: float
    """`SELECT 1` over the socket, median of 300."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    sample: int = 0
    """How many times the machine's Python had been timed when it was measured."""


@dataclass(slots=True)
class Bench:
    """One run: what was asked for, where the data are, what was found."""

    name: str
    is_quick: bool
    seed: int
    args: argparse.Namespace
    cluster: Cluster
    data: Path
    calibration: Calibration
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    python_ms: list[float] = field(default_factory=list)
    """The loop of the calibration, timed at the start, at each `calibrate` and at the end."""

    def __post_init__(self) -> None:
        """Begin with what was timed at the start."""
        self.python_ms.append(self.calibration.python_ms)

    def figure(self, name: str, value: float, unit: str = "") -> None:
        """Report a number; targets.toml may name a limit for it."""
        self.figures.append(Figure(name, value, unit, len(self.python_ms)))

    def calibrate(self) -> None:
        """Time the machine's Python anew (a third of a second): shared cores change by a half
        within a minute. Figures are judged by the times before and after them.
        """
        self.python_ms.append(_median_ms(python_loop, 9))

    def around(self, figure: Figure) -> Calibration:
        """Return the calibration by which a figure is judged."""
        times = self.python_ms[figure.sample - 1 : figure.sample + 1]
        return replace(self.calibration, python_ms=statistics.fmean(times))

    def note(self, text: str) -> None:
        """Report something in words, printed below the table."""
        self.notes.append(text)


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def python_loop() -> int:
    """Do a fixed amount of what Python does: arithmetic, strings, a dictionary."""
    counts: dict[str, int] = {}
    for number in range(200_000):
        key = str(number % 977)
        counts[key] = counts.get(key, 0) + number % 7
    return len(counts)


def _median_ms(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def calibrate(cluster: Cluster, folder: Path) -> Calibration:
    """Measure this machine."""
    import psycopg

    python_ms = _median_ms(python_loop, 9)
    block = os.urandom(8192)
    with tempfile.TemporaryFile(dir=folder) as file:

        def flush() -> None:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())

        fsync_ms = _median_ms(flush, 25)
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        select_ms = _median_ms(lambda: connection.execute("SELECT 1").fetchone(), 300)
    return Calibration(python_ms, fsync_ms, select_ms)


class Noise:
    """How much of the machine others took: all busy time minus that of our own processes."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._busy = _busy_seconds()
        self._own = _own_seconds()

    def share(self) -> float:
        """Return the share (0 to 1) of all cores that others have used since the start."""
        seconds = (time.monotonic() - self._begun) * (os.cpu_count() or 1)
        busy = _busy_seconds() - self._busy
        own = _own_seconds() - self._own
        return max(0.0, (busy - own) / seconds) if seconds > 0 else 0.0


_TICKS = os.sysconf("SC_CLK_TCK")


def _busy_seconds() -> float:
    """Source: proc(5): user, nice, system, idle, iowait, irq, softirq, steal."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def _own_seconds() -> float:
    """Return the CPU time of this process and its descendants, also of those that have ended.

    A program that ended as somebody else's child (a database worker) is not among them any more;
    that makes the noise look larger, never smaller.
    """
    own, total = os.getpid(), 0.0
    parents: dict[int, int] = {}
    times: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(words[1])
        times[pid] = sum(int(word) for word in words[11:15]) / _TICKS
    for pid, seconds in times.items():
        ancestor = pid
        while ancestor not in (own, 0, 1):
            ancestor = parents.get(ancestor, 0)
        if ancestor == own:
            total += seconds
    return total


@contextmanager
def opened(name: str, args: argparse.Namespace) -> Iterator[Bench]:
    """Give a benchmark a fresh durable database in a folder of its own, and calibrate."""
    with tempfile.TemporaryDirectory(prefix="esmero-bench-") as folder:
        data = Path(folder)
        data.chmod(0o711)
        cluster = Cluster(data)
        cluster.start()
        try:
            os.environ["ESMERO_DATA"] = str(data)
            os.environ["DATABASE_URL"] = cluster.url()
            calibration = calibrate(cluster, data)
            yield Bench(name, args.quick, args.seed, args, cluster, data, calibration)
        finally:
            cluster.stop("immediate")


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure beside its limit."""

    figure: Figure
    judged: float
    """The value, corrected for a machine that is slower than the reference."""
    limit: str
    is_reached: bool | None
    """None when there is no limit."""


def judge(
    name: str,
    figures: list[Figure],
    around: Callable[[Figure], Calibration],
    *,
    is_quick: bool = False,
) -> list[Judged]:
    """Compare figures with targets.toml; those marked `full_only` may be missing from a quick run.
    `around`: how fast the machine was when a figure was measured.

    Raises KeyError when a target names a figure that was not measured: a benchmark that stops
    measuring something must not pass for it.
    """
    everything = tomllib.loads(TARGETS.read_text())
    reference, targets = everything["reference"], dict(everything.get(name, {}))
    found = []
    for figure in figures:
        target = targets.pop(figure.name, None)
        if target is None:
            found.append(Judged(figure, figure.value, "", None))
            continue
        found.append(_judge(figure, target, around(figure), reference))
    if is_quick:
        targets = {k: v for k, v in targets.items() if not v.get("full_only")}
    if targets:
        raise KeyError(f"not measured: {', '.join(sorted(targets))}")
    return found


def _judge(
    figure: Figure, target: dict[str, Any], calibration: Calibration, reference: dict[str, float]
) -> Judged:
    slowness = 1.0
    if kind := target.get("by"):
        slowness = max(1.0, getattr(calibration, f"{kind}_ms") / reference[f"{kind}_ms"])
    if "max" in target:
        judged = figure.value / slowness
        return Judged(figure, judged, f"<= {target['max']}", judged <= target["max"])
    judged = figure.value * slowness
    return Judged(figure, judged, f">= {target['min']}", judged >= target["min"])


def tell(bench: Bench, judged: list[Judged], noise: float, seconds: float) -> bool:
    """Print the table and, last, one line of JSON; return whether every target was reached."""
    speed = bench.calibration
    fastest, slowest = min(bench.python_ms), max(bench.python_ms)
    print(
        f"calibration: python {fastest:.1f} to {slowest:.1f} ms, fsync {speed.fsync_ms:.2f} ms, "
        f"select {speed.select_ms:.3f} ms; others used {noise:.0%} of the machine; {seconds:.0f} s"
    )
    width = max((len(item.figure.name) for item in judged), default=0)
    for item in judged:
        verdict = {True: "ok", False: "SHORT", None: ""}[item.is_reached]
        corrected = ""
        if item.judged != item.figure.value:
            corrected = f" (judged as {item.judged:.3g})"
        print(
            f"  {item.figure.name:<{width}}  {item.figure.value:>10.4g} {item.figure.unit:<5} "
            f"{item.limit:<9} {verdict}{corrected}"
        )
    for note in bench.notes:
        print(f"  {note}")
    is_reliable = noise <= NOISE
    if not is_reliable:
        print("unreliable: other processes took too much of the machine")
    reached = all(item.is_reached is not False for item in judged)
    print(
        json.dumps(
            {
                "bench": bench.name,
                "quick": bench.is_quick,
                "seed": bench.seed,
                "reliable": is_reliable,
                "noise": round(noise, 3),
                "calibration": {
                    "python_ms": [round(one, 2) for one in bench.python_ms],
                    "fsync_ms": round(speed.fsync_ms, 3),
                    "select_ms": round(speed.select_ms, 4),
                },
                "figures": {item.figure.name: item.figure.value for item in judged},
                "short": [item.figure.name for item in judged if item.is_reached is False],
                "seconds": round(seconds, 1),
            }
        )
    )
    return reached


def run(module: Any, name: str, args: argparse.Namespace) -> int:
    """Run one benchmark and return the exit status: 1 where a figure falls short."""
    begun = time.monotonic()
    with opened(name, args) as bench:
        noise = Noise()
        module.run(bench)
        share = noise.share()
        bench.calibrate()
    judged = judge(name, bench.figures, bench.around, is_quick=args.quick)
    return 0 if tell(bench, judged, share, time.monotonic() - begun) else 1
