"""What is set, as pages read it: opening now, holidays, hours, standards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from esmero.kernel.errors import NotFound
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.promises import actions, forecasts, queries
from esmero.promises.actions import Owner
from esmero.promises.enums import Kind
from esmero.promises.errors import BadHours, HoursInUse
from esmero.promises.models import Hours
from esmero.promises.queries import settings
from esmero.promises.rules.forecast import Forecast
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
    never = actions.open_hours(
        name="Nunca", zone="Europe/Madrid", week=[[]] * 7, at=NOON, actor="system"
    )
    row = settings.hours(never)
    found = settings.opening(queries.calendar_from(row, zone="Europe/Madrid", at=NOON), at=NOON)
    assert (found.is_open, found.changes_at) == (False, None)


def test_coming_holidays_begin_with_the_day_itself(house):
    found = settings.coming_holidays("ES", "MD", since=date(2026, 12, 8), language="es", limit=2)
    assert [day for day, _ in found] == [date(2026, 12, 8), date(2026, 12, 25)]
    assert settings.coming_holidays("", "", since=date(2026, 1, 1), language="es") == []


def test_make_default_hours_moves_the_mark_and_the_house_follows(house):
    night = actions.open_hours(
        name="Noche", zone="Europe/Madrid", week=[[(1320, 120)]] * 7, at=NOON, actor="system"
    )
    actions.make_default_hours(hours_id=night, at=NOON, actor="system")
    assert list(Hours.objects.filter(is_default=True).values_list("id", flat=True)) == [night]
    forget()
    assert queries.house(at=NOON).hours_id(house.care) == night
    with pytest.raises(NotFound):
        actions.make_default_hours(hours_id=night + 1000, at=NOON, actor="system")


def test_remove_hours_drops_what_nobody_keeps_and_refuses_the_rest(house):
    spare = actions.open_hours(
        name="Feria", zone="Europe/Madrid", week=WEEK, at=NOON, actor="system"
    )
    kept = actions.open_hours(
        name="Ventas", zone="Europe/Madrid", week=WEEK, at=NOON, actor="system"
    )
    actions.keep_hours(department_id=house.sales, hours_id=kept, at=NOON, actor="system")
    actions.remove_hours(hours_id=spare, at=NOON, actor="system")
    assert settings.hours(spare) is None
    for used in (house.hours, kept):
        with pytest.raises(HoursInUse):
            actions.remove_hours(hours_id=used, at=NOON, actor="system")
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
    spare = actions.open_hours(
        name="Feria", zone="Europe/Madrid", week=WEEK, at=NOON, actor="system"
    )
    actions.keep_hours(department_id=house.sales, hours_id=spare, at=NOON, actor="system")
    actions.make_promise(
        kind=Kind.ANSWER,
        subject_ref="conversation:1",
        owner=Owner(house.bruno, house.sales),
        at=NOON,
        actor="system",
    )
    actions.keep_hours(department_id=house.sales, hours_id=None, at=NOON, actor="system")
    with pytest.raises(HoursInUse):
        actions.remove_hours(hours_id=spare, at=NOON, actor="system")


def audit_lines() -> list[tuple[str, str, dict[str, object]]]:
    rows = AuditEntry.objects.filter(at__gte=NOON).order_by("id")
    assert {row.actor for row in rows} <= {"agent:4"}
    return [(row.action, row.ref, row.data) for row in rows]


def test_each_change_of_hours_leaves_an_audit_line(house):
    who = {"at": NOON, "actor": "agent:4"}
    pk = actions.open_hours(name="Feria", zone="Europe/Madrid", week=WEEK, **who)
    actions.change_hours(
        hours_id=pk, name="Feria", zone="Europe/Madrid", country="", region="", week=WEEK, **who
    )
    actions.keep_hours(department_id=house.sales, hours_id=pk, **who)
    actions.keep_hours(department_id=house.sales, hours_id=pk, **who)  # as it was: no line
    actions.keep_hours(department_id=house.sales, hours_id=None, **who)
    day = date(2026, 12, 24)
    actions.set_special_day(hours_id=pk, on=day, frames=[], name="Nochebuena", **who)
    actions.remove_special_day(hours_id=pk, on=day, **who)
    actions.remove_hours(hours_id=pk, **who)
    actions.make_default_hours(hours_id=house.hours, **who)
    hours, sales = f"hours:{pk}", f"department:{house.sales}"
    assert audit_lines() == [
        ("hours.opened", hours, {}),
        ("hours.changed", hours, {}),
        ("hours.kept", sales, {"hours": pk}),
        ("hours.kept", sales, {"hours": 0}),
        ("hours.special_day_set", hours, {"on": "2026-12-24"}),
        ("hours.special_day_removed", hours, {"on": "2026-12-24"}),
        ("hours.removed", hours, {}),
        ("hours.made_default", f"hours:{house.hours}", {}),
    ]


def test_refused_changes_of_hours_leave_none(house):
    who = {"at": NOON, "actor": "agent:4"}
    with pytest.raises(BadHours):
        actions.open_hours(name="X", zone="Europe/Madrid", week=[[(600, 500)]] * 3, **who)
    with pytest.raises(HoursInUse):
        actions.remove_hours(hours_id=house.hours, **who)
    actions.unset_standard(standard_id=9999, **who)
    assert audit_lines() == []


def test_each_change_of_a_standard_leaves_its_values(house):
    who = {"at": NOON, "actor": "agent:4"}
    pk = actions.set_standard(
        kind=Kind.SOLVE, department_id=house.care, target_minutes=600, legal_days=30, **who
    )
    actions.unset_standard(standard_id=pk, **who)
    assert audit_lines() == [
        (
            "standard.set",
            f"standard:{pk}",
            {
                "kind": "solve", "department": house.care, "channel": "", "tier": 0,
                "target_minutes": 600, "same_day": False, "limit_minutes": None,
                "limit_in_business_time": False, "legal_days": 30,
                "legal_in_business_days": False,
            },
        ),
        ("standard.unset", f"standard:{pk}", {"kind": "solve", "department": house.care}),
    ]  # fmt: skip


def test_a_legal_deadline_alone_is_a_standard_that_nothing_exceeds(house, monkeypatch):
    slow = Forecast(minutes=60_000.0, n=500, class_used="solve", margin=0.0, quantile=0.95)
    monkeypatch.setattr(forecasts, "forecast", lambda **_: slow)
    actions.set_standard(kind=Kind.SOLVE, legal_days=2, at=NOON, actor="system")
    told = actions.expected_due(kind=Kind.SOLVE, department_id=house.care, channel="mail", at=NOON)
    assert told.basis.leading == "legal"
    assert told.due_at <= datetime(2026, 11, 21, 23, tzinfo=UTC)
    with pytest.raises(BadHours):
        actions.set_standard(kind=Kind.CALL, at=NOON, actor="system")


def test_the_most_particular_standard_holds_tier_before_department_before_channel(house):
    who = {"at": NOON, "actor": "agent:4"}
    vip = people.add_tier(name="VIP", at=NOON, by=house.dora)

    def aimed(**what: object) -> int | None:
        forget()
        return queries.house(at=NOON).standard(Kind.SOLVE, **what).target_minutes

    everything = {"department_id": house.care, "channel": "mail", "tier_id": vip}
    for minutes, of in enumerate(
        (
            {},
            {"channel": "mail"},
            {"department_id": house.care},
            {"department_id": house.care, "channel": "mail"},
            {"tier_id": vip},
            {"tier_id": vip, "channel": "mail"},
            {"tier_id": vip, "department_id": house.care},
        ),
        start=1,
    ):
        actions.set_standard(kind=Kind.SOLVE, target_minutes=minutes, **of, **who)
        assert aimed(**everything) == minutes
    assert aimed(department_id=house.care, channel="mail") == 4
    assert aimed(department_id=house.sales, channel="form", tier_id=vip) == 5
    people.remove_tier(tier_id=vip, at=NOON, by=house.dora)
    assert aimed(**everything) == 4  # what was set for it alone went with it


def test_shop_without_standards_of_tiers_asks_nobody_for_one(house, django_assert_num_queries):
    customer = people.know_sender(
        email="marta@correo.example", name="Marta", language="es", at=NOON
    ).customer_id
    vip = people.add_tier(name="VIP", at=NOON, by=house.dora)
    people.set_tier(customer_id=customer, tier_id=vip, at=NOON, by=house.dora)
    asked = {"kind": Kind.CALL, "department_id": house.care, "channel": "mail", "at": NOON}
    actions.expected_due(**asked)
    with django_assert_num_queries(0):
        everybody = actions.expected_due(**asked, customer_id=customer)
    actions.set_standard(kind=Kind.CALL, tier_id=vip, target_minutes=15, at=NOON, actor="agent:4")
    forget()
    hers = actions.expected_due(**asked, customer_id=customer)
    assert hers.due_at < everybody.due_at == actions.expected_due(**asked).due_at
