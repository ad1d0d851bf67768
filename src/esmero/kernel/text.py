"""Small honest operations on text that people wrote."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def one_line(text: str, limit: int = 200) -> str:
    """Collapse white space, drop control characters and cut at `limit` characters with an
    ellipsis.
    """
    flat = _SPACE.sub(" ", _CONTROL.sub("", text[: limit * 8])).strip()
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def storable(text: str) -> str:
    """Drop what PostgreSQL's text cannot hold: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def fold(text: str) -> str:
    """Lower case without accents, for comparing and searching: `Devolución` → `devolucion`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
