"""What conversations asks of others without knowing them; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


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
