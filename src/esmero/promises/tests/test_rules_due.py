"""By when a thing is promised: what leads, how it is rounded, what bounds it, who is warned."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esmero.promises.rules.calendar import (
    Calendar,
    Frame,
    add_business_time,
    business_minutes_between,
    is_open,
    zone_of,
)
from esmero.promises.rules.due import (
    Basis,
    Standard,
    StandardEmpty,
    WarnPoints,
    end_of_business_day,
    remaining_minutes,
    told_due_at,
    warn_points,
)
from esmero.promises.rules.forecast import Forecast
from esmero.promises.rules.record import (
    Counts,
    is_due,
    is_kept,
    kept_rate,
    may_move_automatically,
)
from esmero.promises.tests.shops import ZONES, random_calendar, week

SHOP = Calendar(
    "Europe/Madrid",
    week("09:00-14:00", "16:00-19:00", d6="10:00-14:00"),
    {date(2026, 12, 8): "Inmaculada Concepción"},
)


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone)).astimezone(UTC)


def measured(minutes: float) -> Forecast:
    return Forecast(minutes=minutes, n=120, class_used="answer", margin=3.0, quantile=0.95)


def told(made: str, standard: Standard, minutes: float | None = None, zone: str | None = None):
    return told_due_at(
        standard=standard,
        forecast=None if minutes is None else measured(minutes),
        calendar=SHOP,
        made_at=at(made),
        customer_zone=zone,
    )


@pytest.mark.parametrize(
    ("made", "target", "forecast", "due", "leading"),
    [
        # the standard alone, then each of the two leading
        ("2026-11-23 10:02", 60, None, "2026-11-23 11:15", "target"),
        ("2026-11-23 10:02", 60, 20, "2026-11-23 11:15", "target"),
        ("2026-11-23 10:02", 60, 70, "2026-11-23 11:15", "forecast"),
        ("2026-11-23 10:02", None, 70, "2026-11-23 11:15", "forecast"),
        # steps of 5, 15, 30 minutes and of an hour
        ("2026-11-23 10:02", 12, None, "2026-11-23 10:15", "target"),
        ("2026-11-23 10:02", 29, None, "2026-11-23 10:35", "target"),
        ("2026-11-23 10:02", 30, None, "2026-11-23 10:45", "target"),
        ("2026-11-23 10:02", 119, None, "2026-11-23 12:15", "target"),
        ("2026-11-23 10:02", 120, None, "2026-11-23 12:30", "target"),
        ("2026-11-23 18:50", 20, None, "2026-11-24 10:00", "target"),
        ("2026-11-23 18:50:30", 70, None, "2026-11-24 11:00", "target"),
        # already a human time: nothing is added
        ("2026-11-23 10:00", 60, None, "2026-11-23 11:00", "target"),
        ("2026-11-23 10:00:01", 60, None, "2026-11-23 11:15", "target"),
        # a step that would lead past closing ends there; the closing itself is an open hour
        ("2026-11-23 11:05", 170, None, "2026-11-23 14:00", "target"),
        ("2026-11-23 11:00", 180, None, "2026-11-23 14:00", "target"),
        # over lunch, the night, the weekend, a holiday
        ("2026-11-23 13:50", 20, None, "2026-11-23 16:30", "target"),
        ("2026-11-21 20:00", 60, None, "2026-11-23 10:00", "target"),
        ("2026-11-21 20:00", 61, None, "2026-11-23 11:00", "target"),
        ("2026-12-07 18:30", 60, None, "2026-12-09 10:00", "target"),
    ],
)
def test_told_due_at_is_the_larger_rounded_up(made, target, forecast, due, leading) -> None:
    found = told(made, Standard(id=7, target_minutes=target), forecast)
    assert (found.due_at, found.basis.leading) == (at(due), leading)


def test_told_due_at_keeps_the_whole_basis() -> None:
    found = told("2026-11-23 10:02", Standard(id=7, target_minutes=60), 70)
    assert found.basis == Basis(
        standard_id=7,
        leading="forecast",
        raw_due_at=at("2026-11-23 11:12"),
        forecast_minutes=70,
        forecast_n=120,
        class_used="answer",
        margin=3.0,
        quantile=0.95,
        is_capped=False,
        exceeds_limit=False,
    )
    assert found.basis.as_dict()["raw_due_at"] == "2026-11-23T10:12:00+00:00"


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-11-23 08:00", "2026-11-23 19:00"),  # before opening
        ("2026-11-23 10:00", "2026-11-23 19:00"),
        ("2026-11-23 18:00", "2026-11-23 19:00"),  # just enough of the day is left
        ("2026-11-23 18:00:01", "2026-11-24 19:00"),
        ("2026-11-23 20:00", "2026-11-24 19:00"),
        ("2026-11-28 15:00", "2026-11-30 19:00"),
    ],
)
def test_the_same_day_is_its_last_closing(made: str, due: str) -> None:
    assert end_of_business_day(SHOP, at(made)) == at(due)
    assert told(made, Standard(same_day=True)).due_at == at(due)


def test_the_same_day_of_a_bar_ends_after_midnight() -> None:
    bar = Calendar("Europe/Madrid", week("20:00-02:00"))
    assert end_of_business_day(bar, at("2026-11-24 00:30")) == at("2026-11-24 02:00")
    assert end_of_business_day(bar, at("2026-11-24 01:30")) == at("2026-11-25 02:00")


def test_a_limit_leads_only_without_target_and_never_into_closed_hours() -> None:
    day = Standard(limit_minutes=1440)
    assert told("2026-11-23 10:00", day).due_at == at("2026-11-24 10:00")
    assert told("2026-11-23 14:30", day).due_at == at("2026-11-24 14:00")
    weekend = told("2026-11-28 14:30", day)
    assert weekend.due_at == at("2026-11-30 10:00")
    assert weekend.basis.exceeds_limit
    business = Standard(limit_minutes=480, limit_in_business_time=True)
    assert told("2026-11-28 14:30", business).due_at == at("2026-11-30 19:00")


def test_a_forecast_beyond_the_limit_is_told_and_flagged() -> None:
    standard = Standard(target_minutes=30, limit_minutes=60, limit_in_business_time=True)
    over = told("2026-11-23 10:00", standard, 61)
    assert (over.due_at, over.basis.exceeds_limit) == (at("2026-11-23 11:15"), True)
    within = told("2026-11-23 10:02", standard, 60)
    assert within.basis.exceeds_limit is False


def test_rounding_takes_a_finer_step_before_it_passes_the_limit() -> None:
    standard = Standard(target_minutes=50, limit_minutes=56)
    assert told("2026-11-23 10:02", standard).due_at == at("2026-11-23 10:55")
    tight = Standard(target_minutes=55, limit_minutes=56)
    assert told("2026-11-23 10:02", tight).due_at == at("2026-11-23 10:57")


def test_a_legal_deadline_is_never_passed() -> None:
    standard = Standard(target_minutes=60, legal_days=1)
    legal = at("2026-11-24 23:59")
    capped = told("2026-11-23 10:00", standard, 5_000)
    assert (capped.due_at, capped.basis.is_capped, capped.basis.leading) == (legal, True, "legal")
    near = told("2026-11-23 10:00", standard, 70)
    assert (near.due_at, near.basis.is_capped) == (at("2026-11-23 11:15"), False)
    alone = told("2026-11-23 10:00", Standard(legal_days=1))
    assert (alone.due_at, alone.basis.is_capped, alone.basis.leading) == (legal, False, "legal")


@pytest.mark.parametrize(
    ("days", "in_business_days", "last_day"),
    [
        (15, False, "2026-12-08"),
        (15, True, "2026-12-15"),  # over three weekends and the holiday of the 8th
        (1, True, "2026-11-24"),
        (0, False, "2026-11-23"),
    ],
)
def test_a_legal_deadline_ends_with_its_last_day(days, in_business_days, last_day) -> None:
    standard = Standard(legal_days=days, legal_in_business_days=in_business_days)
    assert told("2026-11-23 10:00", standard).due_at == at(f"{last_day} 23:59")


def test_a_standard_that_says_nothing_is_refused() -> None:
    with pytest.raises(StandardEmpty):
        told("2026-11-23 10:00", Standard())


def test_the_time_is_round_on_the_clock_of_the_customer() -> None:
    kathmandu = told("2026-11-23 10:02", Standard(target_minutes=130), zone="Asia/Kathmandu")
    clock = kathmandu.due_at.astimezone(zone_of("Asia/Kathmandu"))
    assert clock.isoformat() == "2026-11-23T17:00:00+05:45"
    assert kathmandu.due_at == at("2026-11-23 12:15")


def test_rounding_over_a_change_of_the_clock_stays_round_and_later() -> None:
    shop = Calendar.always("Europe/Madrid")
    made = datetime(2026, 3, 28, 20, 40, tzinfo=UTC)
    found = told_due_at(
        standard=Standard(target_minutes=250), forecast=None, calendar=shop, made_at=made
    )
    assert found.due_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert found.due_at.astimezone(shop.tz).hour == 3


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, Standard, Forecast | None, datetime, str]:
    random = Random(draw(st.integers(0, 10**6)))
    shop = random_calendar(random, random.choice(ZONES), date(2026, 3, 20), 30)
    standard = Standard(
        target_minutes=draw(st.none() | st.integers(1, 3_000)),
        same_day=draw(st.booleans()),
        limit_minutes=draw(st.integers(1, 5_000)),
        limit_in_business_time=draw(st.booleans()),
        legal_days=draw(st.none() | st.integers(0, 30)),
        legal_in_business_days=draw(st.booleans()),
    )
    forecast = draw(st.none() | st.floats(0.1, 5_000).map(measured))
    made = datetime(2026, 3, 18, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 40 * 86_400)))
    return shop, standard, forecast, made, random.choice(ZONES)


@settings(deadline=None, max_examples=300)
@given(situations())
def test_what_is_told_is_never_early_never_unlawful_never_at_a_closed_hour(situation) -> None:
    shop, standard, forecast, made, zone = situation
    found = told_due_at(
        standard=standard, forecast=forecast, calendar=shop, made_at=made, customer_zone=zone
    )
    due, basis = found.due_at, found.basis
    assert due >= made
    assert due.second == due.microsecond == 0 or due == basis.raw_due_at
    assert due >= basis.raw_due_at or (basis.is_capped and basis.leading == "legal")
    assert due <= basis.raw_due_at + timedelta(minutes=60) or basis.leading == "legal"
    if forecast is not None and not basis.is_capped:
        assert due >= add_business_time(shop, made, forecast.minutes)
    if basis.leading != "legal":
        just_before = due - timedelta(microseconds=1)
        assert is_open(shop, just_before), (due, basis)


@pytest.mark.parametrize(
    ("made", "due", "points"),
    [
        # 60 minutes: a tenth is 6
        ("10:00", "11:00", ("10:30", "10:45", "10:54")),
        # 480 minutes over lunch: a tenth is 48
        ("09:00", "19:00", ("13:00", "17:00", "18:12")),
        # 30 minutes: at least 5
        ("10:00", "10:30", ("10:15", "10:22:30", "10:25")),
        # 10 minutes: 5 is half of the way, and nobody is warned after the customer
        ("10:00", "10:10", ("10:05", "10:05", "10:05")),
        # 4 minutes: not before half of it
        ("10:00", "10:04", ("10:02", "10:02", "10:02")),
        # no business time on the way: elapsed time
        ("20:00", "21:00", ("20:30", "20:45", "20:54")),
    ],
)
def test_warn_points_come_in_business_time(made, due, points) -> None:
    day = "2026-11-23 "
    assert warn_points(at(day + made), at(day + due), SHOP) == WarnPoints(
        *(at(day + point) for point in points)
    )


def test_warn_points_of_a_long_way_tell_the_customer_an_open_hour_ahead() -> None:
    found = warn_points(at("2026-11-23 09:00"), at("2026-11-30 10:00"), SHOP)
    # 2,700 minutes: half on Wednesday, the last hour begins with Monday's opening
    assert found == WarnPoints(
        at("2026-11-25 17:30"), at("2026-11-27 10:45"), at("2026-11-28 14:00")
    )
    with pytest.raises(ValueError, match="due before"):
        warn_points(at("2026-11-23 09:00"), at("2026-11-23 09:00"), SHOP)


@settings(deadline=None)
@given(situations(), st.integers(1, 100_000))
def test_warn_points_come_in_order_between_made_and_due(situation, minutes: int) -> None:
    shop, _, _, made, _ = situation
    due = made + timedelta(minutes=minutes)
    points = warn_points(made, due, shop)
    assert made < points.half_at <= points.three_quarters_at <= points.about_to_break_at < due


def test_remaining_minutes_are_what_was_left_and_never_less_than_none() -> None:
    due = at("2026-11-23 16:30")
    assert remaining_minutes(SHOP, at("2026-11-23 13:00"), due) == 90
    assert remaining_minutes(SHOP, at("2026-11-23 16:45"), due) == 0
    assert business_minutes_between(SHOP, at("2026-11-23 16:45"), due) == -15


def test_a_promise_is_kept_up_to_the_very_moment() -> None:
    due = at("2026-11-23 16:30")
    late = due + timedelta(microseconds=1)
    assert [is_kept(due, due), is_kept(late, due)] == [True, False]
    assert [is_due(due, due), is_due(late, due)] == [False, True]


@pytest.mark.parametrize(
    ("counts", "rate"),
    [
        (Counts(), None),
        (Counts(released=5, moved_by_customer=2), None),
        (Counts(kept=9, broken=1), 0.9),
        (Counts(kept=9, broken=1, released=90, moved_by_customer=90), 0.9),
        (Counts(kept=8, broken=1, moved_by_us=1), 0.8),
        (Counts(kept=8, overdue=2), 0.8),
        (Counts(broken=3), 0.0),
    ],
)
def test_kept_rate_counts_all_that_came_due_or_was_moved_by_us(counts, rate) -> None:
    assert kept_rate(counts) == rate


def test_counts_add_up() -> None:
    assert Counts(1, 2, 3, 4, 5, 6) + Counts(1, 1, 1, 1, 1, 1) == Counts(2, 3, 4, 5, 6, 7)


def test_a_chain_moves_by_itself_once() -> None:
    assert [may_move_automatically(n) for n in (0, 1, 2)] == [True, False, False]


def test_frames_are_needed_by_nobody_on_a_holiday() -> None:
    shop = Calendar("Europe/Madrid", week("09:00-14:00"), {}, {date(2026, 11, 24): ()})
    assert shop.frames_on(date(2026, 11, 24)) == ()
    assert shop.frames_on(date(2026, 11, 25)) == (Frame(540, 840),)
