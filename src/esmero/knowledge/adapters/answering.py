"""What the search process does: an index that follows the database, and a socket that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from django.db import DatabaseError, connection

from esmero.knowledge.adapters.comparing import Comparing
from esmero.knowledge.adapters.encoders.usem3 import Usem3
from esmero.knowledge.adapters.following import Following
from esmero.knowledge.adapters.lexical import synonyms
from esmero.knowledge.search import Index, Vocabulary
from esmero.knowledge.search.memory import keep_small, release
from esmero.knowledge.search.serving import Operation, Server

log = structlog.get_logger(__name__)


class Answering:
    """Begins with `open`, is kept up to date by `step`, ends with `close`."""

    def __init__(self, path: Path, *, is_word: Callable[[str], bool]) -> None:
        """`path`: the socket; `is_word` knows the words of the languages."""
        keep_small()
        encoder = Usem3()
        self._index = Index(encoder, Vocabulary(synonyms(), is_word=is_word))
        self._following = Following(self._index, encoder.dimensions)
        operations = Comparing(self._index).operations()
        self._server = Server(
            self._index, path, more={name: _closing(one) for name, one in operations.items()}
        )

    def open(self) -> int:
        """Read everything, then listen; return how many documents there are. Raises OSError."""
        count = self._following.load()
        release()
        self._server.start()
        return count

    @property
    def problem(self) -> str:
        """Why meaning takes no part, empty while it does."""
        return self._index.encoder_problem

    def step(self) -> bool:
        """Take over what has changed and give back what queries have freed (20 MB on 25,000
        units); say whether something had changed.
        """
        has_changed = self._following.step()
        release()
        return has_changed

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()


def _closing(operation: Operation) -> Operation:
    """Let the thread that served a client keep no connection to the database."""

    def closing(asked: Mapping[str, Any]) -> Any:
        try:
            return operation(asked)
        except DatabaseError as error:
            log.warning("likeness_without_database", error=type(error).__name__)
            raise ValueError("the database does not answer") from error
        finally:
            connection.close()

    return closing
