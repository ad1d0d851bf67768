"""Business time equals a brute-force minute counter around changes of the clock."""

from bisect import bisect_left
from random import Random

import pytest

from esmero.promises.rules import calendar as rules
from esmero.promises.tests.shops import ZONES, MinuteCounter, random_calendar, random_start

SPAN_DAYS = 24
CASES_A_SHOP = 250


def _compare(shops: int, seed: int) -> tuple[int, int]:
    """Compare on `shops` random calendars; return the cases and how many shops met a change."""
    random, cases, changes = Random(seed), 0, 0
    for _ in range(shops):
        zone = random.choice(ZONES)
        first = random_start(random, zone, SPAN_DAYS)
        shop = random_calendar(random, zone, first.date(), SPAN_DAYS)
        minutes = SPAN_DAYS * 1440
        counter = MinuteCounter(shop, first, minutes)
        last = counter.at(minutes - 1)
        changes += first.astimezone(shop.tz).utcoffset() != last.astimezone(shop.tz).utcoffset()
        for _ in range(CASES_A_SHOP):
            cases += 1
            a, b = random.randrange(minutes), random.randrange(minutes)
            start, end = counter.at(a), counter.at(b)
            passed = counter.passed[b] - counter.passed[a]
            assert rules.business_minutes_between(shop, start, end) == passed, (shop, start, end)
            assert rules.is_open(shop, start) is counter.open[a], (shop, start)
            wanted = random.randrange(1, 3000)
            found = bisect_left(counter.passed, counter.passed[a] + wanted)
            due = rules.add_business_time(shop, start, wanted)
            if found <= minutes:
                assert due == counter.at(found), (shop, start, wanted)
            else:
                assert due > last, (shop, start, wanted)
            opening = next((m for m in range(a, min(minutes, a + 999)) if counter.open[m]), None)
            if opening is not None:
                assert rules.next_opening(shop, start) == counter.at(opening), (shop, start)
    return cases, changes


def test_business_time_counted_minute_by_minute_agrees() -> None:
    cases, changes = _compare(shops=8, seed=20)
    assert cases == 2_000
    assert changes >= 5


@pytest.mark.slow
def test_business_time_counted_on_100_000_cases_agrees() -> None:
    cases, changes = _compare(shops=400, seed=21)
    assert cases == 100_000
    assert changes >= 200
