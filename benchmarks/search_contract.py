"""The product's search in the form of a contract: documents in, a callable out.

`make(documents, language)` takes dicts {id, group, title, text} and returns a callable: query -> list of
(document id, score), best first, with `confidence(query)` beside it. It is the index that the portal
asks, with the encoder, the lexicon and the dictionaries that it has there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from esmero.conversations.adapters.spelling import Dictionaries
from esmero.knowledge.adapters.encoders.usem3 import Usem3
from esmero.knowledge.search import Document, Found, Index, Passage, Role, Vocabulary


@lru_cache(maxsize=1)
def _parts() -> tuple[Usem3, Vocabulary]:
    dictionaries = Dictionaries()
    dictionaries.wait()
    return Usem3(), Vocabulary(is_word=dictionaries.is_word)


class Search:
    """An index that is asked by position alone."""

    def __init__(self, index: Index, language: str) -> None:
        self._index, self._language = index, language
        self._last: tuple[str, Found] = ("", Found())

    def _found(self, query: str) -> Found:
        if self._last[0] != query:
            found = self._index.search(
                query, language=self._language, audiences={"public"}, limit=30
            )
            self._last = (query, found)
        return self._last[1]

    def __call__(self, query: str) -> list[tuple[str, float]]:
        return [(hit.document_id, hit.score) for hit in self._found(query).hits]

    def confidence(self, query: str) -> float:
        return self._found(query).confidence


def make(documents: list[dict[str, Any]], language: str) -> Search:
    """Return the product's search over the documents."""
    encoder, vocabulary = _parts()
    index = Index(encoder, vocabulary)
    index.put(
        Document(
            one["id"],
            language,
            "public",
            tuple(
                Passage(f"{one['id']}/{role}", role, text)
                for role, text in ((Role.QUESTION, one["title"]), (Role.ANSWER, one["text"]))
                if text.strip()
            ),
        )
        for one in documents
    )
    return Search(index, language)
