"""Due times and durations as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from esmero.promises.rules.wording import (
    DueWords,
    describe_due,
    say_day,
    say_due,
    say_duration,
    say_remaining,
)

MADRID = "Europe/Madrid"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # Saturday, 10:00 in Madrid


@pytest.mark.parametrize(
    ("due", "spanish", "english"),
    [
        ("2026-11-21T15:30", "hoy antes de las 16:30", "today before 16:30"),
        ("2026-11-21T12:30", "hoy antes de las 13:30", "today before 13:30"),
        ("2026-11-22T00:30", "mañana antes de la 1:30", "tomorrow before 01:30"),
        ("2026-11-21T23:30", "mañana antes de las 0:30", "tomorrow before 00:30"),
        ("2026-11-22T08:40", "mañana antes de las 9:40", "tomorrow before 09:40"),
        ("2026-11-21T23:00", "hoy antes de medianoche", "today before midnight"),
        ("2026-11-23T09:00", "el lunes antes de las 10:00", "on Monday before 10:00"),
        ("2026-11-27T09:00", "el viernes antes de las 10:00", "on Friday before 10:00"),
        (
            "2026-11-28T09:00",
            "el sábado 28 de noviembre antes de las 10:00",
            "on Saturday 28 November before 10:00",
        ),
        (
            "2026-11-30T09:00",
            "el lunes 30 de noviembre antes de las 10:00",
            "on Monday 30 November before 10:00",
        ),
        (
            "2027-01-04T09:00",
            "el lunes 4 de enero antes de las 10:00",
            "on Monday 4 January before 10:00",
        ),
        (
            "2027-06-01T08:00",
            "el martes 1 de junio de 2027 antes de las 10:00",
            "on Tuesday 1 June 2027 before 10:00",
        ),
        ("2026-11-20T15:30", "ayer antes de las 16:30", "yesterday before 16:30"),
        (
            "2026-11-19T15:30",
            "el jueves 19 de noviembre antes de las 16:30",
            "on Thursday 19 November before 16:30",
        ),
    ],
)
def test_say_due_is_what_people_say(due: str, spanish: str, english: str) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=UTC)
    said = [say_due(moment, now=NOW, zone=MADRID, language=code) for code in ("es-MX", "en")]
    assert said == [spanish, english]


def test_the_day_is_that_of_the_customer() -> None:
    due = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    said = [
        say_due(due, now=NOW, zone=zone, language="es")
        for zone in (MADRID, "America/Mexico_City", "Atlantic/Canary")
    ]
    assert said == [
        "mañana antes de las 5:00",
        "hoy antes de las 22:00",
        "mañana antes de las 4:00",
    ]


def test_describe_due_gives_the_parts() -> None:
    due = datetime(2026, 11, 23, 8, 40, 59, tzinfo=UTC)
    assert describe_due(due, NOW, MADRID) == DueWords("weekday", date(2026, 11, 23), "9:40")
    midnight = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    assert describe_due(midnight, NOW, MADRID) == DueWords("today", date(2026, 11, 21), "24:00")
    a_week = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    assert describe_due(a_week, NOW, MADRID) == DueWords("date", date(2026, 11, 28), "10:00")


def test_say_day_leaves_the_hour_out() -> None:
    due = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert say_day(due, now=NOW, zone=MADRID, language="es") == "el lunes 30 de noviembre"
    assert say_day(due, now=NOW, zone=MADRID, language="en") == "on Monday 30 November"


@pytest.mark.parametrize(
    ("minutes", "spanish", "english"),
    [
        (0.5, "menos de 1 min", "less than 1 min"),
        (1, "1 min", "1 min"),
        (59.9, "59 min", "59 min"),
        (60, "1 h", "1 h"),
        (110, "1 h 50 min", "1 h 50 min"),
        (599, "9 h 59 min", "9 h 59 min"),
        (725, "12 h", "12 h"),
        (1440, "1 día", "1 day"),
        (1700, "1 día 4 h", "1 day 4 h"),
        (4320, "3 días", "3 days"),
        (4700, "3 días", "3 days"),
    ],
)
def test_say_duration_rounds_down(minutes: float, spanish: str, english: str) -> None:
    length = timedelta(minutes=minutes)
    assert [say_duration(length, code) for code in ("es", "en")] == [spanish, english]
    assert say_duration(-length, "es") == spanish


@pytest.mark.parametrize(
    ("minutes", "spanish", "english"),
    [
        (20, "quedan 20 min", "20 min left"),
        (1, "queda 1 min", "1 min left"),
        (0, "queda menos de 1 min", "less than 1 min left"),
        (60, "queda 1 h", "1 h left"),
        (110, "quedan 1 h 50 min", "1 h 50 min left"),
        (1440, "queda 1 día", "1 day left"),
        (4320, "quedan 3 días", "3 days left"),
        (-0.5, "hace un momento", "just now"),
        (-20, "hace 20 min", "20 min ago"),
        (-170, "hace 2 h", "2 h ago"),
        (-3000, "hace 2 días", "2 days ago"),
    ],
)
def test_say_remaining_agrees_with_its_number(minutes: float, spanish: str, english: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    said = [say_remaining(due, now=NOW, language=code) for code in ("es", "en")]
    assert said == [spanish, english]
