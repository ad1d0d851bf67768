"""Which part of a text speaks for it as the answer to a question."""

from __future__ import annotations

import re

from esmero.kernel.text import fold
from esmero.knowledge.rules.html import parts

_WORD = re.compile(r"\w+")
_LONGEST = 300
_STEM = 5
"""Letters by which words are compared: endings and plurals do not matter."""


def _stems(text: str) -> list[str]:
    return [word[:_STEM] for word in _WORD.findall(fold(text)) if len(word) > 2]


def snippet(text: str, query: str) -> str:
    """Return the part of a text (about 45 words, at most 300 characters) with most of the query's
    words; the first one when none has any.
    """
    wanted = set(_stems(query))
    found = parts(text[:40_000], words=45)
    if not found:
        return ""
    best = max(found, key=lambda part: len(wanted & set(_stems(part))))
    return best if len(best) <= _LONGEST else best[: _LONGEST - 1].rstrip() + "…"
