"""The index: documents in, hits out; safe to search from several threads while it changes."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esmero.knowledge.search import ranking
from esmero.knowledge.search.documents import (
    Document,
    Encoder,
    EncoderUnavailable,
    Found,
    Hit,
    Vocabulary,
)
from esmero.knowledge.search.lexicon import Lexicon, lexicon
from esmero.knowledge.search.memory import release
from esmero.knowledge.search.segments import Segment, Unit, units_of
from esmero.knowledge.search.spelling import Speller
from esmero.knowledge.search.writing import Written, read

_MOST_SEGMENTS = 6
"""More than these of a shelf are merged, so that a query walks through few."""
_SPELLER_SECONDS = 2.0
"""A speller is made anew at most so often; new words are known to be right at once."""
_MOST_SPELLERS = 8
_ENCODED_AT_ONCE = 64
_ENCODED_BESIDE = 16
"""Of what is no document; a query that comes meanwhile waits for so many."""

Shelf = tuple[str, str, str]
"""Language, audience and kind (`article`, `text` or `page`) of what stands together."""


@dataclass(slots=True)
class _Spelled:
    speller: Speller
    version: int
    made_at: float


class Index:
    """Documents by language and audience.

    Every audience stands on shelves of its own with figures of its own: what a query may not
    see is neither counted, nor weighed, nor walked through.
    """

    def __init__(
        self, encoder: Encoder | None = None, vocabulary: Vocabulary | None = None
    ) -> None:
        self._encoder = encoder
        self._vocabulary = vocabulary or Vocabulary()
        self._shelves: dict[Shelf, tuple[Segment, ...]] = {}
        self._places: dict[str, set[Shelf]] = {}
        self._version = 0
        self._writing = threading.RLock()
        self._lexicons: dict[str, Lexicon] = {}
        self._spellers: dict[tuple[str, frozenset[str]], _Spelled] = {}
        self.encoder_problem = ""
        """Why vectors take no part, in words for a log; empty while they do."""

    # --- writing

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents or replace those of the same id. Encodes what came without vectors."""
        batch: dict[str, Document] = {document.id: document for document in documents}
        if not batch:
            return
        made: dict[Shelf, list[Unit]] = defaultdict(list)
        for document in batch.values():
            for unit in units_of(document, self._lexicon(document.language)):
                made[document.language, document.audience, unit.kind].append(unit)
        self._encode([unit for units in made.values() for unit in units])
        with self._writing:
            shelves = self._without(batch)
            for shelf, units in made.items():
                segment = Segment.build(units, self.dimensions)
                shelves[shelf] = _merged((*shelves.get(shelf, ()), segment))
                for unit in units:
                    self._places.setdefault(unit.document_id, set()).add(shelf)
            self._shelves = shelves
            self._version += 1
        if len(batch) > 1:
            release()

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are no error."""
        with self._writing:
            self._shelves = self._without(set(document_ids))
            self._version += 1

    def _without(self, ids: Collection[str]) -> dict[Shelf, tuple[Segment, ...]]:
        """Return the shelves without some documents; they are shown when all is done."""
        shelves = dict(self._shelves)
        touched: dict[Shelf, set[str]] = defaultdict(set)
        for document_id in ids:
            for shelf in self._places.pop(document_id, ()):
                touched[shelf].add(document_id)
        for shelf, gone in touched.items():
            kept = (segment.without(gone) for segment in shelves[shelf])
            shelves[shelf] = tuple(segment for segment in kept if segment.size)
        return shelves

    def tidy(self) -> None:
        """Merge the segments of each shelf: fewer arrays to walk, no removed units left."""
        with self._writing:
            self._shelves = {
                shelf: (Segment.merge(segments),) if segments else ()
                for shelf, segments in self._shelves.items()
            }
        release()

    def __len__(self) -> int:
        return len(self._places)

    def ids(self) -> set[str]:
        """Return the ids of all documents."""
        return set(self._places)

    # --- vectors

    @property
    def encoder_version(self) -> str:
        """The version that stored vectors must bear; empty without an encoder."""
        return self._encoder.version if self._encoder and not self.encoder_problem else ""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._encoder.dimensions if self._encoder else 1

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Return one unit vector a text, of what is no document; None without an encoder."""
        found = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _ENCODED_BESIDE):
            vectors = self._vectors(texts[start : start + _ENCODED_BESIDE])
            if vectors is None:
                return None
            found[start : start + _ENCODED_BESIDE] = vectors
        return found if self.encoder_version else None

    def _encode(self, units: list[Unit]) -> None:
        if self._encoder is None or self.encoder_problem:
            return
        version = self._encoder.version
        missing = [
            text
            for unit in units
            for text in unit.texts
            if text.vector is None or unit.encoder != version
        ]
        for start in range(0, len(missing), _ENCODED_AT_ONCE):
            part = missing[start : start + _ENCODED_AT_ONCE]
            vectors = self._vectors([text.text for text in part])
            if vectors is None:
                return
            for text, vector in zip(part, vectors, strict=True):
                text.vector = vector

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        if self._encoder is None or self.encoder_problem:
            return None
        try:
            return self._encoder.encode(texts)
        except EncoderUnavailable as problem:
            self.encoder_problem = str(problem)
            return None

    def vectors_for(self, document: Document) -> dict[str, tuple[bytes, ...]]:
        """Return the bytes to store for each passage id of a document, with `encoder_version`."""
        units = list(units_of(document, self._lexicon(document.language)))
        self._encode(units)
        found: dict[str, list[bytes]] = defaultdict(list)
        for unit in units:
            for text in unit.texts:
                if text.vector is not None:
                    found[text.passage_id].append(text.vector.astype(np.float16).tobytes())
        return {passage_id: tuple(vectors) for passage_id, vectors in found.items()}

    # --- reading

    def search(
        self, query: str, *, language: str, audiences: Collection[str], limit: int = 10
    ) -> Found:
        """Return what answers a query best among the documents of the language and audiences."""
        shelves = self._shelves
        pools = [
            [s for a in sorted(set(audiences)) for s in shelves.get((language, a, kind), ())]
            for kind in ("article", "text", "page")
        ]
        if not query.strip() or not any(pools):
            return Found()
        words = self._lexicon(language)
        segments = [segment for pool in pools for segment in pool]
        speller = self._speller(language, frozenset(audiences), segments)
        written = read(
            query, words, speller, lambda word: any(word in segment.forms for segment in segments)
        )
        vectors = self._vectors(written.readings())
        ranked = [ranking.rank(pool, written, words, vectors) for pool in pools if pool]
        return _found(ranked, written, vectors is not None, limit)

    def _lexicon(self, language: str) -> Lexicon:
        found = self._lexicons.get(language)
        if found is None:
            found = self._lexicons[language] = lexicon(language, self._vocabulary.synonyms)
        return found

    def _speller(
        self, language: str, audiences: frozenset[str], segments: list[Segment]
    ) -> Speller:
        """Return the speller of what may be seen; one that is behind is made anew meanwhile."""
        key = (language, audiences)
        held = self._spellers.get(key)
        if held is None:
            return self._spelled(key, segments, self._version)
        now = time.monotonic()
        if held.version != self._version and now - held.made_at > _SPELLER_SECONDS:
            held.made_at = now
            threading.Thread(
                target=self._spelled,
                args=(key, segments, self._version),
                name="search-spells",
                daemon=True,
            ).start()
        return held.speller

    def _spelled(
        self, key: tuple[str, frozenset[str]], segments: list[Segment], version: int
    ) -> Speller:
        forms: Counter[str] = Counter()
        for segment in segments:
            forms.update(segment.forms)
        language = key[0]
        known = self._lexicon(language).known
        speller = Speller(forms, known, self._is_word, by_sound=language == "es")
        if len(self._spellers) >= _MOST_SPELLERS:
            self._spellers.pop(next(iter(self._spellers)), None)
        self._spellers[key] = _Spelled(speller, version, time.monotonic())
        return speller

    def _is_word(self, word: str) -> bool:
        if self._vocabulary.is_word is not None and self._vocabulary.is_word(word):
            return True
        return (
            self._encoder is not None and not self.encoder_problem and self._encoder.is_word(word)
        )


def _merged(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Merge the small ones when there are many; the largest is left alone while it is much
    larger.
    """
    if len(segments) <= _MOST_SEGMENTS:
        return segments
    largest = max(segments, key=lambda segment: segment.size)
    small = [segment for segment in segments if segment is not largest]
    if sum(segment.size for segment in small) * 4 > largest.size:
        return (Segment.merge(segments),)
    return (largest, Segment.merge(small))


def _found(
    ranked: Sequence[ranking.Ranked], written: Written, is_by_meaning: bool, limit: int
) -> Found:
    best: dict[str, Hit] = {}
    for pool in ranked:
        for unit, score in pool.best(limit * 8):
            held = best.get(unit.document_id)
            if held is None or held.score < score:
                best[unit.document_id] = Hit(unit.document_id, unit.passage_id, score)
    hits = sorted(best.values(), key=lambda hit: (-hit.score, hit.document_id))[:limit]
    confidence = max((pool.confidence for pool in ranked), default=0.0)
    return Found(
        tuple(hits),
        confidence,
        bool(hits) and confidence >= ranking.FITS,
        is_by_meaning,
        written.clean,
    )
