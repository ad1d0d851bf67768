"""The report's reads: what ended in a period, week by week, and what was done after a broken word."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from esmero.promises import actions, queries
from esmero.promises.actions import Owner
from esmero.promises.enums import Initiative, Kind, Reason
from esmero.promises.models import Promise
from esmero.promises.queries import report
from esmero.promises.reads import report as reads
from tests.cast import NOON, House, open_house

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def house() -> House:
    return open_house()


def made(house: House, subject: int, *, due_in=4 * HOUR, at=NOON, agent=None, kind=Kind.ANSWER):
    return actions.make_promise(
        kind=kind,
        subject_ref=f"conversation:{subject}",
        owner=Owner(agent or house.ana, house.care),
        due_at=at + due_in,
        at=at,
        actor="system",
    )


def scope(**changes) -> report.Scope:
    facts = {"since": NOON - 7 * DAY, "until": NOON + 7 * DAY} | changes
    return report.Scope(**facts)


def broken_then_kept(house: House, subject: int) -> Promise:
    first = made(house, subject)
    actions.break_promise(promise_id=first.pk, at=first.due_at + timedelta(seconds=1))
    again = actions.make_promise(
        kind=Kind.ANSWER,
        subject_ref=first.subject_ref,
        owner=Owner(house.ana, house.care),
        due_at=first.due_at + 5 * HOUR,
        at=first.due_at + timedelta(seconds=1),
        actor="system",
        predecessor=first,
    )
    actions.settle_promise(promise_id=again.pk, at=first.due_at + HOUR, by=house.ana)
    return first


def test_cells_count_every_end_once_and_say_which_failures_were_mended(house):
    kept = made(house, 1)
    actions.settle_promise(promise_id=kept.pk, at=NOON + HOUR, by=house.ana)
    broken_then_kept(house, 2)
    lost = made(house, 3)
    actions.break_promise(promise_id=lost.pk, at=lost.due_at + timedelta(seconds=1))
    made(house, 4)  # still open past its time: counts as not kept
    let_go = made(house, 5)
    actions.release_promise(
        promise_id=let_go.pk, reason=Reason.DUPLICATE, at=NOON + HOUR, actor="system"
    )
    counts, mended = report.total(report.cells(scope(), zone=MADRID))
    assert (counts.kept, counts.broken, counts.overdue, counts.released) == (2, 2, 1, 1)
    assert counts.decided == 5
    assert mended == 1
    assert queries.kept_rate(counts) == 0.4


def test_cells_moved_at_the_customers_wish_is_neutral_and_moved_by_us_is_not(house):
    ours, theirs = made(house, 1), made(house, 2)
    actions.renegotiate_promise(
        promise_id=ours.pk,
        at=NOON + HOUR,
        actor="system",
        initiative=Initiative.OURS,
        due_at=NOON + 30 * DAY,
    )
    actions.renegotiate_promise(
        promise_id=theirs.pk,
        at=NOON + HOUR,
        actor="system",
        initiative=Initiative.CUSTOMER,
        due_at=NOON + 30 * DAY,
        evidence_ref="message:9",
    )
    counts, mended = report.total(report.cells(scope(), zone=MADRID))
    assert (counts.moved_by_us, counts.moved_by_customer, counts.decided) == (1, 1, 1)
    assert mended == 0


def test_cells_are_split_by_week_department_owner_and_kind(house):
    for subject, at, agent, kind in (
        (1, NOON, house.ana, Kind.ANSWER),
        (2, NOON, house.bruno, Kind.ANSWER),
        (3, NOON + 7 * DAY, house.ana, Kind.ANSWER),
        (4, NOON, house.ana, Kind.UPDATE),
    ):
        one = made(house, subject, at=at, agent=agent, kind=kind)
        actions.settle_promise(promise_id=one.pk, at=at + HOUR, by=agent)
    found = report.cells(scope(until=NOON + 30 * DAY), zone=MADRID)
    assert sorted((c.week, c.agent_id, c.kind, c.counts.kept) for c in found) == sorted(
        [
            (date(2026, 11, 16), house.ana, "answer", 1),
            (date(2026, 11, 16), house.bruno, "answer", 1),
            (date(2026, 11, 16), house.ana, "update", 1),
            (date(2026, 11, 23), house.ana, "answer", 1),
        ]
    )


def test_cells_take_a_fixed_number_of_queries(house, django_assert_num_queries):
    for subject in range(1, 12):
        broken_then_kept(house, subject)
    with django_assert_num_queries(2):
        report.cells(scope(), zone=MADRID)


def test_scope_narrows_by_department_kind_and_person(house):
    mine = made(house, 1)
    actions.settle_promise(promise_id=mine.pk, at=NOON + HOUR, by=house.ana)
    assert report.of_scope(scope(department_ids=(house.care,))).count() == 1
    assert report.of_scope(scope(department_ids=(house.sales,))).count() == 0
    assert report.of_scope(scope(kind="call")).count() == 0
    assert report.of_scope(scope(agent_id=house.bruno)).count() == 0
    assert report.of_scope(scope(until=NOON)).count() == 0


def test_done_says_when_a_broken_word_was_made_good(house):
    first = broken_then_kept(house, 1)
    lost = made(house, 2)
    actions.break_promise(promise_id=lost.pk, at=lost.due_at + timedelta(seconds=1))
    rows, every = report.done(scope(), total=3)
    assert every == 1
    ends = sorted((row.is_kept, row.is_first, row.done_at) for row in rows if row.done_at)
    assert ends == [
        (False, True, first.due_at + HOUR),
        (True, False, first.due_at + HOUR),
    ]
    assert [row.done_at for row in rows if not row.done_at] == [None]


def test_done_of_more_than_the_sample_reads_every_nth(house, monkeypatch):
    monkeypatch.setattr(reads, "SAMPLE", 4)
    for subject in range(1, 13):
        one = made(house, subject)
        actions.settle_promise(promise_id=one.pk, at=NOON + HOUR, by=house.ana)
    rows, every = report.done(scope(), total=12)
    assert every == 3
    assert len(rows) == 4


def test_failures_come_newest_first_with_what_followed(house, django_assert_num_queries):
    first = broken_then_kept(house, 1)
    lost = made(house, 2)
    actions.break_promise(promise_id=lost.pk, at=lost.due_at + timedelta(seconds=1))
    kept = made(house, 3)
    actions.settle_promise(promise_id=kept.pk, at=NOON + HOUR, by=house.ana)
    with django_assert_num_queries(2):
        found = report.failures(scope(), limit=10)
    assert [f.promise.pk for f in found] == [lost.pk, first.pk]
    assert [[p.state for p in f.later] for f in found] == [[], ["kept"]]
    assert report.failures(scope(), limit=10, before_id=lost.pk)[0].promise.pk == first.pk
    assert len(report.failures(scope(), limit=1)) == 1
