"""A review that is near is a promise; looking it over keeps it."""

from datetime import timedelta

import pytest

from esmero.kernel.errors import InvalidInput
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Kind
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises.models import Promise
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    department = people.open_department(name="Atención", at=NOW, actor="system", is_default=True)
    return people.hire_agent(
        email="ana@example.com", name="Ana", role=Role.AGENT, password=None,
        department_ids=[department], at=NOW,
    )  # fmt: skip


@pytest.fixture
def article(ana):
    return actions.create_article(
        kind=Kind.FAQ, language="es", title="Pagos", body="<p>a</p>", at=NOW, by=ana
    )


def day(days):
    return NOW.date() + timedelta(days=days)


def plan(article, days):
    actions.plan_review(article_id=article, on=day(days), at=NOW, by=None)
    while actions.promise_review_one(at=NOW):
        pass


def promised():
    return list(
        Promise.objects.order_by("id").values_list(
            "kind", "subject_ref", "state", "owner_agent_id", "due_at"
        )
    )


@pytest.mark.parametrize(("days", "count"), [(7, 1), (8, 0)])
def test_it_is_promised_a_week_before(article, ana, days, count):
    plan(article, days)
    due = queries.review_due_at(day(days))
    assert promised() == [("follow_up", f"article:{article}", "open", ana, due)] * count


def test_looked_over_in_time_it_is_kept_and_planned_anew(article):
    plan(article, 3)
    actions.mark_reviewed(article_id=article, next_on=day(180), at=NOW, by=None)
    assert [p[2] for p in promised()] == ["kept"]
    row = queries.article(article)
    assert (row.review_on, row.review_promise_id) == (day(180), None)


def test_looked_over_late_it_stays_broken_and_can_be_planned_anew(article):
    plan(article, 1)
    late = NOW + timedelta(days=3)
    promises.break_promise(promise_id=Promise.objects.get().pk, at=late)
    actions.mark_reviewed(article_id=article, next_on=None, at=late, by=None)
    assert [p[2] for p in promised()] == ["broken"]
    assert queries.article(article).review_on is None


def test_put_off_by_us_it_counts_as_moved(article):
    plan(article, 3)
    plan(article, 5)
    assert [p[2] for p in promised()] == ["renegotiated", "open"]
    assert promised()[1][4] == queries.review_due_at(day(5))


def test_a_promised_review_goes_with_its_owner(article, ana):
    plan(article, 3)
    bruno = people.hire_agent(
        email="bruno@example.com", name="Bruno", role=Role.AGENT, password=None,
        department_ids=[], at=NOW,
    )  # fmt: skip
    actions.set_owner(article_id=article, agent_id=bruno, at=NOW, by=ana)
    assert [p[3] for p in promised()] == [bruno]


def test_a_day_that_has_passed_is_refused(article):
    with pytest.raises(InvalidInput):
        actions.plan_review(article_id=article, on=day(-1), at=NOW, by=None)


def test_archived_nobody_owes_it_any_more(article):
    plan(article, 3)
    actions.archive_article(article_id=article, at=NOW, by=None)
    assert [p[2] for p in promised()] == ["kept"]
    assert queries.article(article).review_on is None
