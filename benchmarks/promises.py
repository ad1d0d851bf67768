"""The forecast on simulated shops: is what is told kept, and is it no more than needed?

The product's own Forecaster learns each answer when it is given and foretells each question when
it comes. Judged is its raw forecast, before the standard as floor and before rounding. Beside it,
on the same questions, Intercom's rule (the median of the last 7 days) and a load-blind one (the
95th percentile of the last 21 days, and a tenth more). The first 28 days of a shop only teach.

What the figures mean. A desk is a department of a shop; figures are taken for each desk and then
averaged, every desk counting alike.

- `kept`: share of questions answered within what was told.
- `kept_busiest`: the same on the busiest tenth of the desk's days. Busy is what is worse for us:
  the days with the most open questions per agent on arrival, or those with the most questions.
- `told_vs_p95`: the mean told, divided by the mean *true p95*: for each question the 95th
  percentile (nearest rank) of the business minutes that the questions of that desk and day really
  took, days with fewer than 20 questions left out. It is what somebody could have told who knew
  the day beforehand. Of so few questions the nearest rank lies rather too low than too high, so
  the figure is rather too strict.
- `told_vs_p95_calm`: the same on the calmer half of the days (fewest open questions per agent).
- `told_vs_period_p95` and `..._calm`: against the 95th percentile of all those days together,
  the easier comparison.
"""

import argparse
import json
import math
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from benchmarks.frame import Bench
from benchmarks.promises_shops import KINDS, Question, simulate
from esmero.promises.rules.forecast import Forecaster, Observation, load_of

DAYS: Final = 180
TEACHING_DAYS: Final = 28
LEAST_QUESTIONS_A_DAY: Final = 20
REPORTED_SEEDS: Final = (1001, 1002, 1003, 1004, 1005, 1006)
QUICK_SEEDS: Final = REPORTED_SEEDS[:2]
"""Seeds 1 to 20 are for tuning: never report on them."""

REPORTED: Final = {
    "kept_overall": "kept",
    "kept_busiest_tenth": "kept_busiest",
    "told_over_p95_all": "told_vs_p95",
    "told_over_p95_calm": "told_vs_p95_calm",
}
"""The figures of targets.toml, by their names here."""

Figures = dict[str, float]


class Teller(Protocol):
    """Something that foretells and learns."""

    def tell(self, question: Question) -> float | None: ...

    def learn(self, question: Question, told: float | None) -> None: ...


class Esmero:
    """The product's forecast, fed as the product feeds it."""

    def __init__(self) -> None:
        self.forecaster = Forecaster()
        self.observations: list[Observation] = []

    def tell(self, question: Question) -> float | None:
        found = self.forecaster.forecast(
            "answer",
            question.department,
            question.channel,
            load_of(question.ahead, question.agents),
            question.arrived_at,
        )
        return found.minutes if found else None

    def learn(self, question: Question, told: float | None) -> None:
        observation = Observation(
            "answer",
            question.department,
            question.channel,
            load_of(question.ahead, question.agents),
            question.minutes,
            question.arrived_at,
            question.answered_at,
            told,
        )
        self.forecaster.observe(*observation)
        self.observations.append(observation)


class LastDays:
    """A quantile of the answers of the last days of the department, times a factor."""

    def __init__(self, *, days: int, quantile: float, factor: float) -> None:
        self.days, self.quantile, self.factor = timedelta(days=days), quantile, factor
        self.answers: dict[int, deque[tuple[datetime, float]]] = defaultdict(deque)
        self.known: dict[int, tuple[datetime, float | None]] = {}

    def tell(self, question: Question) -> float | None:
        department, at = question.department, question.arrived_at
        known = self.known.get(department)
        if known is not None and at - known[0] < timedelta(hours=1):
            return known[1]
        answers = self.answers[department]
        while answers and at - answers[0][0] >= self.days:
            answers.popleft()
        minutes = [one for _, one in answers]
        told = nearest_rank(minutes, self.quantile) * self.factor if minutes else None
        self.known[department] = at, told
        return told

    def learn(self, question: Question, told: float | None) -> None:
        self.answers[question.department].append((question.answered_at, question.minutes))


