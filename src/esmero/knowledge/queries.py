"""Reads of knowledge."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from esmero.knowledge.enums import Audience
from esmero.knowledge.models import Article, Text

_READS = {
    Audience.PUBLIC: [Audience.PUBLIC],
    Audience.CUSTOMERS: [Audience.PUBLIC, Audience.CUSTOMERS],
    Audience.TEAM: [Audience.PUBLIC, Audience.CUSTOMERS, Audience.TEAM],
}


def audiences_of(reader: Audience) -> list[str]:
    """Return whose articles a reader of this audience may see."""
    return [audience.value for audience in _READS[reader]]


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
