"""Holidays of the countries and regions, against days that stand in the laws themselves."""

import subprocess
import sys
from datetime import date, datetime

import pytest

from esmero.promises.rules.calendar import Calendar, business_minutes_between
from esmero.promises.rules.holidays import COUNTRIES, PlaceUnknown, holidays_of, regions_of
from esmero.promises.tests.shops import week


def test_every_country_has_holidays_in_both_languages() -> None:
    assert " ".join(COUNTRIES) == "ES MX CO AR PE CL EC UY CR PA DO GT BO PY VE HN SV NI"
    for country in COUNTRIES:
        spanish = holidays_of(country, None, [2026])
        english = holidays_of(country, None, [2026], "en")
        assert len(spanish) >= 5
        assert spanish.keys() == english.keys()
        assert english[date(2026, 1, 1)] == "New Year's Day"
        assert spanish[date(2026, 1, 1)] == "Año Nuevo"


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("ES", None, "2026-10-12", "Fiesta Nacional de España"),
        ("ES", "CN", "2026-05-30", "Día de Canarias"),
        ("ES", "CT", "2026-09-11", "Fiesta Nacional de Cataluña"),
        ("ES", "AN", "2026-02-28", "Día de Andalucía"),
        ("ES", "MD", "2026-05-02", "Fiesta de la Comunidad de Madrid"),
        ("MX", None, "2026-11-16", "Día de la Revolución"),  # the third Monday
        ("CO", None, "2026-06-29", "San Pedro y San Pablo"),
        ("AR", None, "2026-07-09", "Día de la Independencia"),
        ("CL", None, "2026-09-18", "Día de la Independencia"),
        ("CL", "AP", "2026-06-07", "Asalto y Toma del Morro de Arica"),
        ("VE", None, "2026-07-05", "Día de la Independencia"),
    ],
)
def test_holidays_of_knows(country: str, region: str | None, day: str, name: str) -> None:
    assert holidays_of(country, region, [2026])[date.fromisoformat(day)] == name


def test_a_region_adds_its_own_days_only() -> None:
    canary, spain = holidays_of("ES", "CN", [2026]), holidays_of("ES", None, [2026])
    assert date(2026, 5, 30) not in spain
    assert date(2026, 9, 11) not in canary
    assert spain.keys() < canary.keys()


def test_years_come_together_and_bring_no_other() -> None:
    both = holidays_of("PA", None, [2026, 2027])
    assert {day.year for day in both} == {2026, 2027}
    assert both == holidays_of("PA", None, [2026]) | holidays_of("PA", None, [2027])


def test_regions_have_human_names_in_order() -> None:
    assert list(regions_of("ES").items())[:5] == [
        ("AN", "Andalucía"),
        ("AR", "Aragón"),
        ("CN", "Canarias"),
        ("CB", "Cantabria"),
        ("CL", "Castilla y León"),
    ]
    assert len(regions_of("ES")) == 19
    assert regions_of("ES")["VC"] == "Comunidad Valenciana"
    assert (len(regions_of("AR")), len(regions_of("CL")), regions_of("MX")) == (24, 16, {})


def test_unknown_places_are_refused() -> None:
    for country, region in (("XX", None), ("ES", "ZZ"), ("MX", "CMX"), ("ES", "Barcelona")):
        with pytest.raises(PlaceUnknown):
            holidays_of(country, region, [2026])


def test_what_is_returned_belongs_to_the_caller() -> None:
    holidays_of("ES", None, [2026]).clear()
    assert date(2026, 12, 25) in holidays_of("ES", None, [2026])


def test_a_calendar_is_closed_on_them() -> None:
    shop = Calendar(
        "Atlantic/Canary", week("09:00-14:00", days="123456"), holidays_of("ES", "CN", [2026])
    )
    start, end = (datetime(2026, 5, day, 13, tzinfo=shop.tz) for day in (29, 31))
    assert business_minutes_between(shop, start, end) == 60


def test_the_package_is_loaded_at_the_first_use_only() -> None:
    code = (
        "import sys, esmero.promises.rules.holidays as h;"
        "before = 'holidays' in sys.modules; h.holidays_of('ES', None, [2026]);"
        "print(before, 'holidays' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.split() == ["False", "True"]
