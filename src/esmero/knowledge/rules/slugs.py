"""Addresses made of titles."""

from __future__ import annotations

import re

from esmero.kernel.text import fold

_OTHER = re.compile(r"[^a-z0-9]+")
LONGEST = 90
_TAKEN = frozenset({"buscar", "sugerencias"})  # pages that stand where articles do


def slug_of(title: str) -> str:
    """Return `como-devuelvo-un-pedido` for a title; `articulo` when nothing of it can stand."""
    words = _OTHER.sub("-", fold(title)).strip("-")
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return f"{words}-articulo" if words in _TAKEN else words or "articulo"


def is_made_of(slug: str, title: str) -> bool:
    """Say whether an address is the one that a title gets by itself (also with a number)."""
    made = slug_of(title)
    return slug == made or bool(re.fullmatch(re.escape(made) + r"-\d+", slug))
