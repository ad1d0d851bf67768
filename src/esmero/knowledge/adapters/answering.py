"""What the search process does: an index that follows the database, and a socket that answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from esmero.knowledge.adapters.encoders.usem3 import Usem3
from esmero.knowledge.adapters.following import Following, synonyms
from esmero.knowledge.search import Index, Vocabulary
from esmero.knowledge.search.memory import keep_small, release
from esmero.knowledge.search.serving import Server


class Answering:
    """Begins with `open`, is kept up to date by `step`, ends with `close`."""

    def __init__(self, path: Path, *, is_word: Callable[[str], bool]) -> None:
        """`path`: the socket; `is_word` knows the words of the languages."""
        keep_small()
        encoder = Usem3()
        self._index = Index(encoder, Vocabulary(synonyms(), is_word=is_word))
        self._following = Following(self._index, encoder.dimensions)
        self._server = Server(self._index, path)

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
        """Take over what has changed; say whether something had."""
        return self._following.step()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()