TELLERS: Final[dict[str, Callable[[], Teller]]] = {
    "esmero": Esmero,
    "intercom": lambda: LastDays(days=7, quantile=0.5, factor=1.0),
    "load_blind": lambda: LastDays(days=21, quantile=0.95, factor=1.1),
}


def nearest_rank(values: Iterable[float], quantile: float) -> float:
    """The ceil(n q)-th of the values in order."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(quantile * len(ordered)) - 1)]


def replay(questions: Sequence[Question], teller: Teller) -> list[float | None]:
    """What the teller told for each question, knowing at each moment only the answers given."""
    moments = [(one.arrived_at, 1, n) for n, one in enumerate(questions)]
    moments += [(one.answered_at, 0, n) for n, one in enumerate(questions)]
    told: list[float | None] = [None] * len(questions)
    for _, is_arrival, n in sorted(moments):
        if is_arrival:
            told[n] = teller.tell(questions[n])
        else:
            teller.learn(questions[n], told[n])
    return told


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


_Row = tuple[Question, float]


def desk_figures(rows: Sequence[_Row]) -> Figures:
    """The figures of one desk from its questions and what was told for each."""
    days: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        days[row[0].day].append(row)
    by_load = sorted(days, key=lambda day: _mean(load_of(q.ahead, q.agents) for q, _ in days[day]))
    by_count = sorted(days, key=lambda day: len(days[day]))
    tenth, half = max(1, len(days) // 10), len(days) // 2

    def kept(chosen: Sequence[int]) -> float:
        return _mean(q.minutes <= told for day in chosen for q, told in days[day])

    def told_vs_day(chosen: Sequence[int]) -> float:
        full = [days[day] for day in chosen if len(days[day]) >= LEAST_QUESTIONS_A_DAY]
        true = sum(len(one) * nearest_rank((q.minutes for q, _ in one), 0.95) for one in full)
        return sum(told for one in full for _, told in one) / true if true else math.nan

    def told_vs_period(chosen: Sequence[int]) -> float:
        found = [row for day in chosen for row in days[day]]
        true = nearest_rank((q.minutes for q, _ in found), 0.95)
        return _mean(told for _, told in found) / true

    return {
        "kept": kept(by_load),
        "kept_busiest": min(kept(by_load[-tenth:]), kept(by_count[-tenth:])),
        "told_vs_p95": told_vs_day(by_load),
        "told_vs_p95_calm": told_vs_day(by_load[:half]),
        "told_vs_period_p95": told_vs_period(by_load),
        "told_vs_period_p95_calm": told_vs_period(by_load[:half]),
    }


def shop_figures(questions: Sequence[Question], told: Sequence[float | None]) -> list[Figures]:
    """The figures of each desk of a shop, over the days after teaching."""
    found = []
    for department in sorted({one.department for one in questions}):
        asked = [
            (q, t)
            for q, t in zip(questions, told, strict=True)
            if q.department == department and q.day >= TEACHING_DAYS
        ]
        rows = [(q, t) for q, t in asked if t is not None]
        found.append({**desk_figures(rows), "untold": float(len(asked) - len(rows))})
    return found


def _averaged(desks: Sequence[Figures]) -> Figures:
    """Every desk alike; where a desk has no days full enough it is left out of that figure."""
    return {
        name: _mean(one[name] for one in desks if not math.isnan(one[name])) for name in desks[0]
    }


def timing(observations: Sequence[Observation]) -> Figures:
    """How long a rebuild from 5,000 observations takes, and a forecast after it (99th of 100)."""
    recent = observations[-5_000:]
    started = time.perf_counter()
    forecaster = Forecaster.rebuilt(recent)
    rebuild = time.perf_counter() - started
    asked = []
    for one in recent[:: max(1, len(recent) // 1_000)]:
        started = time.perf_counter()
        forecaster.forecast(one.kind, one.department, one.channel, one.load, recent[-1].at)
        asked.append(time.perf_counter() - started)
    return {
        "rebuild_5000_ms": rebuild * 1000,
        "forecast_p99_ms": nearest_rank(asked, 0.99) * 1000,
    }


def collect(seeds: Sequence[int]) -> dict[str, dict[str, list[Figures]]]:
    """Figures of each desk, by teller and kind of shop; and under "timing" how long it took."""
    found: dict[str, dict[str, list[Figures]]] = {
        name: {kind: [] for kind in KINDS} for name in TELLERS
    }
    timings: list[Figures] = []
    for kind in KINDS:
        for seed in seeds:
            questions = simulate(kind, seed, DAYS)
            for name, make in TELLERS.items():
                teller = make()
                told = replay(questions, teller)
                found[name][kind] += shop_figures(questions, told)
                if isinstance(teller, Esmero):
                    timings.append(timing(teller.observations))
    found["timing"] = {"all": timings}
    return found


def summary(collected: dict[str, dict[str, list[Figures]]]) -> Figures:
    """The figures by name: the product's bare, the others' with their name before them."""
    found: Figures = {}
    for teller in TELLERS:
        desks = [one for kind in KINDS for one in collected[teller][kind]]
        before = "" if teller == "esmero" else f"{teller}_"
        found |= {f"{before}{name}": value for name, value in _averaged(desks).items()}
        if teller == "esmero":
            found["kept_worst_kind"] = min(
                _averaged(collected[teller][kind])["kept"] for kind in KINDS
            )
            found["kept_worst_desk"] = min(one["kept"] for one in desks)
            found["desks"] = float(len(desks))
    return found | _averaged(collected["timing"]["all"])


def measure(quick: bool = False, seeds: Sequence[int] | None = None) -> Figures:
    """All figures as one flat dict; shares and ratios, not percent."""
    return summary(collect(seeds or (QUICK_SEEDS if quick else REPORTED_SEEDS)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which shops are simulated."""
    parser.add_argument("--seeds", help="comma-separated, in place of the reported ones")


