"""Early and late, waits, periods, CSV: pure."""

from __future__ import annotations

import csv as reader
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from esmero.console.reports import csv, figures, periods
from esmero.promises.queries import report

DUE = datetime(2026, 11, 19, 15, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def done(minutes: float | None, *, department: int = 1, is_first: bool = True, took: int = 240):
    """`minutes` after its time (below 0: before), None for not done yet."""
    end = None if minutes is None else DUE + timedelta(minutes=minutes)
    made = (end or DUE) - timedelta(minutes=took)
    return report.Done(department, None, made, DUE, end, (minutes or 1) <= 0, is_first)


def test_early_counts_each_side_from_the_promised_time_outwards():
    found = figures.early([done(m) for m in (-1, -14, -16, -119, 0, 1, 31)], figures.by_clock)
    assert found.unit == 15
    before = [c.count for c in found.columns if not c.is_late]
    after = [c.count for c in found.columns if c.is_late]
    assert before == [0, 1, 0, 0, 0, 0, 0, 1, 3]
    assert after == [1, 0, 1, 0, 0, 0, 0, 0, 0]
    assert (found.early, found.late, found.undone) == (5, 2, 0)
    assert (found.early_median, found.late_median) == (14, 1)


def test_early_the_promised_moment_itself_is_in_time():
    found = figures.early([done(0)], figures.by_clock)
    assert (found.early, found.late) == (1, 0)


def test_early_not_done_yet_counts_as_late_and_has_no_column():
    found = figures.early([done(None), done(-5)], figures.by_clock)
    assert (found.undone, found.total) == (1, 2)
    assert sum(c.count for c in found.columns) == 1


def test_early_columns_grow_until_they_hold_nine_of_ten():
    rows = [done(-m) for m in range(600, 1600, 10)]
    found = figures.early(rows, figures.by_clock)
    assert found.unit == 240
    assert sum(c.count for c in found.columns) == 100


def test_early_in_another_clock_keeps_the_side_that_the_clock_says():
    closed = figures.early([done(90), done(-90)], lambda row, start, end: 0.0)
    assert (closed.early, closed.late) == (1, 1)
    assert [c.count for c in closed.columns][8:10] == [1, 1]


@pytest.mark.parametrize(
    ("values", "unfinished", "within"),
    [
        ([], 0, None),
        ([5.0], 0, 5.0),
        ([float(n) for n in range(1, 11)], 0, 9.0),
        ([float(n) for n in range(1, 10)], 1, 9.0),
        ([float(n) for n in range(1, 10)], 2, None),
        ([], 3, None),
    ],
)
def test_ninth_of_ten_counts_what_is_not_done_as_longest(values, unfinished, within):
    assert figures.ninth_of_ten(values, unfinished=unfinished) == within


def test_waits_begin_with_the_first_word_of_a_chain():
    rows = [done(-5, took=60), done(-5, took=600, is_first=False), done(-5, department=2, took=30)]
    assert figures.waits(rows, figures.by_clock) == {1: 60.0, 2: 30.0}


@pytest.mark.parametrize(
    ("shares", "low"),
    [
        ([0.95, 1.0], 0.88),
        ([0.87], 0.70),
        ([0.5, None], 0.40),
        ([0.1], 0.0),
        ([], 0.88),
        ([None], 0.88),
    ],
)
def test_axis_holds_the_lowest_share(shares, low):
    assert figures.axis(shares) == (low, 1.0)


def test_shapes_stand_on_the_ground_and_never_leave_the_drawing():
    found = figures.early([done(m) for m in (-10, -10, -10, 20)], figures.by_clock)
    shapes, due = figures.shapes(found)
    assert due == 50.0
    assert len(shapes) == 18
    assert max(s.height for s in shapes) == 80.0
    assert all(abs(s.y + s.height - figures.BOTTOM) < 0.02 for s in shapes)
    assert [s.kind for s in shapes] == ["kept"] * 9 + ["broken"] * 9


# -- periods ------------------------------------------------------------------

THURSDAY = date(2026, 11, 19)


def test_usual_period_is_thirteen_weeks_with_this_one():
    found = periods.period_of("", "", "", today=THURSDAY)
    assert (found.first, found.last, found.weeks) == (date(2026, 8, 24), THURSDAY, 13)
    assert len(found.mondays()) == 13
    assert found.before() == periods.Period(date(2026, 5, 25), date(2026, 8, 23), 13)


def test_chosen_days_are_compared_with_as_many_before():
    found = periods.period_of("", "2026-11-10", "2026-11-12", today=THURSDAY)
    assert (found.days, found.weeks) == (3, 0)
    assert found.before() == periods.Period(date(2026, 11, 7), date(2026, 11, 9))


@pytest.mark.parametrize(
    ("weeks", "first", "last"),
    [
        ("99", "", ""),
        ("x", "", ""),
        ("٣", "", ""),
        ("", "2026-11-12", "2026-11-10"),
        ("", "nunca", "2026-11-10"),
        ("", "0001-01-01", "0001-01-02"),
    ],
)
def test_period_that_cannot_be_read_is_the_usual_one(weeks, first, last):
    assert periods.period_of(weeks, first, last, today=THURSDAY).weeks == 13


def test_period_is_never_longer_than_three_years():
    found = periods.period_of("", "2001-01-01", "2026-11-10", today=THURSDAY)
    assert found.days == periods.LONGEST_DAYS


def test_bounds_are_midnights_of_the_zone_also_over_the_change_of_the_clock():
    since, until = periods.Period(date(2026, 10, 25), date(2026, 10, 25)).bounds(MADRID)
    assert (until.astimezone(UTC) - since.astimezone(UTC)) == timedelta(hours=25)


# -- CSV ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+34 600", "'+34 600"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("Marta = Ana", "Marta = Ana"),
        (-5, "-5"),
        (None, ""),
        ("", ""),
    ],
)
def test_harmless_disarms_formulas_and_leaves_numbers(value, written):
    assert csv.harmless(value) == written


def test_lines_quote_what_parts_cells_and_begin_with_a_mark():
    text = "".join(csv.lines([["a", "b"], ['x;"y"', "=1;2"]], delimiter=";"))
    assert text.startswith("\ufeff")
    rows = list(reader.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert rows == [["a", "b"], ['x;"y"', "'=1;2"]]
