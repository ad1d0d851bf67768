"""What is set, as pages read it: opening now, holidays, hours, standards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from esmero.kernel.errors import NotFound
from esmero.promises import actions, queries
from esmero.promises.actions import Owner
from esmero.promises.enums import Kind
from esmero.promises.errors import HoursInUse
from esmero.promises.models import Hours
from esmero.promises.queries import settings
from tests.cast import NOON, WEEK, House, forget, open_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_house()


def calendar(house: House):
    return queries.house(at=NOON).calendar_by_id(house.hours)


def test_opening_says_until_when_and_from_when(house):
    now = settings.opening(calendar(house), at=NOON)
    assert (now.is_open, now.changes_at) == (True, datetime(2026, 11, 19, 13, tzinfo=UTC))
    saturday = settings.opening(calendar(house), at=datetime(2026, 11, 21, 11, tzinfo=UTC))
    assert (saturday.is_open, saturday.changes_at) == (
        False,
        datetime(2026, 11, 23, 8, tzinfo=UTC),
    )


def test_opening_of_hours_that_never_open_knows_no_moment(house):
    never = actions.open_hours(name="Nunca", zone="Europe/Madrid", week=[[]] * 7)
    row = settings.hours(never)
    found = settings.opening(queries.calendar_from(row, zone="Europe/Madrid", at=NOON), at=NOON)
    assert (found.is_open, found.changes_at) == (False, None)


def test_coming_holidays_begin_with_the_day_itself(house):
    found = settings.coming_holidays("ES", "MD", since=date(2026, 12, 8), language="es", limit=2)
    assert [day for day, _ in found] == [date(2026, 12, 8), date(2026, 12, 25)]
    assert settings.coming_holidays("", "", since=date(2026, 1, 1), language="es") == []


def test_make_default_hours_moves_the_mark_and_the_house_follows(house):
    night = actions.open_hours(name="Noche", zone="Europe/Madrid", week=[[(1320, 120)]] * 7)
    actions.make_default_hours(hours_id=night)
    assert list(Hours.objects.filter(is_default=True).values_list("id", flat=True)) == [night]
    forget()
    assert queries.house(at=NOON).hours_id(house.care) == night
    with pytest.raises(NotFound):
        actions.make_default_hours(hours_id=night + 1000)


def test_remove_hours_drops_what_nobody_keeps_and_refuses_the_rest(house):
    spare = actions.open_hours(name="Feria", zone="Europe/Madrid", week=WEEK)
    kept = actions.open_hours(name="Ventas", zone="Europe/Madrid", week=WEEK)
    actions.keep_hours(department_id=house.sales, hours_id=kept)
    actions.remove_hours(hours_id=spare)
    assert settings.hours(spare) is None
    for used in (house.hours, kept):
        with pytest.raises(HoursInUse):
            actions.remove_hours(hours_id=used)
    assert settings.hours(kept) is not None


def test_expected_due_of_a_standard_not_yet_set_leaves_the_set_one_alone(house):
    hour = actions.expected_due(
        kind=Kind.ANSWER,
        department_id=house.care,
        channel="mail",
        at=NOON,
        standard=queries.Standard(target_minutes=60),
    )
    assert hour.due_at == NOON + timedelta(minutes=65)  # 12:40, said as 12:45
    set_one = actions.expected_due(
        kind=Kind.ANSWER, department_id=house.care, channel="mail", at=NOON
    )
    assert set_one.due_at > hour.due_at


def test_hours_with_which_a_promise_was_computed_stay(house):
    spare = actions.open_hours(name="Feria", zone="Europe/Madrid", week=WEEK)
    actions.keep_hours(department_id=house.sales, hours_id=spare)
    actions.make_promise(
        kind=Kind.ANSWER,
        subject_ref="conversation:1",
        owner=Owner(house.bruno, house.sales),
        at=NOON,
        actor="system",
    )
    actions.keep_hours(department_id=house.sales, hours_id=None)
    with pytest.raises(HoursInUse):
        actions.remove_hours(hours_id=spare)
