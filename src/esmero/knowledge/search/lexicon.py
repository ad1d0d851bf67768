"""What words mean the same, and their short forms: the language's lists and the shop's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esmero.knowledge.search.text import SMALL, fold, is_small, stem, words

FOLDER = Path(__file__).with_name("lexicon")
_LONGEST_PHRASE = 5
_SHORT = 3
"""Words of so many letters are never repaired."""
_MOST_BEGUN = 5_000
"""Words whose groups by beginning are remembered."""
_DENIES = frozenset({"no", "ni", "sin", "nunca"})
"""Small words that a phrase needs: `no llega` is not `llega`."""
_LONGER, _INSIDE = 0.5, 0.3
"""What each further word of a phrase adds, and what is left of one inside a longer phrase."""


@dataclass(slots=True)
class Lexicon:
    """Groups of words with one meaning, in one language.

    A group has a number; `meanings` finds the groups that a text touches. `plain` holds what
    stands for a regional word or phrase, `written` the full word for a shortened one.
    """

    language: str
    written: dict[tuple[str, ...], str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    """Folded words that are right, though the shop may never write them."""
    names: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    """The numbers of the groups as texts: one each, for all units that touch it."""
    _phrases: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The groups of each phrase: its stems, with spaces between."""
    _starts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _longest: dict[str, int] = field(default_factory=dict)
    """For each first word of phrases of several words how long the longest is."""
    _longest_plain: dict[str, int] = field(default_factory=dict)
    _shared: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    """Each combination of groups once: most phrases have the same few."""
    _begun: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Add the lines of a list in the form of `lexicon/es.txt`. Raises ValueError."""
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            kind, _, rest = line.partition(" ")
            head, colon, members = rest.partition(":")
            if kind not in ("~", "=", "@", "<") or not colon or not head.strip():
                raise ValueError(f"line {number}: not of the form `= word: word, ...`")
            add = {
                "~": self.add_writing,
                "=": self.add_same,
                "@": self.add_plain,
                "<": self.add_kinds,
            }[kind]
            add(head.strip(), [member.strip() for member in members.split(",") if member.strip()])

    def add_writing(self, full: str, shortened: list[str]) -> None:
        """Let the shortened forms stand for `full`."""
        for form in shortened:
            key = tuple(fold(form).split())
            self.written[key] = full
        self.known.update(words(full))

    def add_same(self, head: str, members: list[str]) -> None:
        """Let all members and the head have one meaning."""
        number = self._group(head)
        for member in [head, *members]:
            self._add(member, number)

    def add_plain(self, head: str, members: list[str]) -> None:
        """As `add_same`, and let the head replace the members where a text is understood."""
        self.add_same(head, members)
        for member in members:
            folded = words(member)
            self.plain.setdefault(" ".join(folded), head)
            if len(folded) > 1:
                longest = max(self._longest_plain.get(folded[0], 0), len(folded))
                self._longest_plain[folded[0]] = longest

    def made_plain(self, folded: list[str], at: int) -> tuple[str, int]:
        """Return what stands for the folded words from a place on, and for how many of them."""
        for length in range(self._longest_plain.get(folded[at], 1), 0, -1):
            head = self.plain.get(" ".join(folded[at : at + length]))
            if head is not None and at + length <= len(folded):
                return head, length
        return "", 0

    def add_kinds(self, head: str, members: list[str]) -> None:
        """Let each member be a kind of the head: it touches the head's meaning."""
        number = self._group(head)
        for member in members:
            self._add(member, number)

    def _group(self, head: str) -> int:
        """Return the number of a head's group: `enviar`, `envío` and `enviado` are one."""
        number = self._numbers.setdefault(" ".join(self._key(words(head))), len(self.names))
        if number == len(self.names):
            self.names.append(head)
            self.terms.append(str(number))
        return number

    def _add(self, member: str, number: int) -> None:
        folded = words(member)
        if member.endswith("*") and len(folded) == 1:
            self._hold(self._starts, folded[0], number)
            self._begun.clear()
            return
        self.known.update(word for word in folded if len(word) > _SHORT)
        key = self._key(folded)[:_LONGEST_PHRASE]
        if key:
            self._hold(self._phrases, " ".join(key), number)
        if len(key) > 1:
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _hold(self, where: dict[str, tuple[int, ...]], key: str, number: int) -> None:
        held = where.get(key, ())
        if number not in held:
            now = (*held, number)
            where[key] = self._shared.setdefault(now, now)

    def _key(self, folded: list[str]) -> tuple[str, ...]:
        kept = [word for word in folded if self._says(word)]
        if len(folded) > 1 and len(kept) < 2:
            return tuple(folded) if len(folded) <= _LONGEST_PHRASE else ()
        return tuple(stem(word, self.language) for word in kept or folded)

    def _says(self, word: str) -> bool:
        return word in _DENIES or not is_small(word, self.language)

    def meanings(self, folded: list[str]) -> set[int]:
        """Return the groups that folded words touch."""
        return {number for _, _, numbers in self._touched(folded) for number in numbers}

    def asked(self, folded: list[str]) -> dict[int, float]:
        """Return the groups that a query's folded words touch, with what each counts.

        A longer phrase says more; what stands inside a longer one says little by itself: `la
        tarjeta no pasa` asks less about cards than about payments that fail.
        """
        found: dict[int, float] = {}
        touched = self._touched(folded)
        longest = [0] * len(folded)
        for places, length, _ in touched:
            for place in places:
                longest[place] = max(longest[place], length)
        for places, length, numbers in touched:
            counts = 1 + _LONGER * (length - 1)
            if all(longest[place] > length for place in places):
                counts *= _INSIDE
            for number in numbers:
                found[number] = max(found.get(number, 0.0), counts)
        return found

    def _touched(self, folded: list[str]) -> list[tuple[Sequence[int], int, tuple[int, ...]]]:
        """Return the places of words and phrases that touch groups, their length, and which."""
        found: list[tuple[Sequence[int], int, tuple[int, ...]]] = []
        content = [at for at, word in enumerate(folded) if self._says(word)]
        stems = [stem(folded[at], self.language) for at in content]
        for sequence, places in ((stems, content), (folded, range(len(folded)))):
            for start, first in enumerate(sequence):
                for length in range(1, self._longest.get(first, 1) + 1):
                    if start + length > len(sequence):
                        break
                    numbers = self._phrases.get(" ".join(sequence[start : start + length]))
                    if numbers:
                        found.append((places[start : start + length], length, numbers))
        for at in content:
            started = self._started(folded[at])
            if started:
                found.append(((at,), 1, started))
        return found

    def _started(self, word: str) -> tuple[int, ...]:
        """Return the groups with a member that this word begins with."""
        held = self._begun.get(word)
        if held is None:
            if len(self._begun) >= _MOST_BEGUN:
                self._begun.clear()
            ends = range(3, len(word) + 1)
            held = tuple(number for end in ends for number in self._starts.get(word[:end], ()))
            self._begun[word] = held
        return held


def _text(language: str) -> str:
    path = FOLDER / f"{language}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def lexicon(language: str, shop: tuple[tuple[str, ...], ...] = ()) -> Lexicon:
    """Return the lexicon of a language with the shop's own groups of synonyms added."""
    made = Lexicon(language)
    made.read(_text(language))
    for group in shop:
        if len(group) > 1:
            made.add_same(group[0], list(group[1:]))
    made.known |= SMALL.get(language, frozenset())
    return made
