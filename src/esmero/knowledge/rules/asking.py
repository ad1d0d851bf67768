"""What a text asks, if it asks anything."""

from __future__ import annotations

import re
from functools import lru_cache

from esmero.kernel.text import fold
from esmero.knowledge.rules.mining import sound, stem, words_of

_ASKS = re.compile(r"[^.!?…¿]*(?:¿[^?]*\?|[^.!?…¿]*\?)")


# All that a new one is compared with (15,000 texts), batch after batch.
@lru_cache(maxsize=20_000)
def essence(text: str, *, limit: int = 200) -> str:
    """Return the part of a question that asks: what long mails are compared and titled by.

    The sentence with a question mark that says most (of the first three), else the beginning. One
    that says nothing by itself (`¿Me podéis ayudar?`) takes the first sentence along.
    """
    found, asking = text, []
    if len(text) > limit / 4:
        asking = [m[0].strip(" ,;:-") for m in _ASKS.finditer(text)]
        asking = [one for one in asking if len(one.split()) >= 3]
    if asking:
        found = max(asking[:3], key=_weight)
        if "¿" in found and len(found) > 40:
            found = re.sub(r"^[^¿]*(?=¿)", "", found)
        if _weight(found) < _SAYS_ENOUGH:
            first = re.split(r"(?<=[.!?…])\s", text, maxsplit=1)[0]
            found = found if found in first else f"{first} {found}"
    found = found.strip()
    if len(found) <= limit:
        return found
    return (found[: limit - 1].rpartition(" ")[0] or found[: limit - 1]).rstrip(" ,;:.") + "…"


_SAYS_ENOUGH = 2
_COMMON = """
    ayudar ayudarme ayuda decir decirme saber solucionar solucion informar informarme algo posible
    ocurre pasa pasado mandar mandarme enviar help tell know possible happen
"""
_EMPTY_WORDS = frozenset(sound(stem(word)) for word in _COMMON.split())


def _weight(text: str) -> int:
    """How many words say what a text is about."""
    return sum(word not in _EMPTY_WORDS for word in set(words_of(text)))


_VOWEL = re.compile(r"[aeiouy]")
_ATTACK = re.compile(
    r"\b(?:union\s+(?:all\s+)?select|select\s+.+\s+from|sleep\s*\(|waitfor\s+delay|etc/passwd|"
    r"onerror\s*=|javascript:|drop\s+table|information_schema|phpinfo|base64_decode)|<script|"
    r"\.\./|"
    r"\$\{|\{\{|' or '|%[0-9a-f]{2}%[0-9a-f]{2}",
    re.I,
)


def is_nonsense(text: str) -> bool:
    """Say whether a text asks nothing: no words, keys struck at random, an attempt on the machine.

    Looks at what was typed, before anything is taken out of it.
    """
    if _ATTACK.search(text):
        return True
    words = re.findall(r"[^\W\d_]{2,}", fold(text))
    if not words:
        return True
    if any(not word.isascii() for word in words):
        return False
    spoken = [w for w in words if _VOWEL.search(w) and not re.search(r"(.)\1{3}", w)]
    if not spoken or len(spoken) < len(words) / 3:
        # A brand or measure in capitals is a search all the same.
        return not (len(words) == 1 and len(words[0]) <= 4)
    return len(words) == 1 and len(words[0]) > 30
