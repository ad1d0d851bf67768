"""What knowledge asks of others: the text of a file's pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


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
