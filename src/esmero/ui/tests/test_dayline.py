"""Where things stand on the line of a day."""

from datetime import datetime, timedelta

import pytest

from esmero.ui.dayline import Label, Mark, Stretch, day_line
from esmero.ui.tests.scene import AT, at

FRAMES = [(at(9), at(14)), (at(16, 30), at(19))]

pytestmark = pytest.mark.usefixtures("in_spain")


def test_opening_hours_are_cut_at_now() -> None:
    assert day_line(frames=FRAMES, marks=[], at=AT).stretches == [
        Stretch(0.0, 26.67, True),
        Stretch(26.67, 50.0, False),
        Stretch(75.0, 100.0, False),
    ]


def test_hours_leave_room_for_now_and_name_the_break() -> None:
    assert day_line(frames=FRAMES, marks=[], at=AT).hours == [
        Label(0.0, "9"),
        Label(10.0, "10"),
        Label(40.0, "13"),
        Label(50.0, "14"),
        Label(62.5, "pausa"),
        Label(75.0, "16:30"),
        Label(90.0, "18"),
        Label(100.0, "19"),
    ]


def test_marks_close_together_become_one_with_the_gravest_state() -> None:
    marks = [
        Mark(at(12), "ok", "Ana"),
        Mark(at(12, 5), "late", "Bruno"),
        Mark(at(13), "ok", "Eva"),
    ]
    placed = day_line(frames=FRAMES, marks=marks, at=AT).marks
    assert [(m.x, m.state, m.name, m.count) for m in placed] == [
        (30.0, "late", "Ana", 2),
        (40.0, "ok", "Eva", 1),
    ]
    assert placed[0].title == "12:00 Ana, 12:05 Bruno"


def test_a_name_without_room_is_left_out_and_kept_ones_have_none() -> None:
    marks = [
        Mark(at(10), "kept", "Carla"),
        Mark(at(12), "ok", "Restaurante La Sequieta"),
        Mark(at(12, 30), "ok", "Restaurante El Puerto"),
        Mark(at(18), "ok", "Inés"),
    ]
    placed = day_line(frames=FRAMES, marks=marks, at=AT).marks
    assert [m.name for m in placed] == ["", "Restaurante La Sequieta", "", "Inés"]


@pytest.mark.parametrize(("now", "half"), [(at(14), "first"), (at(14, 1), "second")])
def test_a_telephone_shows_the_half_of_now(now: datetime, half: str) -> None:
    assert day_line(frames=FRAMES, marks=[], at=now).half == half


def test_now_outside_the_day_is_not_drawn() -> None:
    assert day_line(frames=FRAMES, marks=[], at=at(20)).now is None
    assert day_line(frames=FRAMES, marks=[], at=AT).now == Label(26.67, "11:40")


def test_a_promise_after_closing_time_stretches_the_line() -> None:
    line = day_line(frames=FRAMES, marks=[Mark(at(21), "ok", "Ana")], at=AT)
    assert line.marks[0].x == 100.0
    assert line.stretches[-1].x2 == pytest.approx(83.33)


def test_a_closed_day_without_promises_still_has_now_in_the_middle() -> None:
    line = day_line(frames=[], marks=[], at=AT)
    assert line.now == Label(50.0, "11:40")
    assert line.stretches == []


def test_moments_in_another_zone_stand_at_the_same_place() -> None:
    frames = [(a.astimezone(), b.astimezone()) for a, b in FRAMES]
    there = day_line(frames=frames, marks=[], at=AT + timedelta(0))
    assert there == day_line(frames=FRAMES, marks=[], at=AT)


def test_the_line_in_words() -> None:
    marks = [
        Mark(at(9, 30), "kept", "Ana"),
        Mark(at(11, 20), "late", "Bruno"),
        Mark(at(12), "soon", "Carla"),
        Mark(at(13, 30), "ok", "Eva"),
    ]
    assert day_line(frames=FRAMES, marks=marks, at=AT).text == (
        "Tu día, de 9:00 a 14:00 y de 16:30 a 19:00. Ahora: 11:40. Cumplidas: 9:30. "
        "Vencidas: 11:20. Por cumplir: 12:00 y 13:30."
    )
