"""Dictionaries: hunspell by chunspell, with the Spanish words of RLA-ES beside this file.

Loading costs a second and about 15 MB for each process that checks, so it happens in a thread when
it is first asked for; until then nothing is said about spelling.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)
_FOLDER = Path(__file__).parent


class Dictionaries:
    """Knows whether a word is one, in Spanish or English. Safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loading: threading.Thread | None = None
        self._books: list[Any] | None = None
        self._known = lru_cache(maxsize=20_000)(self._ask)

    def is_ready(self) -> bool:
        """Say whether words can be asked for; the first call begins to load them."""
        if self._books is not None:
            return True
        with self._lock:
            if self._loading is None:
                self._loading = threading.Thread(
                    target=self._load, name="spelling-loads", daemon=True
                )
                self._loading.start()
        return False

    def wait(self, seconds: float = 30.0) -> bool:
        """Load them and wait for it; say whether they are there."""
        self.is_ready()
        if self._loading is not None:
            self._loading.join(seconds)
        return self._books is not None

    def is_word(self, word: str) -> bool:
        """Say whether a word is spelled right; before they are loaded every word is."""
        return self._books is None or self._known(word)

    def _ask(self, word: str) -> bool:
        # One process-wide C structure: two threads must not walk through it at once.
        with self._lock:
            return any(book.spell(word) for book in self._books or ())

    def _load(self) -> None:
        try:
            from hunspell import Hunspell  # noqa: PLC0415  a second, only where it is needed

            books = [Hunspell("es", hunspell_data_dir=str(_FOLDER)), Hunspell("en_US")]
            books[0].spell("hola")
            books[1].spell("hello")
        except Exception:
            # A platform without the library, or without its files: mail is checked for the rest.
            log.exception("spelling_unavailable")
            return
        self._books = books
