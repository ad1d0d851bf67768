"""Reads of knowledge."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from esmero.knowledge.enums import Audience
from esmero.knowledge.models import Article, Text
from esmero.knowledge.reads import questions as questions
from esmero.knowledge.reads.searching import Found as Found
from esmero.knowledge.reads.searching import Hit as Hit
from esmero.knowledge.reads.searching import audiences_of as audiences_of
from esmero.knowledge.reads.searching import search as search


def visible_to(reader: Audience, language: str) -> QuerySet[Text]:
    """Return the published texts of a language that a reader may see: the one door of the portal,
    the search and everything else that shows articles to readers.
    """
    return Text.objects.filter(
        language=language,
        published__isnull=False,
        article__archived_at=None,
        article__audience__in=audiences_of(reader),
    )


def article(article_id: int) -> Article | None:
    """Return an article, for the team."""
    return Article.objects.filter(pk=article_id).first()


def texts_of(article_ids: Iterable[int]) -> QuerySet[Text]:
    """Return all texts of some articles, for the team."""
    return Text.objects.filter(article_id__in=list(article_ids)).select_related("published")
