"""Promises as CSV, a line at a time, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for Latin-1
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(value: Any) -> str:
    """Return a value as text that no spreadsheet takes for a formula.

    Source: OWASP "CSV Injection": a cell that begins with = + - @, tab or line end gets an
    apostrophe in front. Numbers are numbers and stay what they are.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_DANGEROUS) else text


class _Line:
    """What `csv.writer` writes to: it gives the line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[Any]], *, delimiter: str) -> Iterator[str]:
    """Yield the lines of a file, the first with a byte order mark."""
    writer = csv.writer(_Line(), delimiter=delimiter)
    first = True
    for row in rows:
        line = writer.writerow([harmless(cell) for cell in row])
        yield BOM + str(line) if first else str(line)
        first = False
