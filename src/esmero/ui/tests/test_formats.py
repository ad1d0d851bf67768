"""Times and numbers as people read them."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from esmero.ui import formats
from esmero.ui.tests.scene import AT, at

DURATIONS = json.loads((Path(__file__).parent / "durations.json").read_text())


def plain(text: str) -> str:
    """No-break spaces as spaces: which of them stands where is Babel's business."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize(("seconds", "es", "en"), DURATIONS)
def test_duration_in_spanish(seconds: int, es: str, en: str) -> None:
    assert plain(formats.duration(seconds)) == es


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(("seconds", "es", "en"), DURATIONS)
def test_duration_in_english(seconds: int, es: str, en: str) -> None:
    assert plain(formats.duration(timedelta(seconds=seconds))) == en


@pytest.mark.usefixtures("in_spain")
def test_duration_of_a_negative_length_has_no_sign() -> None:
    assert plain(formats.duration(timedelta(hours=-2))) == "2 h"


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 19), "hoy"),
        (date(2026, 11, 18), "ayer"),
        (date(2026, 11, 20), "mañana"),
        (date(2026, 11, 23), "lunes 23"),
        (date(2026, 11, 25), "miércoles 25"),
        (date(2026, 11, 26), "26 nov"),
        (date(2026, 11, 13), "viernes 13"),
        (date(2026, 11, 12), "12 nov"),
        (date(2025, 11, 19), "19 nov 2025"),
    ],
)
def test_day_names_what_is_near(day: date, expected: str) -> None:
    assert plain(formats.day(day, AT)) == expected


@pytest.mark.usefixtures("in_spain")
def test_when_is_told_in_the_current_zone() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert formats.when(late, AT) == "hoy, 0:30"


@pytest.mark.usefixtures("in_english")
def test_when_in_english() -> None:
    assert plain(formats.when(at(16, 30), AT)) == "today, 4:30 PM"


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(11, 31), "11:31"),
        (AT - timedelta(days=1), "ayer"),
        (AT - timedelta(days=2), "martes"),
        (AT - timedelta(days=7), "12 nov"),
    ],
)
def test_brief_shortens_with_distance(moment: datetime, expected: str) -> None:
    assert formats.brief(moment, AT) == expected


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize(
    ("due", "state", "expected"),
    [
        (at(17), "ok", "5 h 20 min"),
        (at(12), "soon", "quedan 20 min"),
        (at(11, 41), "soon", "queda 1 min"),
        (at(12, 41), "soon", "queda 1 h 1 min"),
        (at(11, 20), "late", "hace 20 min"),
    ],
)
def test_left_agrees_in_number(due: datetime, state: str, expected: str) -> None:
    assert plain(formats.left(due, AT, state)) == expected


@pytest.mark.usefixtures("in_english")
def test_left_in_english() -> None:
    assert plain(formats.left(at(12), AT, "soon")) == "20 min left"
    assert plain(formats.left(at(11, 20), AT, "late")) == "20 min late"


@pytest.mark.usefixtures("in_spain")
def test_numbers_in_spanish() -> None:
    assert formats.number(1284) == "1284"
    assert formats.number(12_840) == "12.840"
    assert formats.number(-1284) == "-1284"
    assert formats.number(Decimal("2.15"), 1) in {"2,1", "2,2"}
    assert plain(formats.percent(0.9463)) == "94,6 %"
    assert plain(formats.percent(1, 0)) == "100 %"
    assert plain(formats.money(Decimal(48), "EUR")) == "48,00 €"
    assert formats.size(840) == "840 B"
    assert formats.size(84_000) == "84 kB"
    assert formats.size(1_240_000) == "1,2 MB"
    assert formats.size(10_000_000) == "10 MB"
    assert formats.listing(["Ana", "Bruno", "Carla"]) == "Ana, Bruno y Carla"


@pytest.mark.usefixtures("in_english")
def test_numbers_in_english() -> None:
    assert formats.number(1284) == "1,284"
    assert formats.percent(0.9463) == "94.6%"
    assert formats.hour(at(9)).replace("\u202f", " ") == "9 AM"


@pytest.mark.usefixtures("in_spain")
def test_hour_is_short_when_whole() -> None:
    assert formats.hour(at(9)) == "9"
    assert formats.hour(at(16, 30)) == "16:30"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nuria Soler", "NS"),
        ("ana", "A"),
        ("Marta Ruiz Calvo", "MR"),
        ("(?) Bruno", "B"),
        ("", "?"),
    ],
)
def test_initials_take_two_letters(name: str, expected: str) -> None:
    assert formats.initials(name) == expected


def test_capfirst_leaves_the_rest() -> None:
    assert formats.capfirst("jueves, 19 de Noviembre") == "Jueves, 19 de Noviembre"
    assert formats.capfirst("") == ""
