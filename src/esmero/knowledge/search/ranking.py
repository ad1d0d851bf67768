"""How units are scored: several rankers, each made comparable over the pool, added.

Weights are small whole numbers. Of a titled article the query's vector counts three times against
the title and three times against the text, its sentences twice each, the letters once, the
meanings twice. Of an untitled text, long and saying much, the words count: vector, letters and
stems once.
docs/explanation/search.md tells what each is for and what it brings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esmero.knowledge.search.lexicon import Lexicon
from esmero.knowledge.search.postings import Postings, scores
from esmero.knowledge.search.segments import (
    Segment,
    codes,
    letter_terms,
    stem_terms,
)
from esmero.knowledge.search.text import words
from esmero.knowledge.search.writing import Written

FITS = 0.5
"""From this confidence on a hit is called an answer."""
_WHOLE, _MEANINGS, _NAMED = 3.0, 2.0, 2.0
_BAR = 8.0
"""Half of the answerable questions of our checks reach 10.5, half of the others 6.5."""
_MOST_TERMS = 48
"""Terms of a query that each ranker looks up."""
_RARE = 25.0
"""What a short query's rare word gives: a model, a name. Other rankers may still order its
holders.
"""
_OFTEN = 3.0
"""A trigram that a query repeats counts at most so often."""
_EXACT = 100.0
"""More than all rankers together can give: an exact title, a number that the text holds."""
_TEXT = 16 / 3
"""What makes an untitled text's three rankers weigh as much as the sixteen of a titled one."""
_FEW = 2
"""A query of so many words is looked up by its words first."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The scores of a pool."""

    segments: Sequence[Segment]
    scores: Scores
    is_candidate: NDArray[np.bool_]
    confidence: float

    def best(self, count: int) -> Iterator[tuple[Place, float]]:
        """Yield the best units, best first."""
        size = len(self.scores)
        count = min(count, size)
        if not count:
            return
        nearest = np.argpartition(-self.scores, count - 1)[:count]
        order = nearest[np.lexsort((nearest, -self.scores[nearest]))]
        for number in order:
            if self.is_candidate[number]:
                yield self._place(int(number)), float(self.scores[number])

    def _place(self, number: int) -> Place:
        for segment in self.segments:
            if number < segment.size:
                return Place(segment.document_ids[number], segment.passage_ids[number])
            number -= segment.size
        raise IndexError(number)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's names."""

    document_id: str
    passage_id: str


def standard(values: Scores) -> Scores:
    """Return the values with mean 0 and deviation 1; all 0 where they do not differ."""
    deviation = float(values.std())
    if deviation < 1e-9:
        return np.zeros_like(values)
    return ((values - values.mean()) / deviation).astype(np.float32)


def rank(
    segments: Sequence[Segment],
    written: Written,
    lexicon: Lexicon,
    vectors: NDArray[np.float32] | None,
) -> Ranked:
    """Score all units of a pool of one kind."""
    clean, plain = words(written.clean), words(written.plain)
    stems: Mapping[str, int] = stem_terms(clean, written.raw, lexicon)
    pool = _Pool(segments)
    meanings = {lexicon.terms[number]: counts for number, counts in written.meanings.items()}
    raw = {
        "stems": pool.bm25("stems", dict.fromkeys(stems, 1.0)),
        "meanings": pool.bm25("meanings", meanings),
    }
    letters = {three: min(float(count), _OFTEN) for three, count in letter_terms(plain).items()}
    if pool.has("letters"):
        raw["letters"] = pool.bm25("letters", letters)
    if pool.has("title_letters"):
        raw["title_meanings"] = pool.bm25("title_meanings", meanings)
        raw["title_letters"] = pool.bm25("title_letters", letters)
    gone = pool.gone()
    for values in raw.values():
        values[gone] = 0
    by_words = _by_words(raw)
    total = by_words.copy()
    likest = np.zeros(pool.size, np.float32)
    if vectors is not None:
        by_meaning, likest = pool.by_vectors(vectors, is_named=bool(written.named))
        total += by_meaning
        if len(stems) <= _FEW:
            total += by_words
    is_candidate = (likest > 0) | (raw["stems"] > 0) | (raw["meanings"] > 0)
    if "letters" in raw:
        is_candidate |= raw["letters"] > 0
    extra = pool.exact(written, clean, codes(written.raw))
    if len(stems) <= _FEW:
        total += _RARE * pool.rare(stems)
    total += extra
    total[gone] = -_EXACT * 10
    is_candidate[gone] = False
    confidence = 0.99
    best = int(np.argmax(total))
    if not extra[best]:
        if vectors is not None:
            likest[gone] = 0
            cosine = float(likest.max())
        else:
            cosine = 0.7 * pool.coverage("stems", stems, best)
        confidence = _confidence(pool, raw, cosine, stems, letters, meanings)
    return Ranked(segments, total, is_candidate, confidence)


def _by_words(raw: Mapping[str, Scores]) -> Scores:
    if "title_letters" in raw:
        return (
            standard(raw["title_letters"])
            + standard(raw["letters"])
            + _MEANINGS * (standard(raw["title_meanings"]) + standard(raw["meanings"]))
        )
    if "letters" in raw:
        total = standard(raw["stems"]) + standard(raw["letters"])
    else:
        total = standard(raw["stems"]) + standard(raw["meanings"]) / 2
    return (total * _TEXT).astype(np.float32)


