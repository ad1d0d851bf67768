"""What the report's numbers become: how early or late, how long the wait, shapes of the charts.

Pure: rows in, numbers out. Lengths are minutes, by the customer's clock or in business time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from esmero.promises.queries import report

UNITS = (15, 30, 60, 120, 240, 480, 1440, 2880, 10_080)
"""Minutes that a column of the distribution may span: all columns span the same."""
SIDE = 8
"""Columns before and after the promised time; what lies further out goes into one more."""

Between = Callable[[report.Done, datetime, datetime], float]
"""Minutes from one moment to another, as the clock of a promise counts them."""


@dataclass(frozen=True, slots=True)
class Column:
    """How many promises were done `least` to `most` minutes before or after their time.

    `most` is None for the outermost one.
    """

    least: int
    most: int | None
    count: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Early:
    """How early or late things were done. `undone` are late and not done yet."""

    columns: list[Column]
    unit: int  # minutes that a column spans
    early: int
    late: int
    undone: int
    early_median: float | None
    late_median: float | None

    @property
    def total(self) -> int:
        """All of them."""
        return self.early + self.late + self.undone

    @property
    def highest(self) -> int:
        """The tallest column."""
        return max((column.count for column in self.columns), default=0)


def by_clock(row: report.Done, start: datetime, end: datetime) -> float:
    """Minutes as the customer's clock counts them."""
    return (end - start) / timedelta(minutes=1)


def early(rows: Iterable[report.Done], between: Between) -> Early:
    """Return how early or late the things of these promises were done."""
    before: list[float] = []
    after: list[float] = []
    undone = 0
    for row in rows:
        if row.done_at is None:
            undone += 1
            continue
        # Which side it lies on is said by the clock: what was done outside the opening hours is
        # nought minutes from its time in business time.
        side = before if row.done_at <= row.due_at else after
        side.append(abs(between(row, row.due_at, row.done_at)))
    unit = _unit([*before, *after])
    columns = [
        *reversed(_columns(before, unit, is_late=False)),
        *_columns(after, unit, is_late=True),
    ]
    return Early(columns, unit, len(before), len(after), undone, middle(before), middle(after))


def _unit(lengths: Sequence[float]) -> int:
    """Return the smallest span by which the columns hold nine of ten."""
    reach = ninth_of_ten(lengths) or 0
    return next((unit for unit in UNITS if unit * SIDE >= reach), UNITS[-1])


def _columns(lengths: Iterable[float], unit: int, *, is_late: bool) -> list[Column]:
    """Return the columns of one side, from the promised time outwards."""
    counts = [0] * (SIDE + 1)
    for length in lengths:
        counts[min(int(length // unit), SIDE)] += 1
    return [
        Column(n * unit, (n + 1) * unit if n < SIDE else None, count, is_late)
        for n, count in enumerate(counts)
    ]


def middle(values: Sequence[float]) -> float | None:
    """Return the median, the lower one of two; None of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def ninth_of_ten(values: Sequence[float], *, unfinished: int = 0) -> float | None:
    """Return within how much nine of ten were done; None when more than one of ten is not done.

    What is not done yet is longer than anything that is.
    """
    total = len(values) + unfinished
    if not total:
        return None
    place = -(-total * 9 // 10) - 1
    return sorted(values)[place] if place < len(values) else None


def waits(rows: Iterable[report.Done], between: Between) -> dict[int | None, float | None]:
    """Return within how many minutes nine of ten had what was promised, by department.

    Only promises that open their chain: a customer's wait begins with the first word.
    """
    taken: dict[int | None, list[float]] = {}
    unfinished: dict[int | None, int] = {}
    for row in rows:
        if not row.is_first:
            continue
        if row.done_at is None:
            unfinished[row.department_id] = unfinished.get(row.department_id, 0) + 1
        else:
            taken.setdefault(row.department_id, []).append(
                max(0.0, between(row, row.made_at, row.done_at))
            )
    return {
        key: ninth_of_ten(taken.get(key, []), unfinished=unfinished.get(key, 0))
        for key in {*taken, *unfinished}
    }


@dataclass(frozen=True, slots=True)
class Shape:
    """A column of the drawing, in percent."""

    x: float
    width: float
    y: float
    height: float
    kind: str


TOP, BOTTOM = 6.0, 86.0


def shapes(found: Early) -> tuple[list[Shape], float]:
    """Return the columns of the drawing, and where on it the promised time stands."""
    room = 100 / len(found.columns)
    tall = found.highest or 1
    drawn = []
    for index, column in enumerate(found.columns):
        height = (BOTTOM - TOP) * column.count / tall
        if column.count:
            height = max(height, 0.8)
        kind = "broken" if column.is_late else "kept"
        drawn.append(
            Shape(
                round(index * room + room * 0.06, 2),
                round(room * 0.88, 2),
                round(BOTTOM - height, 2),
                round(height, 2),
                kind,
            )
        )
    return drawn, 50.0


def axis(shares: Sequence[float | None]) -> tuple[float, float]:
    """Return a low and a high end that hold every share and part evenly into thirds."""
    known = [share for share in shares if share is not None]
    lowest = min(known, default=1.0)
    for low in (0.88, 0.70, 0.40):
        if lowest >= low:
            return low, 1.0
    return 0.0, 1.0
