"""Which conversations are likely one, and how one stands that was made of two."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from esmero.conversations.enums import State

# Two subjects of the same sender that share so much are suggested for merging.
ALIKE_LEAST = 0.5
# What rested for longer is another matter.
SUGGESTED_WITHIN = timedelta(days=30)
_PREFIX = re.compile(r"(?i)^\s*(?:(?:re|rv|aw|sv|res|r|fwd?|tr|wg)\s*(?:\[\d+\])?\s*[:：]\s*)+")
_WORD = re.compile(r"\w+")
# Words that say nothing of the matter, in Spanish and English.
_EMPTY = {
    *(
        "a",
        "al",
        "con",
        "de",
        "del",
        "el",
        "en",
        "es",
        "la",
        "las",
        "lo",
        "los",
        "me",
        "mi",
        "mis",
    ),
    *("no", "o", "para", "por", "que", "se", "su", "un", "una", "y", "hola"),
    *("about", "an", "and", "for", "from", "i", "in", "is", "it", "my", "not", "of", "on", "or"),
    *("the", "to", "with", "your", "hello"),
}
_TURN = {State.OPEN: 2, State.WAITING: 1, State.RESOLVED: 0}


def bare_subject(subject: str) -> str:
    """Return a subject without `Re:` and `Fwd:`, accents and case."""
    text = unicodedata.normalize("NFKD", _PREFIX.sub("", subject).casefold())
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def alike(first: str, second: str) -> float:
    """Return from 0 to 1 how alike two subjects are: the share of telling words they have in
    common. Subjects without any telling word are alike only when they are the same.
    """
    one, other = bare_subject(first), bare_subject(second)
    if one == other:
        return 1.0
    words, others = _telling(one), _telling(other)
    if not words or not others:
        return 0.0
    return len(words & others) / len(words | others)


def _telling(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text) if word not in _EMPTY and len(word) > 1}


def _stem(word: str) -> str:
    # Plural or not: tazas, taza; pedidos, pedido.
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def turn_of_both(one: str, other: str) -> State:
    """Return whose turn it is in a conversation made of two: what asks most of us goes first."""
    return max(State(one), State(other), key=lambda state: _TURN[state])


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two moments of which either may be missing."""
    return min((m for m in (one, other) if m is not None), default=None)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two moments of which either may be missing."""
    return max((m for m in (one, other) if m is not None), default=None)
