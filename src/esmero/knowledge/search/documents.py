"""What is searched and what is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Role(StrEnum):
    """What a passage is of its document."""

    QUESTION = "question"
    """The title: what a customer asks. One a document."""
    ALIAS = "alias"
    """Another way to ask it: weighs like the question."""
    ANSWER = "answer"
    """The text, whole; it is cut into chunks here."""
    PAGE = "page"
    """A page of a manual: found by itself and opened there."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a document. `id` and `document_id` mean something to the caller only."""

    id: str
    role: Role
    text: str
    vectors: tuple[bytes, ...] = ()
    """What `Index.vectors_of` gave for the same text and encoder, to save the encoding."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article or a manual in one language for one audience."""

    id: str
    language: str
    audience: str
    passages: tuple[Passage, ...]
    encoder: str = ""
    """Version of the encoder that made the passages' vectors; others are made anew."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, at its best passage. `score` orders hits of one query only."""

    document_id: str
    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, best first; `confidence` (0 to 1) that the first answers; `fits`: worth showing
    as answer.
    """

    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    fits: bool = False
    is_by_meaning: bool = False
    """Whether the encoder took part; without it only words and their groups did."""
    understood: str = ""
    """The query as it was read, slips repaired."""


class Encoder(Protocol):
    """Turns texts into unit vectors. `version` changes whenever the vectors would."""

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text. Raises EncoderUnavailable where it cannot be loaded."""
        ...

    def is_word(self, word: str) -> bool:
        """Say whether the encoder's own vocabulary holds a word (in lower case) whole."""
        ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a shop adds to the languages: its groups of synonyms, and who knows right words."""

    synonyms: tuple[tuple[str, ...], ...] = ()
    is_word: Callable[[str], bool] | None = field(default=None)


class EncoderUnavailable(Exception):
    """The encoder cannot be loaded here; the message says why. Search goes on by words alone."""
