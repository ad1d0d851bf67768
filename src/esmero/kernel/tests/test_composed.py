"""A composed query gives what its queryset gives, for every shape of its arguments."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from esmero.kernel.composed import composed
from esmero.kernel.models import AuditEntry, EventLink, EventRow

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> list[EventRow]:
    found = [
        EventRow.objects.create(
            kind=f"case.{n % 2}", at=AT + timedelta(hours=n), data={"n": n, "percent": "5 %"}
        )
        for n in range(6)
    ]
    for event in found:
        EventLink.objects.create(event=event, ref="case:1")
    return found


def _links(ref: str, ids: list[int], since: datetime | None, pending: bool) -> QuerySet[EventLink]:
    found = EventLink.objects.filter(ref=ref, event_id__in=ids, event__is_pending=pending)
    if since is not None:
        found = found.filter(Q(event__at__gte=since) | Q(event__kind="100%"))
    return found.select_related("event").order_by("-event_id")


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("hours", [None, 0, 3, 99])
def test_rows_are_those_of_the_queryset(
    events: list[EventRow], count: int, hours: int | None
) -> None:
    ask = composed(_links)
    ids = [event.pk for event in events[-count:]] if count else []
    since = None if hours is None else AT + timedelta(hours=hours)
    for _ in range(2):  # the second time from what was kept
        found = ask("case:1", ids, since, False)
        wanted = list(_links("case:1", ids, since, False))
        assert found == wanted
        assert [link.event.data for link in found] == [link.event.data for link in wanted]
    assert ask("case:2", ids, since, False) == []
    assert ask("case:1", ids, since, True) == []


def test_a_value_kept_from_the_first_call_never_answers_the_second(events: list[EventRow]) -> None:
    ask = composed(_links)
    assert [link.event_id for link in ask("case:1", [events[0].pk], None, False)] == [events[0].pk]
    assert [link.event_id for link in ask("case:1", [events[4].pk], None, False)] == [events[4].pk]


def test_dictionaries_tuples_and_single_values_come_as_asked(events: list[EventRow]) -> None:
    def rows(kind: str) -> QuerySet[EventRow, Any]:
        return EventRow.objects.filter(kind=kind).order_by("id")

    for shaped in (
        lambda kind: rows(kind).values("data", "id"),
        lambda kind: rows(kind).values_list("id", "at"),
        lambda kind: rows(kind).values_list("at", flat=True),
    ):
        assert composed(shaped)("case.1") == list(shaped("case.1"))
        assert len(composed(shaped)("case.1")) == 3


def test_it_is_one_statement_and_named_arguments_are_their_own_shape(
    events: list[EventRow],
) -> None:
    ask = composed(_links)
    with CaptureQueriesContext(connection) as captured:
        one = ask("case:1", [events[1].pk], pending=False, since=None)
    assert len(captured) == 1
    assert one == ask("case:1", [events[1].pk], None, False)


@pytest.mark.parametrize(
    ("build", "value"),
    [
        (lambda pk: EventRow.objects.filter(pk=pk + 1), 5),
        (lambda most: EventRow.objects.all()[:most], 5),
        (lambda at: EventRow.objects.filter(at__lt=at + timedelta(days=1)), AT),
        (lambda at: EventRow.objects.filter(at__lt=at - timedelta(days=90)), AT),
        (lambda at: EventRow.objects.filter(at__date=at.date()), AT),
        (lambda kind: EventRow.objects.filter(kind__contains=kind), "case"),
    ],
)
def test_an_argument_that_is_changed_is_refused(build: Any, value: object) -> None:
    with pytest.raises(RuntimeError, match="changed"):
        composed(build)(value)


def test_an_argument_may_be_of_no_use_and_must_be_plain(events: list[EventRow]) -> None:
    ask = composed(lambda pk, unused: EventRow.objects.filter(pk=pk))
    assert ask(events[0].pk, 3) == [events[0]]
    assert ask(events[1].pk, 4) == [events[1]]
    with pytest.raises(TypeError):
        composed(_links)("case:1", ["1"], None, False)


def test_text_reaches_the_database_as_a_value(events: list[EventRow]) -> None:
    AuditEntry.objects.create(at=AT, actor="system", action="50% off'; --", ref="")
    ask = composed(lambda action: AuditEntry.objects.filter(action=action))
    assert [row.action for row in ask("50% off'; --")] == ["50% off'; --"]
    assert ask("' OR true --") == []
