"""What changed between two texts: paragraph by paragraph, the words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
_MOST_LINES = 3000
_MOST_WORDS = 1500
# Paragraphs that share less than this are another paragraph, not a changed one.
_ALIKE_FROM = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: `same`, `gone` or `new`."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of either text: `same`, `gone`, `new` or `changed` (its pieces say what)."""

    how: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph without its marks."""
        return "".join(piece.text for piece in self.pieces)


def compare(before: str, after: str) -> list[Paragraph]:
    """Return how the lines of `before` became those of `after`.

    Texts beyond the limits are shown one after the other, so that none takes long.
    """
    old, new = before.splitlines(), after.splitlines()
    if len(old) > _MOST_LINES or len(new) > _MOST_LINES:
        return [_whole("gone", line) for line in old] + [_whole("new", line) for line in new]
    found: list[Paragraph] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            found += [_whole("same", line) for line in old[i1:i2]]
        else:
            found += _replaced(old[i1:i2], new[j1:j2])
    return found


def _whole(how: str, line: str) -> Paragraph:
    return Paragraph(how, (Piece(how, line),))


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Paragraph]:
    """Pair paragraphs that are alike, in their order."""
    found: list[Paragraph] = []
    rest = list(old)
    for line in new:
        partner = next((k for k, one in enumerate(rest[:8]) if _alike(one, line)), None)
        if partner is None:
            found.append(_whole("new", line))
            continue
        found += [_whole("gone", one) for one in rest[:partner]]
        found.append(Paragraph("changed", tuple(_words(rest[partner], line))))
        del rest[: partner + 1]
    return found + [_whole("gone", one) for one in rest]


def _alike(old: str, new: str) -> bool:
    a, b = set(_WORDS.findall(old.lower())), set(_WORDS.findall(new.lower()))
    a, b = {w for w in a if w.strip()}, {w for w in b if w.strip()}
    return bool(a | b) and len(a & b) / len(a | b) >= _ALIKE_FROM


def _words(old: str, new: str) -> list[Piece]:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    if len(a) > _MOST_WORDS or len(b) > _MOST_WORDS:
        return [Piece("gone", old), Piece("new", new)]
    pieces: list[Piece] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(a[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", "".join(a[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("new", "".join(b[j1:j2])))
    return pieces
