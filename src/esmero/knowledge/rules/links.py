"""Which articles a text points to."""

from __future__ import annotations

import re

_LINK = re.compile(
    r"(?:https?://[^\s/<>\"']+|(?<=[\s(]))/(?:[a-z]{2}/)?(?:ayuda|help)/([^\s<>\"'?#)]+)"
)


def slugs_in(text: str) -> list[str]:
    """Return the parts of the addresses of help pages in a text, each of which may name one."""
    found = [part for path in _LINK.findall(f" {text}") for part in path.split("/")]
    return list(dict.fromkeys(part.rstrip(".,;:!)") for part in found if part))[:100]
