"""What knowledge asks of others without knowing them; config/wiring.py puts the answers in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from esmero.knowledge.search.documents import Found as Found
from esmero.knowledge.search.documents import Hit as Hit


@dataclass(slots=True)
class PagesRead:
    """What was read of a file.

    `refused` says why nothing could be (`encrypted`, `broken`, `too_much`), else it is empty;
    `notes` what is worth telling: `scripts`, `no_text`, `partial:N` (only the first N pages).
    """

    count: int = 0
    pages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: str = ""


class PageReader(Protocol):
    """Takes the text out of a PDF."""

    def read(self, chunks: Iterable[bytes]) -> PagesRead:
        """Read it within budgets of time, memory and pages; never raises for what is in it."""
        ...


_reader: PageReader | None = None


def use_reader(reader: PageReader) -> None:
    """Install the reader of this house."""
    global _reader
    _reader = reader


def reader() -> PageReader:
    """Return the installed reader."""
    if _reader is None:
        raise RuntimeError("nobody reads manuals: config.wiring installs the reader")
    return _reader


class Searcher(Protocol):
    """Finds documents by meaning and letters."""

    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found | None:
        """Return what was found; None when nobody answers now."""


class _Nobody:
    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found | None:
        return None


_searcher: Searcher = _Nobody()


def use_searcher(searcher: Searcher) -> None:
    """Install the implementation (once, at start)."""
    global _searcher
    _searcher = searcher


def searcher() -> Searcher:
    """Return the installed implementation."""
    return _searcher


Near = tuple[int, float]
"""The place of a text in a list, and how like it is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From where on a likeness says that questions mean the same.

    It comes with each answer: words alone and words with meaning are measured differently, and
    who tells them may be away.
    """

    joins_from: float
    """A question and another."""
    merges_from: float
    """Two groups, on average over many pairs of their questions."""


class Compared(Protocol):
    """Texts that were read to be compared with each other; each is known by its place."""

    def nearest(self, places: Sequence[int], *, limit: int) -> tuple[list[list[Near]], Scale]:
        """Return for each of the places those of the texts most alike, best first.

        A text is the most alike to itself.
        """
        ...

    def between(self, pairs: Sequence[tuple[int, int]]) -> tuple[list[float], Scale]:
        """Return how like the texts at two places are, for each pair, from 0 to 1."""
        ...


class Likeness(Protocol):
    """Tells which short texts mean the same."""

    def learn(self, texts: Sequence[str], *, language: str) -> bool:
        """Get ready to compare texts, about a second at a time; say whether there is more.

        Not in a transaction. Nothing is wrong without it: what is not ready is compared by
        words.
        """
        ...

    def compare(self, texts: Sequence[str], *, language: str) -> Compared:
        """Read texts of a language, to compare them with each other."""
        ...


_likeness: Likeness | None = None


def use_likeness(likeness: Likeness) -> None:
    """Install what tells alike questions."""
    global _likeness
    _likeness = likeness


def likeness() -> Likeness:
    """Return it. Raises RuntimeError where nothing was wired."""
    if _likeness is None:
        raise RuntimeError("no likeness is wired (config/wiring.py)")
    return _likeness
