"""Reads of knowledge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import QuerySet

from esmero.knowledge.enums import Audience
from esmero.knowledge.models import Article, Text
from esmero.knowledge.reads import pages as pages
from esmero.knowledge.reads import published as published
from esmero.knowledge.reads import shelf as shelf
from esmero.knowledge.reads.published import Card as Card
from esmero.knowledge.reads.published import Shelf as Shelf
from esmero.knowledge.reads.searching import Found as Found
from esmero.knowledge.reads.searching import Hit as Hit
from esmero.knowledge.reads.searching import audiences_of as audiences_of
from esmero.knowledge.reads.searching import search as search
from esmero.knowledge.rules import html, markdown
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


def review_due_at(on: date) -> datetime:
    """Return until when a review of a day is due: six in the evening, the shop's time."""
    return datetime.combine(on, _REVIEWED_UNTIL, tzinfo=the_shop().zone)
