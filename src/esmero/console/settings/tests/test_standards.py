"""Standards, and the sentence that a customer would read this moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from esmero.console.settings.tests.desk import errors, text
from esmero.console.settings.views import standards as views
from esmero.promises import forecasts
from esmero.promises.models import StandardRow
from esmero.promises.rules.forecast import Forecast

NOON = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)  # Thursday, 11:40 in Madrid
GOOD = {
    "kind": "answer", "department": "", "channel": "", "aim": "time", "target_amount": "1",
    "target_unit": "h", "limit_amount": "24", "limit_unit": "h",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr(views, "now", lambda: NOON)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Te respondemos hoy antes de las 12:45."),
        ({"target_amount": "20", "target_unit": "min"}, "Te respondemos hoy antes de las 12:00."),
        ({"aim": "day"}, "Te respondemos hoy antes de las 19:00."),
        ({"target_amount": "6"}, "Te respondemos mañana antes de las 11:00."),
        ({"kind": "call"}, "Te llamamos hoy antes de las 12:45."),
        ({"kind": "update"}, "Te contamos cómo va hoy antes de las 12:45."),
        (
            {"kind": "solve", "target_amount": "40"},
            "Te lo resolvemos el jueves 26 de noviembre antes de las 17:00.",
        ),
    ],
)
def test_preview_says_what_a_customer_would_be_told(desk, changes, said):
    answer = desk.dora.get("/c/ajustes/promesas/previa/", GOOD | changes)
    assert said in text(answer)


def test_preview_of_the_list_is_that_of_the_set_standard(desk):
    page = text(desk.dora.get("/c/ajustes/promesas/"))
    assert "Te respondemos hoy antes de las 18:30." in page  # 4 business hours: 2:20 + 1:40
    assert "Te llamamos hoy antes de las 18:30." in page  # built in


def test_preview_shows_the_measured_time_when_it_decides(desk, monkeypatch):
    found = Forecast(minutes=380.0, n=214, class_used="answer", margin=12.0, quantile=0.95)
    monkeypatch.setattr(forecasts, "forecast", lambda **_: found)
    page = text(desk.dora.get("/c/ajustes/promesas/previa/", GOOD))
    assert "Te respondemos mañana antes de las 11:00." in page
    assert "95 de cada 100 en 6 h 20 min hábiles (214 casos)" in page


def test_preview_of_half_a_form_asks_for_the_rest(desk):
    page = text(desk.dora.get("/c/ajustes/promesas/previa/", {"kind": "answer"}))
    assert "Te respondemos" not in page


def test_preview_without_a_script_saves_nothing(desk):
    before = StandardRow.objects.count()
    answer = desk.dora.post("/c/ajustes/promesas/nueva/", GOOD | {"do": "preview"})
    assert "Te respondemos hoy antes de las 12:45." in text(answer)
    assert StandardRow.objects.count() == before


def test_standard_saved_for_a_department_and_a_channel(desk):
    wish = GOOD | {
        "department": str(desk.house.sales), "channel": "form", "target_amount": "90",
        "target_unit": "min", "limit_in_business_time": "on",
    }  # fmt: skip
    assert desk.dora.post("/c/ajustes/promesas/nueva/", wish).status_code == 302
    row = StandardRow.objects.get(department_id=desk.house.sales)
    assert (row.kind, row.channel, row.target_minutes, row.limit_minutes) == (
        "answer", "form", 90, 1440,
    )  # fmt: skip
    assert row.limit_in_business_time is True


def test_standard_of_the_same_day_drops_the_target(desk):
    wish = GOOD | {"department": str(desk.house.sales), "aim": "day", "limit_amount": ""}
    desk.dora.post("/c/ajustes/promesas/nueva/", wish)
    row = StandardRow.objects.get(department_id=desk.house.sales)
    assert (row.same_day, row.target_minutes, row.limit_minutes) == (True, None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"target_amount": ""},
        {"target_amount": "0"},
        {"target_amount": "999999"},
        {"aim": "none", "limit_amount": ""},
        {"kind": "legal"},
        {"department": "999"},
        {"channel": "fax"},
        {"aim": ""},
    ],
)
def test_standard_with_a_bad_value_answers_422(desk, changes):
    before = StandardRow.objects.count()
    answer = desk.dora.post("/c/ajustes/promesas/nueva/", GOOD | changes)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert StandardRow.objects.count() == before


def test_standard_moved_to_a_department_leaves_the_general_one_unset(desk):
    row = StandardRow.objects.get(kind="answer")
    where = f"/c/ajustes/promesas/{row.pk}/"
    assert 'value="4"' in text(desk.dora.get(where))
    desk.dora.post(where, GOOD | {"department": str(desk.house.care)})
    found = list(
        StandardRow.objects.filter(kind="answer").values_list("department_id", "target_minutes")
    )
    assert found == [(desk.house.care, 60)]


def test_standard_removed_lets_the_general_one_hold_again(desk):
    row = StandardRow.objects.get(kind="answer")
    desk.dora.post(f"/c/ajustes/promesas/{row.pk}/quitar/")
    assert not StandardRow.objects.filter(pk=row.pk).exists()
    assert desk.dora.post(f"/c/ajustes/promesas/{row.pk}/quitar/").status_code == 404
    assert desk.dora.get(f"/c/ajustes/promesas/{row.pk}/").status_code == 404


def test_legal_deadline_is_stored_shown_and_never_exceeded(desk, monkeypatch):
    slow = Forecast(minutes=60_000.0, n=500, class_used="answer", margin=0.0, quantile=0.95)
    monkeypatch.setattr(forecasts, "forecast", lambda **_: slow)
    wish = GOOD | {"legal_days": "2", "legal_in_business_days": "on"}
    page = text(desk.dora.get("/c/ajustes/promesas/previa/", wish))
    assert "Decide el plazo legal." in page
    assert desk.dora.post("/c/ajustes/promesas/nueva/", wish).status_code == 302
    row = StandardRow.objects.get(kind="answer")
    assert (row.legal_days, row.legal_in_business_days) == (2, True)
    page = text(desk.dora.get("/c/ajustes/promesas/"))
    assert "por ley, 2 días laborables" in page
    form = text(desk.dora.get(f"/c/ajustes/promesas/{row.pk}/"))
    assert 'name="legal_days" value="2"' in form


@pytest.mark.parametrize("days", ["0", "-1", "366", "dos"])
def test_legal_deadline_that_is_none_answers_422(desk, days):
    answer = desk.dora.post("/c/ajustes/promesas/nueva/", GOOD | {"legal_days": days})
    assert (answer.status_code, len(errors(answer))) == (422, 1)


def test_legal_deadline_is_enough_of_an_end(desk):
    wish = GOOD | {"kind": "solve", "aim": "none", "limit_amount": "", "legal_days": "30"}
    assert desk.dora.post("/c/ajustes/promesas/nueva/", wish).status_code == 302
