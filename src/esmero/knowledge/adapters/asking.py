"""Asks the search process; whoever asks goes on without it when it does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from esmero.knowledge.search.documents import Found
from esmero.knowledge.search.serving import Client, SearchRefused, SearchUnavailable

log = structlog.get_logger(__name__)
_TIMEOUT_S: Final = 1.0
_REST_S: Final = 2.0
"""After a failure nobody asks for so long: a page does not wait for what was not there."""
_MORE_TIMEOUT_S: Final = 7.0
"""Sums over all questions, or the model loaded first; a worker that stops waits 8 s for it."""
_MORE_REST_S: Final = 60.0


class Process:
    """A `ports.Searcher`, and what `Mixed` asks."""

    def __init__(self, path: Callable[[], Path]) -> None:
        """`path` says where the process listens; asked once, when first needed."""
        self._path = path
        self._client: Client | None = None
        self._rests_until = 0.0
        self._more_rests_until = 0.0

    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found | None:
        """Return what was found; None when the process does not answer."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return self._asked().search(query, language=language, audiences=audiences, limit=limit)
        except (SearchUnavailable, SearchRefused, OSError) as error:
            self._rests_until = time.monotonic() + _REST_S
            log.info("search_does_not_answer", error=f"{type(error).__name__}: {error}")
            return None

    def more(self, do: str, **asked: Any) -> Mapping[str, Any] | None:
        """Return what the process answers beside searching; None when it does not, and for a
        minute after.
        """
        if time.monotonic() < self._more_rests_until:
            return None
        try:
            answer = self._asked().more(do, timeout_s=_MORE_TIMEOUT_S, **asked)
            return answer if isinstance(answer, Mapping) else None
        except (SearchUnavailable, SearchRefused, OSError) as error:
            self._more_rests_until = time.monotonic() + _MORE_REST_S
            log.info("likeness_without_meaning", error=f"{type(error).__name__}: {error}")
            return None

    def close(self) -> None:
        """Close this thread's connection."""
        if self._client is not None:
            self._client.close()

    def _asked(self) -> Client:
        if self._client is None:
            self._client = Client(self._path(), timeout_s=_TIMEOUT_S)
        return self._client