class _Pool:
    """Segments looked at as one."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.size = sum(segment.size for segment in segments)

    def has(self, name: str) -> bool:
        return name in self.segments[0].fields

    def gone(self) -> NDArray[np.bool_]:
        return np.concatenate(
            [np.zeros(s.size, bool) if s.is_gone is None else s.is_gone for s in self.segments]
        )

    def postings(self, name: str) -> list[Postings]:
        return [segment.fields[name] for segment in self.segments]

    def bm25(self, name: str, terms: Mapping[str, float]) -> Scores:
        return np.concatenate(scores(self.postings(name), terms, _MOST_TERMS))

    def by_vectors(
        self, rows: NDArray[np.float32], *, is_named: bool = False
    ) -> tuple[Scores, Scores]:
        """Return the added standard scores, and the cosine of the text with the whole query.

        `rows`: the vector of the whole query, then those of its sentences if it has several,
        last, if `is_named`, that of what its phrases are called.
        """
        if not self.has("title_letters"):
            cosine = np.concatenate([s.vectors.likeness(rows[:1], s.size) for s in self.segments])
            return (_TEXT * standard(cosine[:, 0])).astype(np.float32), cosine[:, 0]
        text = np.concatenate([s.vectors.likeness(rows, s.size) for s in self.segments])
        title = np.concatenate([s.title_vectors.likeness(rows, s.size) for s in self.segments])
        title = np.where(title < -0.99, text, title)
        text = np.where(text < -0.99, title, text)
        total = np.zeros(self.size, np.float32)
        end = len(rows) - is_named
        for side in (title, text):
            parts = side[:, 1:end] if end > 1 else side[:, :1]
            total += _WHOLE * standard(side[:, 0])
            total += standard(parts.max(axis=1)) + standard(parts.mean(axis=1))
            if is_named:
                total += _NAMED * standard(side[:, end])
        return total, text[:, 0]

    def exact(self, written: Written, clean: list[str], numbers: Sequence[str]) -> Scores:
        """Return what units get whose title is the query, or that hold its numbers."""
        extra = np.zeros(self.size, np.float32)
        wanted = {" ".join(clean), " ".join(words(written.raw))} - {""}
        before = 0
        for segment in self.segments:
            for title in wanted:
                for at in segment.titled.get(title, ()):
                    extra[before + at] += _EXACT
            for number in numbers:
                postings = segment.fields["stems"]
                which = postings.numbers.get(number)
                is_named = not number[1:].isdigit() or len(number) > 5 or len(clean) <= _FEW
                if which is not None and is_named:
                    held = postings.units[postings.starts[which] : postings.starts[which + 1]]
                    extra[held.astype(np.int64) + before] += _EXACT / 2
            before += segment.size
        return extra

    def rare(self, stems: Iterable[str]) -> Scores:
        """Return 1 for units that hold a word which hardly any other does, else 0."""
        found = np.zeros(self.size, np.float32)
        parts = self.postings("stems")
        for term in stems:
            if sum(part.held_by(term) for part in parts) > max(1, self.size // 100):
                continue
            before = 0
            for part in parts:
                number = part.numbers.get(term)
                if number is not None:
                    held = part.units[part.starts[number] : part.starts[number + 1]]
                    found[held.astype(np.int64) + before] = 1
                before += part.size
        return found

    def coverage(self, name: str, terms: Iterable[str], unit: int) -> float:
        """Return the share of the terms, weighed by how rare they are, that a unit holds."""
        parts = self.postings(name)
        before, held_in, at = 0, parts[0], unit
        for part in parts:
            if unit < before + part.size:
                held_in, at = part, unit - before
                break
            before += part.size
        found = total = 0.0
        for term in terms:
            held = sum(part.held_by(term) for part in parts)
            idf = math.log(1 + (self.size - held + 0.5) / (held + 0.5))
            total += idf
            if held and held_in.is_held(term, at):
                found += idf
        return found / total if total else 0.0


def _confidence(
    pool: _Pool,
    raw: Mapping[str, Scores],
    cosine: float,
    stems: Mapping[str, int],
    letters: Mapping[str, float],
    meanings: Mapping[str, float],
) -> float:
    """Return how sure the first hit is (0 to 1), from figures that mean the same in every pool.

    They are the best of the pool each, so that two hits that answer alike do not count against
    each other. A score is divided by what the rarest term could give, so that the size of the
    pool does not count, and by the root of the query's length. The weights make the figures
    spread alike; only the bar is set.
    """
    rarest = math.log(1 + (pool.size + 0.5) / 0.5) * 2.5
    by_stems = float(raw["stems"].max()) / math.sqrt(1 + len(stems))
    by_letters = by_stems * 2
    if "letters" in raw:
        by_letters = float(raw["letters"].max()) / math.sqrt(1 + sum(letters.values()))
    field = "title_meanings" if "title_meanings" in raw else "meanings"
    by_meanings = float(raw[field].max())
    parts = pool.postings(field)
    phrase = max(
        (counts for term, counts in meanings.items() if any(part.held_by(term) for part in parts)),
        default=0.0,
    )
    logit = 6.5 * cosine + phrase - _BAR
    logit += (6.0 * by_stems + 7.0 * by_letters + 5.0 * by_meanings) / rarest
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
