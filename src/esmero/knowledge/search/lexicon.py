"""What words mean the same, and how people shorten them: the language's own lists and the shop's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from esmero.knowledge.search.text import fold, is_small, stem, words

FOLDER = Path(__file__).with_name("lexicon")
_LONGEST_PHRASE = 5


@dataclass(slots=True)
class Lexicon:
    """Groups of words with one meaning, in one language.

    A group has a number; `meanings` finds the groups that a text touches. `plain` holds the word that
    stands for a regional one, `written` the full word for a shortened one.
    """

    language: str
    written: dict[tuple[str, ...], str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    _phrases: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    _starts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _numbers: dict[str, int] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Add the lines of a list in the form that `lexicon/es.txt` explains. Raises ValueError."""
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
            self.plain.setdefault(fold(member), head)

    def add_kinds(self, head: str, members: list[str]) -> None:
        """Let each member be a kind of the head: it touches the head's meaning."""
        number = self._group(head)
        for member in members:
            self._add(member, number)

    def _group(self, head: str) -> int:
        number = self._numbers.setdefault(" ".join(words(head)), len(self.names))
        if number == len(self.names):
            self.names.append(head)
        return number

    def _add(self, member: str, number: int) -> None:
        folded = words(member)
        if member.endswith("*") and len(folded) == 1:
            self._starts[folded[0]].add(number)
            return
        self.known.update(folded)
        key = self._key(folded)
        if key:
            self._phrases[key[:_LONGEST_PHRASE]].add(number)

    def _key(self, folded: list[str]) -> tuple[str, ...]:
        kept = [word for word in folded if not is_small(word, self.language)]
        if len(folded) > 1 and len(kept) < 2:
            return tuple(folded) if len(folded) <= _LONGEST_PHRASE else ()
        return tuple(stem(word, self.language) for word in kept or folded)

    def meanings(self, folded: list[str]) -> dict[int, int]:
        """Return the groups that folded words touch, with the length of the longest phrase that did."""
        found: dict[int, int] = {}
        content = [word for word in folded if not is_small(word, self.language)]
        stems = [stem(word, self.language) for word in content]
        for sequence in (stems, folded):
            for start in range(len(sequence)):
                for length in range(1, _LONGEST_PHRASE + 1):
                    for number in self._phrases.get(tuple(sequence[start : start + length]), ()):
                        found[number] = max(found.get(number, 0), length)
        for word in content:
            for end in range(3, len(word) + 1):
                for number in self._starts.get(word[:end], ()):
                    found.setdefault(number, 1)
        return found


@lru_cache(maxsize=8)
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
    return made
