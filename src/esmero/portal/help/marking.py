"""The words that were asked for, marked in what was found; and as much of it as one reads."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

from esmero.kernel.text import fold

WORDS_MOST = 12
_WORD = re.compile(r"[^\W_]+")
_SHORT = {"que", "como", "los", "las", "una", "uno", "del", "con", "por", "para", "the", "and",
          "for", "how", "you", "can", "mis", "sus"}  # fmt: skip
_STEM = 5
"""Letters by which forms of a word are taken for the same: `devolver`, `devolución`."""


def words_of(query: str) -> list[str]:
    """Return the folded words of a question that are worth marking, each once."""
    found = dict.fromkeys(_WORD.findall(fold(query[:600])))
    return [word for word in found if len(word) > 2 and word not in _SHORT][:WORDS_MOST]


def excerpt(text: str, query: str, *, length: int = 220) -> str:
    """Return the part of a text around the first word that was asked for."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    places = [start for start, _end in _found(text, words_of(query))]
    start = max(0, places[0] - length // 4) if places else 0
    if start:
        start = text.find(" ", start) + 1
    end = start + length
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    return ("… " if start else "") + text[start:end].rstrip() + (" …" if end < len(text) else "")


def marked(text: str, query: str) -> Markup:
    """Return a text with the words that were asked for in `<mark>`."""
    pieces: list[str] = []
    at = 0
    for start, end in _found(text, words_of(query)):
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at:]))
    return Markup("".join(pieces))  # noqa: S704  each piece of the text is escaped


def _found(text: str, words: list[str]) -> list[tuple[int, int]]:
    if not words:
        return []
    stems = tuple({word[: max(3, _STEM)] for word in words})
    whole = set(words)
    found = []
    for match in _WORD.finditer(unicodedata.normalize("NFC", text[:20_000])):
        said = fold(match.group())
        if said in whole or (len(said) >= _STEM and said.startswith(_long(stems))):
            found.append(match.span())
    return found


def _long(stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stem for stem in stems if len(stem) >= _STEM)
