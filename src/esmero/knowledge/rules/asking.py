"""What a text asks, if it asks anything."""

from __future__ import annotations

import re

from esmero.kernel.text import fold

_ASKS = re.compile(r"[^.!?…¿]*(?:¿[^?]*\?|[^.!?…¿]*\?)")


def essence(text: str, *, limit: int = 200) -> str:
    """Return the part of a question that asks: what long mails are compared and titled by.

    The sentence with a question mark (the longest of the first two), else the beginning.
    """
    asking = [m[0].strip(" ,;:-") for m in _ASKS.finditer(text)]
    asking = [one for one in asking if len(one.split()) >= 3]
    found = max(asking[:2], key=len) if asking and len(text) > limit / 2 else text
    found = re.sub(r"^[^¿]*(?=¿)", "", found) if "¿" in found and len(found) > 40 else found
    found = found.strip()
    if len(found) <= limit:
        return found
    return (found[: limit - 1].rpartition(" ")[0] or found[: limit - 1]).rstrip(" ,;:.") + "…"


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
