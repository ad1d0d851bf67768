"""What happened to knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ArticlePublished(Event):
    """A version became what readers of its language see."""

    kind: ClassVar[str] = "knowledge.published"
    article_id: int
    language: str
    number: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn(Event):
    """Readers of a language do not see it any more."""

    kind: ClassVar[str] = "knowledge.withdrawn"
    article_id: int
    language: str


@dataclass(frozen=True, slots=True)
class ArticleVoted(Event):
    """A reader said whether it helped."""

    kind: ClassVar[str] = "knowledge.voted"
    article_id: int
    language: str
    is_helpful: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateDrafted(Event):
    """A group of alike questions became the draft of an article."""

    kind: ClassVar[str] = "knowledge.candidate_drafted"
    candidate_id: int
    article_id: int


@dataclass(frozen=True, slots=True)
class AnsweredFromArticle(Event):
    """A reply was written with an article in it."""

    kind: ClassVar[str] = "knowledge.answered_from"
    article_id: int
    conversation_id: int
