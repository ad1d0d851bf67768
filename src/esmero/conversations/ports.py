"""What conversations asks of others without knowing them; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from esmero.kernel.text import fold

if TYPE_CHECKING:
    from django.db.models import Q


class Speller(Protocol):
    """Knows the words of Spanish and English."""

    def is_ready(self) -> bool:
        """Say whether it can be asked now; the first call may begin to load."""

    def is_word(self, word: str) -> bool:
        """Say whether a word in lower case is spelled right."""


class _NoWords:
    def is_ready(self) -> bool:
        return False

    def is_word(self, word: str) -> bool:
        return True


_speller: Speller = _NoWords()
_make_speller: Callable[[], Speller] | None = None
_names: list[Callable[[], set[str]]] = []


def use_speller(make: Callable[[], Speller]) -> None:
    """Install the implementation (once, at start); it is made when first asked for."""
    global _make_speller
    _make_speller = make


def speller() -> Speller:
    """Return the installed implementation; without one nothing is misspelled."""
    global _speller, _make_speller
    if _make_speller is not None:
        _speller, _make_speller = _make_speller(), None
    return _speller


def use_names(names: Callable[[], set[str]]) -> None:
    """Add names that are spelled right (of products, of places): words in lower case."""
    if names not in _names:
        _names.append(names)


def names() -> set[str]:
    """Return all of them."""
    return set().union(*(one() for one in _names)) if _names else set()


# -- filters of the search that other rooms bring: `etiqueta:` and whatever comes later --


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
