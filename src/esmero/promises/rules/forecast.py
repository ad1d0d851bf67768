"""What to tell: a high quantile of measured answer times, corrected for how few they are.

How it works, step by step:

1. *Per place in the queue.* A question that finds `load` others open per person (itself not
   counted) waits about in proportion. What is kept of each observation is therefore its score:
   business minutes / (HEAD_START + load). So a queue never seen as long before is foreseen from
   shorter ones, and a sudden flood is told at once, not after its first answers have come.
2. *Classes.* Scores are kept per kind x department x channel x load class, the last WINDOW of
   each, weighing half as much after HALF_LIFE_DAYS. Where a class holds too little, the next
   coarser is asked: neighbouring load classes, all loads, all channels, all departments. With
   too little even there is no forecast, and the standard stands alone.
3. *Few observations.* The quantile is taken with the weight of one more observation, the one
   that is foreseen, set beyond all others. For equal weights that is the ceil((n + 1) q)-th of n
   in order, whose coverage is at least q for any distribution as long as the next comes from the
   same; with weights that fade it loses at most what the distribution has drifted.
   **Source:** Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World (2005), 2.2;
   Barber, Candès, Ramdas, Tibshirani, Conformal prediction beyond exchangeability, Annals of
   Statistics 51 (2023).
4. *Drift.* Two things follow it faster than fading does. The level: how far the last answers of
   the department lie above or below the medians of their classes (half-life LEVEL_DAYS, shrunk
   to 0 when few). And the correction: after each answer that missed its forecast the next ones
   grow a little, after each that did not they shrink by a nineteenth of that, never below what
   was measured; so the kept share comes back to q whatever it is that changed.
   **Source:** Gibbs, Candès, Adaptive conformal inference under distribution shift, NeurIPS 2021;
   Angelopoulos, Candès, Tibshirani, Conformal PID control for time series prediction, NeurIPS 2023
   (quantile tracking, here on the logarithm of the score).

The numbers below were chosen on simulated shops (benchmarks/promises.py, tuning seeds) and move
the results little: any of them may be doubled or halved within the targets.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import exp, isfinite, log
from typing import Final, NamedTuple, Self

QUANTILE: Final = 0.95
HEAD_START: Final = 2.0
"""Places in the queue that the own answer and its beginning count for."""

LOAD_EDGES: Final = (1.0, 3.0, 10.0, 30.0)
WINDOW: Final = 400
HALF_LIFE_DAYS: Final = 20.0
LEAST_WEIGHT: Final = 25.0
"""The weight (a new observation weighs 1) from which a class speaks for itself; below 19 the
corrected 95th percentile would lie beyond all that was seen."""

LEVEL_DAYS: Final = 2.0
LEVEL_TRUST: Final = 0.5
LEVEL_SHRINK: Final = 8.0
CORRECTION_STEP: Final = 0.004
CORRECTION_MOST: Final = 0.7
STATES_KEPT: Final = 5_000

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The business minutes within which, by measurement, a share `quantile` is done.

    `n` observations stand behind it, of the class `class_used` ("answer/3/email/load 4-8", coarser
    "answer/3", "answer"). `minutes` includes `margin`: what lies above the plain quantile because
    data are thin, or because lately too many missed it.
    """

    minutes: float
    n: int
    class_used: str
    margin: float
    quantile: float


class Observation(NamedTuple):
    """One thing done: what it was, the load it found on arrival, the business minutes it took.

    `arrived_at` is the moment it was asked for and `load` was found, `at` the moment it was done.
    `told` is what was forecast then (Forecast.minutes), None where nothing was.
    """

    kind: str
    department: int | None
    channel: str
    load: float
    minutes: float
    arrived_at: datetime
    at: datetime
    told: float | None = None


def load_of(open_ahead: int, people: int) -> float:
    """The load that a new promise finds: those of its kind open in the department, per person.

    `people` are those on duty, or at the next opening; nobody counts as one.
    """
    return open_ahead / max(1, people)


