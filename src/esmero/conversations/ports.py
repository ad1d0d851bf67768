"""Filters of the search that other rooms bring: `etiqueta:` and whatever comes later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esmero.kernel.text import fold

if TYPE_CHECKING:
    from django.db.models import Q


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A filter `word:value` over conversations.

    `words`: how it is written, the Spanish word first, the English one second. `where` turns a
    value into a condition on Conversation, None when there is no such value. `values` are those to
    offer while somebody types; `unknown` the code of the problem when there is none.
    """

    name: str
    words: tuple[str, ...]
    where: Callable[[str], Q | None]
    values: Callable[[], Iterable[str]] = field(default=tuple)
    unknown: str = "value_unknown"


_added: dict[str, SearchFilter] = {}


def add_search_filter(found: SearchFilter) -> None:
    """Install a filter; the same name again replaces it."""
    _added[found.name] = found


def remove_search_filter(name: str) -> None:
    """Take a filter away again (tests)."""
    _added.pop(name, None)


def added_search_filters() -> dict[str, SearchFilter]:
    """Return the installed filters by name."""
    return dict(_added)


def words_of(found: SearchFilter) -> list[str]:
    """Return how it may be written, accents left out."""
    return [fold(word) for word in found.words]
