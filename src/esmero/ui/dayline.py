"""A working day as a line: where its hours, its pauses, now and each promise stand, in percent.

Percentages, because the drawing is SVG without a viewBox: shapes move with the width, words keep
their size, and no inline style is needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from esmero.ui.formats import clock, hour, listing, local

NEAR = 2.6
"""Marks closer than this (percent of the day) become one: a mark is 20 px on 760 px."""
ROOM_FOR_HOUR = 7.5
"""Percent between two hours that are written out, and between an hour and now."""
ROOM_FOR_NAME = 0.8
"""Percent that one letter of a name takes at 12 px on a line of about 800 px."""
GRAVITY = ("late", "broken", "soon", "ok", "waiting", "mended", "moved", "released", "kept")


@dataclass(frozen=True)
class Mark:
    """A promise on the day: its aware moment, its state and whom it is for."""

    at: datetime
    state: str
    name: str = ""


@dataclass(frozen=True)
class PlacedMark:
    """`x` in percent; `count` promises stand here, the gravest state shows."""

    x: float
    state: str
    name: str
    count: int
    title: str


@dataclass(frozen=True)
class Stretch:
    """A piece of opening hours from `x1` to `x2` percent; `gone` when it lies before now."""

    x1: float
    x2: float
    gone: bool


@dataclass(frozen=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True)
class DayLine:
    stretches: list[Stretch]
    hours: list[Label]
    marks: list[PlacedMark]
    now: Label | None
    half: str
    """`first` or `second`: what a telephone shows."""
    text: str
    """The whole line in words."""


Frames = Sequence[tuple[datetime, datetime]]
Place = Callable[[datetime], float]


def day_line(*, frames: Frames, marks: Iterable[Mark], at: datetime) -> DayLine:
    """Place everything.

    `frames` are the opening hours of the day (aware, in order, not overlapping); `at` is now.
    The line reaches from the first to the last of all given moments of that day.
    """
    marks = sorted(marks, key=lambda mark: mark.at)
    moments = [moment for frame in frames for moment in frame] + [mark.at for mark in marks]
    if not moments:
        moments = [at - timedelta(hours=4), at + timedelta(hours=4)]
    start, end = local(min(moments)), local(max(moments))
    if end - start < timedelta(hours=1):
        end = start + timedelta(hours=1)

    def x(moment: datetime) -> float:
        return round(100 * ((moment - start) / (end - start)), 2)

    now = Label(x(at), clock(at)) if start <= at <= end else None
    stretches = []
    for opens, closes in frames:
        if opens < at < closes:
            stretches += [Stretch(x(opens), x(at), True), Stretch(x(at), x(closes), False)]
        else:
            stretches.append(Stretch(x(opens), x(closes), closes <= at))
    return DayLine(
        stretches=stretches,
        hours=_hours(frames, start, end, x, now),
        marks=_placed(marks, x),
        now=now,
        half="second" if at > start + (end - start) / 2 else "first",
        text=_in_words(frames, marks, at),
    )


def _hours(
    frames: Frames, start: datetime, end: datetime, x: Place, now: Label | None
) -> list[Label]:
    labels = [Label(x(moment), hour(moment)) for frame in frames for moment in frame]
    labels += [
        Label(round((x(closed) + x(opened)) / 2, 2), _("break"))
        for (_o, closed), (opened, _c) in pairwise(frames)
        if x(opened) - x(closed) > 2.5 * ROOM_FOR_HOUR
    ]
    taken = [label.x for label in labels] + ([now.x] if now else [])
    step = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while step < end:
        inside = any(opens <= step <= closes for opens, closes in frames) or not frames
        if inside and all(abs(x(step) - other) >= ROOM_FOR_HOUR for other in taken):
            labels.append(Label(x(step), hour(step)))
            taken.append(x(step))
        step += timedelta(hours=1)
    shown = [label for label in labels if not now or abs(label.x - now.x) >= ROOM_FOR_HOUR / 2]
    return sorted(shown, key=lambda label: label.x)


def _placed(marks: Sequence[Mark], x: Place) -> list[PlacedMark]:
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and x(mark.at) - x(groups[-1][0].at) < NEAR:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    placed: list[PlacedMark] = []
    edge = -100.0
    for group in groups:
        where = x(group[0].at)
        settled = all(mark.state == "kept" for mark in group)
        name = "" if settled else group[0].name
        reach = len(name) * ROOM_FOR_NAME / 2
        if where - reach < edge:
            name = ""
        elif name:
            edge = where + reach + ROOM_FOR_NAME
        title = ", ".join(f"{clock(mark.at)} {mark.name}".strip() for mark in group)
        state = min((mark.state for mark in group), key=GRAVITY.index)
        placed.append(PlacedMark(where, state, name, len(group), title))
    return placed


def _in_words(frames: Frames, marks: Sequence[Mark], at: datetime) -> str:
    parts = []
    if frames:
        spans = listing(
            _("from %(start)s to %(end)s") % {"start": clock(a), "end": clock(b)}
            for a, b in frames
        )
        parts.append(_("Your day %(spans)s.") % {"spans": spans})
    parts.append(_("It is %(time)s.") % {"time": clock(at)})
    for states, words in (
        (("kept",), _("Kept: %(times)s.")),
        (("mended", "moved", "released", "broken"), _("Settled otherwise: %(times)s.")),
        (("late",), _("Overdue: %(times)s.")),
        (("soon", "ok", "waiting"), _("Still to keep: %(times)s.")),
    ):
        times = [clock(mark.at) for mark in marks if mark.state in states]
        if times:
            parts.append(words % {"times": listing(times)})
    return " ".join(parts)
