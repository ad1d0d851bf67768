"""The geometry of the charts."""

from esmero.ui import charts
from esmero.ui.charts import BOTTOM, TOP, Part


def test_stack_fills_the_whole_width() -> None:
    assert charts.stack([("kept", 3), ("mended", 0), ("broken", 1)]) == [
        Part("kept", 0.0, 75.0),
        Part("broken", 75.0, 25.0),
    ]


def test_stack_of_nothing_is_empty() -> None:
    assert charts.stack([("kept", 0), ("broken", 0)]) == []


def test_columns_stand_on_the_ground_and_reach_the_top() -> None:
    first, empty = charts.columns([("24 Aug", 90, 5, 5), ("31 Aug", 0, 0, 0)])
    assert first.share == 0.9
    assert [part.kind for part in first.parts] == ["kept", "mended", "broken"]
    ground = first.parts[0]
    assert round(ground.start + ground.length, 2) == BOTTOM
    assert first.parts[-1].start == TOP
    assert (empty.share, empty.parts, empty.label) == (None, [], "31 Aug")
    assert (first.middle, empty.middle) == (25.0, 75.0)


def test_line_breaks_where_a_week_has_no_data() -> None:
    rows = [("a", 1.0), ("b", 0.88), ("c", None), ("d", 0.94), ("e", 0.5)]
    drawn = charts.line(rows, low=0.88, high=1.0, goal=0.94)
    assert drawn.points == [[(0.0, 0.0), (25.0, 100.0)], [(75.0, 50.0), (100.0, 100.0)]]
    assert drawn.goal == charts.onto_plot(50)
    assert [label for _x, label in drawn.labels] == ["a", "c", "e"]


def test_line_marks_the_last_and_the_lowest() -> None:
    drawn = charts.line([("a", 0.9), ("b", 0.88), ("c", 1.0)], low=0.88, high=1.0, goal=None)
    assert drawn.dots == [(50.0, BOTTOM), (100.0, TOP)]
    assert drawn.goal is None


def test_line_of_nothing_draws_its_grid_only() -> None:
    drawn = charts.line([], low=0.88, high=1.0, goal=None)
    assert (drawn.points, drawn.dots, drawn.labels) == ([], [], [])
    assert [round(share, 2) for _y, share in drawn.grid] == [1.0, 0.96, 0.92, 0.88]


def test_hundred_shows_the_newest_hundred() -> None:
    dots = charts.hundred([False] * 5 + [True] * 100)
    assert len(dots) == 100
    assert not any(hollow for _x, _y, hollow in dots)
    assert dots[0][:2] == (7, 7)
    assert dots[99][:2] == (273, 63)
    assert charts.hundred([False]) == [(7, 7, True)]
