"""Business time: the boundaries one by one, and what must hold for any calendar."""

import pickle
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esmero.promises.rules.calendar import (
    Calendar,
    CalendarNeverOpens,
    Frame,
    FrameInvalid,
    add_business_time,
    business_minutes_between,
    is_open,
    last_closing,
    next_opening,
    open_interval,
)
from esmero.promises.tests.shops import ZONES, random_calendar, week

MADRID = Calendar(
    "Europe/Madrid",
    week("09:00-14:00", "16:00-19:00", d6="10:00-14:00"),
    {date(2026, 12, 25): "Navidad", date(2026, 12, 8): "Inmaculada Concepción"},
    {date(2026, 12, 24): (Frame.parse("09:00-13:00"),), date(2026, 12, 31): ()},
)


def at(text: str) -> datetime:
    """A moment written in Madrid's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=MADRID.tz).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23 10:00", 60, "2026-11-23 11:00"),
        ("2026-11-23 13:30", 30, "2026-11-23 14:00"),  # the closing itself, not the opening
        ("2026-11-23 13:30", 31, "2026-11-23 16:01"),
        ("2026-11-23 15:00", 1, "2026-11-23 16:01"),
        ("2026-11-23 15:00", 0, "2026-11-23 15:00"),
        ("2026-11-23 18:30:30", 60, "2026-11-24 09:30:30"),
        ("2026-11-27 18:59", 2, "2026-11-28 10:01"),  # Friday to Saturday
        ("2026-11-28 13:59", 2, "2026-11-30 09:01"),  # Saturday to Monday
        ("2026-12-07 18:00", 61, "2026-12-09 09:01"),  # over a holiday
        ("2026-12-24 12:00", 61, "2026-12-26 10:01"),  # over a short day and a holiday
        ("2026-12-30 18:00", 120, "2027-01-01 10:00"),  # over a special day without frames
        ("2026-11-23 10:00", -60, "2026-11-23 09:00"),
        ("2026-11-23 09:00", -1, "2026-11-21 13:59"),
        ("2026-11-23 16:00", -300, "2026-11-23 09:00"),
        ("2026-11-23 16:00", -301, "2026-11-21 13:59"),
    ],
)
def test_add_business_time_lands_at(start: str, minutes: int, due: str) -> None:
    assert add_business_time(MADRID, at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 09:00", "2026-11-23 19:00", 480),
        ("2026-11-23 14:00", "2026-11-23 16:00", 0),
        ("2026-11-23 13:59:30", "2026-11-23 16:00:15", 0.75),
        ("2026-11-23 00:00", "2026-11-30 00:00", 5 * 480 + 240),
        ("2026-11-30 00:00", "2026-11-23 00:00", -2640),
        ("2026-12-24 00:00", "2026-12-26 00:00", 240),
    ],
)
def test_business_minutes_between_counts(start: str, end: str, minutes: float) -> None:
    assert business_minutes_between(MADRID, at(start), at(end)) == minutes


def test_is_open_counts_the_opening_but_not_the_closing() -> None:
    moments = ("2026-11-23 08:59", "2026-11-23 09:00", "2026-11-23 13:59:59", "2026-11-23 14:00")
    assert [is_open(MADRID, at(text)) for text in moments] == [False, True, True, False]


def test_next_opening_when_open_is_now_and_after_closing_is_the_next_frame() -> None:
    assert next_opening(MADRID, at("2026-11-23 10:00:01")) == at("2026-11-23 10:00:01")
    assert next_opening(MADRID, at("2026-11-23 14:00")) == at("2026-11-23 16:00")
    assert next_opening(MADRID, at("2026-12-24 13:00")) == at("2026-12-26 10:00")


def test_a_frame_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    bar = Calendar("Europe/Madrid", week("22:00-02:00", days="56"), {date(2026, 11, 28): "fiesta"})
    friday, saturday = at("2026-11-27 22:00"), at("2026-11-28 22:00")
    assert open_interval(bar, friday) == (friday, at("2026-11-28 02:00"))
    assert not is_open(bar, saturday)
    assert add_business_time(bar, friday, 241) == at("2026-12-04 22:01")


def test_changes_of_the_clock_count_as_they_really_last() -> None:
    night = Calendar("Europe/Madrid", week("00:00-08:00", days="7"))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for day, minutes in ((spring, 420), (autumn, 540)):
        start = datetime(day.year, day.month, day.day, tzinfo=night.tz)
        assert business_minutes_between(night, start, start + timedelta(days=1)) == minutes
    never = Calendar("Europe/Madrid", week("02:00-03:00", days="7"))
    assert business_minutes_between(never, at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 0
    assert business_minutes_between(never, at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 120


def test_a_clock_put_back_over_midnight_keeps_its_days_apart() -> None:
    """In Santiago 24:00 on Saturday becomes 23:00 again: the closed Sunday begins later."""
    shop = Calendar("America/Santiago", week("23:00-24:00", days="6"))
    start = datetime(2026, 4, 4, 12, tzinfo=shop.tz)
    assert business_minutes_between(shop, start, start + timedelta(days=1)) == 120


def test_around_the_clock_never_closes() -> None:
    shop = Calendar.always("America/Mexico_City")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert add_business_time(shop, start, 525_600) == start + timedelta(days=365)
    interval = open_interval(shop, start)
    assert interval.start < start < start + timedelta(days=365) < interval.end


def test_a_calendar_that_never_opens_says_so() -> None:
    closed = Calendar("Europe/Madrid", ((),) * 7)
    for ask in (
        lambda: add_business_time(closed, at("2026-11-23 10:00"), 1),
        lambda: add_business_time(closed, at("2026-11-23 10:00"), -1),
        lambda: next_opening(closed, at("2026-11-23 10:00")),
        lambda: open_interval(closed, at("2026-11-23 10:00")),
    ):
        with pytest.raises(CalendarNeverOpens):
            ask()
    assert business_minutes_between(closed, at("2026-01-01 00:00"), at("2026-12-01 00:00")) == 0
    fair = Calendar("Europe/Madrid", ((),) * 7, {}, {date(2026, 6, 1): (Frame(600, 660),)})
    assert add_business_time(fair, at("2026-01-01 00:00"), 60) == at("2026-06-01 11:00")
    with pytest.raises(CalendarNeverOpens):
        add_business_time(fair, at("2026-01-01 00:00"), 61)
    with pytest.raises(CalendarNeverOpens):
        next_opening(fair, at("2026-06-01 11:00"))


@pytest.mark.parametrize(
    "text", ["9-14", "09:00", "25:00-26:00", "09:00-09:00", "24:00-02:00", ""]
)
def test_impossible_hours_are_refused(text: str) -> None:
    with pytest.raises(FrameInvalid):
        Frame.parse(text)


def test_frames_read_and_write_the_same_text() -> None:
    for text in ("09:00-14:00", "22:00-02:00", "00:00-24:00"):
        assert str(Frame.parse(text)) == text


def test_moments_without_zone_or_out_of_reach_are_refused() -> None:
    for wrong in (datetime(2026, 1, 1), datetime(1, 1, 1, tzinfo=UTC)):  # noqa: DTZ001
        with pytest.raises(ValueError, match="a moment"):
            is_open(MADRID, wrong)


def test_a_copy_is_equal_and_computes_the_same() -> None:
    start = at("2026-11-23 10:00")
    due = add_business_time(MADRID, start, 5_000)
    copy = pickle.loads(pickle.dumps(MADRID))  # noqa: S301
    assert copy == MADRID
    assert hash(copy) == hash(MADRID)
    assert add_business_time(copy, start, 5_000) == due


@pytest.mark.parametrize(
    ("frames", "day", "closing"),
    [
        ("09:00-14:00", "2026-11-23", "2026-11-23 14:00"),
        ("22:00-02:00", "2026-11-23", "2026-11-24 02:00"),
        ("00:00-24:00", "2026-11-23", "2026-11-24 00:00"),
    ],
)
def test_last_closing_is_the_end_of_the_last_frame(frames: str, day: str, closing: str) -> None:
    shop = Calendar("Europe/Madrid", week(frames))
    assert last_closing(shop, date.fromisoformat(day)) == at(closing)
    assert last_closing(shop, date(2026, 11, 22)) is None


def test_last_closing_at_changes_of_the_clock_is_when_it_really_closes() -> None:
    shop = Calendar("Europe/Madrid", week("00:00-02:30", days="7"))
    assert last_closing(shop, date(2026, 3, 29)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert last_closing(shop, date(2026, 10, 25)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    random = Random(draw(st.integers(0, 10**6)))
    return random_calendar(random, random.choice(ZONES), date(2020, 3, 20), 30)


@settings(deadline=None)
@given(calendars(), moments, st.integers(1, 200_000).map(lambda n: n / 16))
def test_adding_then_counting_gives_the_minutes_back(
    shop: Calendar, start: datetime, minutes: float
) -> None:
    due = add_business_time(shop, start, minutes)
    assert business_minutes_between(shop, start, due) == minutes
    just_before = due - timedelta(microseconds=1)
    assert business_minutes_between(shop, start, just_before) < minutes
    back = add_business_time(shop, due, -minutes)
    assert business_minutes_between(shop, back, due) == minutes
    assert business_minutes_between(shop, back + timedelta(microseconds=1), due) < minutes
    assert back >= start


@settings(deadline=None)
@given(calendars(), moments, moments, moments)
def test_stretches_of_business_time_add_up(
    shop: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    whole = business_minutes_between(shop, a, c)
    parts = business_minutes_between(shop, a, b) + business_minutes_between(shop, b, c)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert business_minutes_between(shop, c, a) == -whole


@settings(deadline=None)
@given(calendars(), moments)
def test_the_open_stretch_is_open_throughout_and_closed_around(
    shop: Calendar, moment: datetime
) -> None:
    start, end = open_interval(shop, moment)
    assert end >= moment
    assert is_open(shop, start)
    inside = (end - start) / timedelta(minutes=1)
    assert business_minutes_between(shop, start, end) == pytest.approx(inside)
    if end - start < timedelta(days=300):
        assert not is_open(shop, start - timedelta(microseconds=1))
        assert not is_open(shop, end)
