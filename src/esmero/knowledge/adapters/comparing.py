"""What the search process says of sentences: which of many questions are near in meaning.

It holds no vector of a question. They lie in the database (`Vector`, float16), are made where they
are missing, read a block at a time for the sums of one answer, and let go of. Such a row bears the
day on which it was last wanted; `forget_vectors` drops it a month later.

Cosines are those of vectors without what all of them share (their centre): every question of a
shop of mattresses is near to every other. Source: Mu and Viswanath, "All-but-the-Top" (2018).
"""

from __future__ import annotations

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from esmero.kernel import clock
from esmero.knowledge.adapters.sentences import LONGEST, digest_of, unpacked
from esmero.knowledge.models import Vector
from esmero.knowledge.search import Index
from esmero.knowledge.search.memory import release

Floats = NDArray[np.float32]

TEXTS_MOST: Final = 20_000
OF_MOST: Final = 1_000
LIMIT_MOST: Final = 200
ALSO_MOST: Final = 200_000
PAIRS_MOST: Final = 20_000
PAIR_TEXTS_MOST: Final = 6_000
LEARNT_MOST: Final = 400
"""Texts of one message: about a second."""
_BLOCK: Final = 400
_CENTRE_OF: Final = 500
"""Texts at even distances whose mean is the centre."""
_USED_EVERY: Final = timedelta(days=7)
"""A row that is wanted daily is not written daily."""