class _Window:
    """The last WINDOW scores of a class, in order of size, each with its weight."""

    __slots__ = ("_in_order_of_time", "scores", "weights")

    def __init__(self) -> None:
        self.scores: list[float] = []
        self.weights: list[float] = []
        self._in_order_of_time: deque[tuple[float, float]] = deque()

    def add(self, score: float, weight: float) -> None:
        i = bisect_right(self.scores, score)
        self.scores.insert(i, score)
        self.weights.insert(i, weight)
        self._in_order_of_time.append((score, weight))
        if len(self._in_order_of_time) > WINDOW:
            score, weight = self._in_order_of_time.popleft()
            i = self.weights.index(weight, bisect_left(self.scores, score))
            del self.scores[i], self.weights[i]

    @property
    def median(self) -> float | None:
        return self.scores[len(self.scores) // 2] if len(self.scores) >= 20 else None


def _merged(windows: list[_Window]) -> _Window:
    if len(windows) == 1:
        return windows[0]
    found, pairs = _Window(), list[tuple[float, float]]()
    for window in windows:
        pairs += zip(window.scores, window.weights, strict=True)
    pairs.sort()
    found.scores = [score for score, _ in pairs]
    found.weights = [weight for _, weight in pairs]
    return found


class _Quantiles(NamedTuple):
    corrected: float
    plain: float
    n: int


def _quantiles(window: _Window, newest: float, quantile: float) -> _Quantiles | None:
    """The weighted quantile with and without the correction; None when the weight is too little.

    `newest` is what an observation of this moment would weigh.
    """
    total = sum(window.weights)
    if total < LEAST_WEIGHT * newest:
        return None
    reached = list(accumulate(window.weights))
    last = len(reached) - 1
    corrected = min(last, bisect_left(reached, quantile * (total + newest)))
    plain = min(last, bisect_left(reached, quantile * total))
    return _Quantiles(window.scores[corrected], window.scores[plain], len(reached))


class _State(NamedTuple):
    """What was known of a department's drift at a moment, in logarithms."""

    level: float
    correction: float


class _Recent:
    """How the last answers of a department went, measured against what was known before them.

    What was known is looked up again when an answer comes: it is judged by what could be told when
    its question arrived, not by what was learnt while it waited.
    """

    __slots__ = ("_at", "_correction", "_count", "_states", "_times", "_total")

    def __init__(self) -> None:
        self._at, self._count, self._total, self._correction = 0.0, 0.0, 0.0, 0.0
        self._times: list[float] = []
        self._states: list[_State] = []

    def known_at(self, at: float) -> _State:
        i = bisect_right(self._times, at)
        return self._states[i - 1] if i else _UNKNOWN

    def note(
        self, at: float, deviation: float | None, is_missed: bool | None, quantile: float
    ) -> None:
        """Take in one more answer.

        `deviation` is the logarithm of how much longer than usual it took, `is_missed` whether
        longer than its forecast; None where there was nothing to compare with.
        """
        if deviation is not None:
            fade = 0.5 ** (max(0.0, at - self._at) / LEVEL_DAYS)
            self._count = self._count * fade + 1
            self._total = self._total * fade + min(1.0, max(-1.0, deviation))
        if is_missed is not None:
            step = CORRECTION_STEP * (quantile if is_missed else quantile - 1)
            self._correction = min(CORRECTION_MOST, max(0.0, self._correction + step))
        self._at = max(self._at, at)
        self._times.append(self._at)
        level = LEVEL_TRUST * self._total / (self._count + LEVEL_SHRINK)
        self._states.append(_State(level, self._correction))
        if len(self._times) > 2 * STATES_KEPT:
            del self._times[:STATES_KEPT], self._states[:STATES_KEPT]


_UNKNOWN: Final = _State(0.0, 0.0)
_Key = tuple[str | int | None, ...]


class Forecaster:
    """Learns from what was done, in the order it was done, and says what to tell next.

    Holds no clock and nothing that cannot be rebuilt by `rebuilt` from the last some thousand
    observations. Not safe for two threads at once.
    """

    def __init__(self, quantile: float = QUANTILE) -> None:
        if not 0.5 <= quantile < 1:
            raise ValueError("a high quantile lies between 0.5 and 1")
        self.quantile = quantile
        self._windows: dict[_Key, _Window] = {}
        self._recent: dict[_Key, _Recent] = {}

    @classmethod
    def rebuilt(cls, observations: Iterable[Observation], quantile: float = QUANTILE) -> Self:
        """A forecaster that has seen these, in this order (by `at`, oldest first)."""
        found = cls(quantile)
        for one in observations:
            found.observe(*one)
        return found

    def observe(
        self,
        kind: str,
        department: int | None,
        channel: str,
        load: float,
        minutes: float,
        arrived_at: datetime,
        at: datetime,
        told: float | None = None,
    ) -> None:
        """Learn that something took `minutes` of business time from `arrived_at` to `at`.

        `told` is what was forecast on arrival (Forecast.minutes), None where nothing was.

        Raises ValueError for a load or minutes that are negative or no number.
        """
        if not (isfinite(minutes) and minutes >= 0 and isfinite(load) and load >= 0):
            raise ValueError(f"not an observation: load {load}, {minutes} minutes")
        days, arrived = (at - _EPOCH) / _DAY, (arrived_at - _EPOCH) / _DAY
        recent = self._recent.setdefault((kind, department), _Recent())
        known = recent.known_at(arrived)
        score = minutes / (HEAD_START + load) * exp(-known.level)
        own: _Key = (kind, department, channel, bisect_right(LOAD_EDGES, load))
        median = self._windows[own].median if own in self._windows else None
        deviation = log(max(score, median / 100) / median) + known.level if median else None
        is_missed = None if told is None else minutes > told
        recent.note(days, deviation, is_missed, self.quantile)
        weight = 2.0 ** (days / HALF_LIFE_DAYS)
        keys: tuple[_Key, ...] = (own, own[:3], own[:2], own[:1])
        for key in keys:
            self._windows.setdefault(key, _Window()).add(score, weight)

    def forecast(
        self, kind: str, department: int | None, channel: str, load: float, at: datetime
    ) -> Forecast | None:
        """What is told to somebody who comes at `at` and finds `load`; None with too few data."""
        days = (at - _EPOCH) / _DAY
        recent = self._recent.get((kind, department))
        known = recent.known_at(days) if recent else _UNKNOWN
        load = max(0.0, load)
        newest = 2.0 ** (days / HALF_LIFE_DAYS)
        for name, windows in self._classes(kind, department, channel, load):
            found = _quantiles(_merged(windows), newest, self.quantile)
            if found is None:
                continue
            factor = (HEAD_START + load) * exp(known.level)
            minutes = found.corrected * factor * exp(known.correction)
            margin = minutes - found.plain * factor
            return Forecast(minutes, found.n, name, margin, self.quantile)
        return None

    def _classes(
        self, kind: str, department: int | None, channel: str, load: float
    ) -> Iterator[tuple[str, list[_Window]]]:
        """The classes to ask, the finest first, with their names."""
        place = bisect_right(LOAD_EDGES, load)
        own = f"{kind}/{department}/{channel}"
        for reach in (0, 1):
            low, high = max(0, place - reach), min(len(LOAD_EDGES), place + reach)
            near = [
                window
                for n in range(low, high + 1)
                if (window := self._windows.get((kind, department, channel, n))) is not None
            ]
            if near:
                yield f"{own}/load {_load_text(low, high)}", near
        for name, key in (
            (own, (kind, department, channel)),
            (f"{kind}/{department}", (kind, department)),
            (kind, (kind,)),
        ):
            window = self._windows.get(key)
            if window is not None:
                yield name, [window]


def _load_text(low: int, high: int) -> str:
    edges = (0.0, *LOAD_EDGES)
    if high == len(LOAD_EDGES):
        return f"{edges[low]:g}+"
    return f"{edges[low]:g}-{LOAD_EDGES[high]:g}"
