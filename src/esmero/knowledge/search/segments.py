"""Parts of a shelf: units with their terms and vectors, never changed once built."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from esmero.knowledge.search.documents import Document, Passage, Role
from esmero.knowledge.search.lexicon import Lexicon
from esmero.knowledge.search.postings import Postings
from esmero.knowledge.search.text import LONGEST, is_small, stem, trigrams, words
from esmero.knowledge.search.vectors import Vectors

ARTICLE_FIELDS = ("title_letters", "letters", "title_meanings", "meanings", "stems")
TEXT_FIELDS = ("letters", "meanings", "stems")
PAGE_FIELDS = ("meanings", "stems")
"""Letter trigrams of twenty thousand pages would take 60 MB; slips are repaired in the query."""

FIELDS = {"article": ARTICLE_FIELDS, "text": TEXT_FIELDS, "page": PAGE_FIELDS}
_MOST_GONE = 0.1
"""Share of removed units from which on a segment is made anew."""
_CHUNK_WORDS = 180
"""An encoder averages: of a longer text it says little."""
_MOST_CHUNKS = 12
_CODE = re.compile(r"(?=\w*\d)\w+(?:[-_/.]\w+)+|(?=\w*[a-zA-Z])(?=\w*\d)\w{3,}|\d{3,}")
_LETTERS = re.compile(r"[^\W\d_]+")


def codes(text: str) -> list[str]:
    """Return what looks like a number of an order, a SKU or a model, without its hyphens."""
    return [
        "#" + re.sub(r"[^a-z0-9]", "", found.lower()) for found in _CODE.findall(text[:LONGEST])
    ]


def chunks(text: str) -> list[str]:
    """Cut a text into pieces of some sentences that an encoder can take."""
    split = text.split()
    if len(split) <= _CHUNK_WORDS * 1.3:
        return [" ".join(split)]
    count = min(_MOST_CHUNKS, -(-len(split) // _CHUNK_WORDS))
    size = -(-len(split) // count)
    return [" ".join(split[at : at + size]) for at in range(0, len(split), size)]


@dataclass(slots=True)
class Text:
    """A text that has a vector of its own."""

    passage_id: str
    text: str
    is_title: bool
    vector: NDArray[np.float32] | None = None


@dataclass(slots=True)
class Unit:
    """What is ranked: an article, or a page of a manual."""

    document_id: str
    passage_id: str
    kind: str
    encoder: str
    title: str
    """Question and aliases in folded words; what an exact query is compared with."""
    texts: list[Text] = field(default_factory=list)
    terms: dict[str, dict[str, int]] = field(default_factory=dict)
    forms: Counter[str] = field(default_factory=Counter)


def units_of(document: Document, lexicon: Lexicon) -> Iterator[Unit]:
    """Yield an article as one unit, a manual as one for each page."""
    asked = [p for p in document.passages if p.role in (Role.QUESTION, Role.ALIAS)]
    answers = [p for p in document.passages if p.role == Role.ANSWER]
    pages = [p for p in document.passages if p.role == Role.PAGE and p.text.strip()]
    if asked and (answers or not pages):
        heading = next((p.text for p in asked if p.role == Role.QUESTION), "")
        texts = [Text(p.id, p.text, True, *_stored(p.vectors, 1)) for p in asked]
        for p in answers:
            pieces = [f"{heading}\n{piece}".strip() for piece in chunks(p.text)]
            stored = _stored(p.vectors, len(pieces))
            texts += [
                Text(p.id, piece, False, vector)
                for piece, vector in zip(pieces, stored, strict=True)
            ]
        title = "\n".join(p.text for p in asked)
        whole = "\n".join([title, *(p.text for p in answers)])
        first = (answers or asked)[0].id
        yield _unit(document, first, "article", title, whole, texts, lexicon)
    elif answers:
        whole = "\n".join(p.text for p in answers)
        yield _unit(document, answers[0].id, "text", "", whole, _texts(answers), lexicon)
    for p in pages:
        yield _unit(document, p.id, "page", "", p.text, _texts([p]), lexicon)


def _texts(passages: Sequence[Passage]) -> list[Text]:
    return [
        Text(p.id, piece, False, vector)
        for p in passages
        for pieces in [chunks(p.text)]
        for piece, vector in zip(pieces, _stored(p.vectors, len(pieces)), strict=True)
    ]


def _stored(vectors: tuple[bytes, ...], count: int) -> list[NDArray[np.float32] | None]:
    if len(vectors) != count:
        return [None] * count
    return [np.frombuffer(one, np.float16).astype(np.float32) for one in vectors]


def _unit(
    document: Document,
    passage_id: str,
    kind: str,
    title: str,
    whole: str,
    texts: list[Text],
    lexicon: Lexicon,
) -> Unit:
    folded = words(whole)
    terms = {
        "stems": stem_terms(folded, whole, lexicon),
        "meanings": meaning_terms(folded, lexicon),
    }
    if kind != "page":
        terms["letters"] = letter_terms(folded)
    if kind == "article":
        titled = words(title)
        terms["title_meanings"] = meaning_terms(titled, lexicon)
        terms["title_letters"] = letter_terms(titled)
    return Unit(
        document.id,
        passage_id,
        kind,
        document.encoder,
        " ".join(words(title)),
        texts,
        terms,
        Counter(form for form in _LETTERS.findall(whole.lower()[:LONGEST]) if 3 < len(form) < 25),
    )


def stem_terms(folded: list[str], text: str, lexicon: Lexicon) -> Counter[str]:
    """Return the stems of the words with a subject, and the numbers written in the text."""
    language = lexicon.language
    terms = Counter(stem(word, language) for word in folded if not is_small(word, language))
    terms.update(codes(text))
    return terms


def meaning_terms(folded: list[str], lexicon: Lexicon) -> dict[str, int]:
    """Return the groups of the lexicon that the words touch."""
    return {lexicon.terms[number]: 1 for number in lexicon.meanings(folded)}


def letter_terms(folded: list[str]) -> Counter[str]:
    """Return the letter trigrams of all words."""
    return Counter(three for word in folded for three in trigrams(word))


def _titled(titles: Iterable[tuple[int, str]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, title in titles:
        if title:
            found[title] = (*found.get(title, ()), number)
    return found


@dataclass(frozen=True, slots=True)
class Segment:
    """Units with their postings and vectors."""

    document_ids: tuple[str, ...]
    passage_ids: tuple[str, ...]
    titled: dict[str, tuple[int, ...]]
    """The units of each title, in folded words."""
    fields: dict[str, Postings]
    title_vectors: Vectors
    vectors: Vectors
    forms: dict[str, int]
    """Words in lower case with their accents; those of removed units stay until a merge."""
    is_gone: NDArray[np.bool_] | None = None
    """Units that were removed and are not found any more; None while there are none."""

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.document_ids)

    @classmethod
    def build(cls, units: list[Unit], dimensions: int) -> Segment:
        """Build from units of one kind."""
        names = FIELDS[units[0].kind]
        forms: Counter[str] = Counter()
        title_rows: list[tuple[int, NDArray[np.float32]]] = []
        rows: list[tuple[int, NDArray[np.float32]]] = []
        for number, unit in enumerate(units):
            forms.update(unit.forms)
            for text in unit.texts:
                if text.vector is not None:
                    (title_rows if text.is_title else rows).append((number, text.vector))
        return cls(
            tuple(sys.intern(unit.document_id) for unit in units),
            tuple(sys.intern(unit.passage_id) for unit in units),
            _titled(enumerate(unit.title for unit in units)),
            {name: Postings.build([unit.terms[name] for unit in units]) for name in names},
            Vectors.build(title_rows, dimensions),
            Vectors.build(rows, dimensions),
            dict(forms),
        )

    @classmethod
    def merge(cls, segments: Sequence[Segment]) -> Segment:
        """Join several of one kind."""
        return cls._kept(
            [(s, np.ones(s.size, bool) if s.is_gone is None else ~s.is_gone) for s in segments]
        )

    def without(self, document_ids: Collection[str]) -> Segment:
        """Return this segment without some documents; its arrays stay while few are gone."""
        gone = np.array([one in document_ids for one in self.document_ids], bool)
        if self.is_gone is not None:
            gone |= self.is_gone
        if gone.mean() > _MOST_GONE:
            return self._kept([(self, ~gone)])
        return replace(self, is_gone=gone)

    @classmethod
    def _kept(cls, parts: list[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
        forms: Counter[str] = Counter()
        for segment, _ in parts:
            forms.update(segment.forms)

        def held(values: str) -> tuple[str, ...]:
            return tuple(
                value
                for segment, is_kept in parts
                for value, kept in zip(getattr(segment, values), is_kept, strict=True)
                if kept
            )

        titles: list[tuple[int, str]] = []
        before = 0
        for segment, is_kept in parts:
            place = np.cumsum(is_kept) - 1 + before
            titles += [
                (int(place[at]), title)
                for title, units in segment.titled.items()
                for at in units
                if is_kept[at]
            ]
            before += int(is_kept.sum())
        return cls(
            held("document_ids"),
            held("passage_ids"),
            _titled(titles),
            {
                name: Postings.merge([(segment.fields[name], kept) for segment, kept in parts])
                for name in parts[0][0].fields
            },
            Vectors.merge([(segment.title_vectors, kept) for segment, kept in parts]),
            Vectors.merge([(segment.vectors, kept) for segment, kept in parts]),
            dict(forms),
        )
