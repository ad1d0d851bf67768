"""Reads of knowledge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from esmero.knowledge.enums import Audience
from esmero.knowledge.models import Article, Text
from esmero.knowledge.reads import filed as filed
from esmero.knowledge.reads import pages as pages
from esmero.knowledge.reads import published as published
from esmero.knowledge.reads import questions as questions
from esmero.knowledge.reads import shelf as shelf
from esmero.knowledge.reads.published import Card as Card
from esmero.knowledge.reads.published import Shelf as Shelf
from esmero.knowledge.reads.searching import Found as Found
from esmero.knowledge.reads.searching import Hit as Hit
from esmero.knowledge.reads.searching import audiences_of as audiences_of
from esmero.knowledge.reads.searching import search as search
from esmero.knowledge.rules import asking, html, markdown, personal
from esmero.knowledge.rules.comparing import Paragraph as Paragraph
from esmero.knowledge.rules.comparing import compare as compare
from esmero.knowledge.rules.exchange import Entry as Entry
from esmero.knowledge.rules.exchange import Problem as Problem
from esmero.knowledge.rules.exchange import read_files as read_files
from esmero.knowledge.rules.exchange import unpack as unpack
from esmero.knowledge.rules.html import CALLOUTS as CALLOUTS
from esmero.knowledge.rules.html import is_hostile as is_hostile
from esmero.knowledge.rules.marked import to_markdown as to_markdown
from esmero.shop.queries import the_shop

_REVIEWED_UNTIL = time(18, 0)
clean_html = html.clean
plain_of = html.plain
markdown_to_html = markdown.to_html


def visible_to(reader: Audience, language: str) -> QuerySet[Text]:
    """Return the published texts of a language that a reader may see: the one door of the portal,
    the search and everything else that shows articles to readers.
    """
    return published.published(reader, language)


def article(article_id: int) -> Article | None:
    """Return an article, for the team."""
    return Article.objects.filter(pk=article_id).first()


def texts_of(article_ids: Iterable[int]) -> QuerySet[Text]:
    """Return all texts of some articles, for the team."""
    return Text.objects.filter(article_id__in=list(article_ids)).select_related("published")


def audiences_among(article_ids: Iterable[int]) -> dict[int, str]:
    """Return for whom articles are."""
    found = Article.objects.filter(pk__in=list(article_ids)).order_by()
    return dict(found.values_list("pk", "audience"))


def asked_in(text: str, *, subject: str = "") -> str:
    """Return the question in what somebody wrote, as it is searched: no greeting, no numbers."""
    return asking.essence(personal.question(text, subject=subject))


@dataclass(frozen=True, slots=True)
class Readable:
    """A published article as somebody of the team reads it to a customer."""

    article_id: int
    audience: str
    language: str
    slug: str
    title: str
    summary: str
    text: str
    """Plain."""


def readable(article_id: int, language: str) -> Readable | None:
    """Return what is published of an article in a language, else in the other one."""
    found = (
        Text.objects.filter(
            article_id=article_id, published__isnull=False, article__archived_at=None
        )
        .select_related("article", "published")
        .order_by("language")
    )
    text = next((one for one in found if one.language == language), None) or found.first()
    if text is None or text.published is None:
        return None
    version = text.published
    return Readable(
        article_id=article_id,
        audience=text.article.audience,
        language=text.language,
        slug=text.slug,
        title=version.title,
        summary=version.summary,
        text=version.plain,
    )


def review_due_at(on: date) -> datetime:
    """Return until when a review of a day is due: six in the evening, the shop's time."""
    return datetime.combine(on, _REVIEWED_UNTIL, tzinfo=the_shop().zone)
