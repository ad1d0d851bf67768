"""The words of time in Spanish and English, and a reader that puts them together. Pure.

The text is cut into words without accents; each method of `Reader` reads one kind of saying at a
place and says where it ends, so that the longest wins and nothing is looked at twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from esmero.promises.rules import time_words as words

_TOKEN: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{2}(?::\d{2})?(?:[Zz]|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}/\d{1,2}"
    r"|\d{1,2}[:.h]\d{2}(?!\d)|\d+|[^\W\d_]+|[^\w\s]"
)
# "la mañana", "esta mañana" is no tomorrow.
_NO_DAY: Final = frozenset({"la", "esta", "buena", "una", "toda"})
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number without accents, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """A time as far as it has been read; see `spoken.Spoken`."""

    on: date | None = None
    at: time | None = None
    part: str = ""
    is_before: bool = False
    working_days: int = 0
    moment: datetime | None = None


Read = tuple[Said, int] | None


def plain(text: str) -> str:
    """Return text in lower case without accents, each character still at its place."""
    found = []
    for c in text:
        base = unicodedata.normalize("NFD", c.lower())[:1]
        found.append(base or c)
    return "".join(found)


def tokens(text: str) -> list[Token]:
    """Cut a text into words, numbers and marks."""
    return [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(plain(text))]


def number_of(word: str) -> int | None:
    """Return the number that a word or its digits stand for."""
    if word.isdigit():
        return int(word) if len(word) < 4 else None
    return words.NUMBERS.get(word)


@dataclass(slots=True)
class Reader:
    """Reads what begins at a token."""

    tokens: Sequence[Token]
    now: datetime
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = [t.word for t in self.tokens]

    # -- pieces ---------------------------------------------------------------

    def word(self, at: int) -> str:
        """Return the word at a place, empty behind the end."""
        return self.words[at] if at < len(self.words) else ""

    def phrase(self, at: int, text: str) -> int:
        """Return the place behind a phrase, 0 when it does not stand there."""
        parts = text.split()
        return at + len(parts) if self.words[at : at + len(parts)] == parts else 0

    def comma(self, at: int) -> int:
        """Step over a comma and the like."""
        return at + 1 if self.word(at) in {",", "(", "-"} else at

    def part(self, at: int) -> tuple[str, int] | None:
        """Read a part of the day: "por la tarde", "in the morning"."""
        for text, name in words.PARTS:
            if after := self.phrase(at, text):
                return name, after
        return None

    def clock(self, at: int, *, bare: bool = False) -> tuple[time, int] | None:
        """Read an hour: "a las 10", "10:30", "5 pm", "las cinco y media de la tarde"."""
        start = at
        for lead in words.HOUR_LEADS:
            if after := self.phrase(at, lead):
                at = after
                break
        has_lead = at > start
        match = _CLOCK.match(self.word(at))
        if match:
            hour, minute = int(match[1]), int(match[2] or 0)
            has_minute = match[2] is not None
        elif has_lead and (named := words.NUMBERS.get(self.word(at))) and named <= 12:
            hour, minute, has_minute = named, 0, False
        else:
            return None
        at += 1
        if not has_minute:
            for text, add in words.FRACTIONS:
                if after := self.phrase(at, text):
                    minute, at, has_minute = add, after, True
                    break
        is_hour = has_lead or ":" in (match[0] if match else "") or has_minute
        for text in ("horas", "hora", "hs", "hrs", "h", "en punto", "sharp"):
            if after := self.phrase(at, text):
                at, is_hour = after, True
                break
        hour, at, said_half = self._half(hour, at)
        if not (is_hour or said_half or bare):
            return None
        if minute < 0:
            hour, minute = (hour - 1) % 24, minute + 60
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            return None
        return time(hour % 24, minute), at

    def _half(self, hour: int, at: int) -> tuple[int, int, bool]:
        """Apply "de la tarde", "pm" to an hour of the twelve-hour clock."""
        for text, name in words.HALVES:
            if after := self.phrase(at, text):
                if name == "pm" and hour < 12:
                    hour += 12
                elif name == "am" and hour == 12:
                    hour = 0
                return hour, after, True
        return hour, at, False

    # -- kinds ----------------------------------------------------------------

    def stretch(self, at: int) -> Read:
        """Read "en dos horas", "dentro de 3 días hábiles", "within two working days"."""
        start = at
        for lead in words.STRETCHES:
            if after := self.phrase(at, lead):
                at = after
                break
        if at == start:
            return None
        if after := self.phrase(at, "media hora") or self.phrase(at, "half an hour"):
            return Said(moment=self.now + timedelta(minutes=30)), after
        for filler in ("las proximas", "los proximos", "un maximo de", "the next", "unas"):
            if after := self.phrase(at, filler):
                at = after
                break
        after = self.phrase(at, "un par de") or self.phrase(at, "a couple of")
        count = 2 if after else number_of(self.word(at))
        if count is None:
            return None
        at = after or at + 1
        # "24-48 horas", "2 o 3 días", "two to three days": the longer one is the word given.
        if self.word(at) in {"-", "/", "o", "a", "or", "to", "–"} and number_of(self.word(at + 1)):
            count, at = number_of(self.word(at + 1)) or count, at + 2
        if self.word(at) in {"de", "of"}:
            at += 1
        is_working = self.word(at) in words.WORKING
        at += is_working
        unit = words.UNITS.get(self.word(at))
        if unit is None:
            return None
        at += 1
        if self.word(at) in words.WORKING:
            is_working, at = True, at + 1
        if is_working and unit == timedelta(days=1):
            return Said(working_days=count), at
        length = count * unit
        if unit == timedelta(hours=1) and (after := self.phrase(at, "y media")):
            length, at = length + timedelta(minutes=30), after
        if unit >= timedelta(days=1):
            clock = self.clock(at)
            if clock is not None:
                return Said(on=(self.now + length).date(), at=clock[0]), clock[1]
        return Said(moment=self.now + length), at

    def dated(self, at: int) -> Read:
        """Read a day, with what stands before ("antes del") and behind it (an hour, a part)."""
        start, is_before = at, False
        if clock := self.clock(at):  # "a las 10 del lunes", "10:00 mañana"
            after = clock[1]
            for link in ("del", "de", "on", "el", ","):
                if stepped := self.phrase(after, link):
                    after = stepped
                    break
            day = self.day(after)
            if day is not None and day[0].on is not None:
                return replace(day[0], at=clock[0]), day[1]
        for lead, before in words.BEFORE:
            if after := self.phrase(at, lead):
                at, is_before = after, before
                break
        day = self.day(at)
        if day is None:
            return None
        said, after = day
        said, after = self._behind(said, after)
        if is_before and said.at is None and not said.part and at > start:
            said = replace(said, is_before=True)
        return said, after

    def _behind(self, said: Said, at: int) -> tuple[Said, int]:
        part = self.part(self.comma(at))
        if part is not None:
            said, at = replace(said, part=part[0]), part[1]
        stepped = self.comma(at)
        # "lunes 10" is an hour, "el lunes 23" was read as a date already.
        clock = self.clock(stepped, bare=said.on is not None)
        if clock is not None:
            hour = clock[0]
            if said.part in {"afternoon", "evening", "night"} and hour.hour < 12:
                hour = hour.replace(hour=hour.hour + 12)
            said, at = replace(said, at=hour), clock[1]
        return said, at

    def day(self, at: int) -> Read:
        """Read a day alone."""
        for text, name in words.TODAY:
            if after := self.phrase(at, text):
                return Said(on=self.now.date(), part=name), after
        for text, ahead in words.DAYS_AHEAD:
            if (after := self.phrase(at, text)) and not (at and self.word(at - 1) in _NO_DAY):
                return Said(on=self._ahead(ahead)), after
        return self.week(at) or self.exact(at) or self.weekday(at)

    def _ahead(self, days: int) -> date:
        return self.now.date() + timedelta(days=days)

    def week(self, at: int) -> Read:
        """Read "esta semana", "next week": until its Friday."""
        friday = self.now.date() + timedelta(days=(4 - self.now.weekday()) % 7)
        for text, weeks in words.WEEKS:
            if after := self.phrase(at, text):
                monday = self.now.date() - timedelta(days=self.now.weekday())
                on = monday + timedelta(days=4, weeks=weeks)
                return Said(on=max(on, self.now.date()) if weeks else max(on, friday)), after
        return None

    def weekday(self, at: int) -> Read:
        """Read "el lunes", "next Friday", "el viernes 27 de noviembre"."""
        lead = next((after for text in words.LEADS if (after := self.phrase(at, text))), at)
        number = words.WEEKDAYS.get(self.word(lead))
        if number is None:
            return None
        name, after = self.word(lead), lead + 1
        if len(name) <= 4 and name not in words.SHORT_DAYS:
            return None
        dated = self.exact(self.comma(after))
        if dated is not None:
            return dated
        if (day := self._ordinal(after)) and not self.clock(after, bare=False):
            on = self._on_day(day[0])
            if on is not None and on.weekday() == number:
                return Said(on=on), day[1]
        ahead = (number - self.now.weekday()) % 7 or 7
        for text in ("que viene", "proximo", "siguiente"):
            if stepped := self.phrase(after, text):
                after = stepped
        return Said(on=self._ahead(ahead)), after

    def _ordinal(self, at: int) -> tuple[int, int] | None:
        word = self.word(at)
        if not word.isdigit() or not 1 <= int(word) <= 31:
            return None
        at += 1
        if self.word(at) in {"st", "nd", "rd", "th"}:
            at += 1
        return int(word), at

    def _on_day(self, day: int) -> date | None:
        """Return the next day of the month with this number."""
        on = self.now.date().replace(day=1)
        for _ in range(13):
            try:
                found = on.replace(day=day)
            except ValueError:
                found = None
            if found is not None and found >= self.now.date():
                return found
            on = (on + timedelta(days=32)).replace(day=1)
        return None

    def exact(self, at: int) -> Read:
        """Read a date: "23/11", "el 23 de noviembre", "November 23rd", "el día 23", ISO 8601."""
        lead = next((after for text in words.LEADS if (after := self.phrase(at, text))), at)
        word = self.word(lead)
        if re.match(r"\d{4}-", word):
            return self._iso(word, lead + 1)
        if match := re.match(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?$", word):
            if match[3] or "/" in word:
                return self._said(int(match[1]), int(match[2]), int(match[3] or 0), lead + 1)
            return None
        month = words.MONTHS.get(self.word(lead))
        if month and (day := self._ordinal(lead + 1)):
            year, after = self._year(day[1])
            return self._said(day[0], month, year, after)
        day = self._ordinal(lead)
        if day is None:
            return None
        after = day[1]
        for link in ("de", "of"):
            if self.word(after) == link and self.word(after + 1) in words.MONTHS:
                after += 1
        month = words.MONTHS.get(self.word(after))
        if month:
            year, after = self._year(after + 1)
            return self._said(day[0], month, year, after)
        # "el 23", "el día 23": only with its article, and not "el 23 %" or "el 2 por uno".
        if self.phrase(at, "el dia") or self.phrase(at, "on the") or self.phrase(at, "dia"):
            on = self._on_day(day[0])
            return (Said(on=on), day[1]) if on else None
        is_end = self.word(day[1]) in {"", ".", ",", ";", ")", "a", "antes", "y", "!", "?"}
        is_end = is_end or bool(self.phrase(day[1], "por la"))
        if (self.phrase(at, "el") or (at and self.word(at - 1) in {"del", "el"})) and is_end:
            on = self._on_day(day[0])
            return (Said(on=on), day[1]) if on else None
        return None

    def _year(self, at: int) -> tuple[int, int]:
        step = at + 1 if self.word(at) in {"de", "del", ","} else at
        word = self.word(step)
        if word.isdigit() and len(word) == 4 and word.startswith("20"):
            return int(word), step + 1
        return 0, at

    def _said(self, day: int, month: int, year: int, after: int) -> Read:
        try:
            if year:
                return Said(on=date(year + 2000 if year < 100 else year, month, day)), after
            on = date(self.now.year, month, day)
            return Said(on=on if on >= self.now.date() else date(on.year + 1, month, day)), after
        except ValueError:
            return None

    def _iso(self, word: str, after: int) -> Read:
        try:
            if len(word) <= 10:
                year, month, day = (int(one) for one in word.split("-"))
                return Said(on=date(year, month, day)), after
            moment = datetime.fromisoformat(word.upper())
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.now.tzinfo)
        return Said(moment=moment), after

    def clocked(self, at: int, *, alone: bool) -> Read:
        """Read an hour without a day: the next one that comes."""
        lead = 0
        for text in ("a las", "a la", "antes de las", "antes de la", "before", "by", "at"):
            lead = lead or self.phrase(at, text)
        if not lead and not alone:
            return None
        found = self.clock(at)
        if found is None:
            return None
        moment = datetime.combine(self.now.date(), found[0], tzinfo=self.now.tzinfo)
        if moment <= self.now:
            moment += timedelta(days=1)
        return Said(on=moment.date(), at=found[0]), found[1]

    def parted(self, at: int) -> Read:
        """Read the end of today: "antes de cerrar", "by the end of the day"."""
        part = self.part(at)
        if part is None or part[0] != "end":
            return None
        return Said(on=self.now.date(), part="end"), part[1]
