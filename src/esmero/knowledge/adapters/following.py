"""The index in memory follows the passages in the database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import structlog
from django.db.models import Q

from esmero.kernel.prepared import execute
from esmero.knowledge.enums import Role
from esmero.knowledge.models import Passage as Row
from esmero.knowledge.models import Vector
from esmero.knowledge.search import Document, Index, Passage
from esmero.knowledge.search import Role as Kind

log = structlog.get_logger(__name__)
_AT_ONCE: Final = 200  # documents
_FLOAT16 = 2
Key = tuple[int, str]
"""An article and the language of its text."""


def name_of(key: Key) -> str:
    """Return a document's name in the index."""
    return f"{key[0]}.{key[1]}"


class Following:
    """Keeps an index up to date. One thread calls it."""

    def __init__(self, index: Index, dimensions: int) -> None:
        self.index = index
        self._bytes = dimensions * _FLOAT16
        self._seen: dict[Key, int] = {}
        self._since = 0

    def load(self) -> int:
        """Put everything in that readers of any audience may find; return how many documents."""
        self._since = _oldest_open()
        keys = Row.objects.filter(is_gone=False).values_list("article_id", "language").distinct()
        count = 0
        for some in _some(sorted(keys)):
            count += self._put(some)
        self.index.tidy()
        return count

    def step(self) -> bool:
        """Take over what has changed since; say whether something had."""
        since, self._since = self._since, _oldest_open()
        changed = Row.objects.filter(changed__gte=since).values_list("article_id", "language")
        keys = sorted(set(changed.distinct()))
        done = 0
        for some in _some(keys):
            done += self._put(some)
        return done > 0

    def _put(self, keys: list[Key]) -> int:
        """Bring some documents up to date; return how many were not."""
        found = dict(self._read(keys))
        stamps = {key: _stamp(found.get(key, [])) for key in keys}
        # Some are read again only because something older was still open.
        fresh = [key for key in keys if self._seen.get(key, _stamp([])) != stamps[key]]
        gone = [key for key in fresh if key not in found]
        if gone:
            self.index.remove(map(name_of, gone))
        if len(gone) < len(fresh):
            self._add([(key, found[key]) for key in fresh if key in found])
        self._seen.update((key, stamps[key]) for key in fresh)
        return len(fresh)

    def _read(self, keys: list[Key]) -> Iterator[tuple[Key, list[Row]]]:
        wanted = Q()
        for language in {language for _, language in keys}:
            ids = [pk for pk, of in keys if of == language]
            wanted |= Q(language=language, article_id__in=ids)
        rows = Row.objects.filter(wanted, is_gone=False).order_by(
            "article_id", "language", "role", "place", "id"
        )
        for key, some in groupby(rows, key=lambda row: (row.article_id, row.language)):
            yield key, list(some)

    def _add(self, found: list[tuple[Key, list[Row]]]) -> None:
        encoder = self.index.encoder_version
        digests = {bytes(row.digest) for _, rows in found for row in rows}
        kept = _vectors(encoder, digests, self._bytes) if encoder else {}
        documents = [
            Document(
                name_of(key),
                key[1],
                rows[0].audience,
                tuple(_passage(row, kept.get(bytes(row.digest), ())) for row in rows),
                encoder,
            )
            for key, rows in found
        ]
        if encoder:
            for number, (document, (_, rows)) in enumerate(zip(documents, found, strict=True)):
                if all(passage.vectors for passage in document.passages):
                    continue
                documents[number] = self._encoded(document, rows)
        self.index.put(documents)

    def _encoded(self, document: Document, rows: list[Row]) -> Document:
        """Encode a document's passages and keep the vectors for the next start."""
        vectors = self.index.vectors_for(document)
        encoder = self.index.encoder_version
        if not encoder:  # it could not be loaded after all
            return document
        fresh = {bytes(row.digest): b"".join(vectors.get(str(row.pk), ())) for row in rows}
        Vector.objects.bulk_create(
            [Vector(encoder=encoder, digest=d, data=data) for d, data in fresh.items() if data],
            ignore_conflicts=True,
        )
        passages = tuple(_passage(row, vectors.get(str(row.pk), ())) for row in rows)
        return Document(document.id, document.language, document.audience, passages, encoder)


def _stamp(rows: list[Row]) -> int:
    return hash(tuple((row.pk, row.audience) for row in rows))


def _some(keys: list[Key]) -> Iterator[list[Key]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _passage(row: Row, vectors: tuple[bytes, ...]) -> Passage:
    kinds = {Role.ANSWER.value: Kind.ANSWER, Role.PAGE.value: Kind.PAGE}
    kind = kinds.get(row.role, Kind.ALIAS if row.place else Kind.QUESTION)
    return Passage(str(row.pk), kind, row.text, vectors)


def _vectors(encoder: str, digests: set[bytes], size: int) -> dict[bytes, tuple[bytes, ...]]:
    rows = Vector.objects.filter(encoder=encoder, digest__in=digests)
    return {
        bytes(digest): tuple(
            bytes(data)[start : start + size] for start in range(0, len(data), size)
        )
        for digest, data in rows.values_list("digest", "data")
    }


def _oldest_open() -> int:
    """Return the oldest transaction that has not ended: what is older is settled."""
    rows, _ = execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
    return int(rows[0][0])
