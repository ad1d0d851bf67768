"""What somebody asks for in the search field: words, "phrases", and filters written as text.

`de:marta estado:abierta "llegó roto" -factura`: a filter is a known name with a colon. What looks
like a filter and is none is searched as words, and said. Quotation marks keep words together, also
behind a filter; a hyphen in front excludes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from esmero.kernel.text import fold

LONGEST = 200
TERMS_MOST = 12
_QUOTES = str.maketrans("“”„«»‟＂", '"""""""')
_PIECE = re.compile(
    r"""(?P<minus>-)?
        (?: (?P<word>[^\W\d_][\w-]*):(?!//)(?P<value>"[^"]*"?|[^\s"]\S*)?
          | "(?P<phrase>[^"]*)"?
          | (?P<plain>\S+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that stand together in this order."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter: its name in the code, the word it was written with, its value."""

    name: str
    word: str
    value: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be understood: a code, the word it stands at, its value."""

    code: str
    word: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart."""

    terms: tuple[Term, ...] = ()
    conditions: tuple[Condition, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The words alone, as somebody's name, address or number may be written."""
        return " ".join(term.text for term in self.terms if not term.is_excluded)


def asked(text: str, filters: Mapping[str, str], flags: Mapping[str, tuple[str, str]]) -> Asked:
    """Take a question apart.

    `filters`: the folded words before a colon, each with the filter's name. `flags`: folded words
    that are a filter by themselves (`vencida`), each with name and value.
    """
    terms: list[Term] = []
    conditions: list[Condition] = []
    problems: list[Problem] = []
    waiting: Condition | None = None  # `de: marta`: the value comes behind a space
    for found in _PIECE.finditer(" ".join(text.translate(_QUOTES).split())[:LONGEST]):
        is_excluded = bool(found["minus"])
        word, value = found["word"], (found["value"] or "").strip('"').strip()
        if waiting is not None and word is None:
            said = found["phrase"] if found["phrase"] is not None else found["plain"]
            conditions.append(
                Condition(waiting.name, waiting.word, said.strip(), waiting.is_excluded)
            )
            waiting = None
            continue
        if waiting is not None:
            problems.append(Problem("filter_empty", waiting.word))
            waiting = None
        if word is not None and fold(word) in filters:
            condition = Condition(filters[fold(word)], word, value, is_excluded)
            if value:
                conditions.append(condition)
            else:
                waiting = condition
        elif word is not None:
            if value:
                problems.append(Problem("filter_unknown", word, value))
            terms += [Term(one, is_excluded=is_excluded) for one in [word, *value.split()]]
        elif found["phrase"] is not None:
            if found["phrase"].strip():
                terms.append(Term(found["phrase"].strip(), True, is_excluded))
        elif fold(found["plain"]) in flags:
            name, said = flags[fold(found["plain"])]
            conditions.append(Condition(name, found["plain"], said, is_excluded))
        else:
            terms.append(Term(found["plain"], is_excluded=is_excluded))
    if waiting is not None:
        problems.append(Problem("filter_empty", waiting.word))
    return Asked(tuple(terms[:TERMS_MOST]), tuple(conditions[:TERMS_MOST]), tuple(problems))


_AGO = {
    "hoy": 0, "today": 0, "manana": -1, "tomorrow": -1, "ayer": 1, "yesterday": 1,
    "anteayer": 2, "antier": 2,
}  # fmt: skip
_SPAN = re.compile(r"(\d{1,4}) ?(d|dia|dias|days?|s|semanas?|weeks?|w|m|mes|meses|months?)")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_MONTHS = (
    "ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov",
    "dic dec",
)  # fmt: skip
_NAMED = re.compile(r"(?:(\d{1,2})(?: de)? )?([a-z]{3,10})\.?(?:(?: de)? (\d{4}))?")


def day_of(text: str, *, today: date) -> date | None:
    """Return the day that somebody means who looks back, None when it cannot be read.

    `2026-11-01`, `2026-11`, `2026`, `1/11/2026`, `1/11` (the last one), `ayer`, `30d`,
    `2 semanas`, `noviembre`, `1 de nov`. A month or a year stands for its first day.
    """
    said = fold(" ".join(text.split()))
    if said in _AGO:
        return today - timedelta(days=_AGO[said])
    if found := _SPAN.fullmatch(said):
        unit = {"d": 1, "s": 7, "w": 7, "m": 30}[found[2][0]]
        return today - timedelta(days=int(found[1]) * unit)
    if found := _ISO.fullmatch(said):
        return _date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    if found := _DAY.fullmatch(said):
        return _lately(int(found[1]), int(found[2]), found[3], today)
    if found := _NAMED.fullmatch(said):
        for number, names in enumerate(_MONTHS, 1):
            if any(found[2].startswith(name) for name in names.split()):
                return _lately(int(found[1] or 1), number, found[3], today)
    return None


def _lately(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = _date(today.year, month, day)
    if found is not None and found > today:
        return _date(today.year - 1, month, day)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
