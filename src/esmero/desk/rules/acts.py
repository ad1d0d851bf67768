"""Acts as they are stored: a list of what and with which value; the allow-list lives here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from esmero.desk.enums import Do

ACTS_MOST = 12
TEXT_MOST = 20_000
_TARGET = re.compile(r"me|nobody|(?:agent|department):[1-9]\d{0,9}")
_RESOLVE = re.compile(r"|keep|release:[a-z_]{1,20}|answered:.{1,60}")
_SNOOZE = re.compile(r"reply|in:\d{1,4}h|tomorrow|monday|\d{4}-\d\d-\d\dT[\d:.]{5,15}[+\d:Z]*")
_ANSWER = re.compile(r"answer:([1-9]\d{0,17})")
_PK = re.compile(r"[1-9]\d{0,17}")
# What a rule may do when nobody looks: nothing that speaks to the customer or closes the matter.
FOR_RULES = frozenset({Do.ASSIGN, Do.TAG, Do.UNTAG, Do.PRIORITY, Do.MACRO})
FOR_MACROS = frozenset(
    {Do.ASSIGN, Do.TAG, Do.UNTAG, Do.PRIORITY, Do.REPLY, Do.WAIT, Do.SNOOZE, Do.RESOLVE}
)
_ORDER = list(Do)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done."""

    do: Do
    value: str = ""

    @property
    def pk(self) -> int:
        """The number in the value: of a tag, a macro, or behind the colon; 0 without one."""
        digits = self.value.rpartition(":")[2]
        return int(digits) if _PK.fullmatch(digits) else 0

    def stored(self) -> dict[str, str]:
        """Return the act as a row holds it."""
        return {"do": self.do.value, "value": self.value}


def read_acts(raw: Iterable[Mapping[str, Any]]) -> list[Act]:
    """Return acts out of a row or a form, in the order in which they are done.

    Closing and hiding come last, so that what is done before is done in sight. Raises ValueError
    with the name of the act that cannot be.
    """
    found = []
    for one in raw:
        try:
            do = Do(str(one.get("do", "")))
        except ValueError:
            raise ValueError(str(one.get("do", ""))[:20]) from None
        value = str(one.get("value", ""))
        if not _fits(do, value):
            raise ValueError(do.value)
        found.append(Act(do, value))
    if len(found) > ACTS_MOST:
        raise ValueError("acts")
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda act: _ORDER.index(act.do))


def _fits(do: Do, value: str) -> bool:
    match do:
        case Do.ASSIGN:
            return bool(_TARGET.fullmatch(value))
        case Do.TAG | Do.UNTAG | Do.MACRO:
            return bool(_PK.fullmatch(value))
        case Do.PRIORITY:
            return value in {"-1", "0", "1"}
        case Do.REPLY:
            return bool(value.strip()) and len(value) <= TEXT_MOST
        case Do.SNOOZE:
            return bool(_SNOOZE.fullmatch(value))
        case Do.RESOLVE:
            return bool(_RESOLVE.fullmatch(value))
        case Do.SPAM | Do.WAKE | Do.WAIT:
            return value == ""


def saved_answer_id(value: str) -> int:
    """Return which saved answer a reply's value names (`answer:12`), 0 for a text of its own."""
    match = _ANSWER.fullmatch(value)
    return int(match[1]) if match else 0


def only(acts: Iterable[Act], allowed: frozenset[Do]) -> list[Act]:
    """Leave out what is not allowed here."""
    return [act for act in acts if act.do in allowed]
