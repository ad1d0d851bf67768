"""Opening hours: split days, overlaps, special days, who keeps which."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from esmero.console.settings.forms.hours import HoursForm
from esmero.console.settings.tests.desk import errors, text
from esmero.console.settings.views import hours as views
from esmero.kernel.clock import now
from esmero.promises import actions as promises
from esmero.promises.models import DepartmentHours, Hours, SpecialDay

BASE = {"name": "Taller", "zone": "Europe/Madrid", "country": "ES", "region": "CM"}


def day(number: int, *frames: tuple[str, str]) -> dict[str, str]:
    found = {}
    for index, (opens, closes) in enumerate(frames):
        found |= {f"d{number}_{index}_from": opens, f"d{number}_{index}_to": closes}
    return found


SPLIT = day(0, ("15:30", "18:30"), ("09:00", "14:00"))  # out of order on purpose


def test_split_day_is_stored_in_order(desk):
    answer = desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | SPLIT)
    assert answer.status_code == 302
    row = Hours.objects.get(name="Taller")
    assert row.week == [[[540, 840], [930, 1110]], [], [], [], [], [], []]
    assert (row.country, row.region, row.is_default) == ("ES", "CM", False)


def test_until_midnight_and_over_midnight(desk):
    frames = day(4, ("20:00", "00:00")) | day(5, ("22:00", "02:00"))
    desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | frames)
    week = Hours.objects.get(name="Taller").week
    assert (week[4], week[5]) == ([[1200, 1440]], [[1320, 120]])


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([("09:00", "14:00"), ("13:30", "18:00")], "09:00–14:00"),
        ([("09:00", "")], "principio y fin"),
        ([("", "14:00")], "principio y fin"),
        ([("09:00", "09:00")], "mismo momento"),
        ([("22:00", "02:00"), ("23:00", "23:30")], "22:00–02:00"),
    ],
)
def test_frames_that_cannot_be_answer_422_at_their_day(desk, frames, said):
    answer = desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | day(2, *frames))
    assert answer.status_code == 422
    assert [said in error for error in errors(answer)] == [True]
    assert not Hours.objects.filter(name="Taller").exists()
    assert f'value="{frames[0][0]}"' in text(answer) or not frames[0][0]


def test_frames_that_touch_do_not_overlap(desk):
    frames = day(0, ("09:00", "14:00"), ("14:00", "18:00"))
    assert desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | frames).status_code == 302


def test_region_of_another_country_answers_422(desk):
    answer = desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | SPLIT | {"country": "MX"})
    assert answer.status_code == 422


def test_copy_puts_mondays_frames_on_the_working_days_and_saves_nothing(desk):
    answer = desk.dora.post(
        "/c/ajustes/horarios/nuevo/", BASE | day(0, ("09:00", "14:00")) | {"do": "copy"}
    )
    assert answer.status_code == 200
    assert text(answer).count('value="09:00"') == 5
    assert not Hours.objects.filter(name="Taller").exists()


def test_more_offers_one_more_frame_a_day(desk):
    answer = desk.dora.post("/c/ajustes/horarios/nuevo/", BASE | SPLIT | {"do": "more"})
    assert 'name="d0_2_from"' in text(answer)
    assert 'name="d6_2_from"' in text(answer)
    three = day(0, ("08:00", "10:00"), ("11:00", "13:00"), ("17:00", "19:00"))
    form = HoursForm(BASE | three)
    assert form.is_valid()
    assert form.cleaned_data["week"][0] == [(480, 600), (660, 780), (1020, 1140)]


def test_every_time_field_has_a_name_for_those_who_do_not_see(desk):
    page = text(desk.dora.get(f"/c/ajustes/horarios/{desk.house.hours}/"))
    assert 'aria-label="Lunes, tramo 1, abre"' in page
    assert 'aria-label="Domingo, tramo 2, cierra"' in page


def test_page_says_whether_it_is_open_now(desk, monkeypatch):
    where = f"/c/ajustes/horarios/{desk.house.hours}/"
    monkeypatch.setattr(views, "now", lambda: datetime(2026, 11, 19, 10, 40, tzinfo=UTC))
    assert 'data-open="yes"' in text(desk.dora.get(where))
    monkeypatch.setattr(views, "now", lambda: datetime(2026, 11, 19, 14, 0, tzinfo=UTC))
    closed = text(desk.dora.get(where))
    assert 'data-open="no"' in closed
    assert "16:30" in closed


def test_coming_holidays_of_the_region_are_listed(desk, monkeypatch):
    monkeypatch.setattr(views, "now", lambda: datetime(2026, 11, 19, 10, 40, tzinfo=UTC))
    pk = promises.open_hours(
        name="Toledo",
        zone="Europe/Madrid",
        country="ES",
        region="CM",
        week=[[(540, 840)]] * 7,
        at=now(),
        actor="system",
    )
    page = text(desk.dora.get(f"/c/ajustes/horarios/{pk}/"))
    assert "Inmaculada Concepción" in page
    assert "31 de mayo de 2027" in page  # the day of Castilla-La Mancha


def test_special_day_added_and_removed(desk):
    where = f"/c/ajustes/horarios/{desk.house.hours}/"
    closed = {"on": "2027-01-05", "name": "Inventario"}
    assert desk.dora.post(f"{where}dias/", closed).status_code == 302
    half = {"on": "2026-12-24", "name": "", "s_0_from": "10:00", "s_0_to": "13:00"}
    desk.dora.post(f"{where}dias/", half)
    rows = SpecialDay.objects.order_by("on").values_list("on", "frames", "name")
    assert list(rows) == [
        (date(2026, 12, 24), [[600, 780]], ""),
        (date(2027, 1, 5), [], "Inventario"),
    ]
    desk.dora.post(f"{where}dias/2027-01-05/quitar/")
    assert SpecialDay.objects.count() == 1
    assert desk.dora.post(f"{where}dias/mañana/quitar/").status_code == 404


def test_special_day_without_a_day_or_overlapping_answers_422(desk):
    where = f"/c/ajustes/horarios/{desk.house.hours}/dias/"
    assert desk.dora.post(where, {"name": "Feria"}).status_code == 422
    overlap = {
        "on": "2026-12-24", "s_0_from": "10:00", "s_0_to": "13:00", "s_1_from": "12:00",
        "s_1_to": "14:00",
    }  # fmt: skip
    answer = desk.dora.post(where, overlap)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert SpecialDay.objects.count() == 0
    assert desk.dora.post("/c/ajustes/horarios/999/dias/", overlap).status_code == 404


def test_departments_choose_their_hours(desk):
    other = promises.open_hours(
        name="Ventas", zone="Europe/Madrid", week=[[(600, 840)]] * 7, at=now(), actor="system"
    )
    wish = {f"dept_{desk.house.sales}": str(other), f"dept_{desk.house.care}": ""}
    assert desk.dora.post("/c/ajustes/horarios/", wish).status_code == 302
    kept = list(DepartmentHours.objects.values_list("department_id", "hours_id"))
    assert kept == [(desk.house.sales, other)]
    back = {f"dept_{desk.house.sales}": "", f"dept_{desk.house.care}": ""}
    desk.dora.post("/c/ajustes/horarios/", back)
    assert DepartmentHours.objects.count() == 0
    bad = {f"dept_{desk.house.sales}": "999"}
    assert desk.dora.post("/c/ajustes/horarios/", bad).status_code == 422


def test_default_hours_move_and_kept_ones_are_not_removed(desk):
    other = promises.open_hours(
        name="Ventas", zone="Europe/Madrid", week=[[(600, 840)]] * 7, at=now(), actor="system"
    )
    desk.dora.post(f"/c/ajustes/horarios/{other}/general/")
    assert Hours.objects.get(is_default=True).pk == other
    desk.dora.post(f"/c/ajustes/horarios/{other}/quitar/")
    assert Hours.objects.filter(pk=other).exists()
    desk.dora.post(f"/c/ajustes/horarios/{desk.house.hours}/quitar/")
    assert not Hours.objects.filter(pk=desk.house.hours).exists()


def test_list_takes_the_same_queries_for_more_hours(desk, django_assert_max_num_queries):
    for number in range(12):
        promises.open_hours(
            name=f"H{number}",
            zone="Europe/Madrid",
            week=[[(600, 840)]] * 7,
            at=now(),
            actor="system",
        )
    desk.dora.get("/c/ajustes/horarios/")
    with django_assert_max_num_queries(40):  # special days of each, read once
        desk.dora.get("/c/ajustes/horarios/")
