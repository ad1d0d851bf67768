"""Geometry of the charts, in percent of the drawing: the templates only write it down.

Shapes stand at percentages of an SVG without a viewBox, so words keep their size at any width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, BOTTOM = 10.0, 88.0
"""The plot's upper and lower edge in percent of the height; below stand the labels."""


@dataclass(frozen=True)
class Part:
    """One piece of a stacked bar: `start` and `length` in percent."""

    kind: str
    start: float
    length: float


@dataclass(frozen=True)
class Column:
    """One week: its place, its parts from the ground up, its middle, its share (None: no data)."""

    x: float
    width: float
    middle: float
    parts: list[Part]
    share: float | None
    label: str


@dataclass(frozen=True)
class Line:
    """A line through shares: `points` for an SVG polyline on 0..100 both ways."""

    points: list[list[tuple[float, float]]]
    dots: list[tuple[float, float]]
    grid: list[tuple[float, float]]
    """(y in percent of the drawing, the share it stands for)."""
    goal: float | None
    labels: list[tuple[float, str]]


def stack(parts: Sequence[tuple[str, float]]) -> list[Part]:
    """Lay (kind, amount) side by side from 0 to 100; empty when all amounts are nought."""
    total = sum(amount for _kind, amount in parts)
    placed, start = [], 0.0
    for kind, amount in parts:
        if total and amount:
            length = 100 * amount / total
            placed.append(Part(kind, round(start, 2), round(length, 2)))
            start += length
    return placed


def columns(rows: Sequence[tuple[str, int, int, int]]) -> list[Column]:
    """Weeks as stacked columns. A row is (label, kept, mended, broken), counts of promises.

    Heights are shares of that week's promises; the axis starts at nought, so no eye is fooled.
    """
    placed = []
    room = 100 / max(len(rows), 1)
    for index, (label, kept, mended, broken) in enumerate(rows):
        total = kept + mended + broken
        x, width = index * room + room * 0.11, room * 0.78
        parts, floor = [], BOTTOM
        for part in stack([("kept", kept), ("mended", mended), ("broken", broken)]):
            tall = part.length * (BOTTOM - TOP) / 100
            floor -= tall
            parts.append(Part(part.kind, round(floor, 2), round(tall, 2)))
        share = kept / total if total else None
        placed.append(
            Column(round(x, 2), round(width, 2), round(x + width / 2, 2), parts, share, label)
        )
    return placed


def line(
    rows: Sequence[tuple[str, float | None]], *, low: float, high: float, goal: float | None
) -> Line:
    """A share over time. `rows`: (label, share 0..1 or None for a gap); the axis goes low..high.

    Shares outside low..high are drawn at the edge. At most four labels stand under the line.
    """
    step = 100 / max(len(rows) - 1, 1)

    def y(share: float) -> float:
        return round(100 * (high - min(max(share, low), high)) / (high - low), 2)

    runs: list[list[tuple[float, float]]] = [[]]
    for index, (_label, share) in enumerate(rows):
        if share is None:
            runs.append([])
        else:
            runs[-1].append((round(index * step, 2), y(share)))
    runs = [run for run in runs if run]
    known = [point for run in runs for point in run]
    dots = {known[-1], max(known, key=lambda point: point[1])} if known else set()
    every = max(1, -(-len(rows) // 4))
    marks = [low + (high - low) * part / 3 for part in range(4)]
    return Line(
        points=runs,
        dots=sorted((x, onto_plot(level)) for x, level in dots),
        grid=[(onto_plot(y(mark)), mark) for mark in reversed(marks)],
        goal=None if goal is None else onto_plot(y(goal)),
        labels=[(round(i * step, 2), rows[i][0]) for i in range(0, len(rows), every)],
    )


def onto_plot(level: float) -> float:
    """From 0..100 inside the plot to percent of the whole drawing."""
    return round(TOP + level * (BOTTOM - TOP) / 100, 2)


def hundred(states: Sequence[bool]) -> list[tuple[int, int, bool]]:
    """The last hundred promises, oldest first, as (cx, cy, hollow) on a 280 x 70 drawing.

    `states`: True for kept. Fewer than a hundred fill fewer places.
    """
    return [
        (7 + index % 20 * 14, 7 + index // 20 * 14, not kept)
        for index, kept in enumerate(list(states)[-100:])
    ]
