"""A cursor says exactly what somebody has, whatever the order in which it came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esmero.live.cursor import MISSING_MOST, Cursor


@given(st.lists(st.sets(st.integers(1, 60)), max_size=8))
def test_it_has_what_it_was_given_and_nothing_else(batches: list[set[int]]) -> None:
    cursor, had = Cursor(), set()
    for batch in batches:
        cursor, had = cursor.after(batch), had | batch
        assert {n for n in range(1, 65) if cursor.has(n)} == had
        assert Cursor.read(str(cursor)) == cursor


def test_it_is_written_shortly() -> None:
    assert str(Cursor().after([1, 2, 3])) == "3"
    assert str(Cursor(1200).after([1202, 1205])) == "1205-1201-1203~1204"
    assert str(Cursor(1200).after([1202, 1205]).after([1203, 1201])) == "1205-1204"


@pytest.mark.parametrize(
    "text",
    ["", "-", "x", "5-", "5-6", "5-3-2", "5-4~3", "5-0", "5,3", "5" * 19, "5-1~2-2", " 5", "5-1 "],
)
def test_what_nobody_has_written_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_a_closed_gap_is_waited_for_no_more() -> None:
    cursor = Cursor(10).after([13, 20])
    assert cursor.missing == ((11, 12), (14, 19))
    assert cursor.closing([(11, 12)]).missing == ((14, 19),)
    # A late one split the gap meanwhile: what is left of it is closed too.
    assert cursor.after([15]).closing([(14, 19)]).missing == ((11, 12),)


def test_gaps_do_not_grow_without_end() -> None:
    cursor = Cursor().after(range(2, 1_000, 2))
    assert len(cursor.missing) == MISSING_MOST
    assert Cursor.read(str(cursor)) == cursor
    assert cursor.has(1)  # the lowest count as closed
    assert not cursor.has(997)
