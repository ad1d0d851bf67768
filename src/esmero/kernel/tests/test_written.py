"""Prepared writes leave what `save()` would leave, and say so when they cannot."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from esmero.conversations.models import Message
from esmero.kernel import written
from esmero.kernel.models import EventLink, EventRow

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _event(n: int) -> EventRow:
    return EventRow(kind=f"case.{n}", at=AT, data={"n": n, "percent": "5 %"}, actor="agent:1")


@pytest.mark.parametrize("count", [1, 3, written.PREPARED_MOST, written.PREPARED_MOST + 1])
def test_inserted_rows_read_back_as_they_were_and_in_their_order(count: int) -> None:
    rows = [_event(n) for n in range(count)]
    with CaptureQueriesContext(connection) as captured:
        written.insert_all(rows)
    assert len(captured) == 1
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    fields = [field.attname for field in EventRow._meta.concrete_fields]
    stored = EventRow.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        assert {f: getattr(stored[row.pk], f) for f in fields} == {
            f: getattr(row, f) for f in fields
        }
        assert not row._state.adding


def test_an_update_writes_its_fields_and_no_other() -> None:
    row, noise = written.insert(_event(1)), written.insert(_event(2))
    row.kind, row.attempts, row.retry_at = "case.changed", 3, AT
    written.update(row, ["attempts", "retry_at"])
    stored = EventRow.objects.get(pk=row.pk)
    assert (stored.kind, stored.attempts, stored.retry_at) == ("case.1", 3, AT)
    assert EventRow.objects.get(pk=noise.pk).attempts == 0


def test_an_update_of_a_row_that_has_gone_is_refused() -> None:
    row = written.insert(_event(1))
    row.pk += 1
    with pytest.raises(DatabaseError, match="is not there"):
        written.update(row, ["attempts"])


def test_a_relation_is_written_by_its_name_and_a_broken_constraint_raises() -> None:
    first, second = written.insert(_event(1)), written.insert(_event(2))
    link = written.insert(EventLink(event=first, ref="case:1"))
    link.event = second
    written.update(link, ["event"])
    assert EventLink.objects.get(pk=link.pk).event_id == second.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        written.insert(EventLink(event=second, ref="case:1"))


def test_what_the_database_computes_is_left_to_it() -> None:
    generated = [f for f in Message._meta.concrete_fields if f.generated]
    assert generated
    _sql, fields, key = written._insert(Message, 1)
    assert not {f.attname for f in generated} & {f.attname for f in fields}
    assert key == "id"


def test_an_update_of_nothing_is_refused() -> None:
    with pytest.raises(TypeError):
        written.update(written.insert(_event(1)), [])
