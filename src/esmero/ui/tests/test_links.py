"""`link` says what `reverse` says, with and without numbers, and refuses the same."""

import pytest
from django.urls import NoReverseMatch, reverse

from esmero.ui.links import link


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("console:hoy", ()),
        ("console:thread", (7,)),
        ("console:thread", (123_456_789_012,)),
        ("console:inbox", ("mias",)),
        ("console:remove_file", (7, "abc{}")),
    ],
)
def test_link_equals_reverse(name: str, args: tuple[object, ...]) -> None:
    assert link(name, *args) == reverse(name, args=args)
    assert link(name, *args) == reverse(name, args=args)  # also from what it has kept


def test_link_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        link("console:thread")
    with pytest.raises(NoReverseMatch):
        link("console:nowhere", 1)
    with pytest.raises(NoReverseMatch):
        link("console:thread", -1)
