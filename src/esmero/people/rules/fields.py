"""Values of the fields that a shop defines: read as people write them, kept as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from esmero.kernel.text import fold
from esmero.people.enums import FieldKind

LONGEST = 500
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YES, _NO = {"yes", "si", "true", "1", "on"}, {"no", "false", "0"}


def read_value(kind: FieldKind, text: str, choices: Sequence[str] = ()) -> str | None:
    """Return how a value is kept, "" for none, None when it does not fit the field's kind.

    Numbers take a comma or a point for decimals (`1.234,5`, `1234.5`), days `2026-11-19` or
    `19/11/2026`, choices any case and accents.
    """
    said = " ".join(text.split())
    if not said:
        return ""
    match kind:
        case FieldKind.NUMBER:
            return _number(said)
        case FieldKind.DATE:
            return _day(said)
        case FieldKind.CHOICE:
            return next((one for one in choices if fold(one) == fold(said)), None)
        case FieldKind.YES_NO:
            return "yes" if fold(said) in _YES else "no" if fold(said) in _NO else None
        case _:
            return said if len(said) <= LONGEST else None


def _number(said: str) -> str | None:
    plain = said.replace(" ", "")
    if "," in plain and "." in plain:
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,20}(\.\d{1,10})?", plain):
        return None
    try:
        return format(Decimal(plain).normalize(), "f")
    except InvalidOperation:
        return None


def _day(said: str) -> str | None:
    try:
        if found := _DAY.fullmatch(said):
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return None