def run(bench: Bench) -> None:
    """Report through the frame: the product's own figures, and the two other rules beside them."""
    given = bench.args.seeds
    seeds = [int(one) for one in given.split(",")] if given else None
    found = measure(bench.is_quick, seeds)
    for ours, name in REPORTED.items():
        bench.figure(ours, found[name])
        for other in ("intercom", "load_blind"):
            bench.figure(f"{other}_{ours}", found[f"{other}_{name}"])
    for name in ("kept_worst_kind", "kept_worst_desk", "rebuild_5000_ms", "forecast_p99_ms"):
        bench.figure(name, found[name])


def print_table(collected: dict[str, dict[str, list[Figures]]]) -> None:
    """A row for each teller and kind of shop."""
    columns = {
        "kept": "kept",
        "kept_busiest": "busiest",
        "told_vs_p95": "told/p95",
        "told_vs_p95_calm": "calm",
        "told_vs_period_p95": "/period",
        "told_vs_period_p95_calm": "calm",
    }
    print(f"{'':12}{'shop':15}" + "".join(f"{name:>10}" for name in columns.values()))
    for teller in TELLERS:
        rows = {kind: _averaged(collected[teller][kind]) for kind in KINDS}
        rows["all"] = _averaged([one for kind in KINDS for one in collected[teller][kind]])
        for kind, figures in rows.items():
            said = "".join(
                f"{figures[name]:>10.1%}" if name.startswith("kept") else f"{figures[name]:>10.2f}"
                for name in columns
            )
            print(f"{teller:12}{kind:15}{said}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print the table and, last, one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer seeds")
    parser.add_argument("--seeds", help="comma-separated, in place of the reported ones")
    options = parser.parse_args(argv)
    seeds = (
        [int(one) for one in options.seeds.split(",")]
        if options.seeds
        else QUICK_SEEDS
        if options.quick
        else REPORTED_SEEDS
    )
    collected = collect(seeds)
    print_table(collected)
    print(json.dumps({name: round(value, 4) for name, value in summary(collected).items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