class Comparing:
    """The operations `learn`, `alike` and `pairs` of the search process, one at a time."""

    def __init__(self, index: Index, *, now: Callable[[], datetime] = clock.now) -> None:
        self._index = index
        self._now = now
        self._lock = threading.Lock()

    def operations(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        """Return them by their names, for a `Server`."""
        return {
            name: self._alone(one)
            for name, one in (("learn", self.learn), ("alike", self.alike), ("pairs", self.pairs))
        }

    def _alone(
        self, operation: Callable[[Mapping[str, Any]], dict[str, Any]]
    ) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        def alone(asked: Mapping[str, Any]) -> dict[str, Any]:
            with self._lock:
                try:
                    return operation(asked)
                finally:
                    release()

        return alone

    def learn(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make and keep the vectors that some texts have not.

        Asked `texts`, at most 400. Answers the `encoder`, empty where there is none. Raises
        ValueError, TypeError, KeyError.
        """
        texts = asked["texts"]
        if not isinstance(texts, list) or len(texts) > LEARNT_MOST:
            raise ValueError(f"texts are a list of at most {LEARNT_MOST}")
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a text is a string")
        by_digest = {digest_of(text): text[:LONGEST] for text in texts}
        fresh = self._without(list(by_digest))
        vectors = self._index.encode([by_digest[digest] for digest in fresh])
        if vectors is not None:
            encoder, today = self._index.encoder_version, self._now().date()
            Vector.objects.bulk_create(
                [
                    Vector(encoder=encoder, digest=d, data=data.tobytes(), asked_on=today)
                    for d, data in zip(fresh, vectors.astype("<f2"), strict=True)
                ],
                ignore_conflicts=True,
            )
        return self._said()

    def alike(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Tell which of many texts are the nearest to some of them.

        Asked `texts` and `around` (texts that only tell what is common) as digests, `of` (places
        in `texts`), `limit`, and `also`: for each of `of` places to be told as well. Answers the
        `encoder` and `near`: for each of `of` places with their cosine, the nearest first; the
        `centre`, for `pairs`. Or `missing`: places (those of `around` behind those of `texts`)
        without a vector, some of them. Raises ValueError, TypeError, KeyError.
        """
        texts, around = _digests(asked["texts"]), _digests(asked["around"])
        of = _places(asked["of"], len(texts), OF_MOST)
        also = [_places(places, len(texts), TEXTS_MOST) for places in asked["also"]]
        if len(also) != len(of) or sum(map(len, also)) > ALSO_MOST:
            raise ValueError("`also` holds some places for each of `of`")
        limit = max(1, min(int(asked["limit"]), LIMIT_MOST))
        if not texts:
            raise ValueError("no texts")
        if refused := self._refused([*texts, *around]):
            return refused
        some = texts[:: -(-len(texts) // _CENTRE_OF)]
        centre = self._rows([*some, *around]).mean(axis=0)
        mine = _centred(self._rows([texts[place] for place in of]), centre)
        near = Nearest(limit, also)
        for start in range(0, len(texts), _BLOCK):
            block = _centred(self._rows(texts[start : start + _BLOCK]), centre)
            near.look(start, mine @ block.T)
        told = b64encode(centre.astype("<f4").tobytes()).decode()
        return {**self._said(), "centre": told, "near": near.found()}

    def pairs(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Tell how near the texts of pairs are.

        Asked `texts` as digests (at most 6,000), `pairs` (places, two after two, of at most
        20,000) and the `centre` of an answer of `alike`. Answers `encoder` and `cosines`, or
        `missing` as `alike` does. Raises ValueError, TypeError, KeyError.
        """
        texts = _digests(asked["texts"], most=PAIR_TEXTS_MOST)
        places = _places(asked["pairs"], len(texts), 2 * PAIRS_MOST)
        centre = np.frombuffer(b64decode(asked["centre"], validate=True), "<f4")
        if len(places) % 2 or len(centre) != self._index.dimensions:
            raise ValueError("`pairs` holds places two after two, `centre` a vector")
        if refused := self._refused(texts):
            return refused
        rows = _centred(self._rows(texts), centre)
        pairs = np.array(places, np.int32).reshape(-1, 2)
        found: list[float] = []
        for start in range(0, len(pairs), _BLOCK):
            one, other = pairs[start : start + _BLOCK].T
            found += _told(np.einsum("ij,ij->i", rows[one], rows[other]))
        return {**self._said(), "cosines": found}

    def _said(self) -> dict[str, Any]:
        return {"encoder": self._index.encoder_version}

    def _refused(self, digests: Sequence[bytes]) -> dict[str, Any] | None:
        """Return the answer when some have no vector."""
        fresh = set(self._without(list(dict.fromkeys(digests))))
        if not fresh:
            return None
        missing = (place for place, digest in enumerate(digests) if digest in fresh)
        return {**self._said(), "missing": list(islice(missing, LEARNT_MOST))}

    def _without(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return those without a vector; note of the others that they are wanted."""
        today = self._now().date()
        found: list[bytes] = []
        for start in range(0, len(digests), _BLOCK):
            some = digests[start : start + _BLOCK]
            rows = Vector.objects.filter(encoder=self._index.encoder_version, digest__in=some)
            used = {bytes(d): on for d, on in rows.values_list("digest", "asked_on")}
            old = [d for d, on in used.items() if on is None or on < today - _USED_EVERY]
            if old:
                rows.filter(digest__in=old).update(asked_on=today)
            found += [digest for digest in some if digest not in used]
        return found

    def _rows(self, digests: Sequence[bytes]) -> Floats:
        """Return the vectors of texts; of one that was forgotten meanwhile, nothing but zeros."""
        size = self._index.dimensions
        found = np.zeros((len(digests), size), np.float32)
        for start in range(0, len(digests), _BLOCK):
            some = digests[start : start + _BLOCK]
            rows = Vector.objects.filter(
                encoder=self._index.encoder_version, digest__in=set(some)
            ).values_list("digest", "data")
            held = {bytes(d): data for d, data in rows if len(data) == 2 * size}
            for place, digest in enumerate(some, start):
                if digest in held:
                    found[place] = np.frombuffer(held[digest], "<f2")
        return found


class Nearest:
    """The nearest of many, kept while they are looked at block by block."""

    def __init__(self, limit: int, also: Sequence[Sequence[int]]) -> None:
        """`also`: for each of those that look, places that are told however near they are."""
        count = len(also)
        self._limit = limit
        self._values = np.empty((count, 0), np.float32)
        self._places = np.empty((count, 0), np.int32)
        rows = np.repeat(np.arange(count), [len(places) for places in also])
        columns = np.array([place for places in also for place in places], np.int64)
        order = np.argsort(columns, kind="stable")
        self._rows, self._columns = rows[order], columns[order]
        self._values_also = np.zeros(len(columns), np.float32)

    def look(self, start: int, cosines: Floats) -> None:
        """Look at those from place `start` on: a row for each that looks, a column for each."""
        count = cosines.shape[1]
        first, last = np.searchsorted(self._columns, [start, start + count])
        here = slice(first, last)
        self._values_also[here] = cosines[self._rows[here], self._columns[here] - start]
        new = np.broadcast_to(np.arange(start, start + count, dtype=np.int32), cosines.shape)
        values = np.concatenate([self._values, cosines], axis=1)
        places = np.concatenate([self._places, new], axis=1)
        best = np.argsort(-values, axis=1, kind="stable")[:, : self._limit]
        self._values = np.take_along_axis(values, best, axis=1)
        self._places = np.take_along_axis(places, best, axis=1)

    def found(self) -> list[list[tuple[int, float]]]:
        """Return for each the places with their cosine, the nearest first."""
        found: list[dict[int, float]] = [
            dict(zip(places, values, strict=True))
            for places, values in zip(self._places.tolist(), _told(self._values), strict=True)
        ]
        for row, column, value in zip(
            self._rows.tolist(), self._columns.tolist(), _told(self._values_also), strict=True
        ):
            found[row].setdefault(column, value)
        return [sorted(near.items(), key=lambda one: (-one[1], one[0])) for near in found]


def _centred(rows: Floats, centre: Floats) -> Floats:
    """Make rows unit vectors without what all share, where they are; zeros stay zeros."""
    there = np.any(rows, axis=1, keepdims=True)
    np.subtract(rows, centre, out=rows, where=there)
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    rows /= np.where(length > 1e-6, length, np.inf)
    return rows


def _told(values: Floats) -> list[Any]:
    """Return numbers as short as JSON can carry them."""
    found: list[Any] = values.astype(float).round(4).tolist()
    return found


def _digests(given: Any, *, most: int = TEXTS_MOST) -> list[bytes]:
    found = unpacked(given)
    if len(found) > most:
        raise ValueError(f"more than {most} texts")
    return found


def _places(given: Any, count: int, most: int) -> list[int]:
    if not isinstance(given, list) or len(given) > most:
        raise ValueError(f"places are a list of at most {most}")
    if not all(type(one) is int and 0 <= one < count for one in given):
        raise ValueError("a place is the number of a text")
    return given
