"""What readers see: shelves, articles, manuals, files, all of it by who reads.

Everything here takes a `reader` and goes through the same condition, so that what is not for her
is not there: not in a list, not in a number, not among what is related, and not by its address.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from esmero.kernel.composed import composed
from esmero.kernel.prepared import execute
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import (
    Article,
    ArticleFile,
    Category,
    CategoryText,
    OldAddress,
    ReadCount,
    Text,
)
from esmero.knowledge.reads.searching import audiences_of

KEEP_SECONDS = 2.0
"""How long a process may believe that nothing has changed."""
ASKED_WITHIN = timedelta(days=30)
_CARD = (
    "article_id", "language", "slug", "published__number", "published__title",
    "published__summary", "article__kind", "article__category_id", "published_at",
    "first_published_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """An article in a list."""

    article_id: int
    language: str
    slug: str
    number: int
    title: str
    summary: str
    kind: str
    category_id: int | None
    published_at: datetime
    first_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to an article."""

    token: str
    name: str
    content_type: str
    size: int
    page_count: int | None
    is_main: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """An article as it is read: its published version, never the working copy."""

    card: Card
    body: str
    plain: str
    files: list[File] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    """Its address in other languages that this reader may see."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with what a reader finds in it. `count`: articles, its children's too."""

    category_id: int
    parent_id: int | None
    slug: str
    name: str
    description: str
    icon: str
    count: int


def published(reader: Audience, language: str) -> QuerySet[Text]:
    """Return the published texts of a language that a reader may see."""
    return of_audiences(audiences_of(reader)).filter(language=language)


def of_audiences(audiences: list[str]) -> QuerySet[Text]:
    """Return the published texts for some audiences, of whatever language."""
    return Text.objects.filter(
        published__isnull=False, article__archived_at=None, article__audience__in=audiences
    )


def _cards(rows: Iterable[tuple[Any, ...]]) -> list[Card]:
    return [Card(*row) for row in rows]


@composed
def _by_slug(slug: str, language: str, reader: Audience) -> QuerySet[Text, Any]:
    found = published(reader, language).filter(slug=slug)
    return found.values_list(*_CARD, "published__body", "published__plain")


@composed
def _files_of(article_id: int, language: str) -> QuerySet[ArticleFile, Any]:
    found = ArticleFile.objects.filter(
        Q(language="") | Q(language=language), article_id=article_id, removed_at=None
    )
    return found.order_by("-is_main", "id").values_list(
        "token", "name", "content_type", "blob__size", "page_count", "is_main"
    )


@composed
def _other_texts(article_id: int, reader: Audience) -> QuerySet[Text, Any]:
    found = of_audiences(audiences_of(reader)).filter(article_id=article_id)
    return found.values_list("language", "slug")


def article_at(slug: str, *, language: str, reader: Audience) -> Whole | None:
    """Return the article at an address, if this reader may see it."""
    rows = _by_slug(slug, language, reader)
    if not rows:
        return None
    card = Card(*rows[0][: len(_CARD)])
    files = [File(*row) for row in _files_of(card.article_id, language)]
    others = dict(_other_texts(card.article_id, reader))
    others.pop(language, None)
    return Whole(card, rows[0][-2], rows[0][-1], files, others)


def languages_at(slug: str, *, reader: Audience) -> list[str]:
    """Return in which languages there is an article at this address for this reader."""
    found = of_audiences(audiences_of(reader)).filter(slug=slug)
    return list(found.order_by("language").values_list("language", flat=True))


def moved_to(slug: str, *, language: str, reader: Audience) -> str | None:
    """Return where the article is that stood at this address before, if this reader may see it."""
    old = OldAddress.objects.filter(language=language, slug=slug, article__isnull=False)
    found = published(reader, language).filter(article_id__in=old.values("article_id"))
    return found.values_list("slug", flat=True).first()


def shelf_moved_to(slug: str, *, language: str) -> str | None:
    """Return where the category is that stood at this address before."""
    old = OldAddress.objects.filter(language=language, slug=slug, category__isnull=False)
    found = CategoryText.objects.filter(
        language=language, category_id__in=old.values("category_id")
    )
    return found.values_list("slug", flat=True).first()


_COUNTED = """
SELECT a.category_id, count(*) FROM knowledge_article a
JOIN knowledge_text t ON t.article_id = a.id
WHERE t.language = %s AND t.published_id IS NOT NULL AND a.archived_at IS NULL
  AND a.audience = ANY(%s) AND a.category_id IS NOT NULL
GROUP BY a.category_id
"""


def shelves(*, language: str, reader: Audience) -> list[Shelf]:
    """Return the categories in which this reader finds something, in the shop's order."""
    counted, _ = execute(_COUNTED, [language, audiences_of(reader)])
    own: dict[int, int] = dict(counted)
    rows = list(
        Category.objects.filter(texts__language=language)
        .order_by("position", "id")
        .values_list("id", "parent_id", "texts__slug", "texts__name", "texts__description", "icon")
    )
    whole = dict(own)
    for pk, parent_id, *_rest in rows:
        if parent_id is not None and pk in own:
            whole[parent_id] = whole.get(parent_id, 0) + own[pk]
    return [Shelf(*row, whole[row[0]]) for row in rows if whole.get(row[0])]


def on_shelf(
    category_id: int | None, *, language: str, reader: Audience, limit: int, start: int = 0
) -> list[Card]:
    """Return the articles of a category in the shop's order; None: those of no category."""
    found = _on_shelf(category_id, language, reader)
    found = found.order_by("article__position", "published__title", "id")
    return _cards(found.values_list(*_CARD)[start : start + limit])


def count_on_shelf(category_id: int | None, *, language: str, reader: Audience) -> int:
    """Return how many articles `on_shelf` has for this reader."""
    return _on_shelf(category_id, language, reader).count()


def _on_shelf(category_id: int | None, language: str, reader: Audience) -> QuerySet[Text]:
    where = Q(article__category=None)
    if category_id is not None:
        where = Q(article__category_id=category_id)
    return published(reader, language).filter(where).exclude(article__kind=Kind.NEWS.value)


def news(*, language: str, reader: Audience, limit: int, start: int = 0) -> list[Card]:
    """Return the news, the latest first."""
    found = published(reader, language).filter(article__kind=Kind.NEWS.value)
    found = found.order_by("-first_published_at", "-id")
    return _cards(found.values_list(*_CARD)[start : start + limit])


_MOST_ASKED = """
SELECT a.id FROM knowledge_article a
JOIN knowledge_text t ON t.article_id = a.id AND t.language = %s AND t.published_id IS NOT NULL
LEFT JOIN (
  SELECT article_id, sum(reads + answers) AS seen FROM knowledge_read_count
  WHERE language = %s AND day >= %s GROUP BY article_id
) r ON r.article_id = a.id
LEFT JOIN (
  SELECT best_article_id, count(*) AS asked FROM knowledge_question
  WHERE language = %s AND fits AND at >= %s GROUP BY best_article_id
) q ON q.best_article_id = a.id
WHERE a.archived_at IS NULL AND a.audience = ANY(%s) AND a.kind IN ('faq', 'guide', 'manual')
ORDER BY a.is_featured DESC, coalesce(r.seen, 0) + coalesce(q.asked, 0) DESC,
  a.kind = 'faq' DESC, a.position, a.id
LIMIT %s
"""


def most_asked(*, language: str, reader: Audience, at: datetime, limit: int) -> list[Whole]:
    """Return what is asked and read most (within ASKED_WITHIN), with the texts; before all what
    the shop put first.
    """
    since = at - ASKED_WITHIN
    rows, _ = execute(
        _MOST_ASKED,
        [language, language, since.date(), language, since, audiences_of(reader), limit],
    )
    order = {pk: place for place, (pk,) in enumerate(rows)}
    found = published(reader, language).filter(article_id__in=order)
    texts = found.values_list(*_CARD, "published__body", "published__plain")
    whole = [Whole(Card(*row[: len(_CARD)]), row[-2], row[-1]) for row in texts]
    return sorted(whole, key=lambda one: order[one.card.article_id])


# One statement by two indexes, for it stands on every article: composed by the ORM, with the whole
# shelf read, it took more than the rest of the page.
_BESIDE = """
WITH seen AS (
  (SELECT r.other_id AS id, 0 AS rank, r.position FROM knowledge_related r
   WHERE r.article_id = %s)
  UNION ALL
  (SELECT a.id, 1, a.position FROM knowledge_article a
   JOIN knowledge_text t ON t.article_id = a.id AND t.language = %s
   WHERE a.category_id = %s AND a.id <> %s AND t.published_id IS NOT NULL
     AND a.archived_at IS NULL AND a.audience = ANY(%s) AND a.kind <> 'news'
   ORDER BY a.category_id, a.position, a.id LIMIT %s)
)
SELECT t.article_id, t.language, t.slug, v.number, v.title, v.summary, a.kind, a.category_id,
  t.published_at, t.first_published_at
FROM seen JOIN knowledge_article a ON a.id = seen.id
JOIN knowledge_text t ON t.article_id = a.id AND t.language = %s
JOIN knowledge_version v ON v.id = t.published_id
WHERE a.archived_at IS NULL AND a.audience = ANY(%s) AND a.kind <> 'news'
ORDER BY seen.rank, seen.position, a.id
"""


def related(card: Card, *, reader: Audience, limit: int = 4) -> list[Card]:
    """Return what else helps: what the shop chose, then what stands on the same shelf."""
    audiences, code = audiences_of(reader), card.language
    rows, _ = execute(
        _BESIDE,
        [
            card.article_id, code, card.category_id, card.article_id, audiences, 2 * limit,
            code, audiences,
        ],
    )  # fmt: skip
    found: dict[int, Card] = {}
    for one in _cards(rows):
        found.setdefault(one.article_id, one)
    return list(found.values())[:limit]


def cards_of(article_ids: Iterable[int], *, language: str, reader: Audience) -> list[Card]:
    """Return those of some articles that this reader may see, in the order given."""
    order = {pk: place for place, pk in reversed(list(enumerate(article_ids)))}
    rows = published(reader, language).filter(article_id__in=order).values_list(*_CARD)
    return sorted(_cards(rows), key=lambda one: order[one.article_id])


def words_of(
    article_ids: Iterable[int], *, language: str, reader: Audience
) -> dict[int, tuple[str, str]]:
    """Return (summary, plain text) of those of some articles that this reader may see."""
    found = published(reader, language).filter(article_id__in=list(article_ids))
    rows = found.values_list("article_id", "published__summary", "published__plain")
    return {pk: (summary, plain) for pk, summary, plain in rows}


# -- for machines -------------------------------------------------------------


def addresses(*, start: int, limit: int) -> list[tuple[int, str, str, datetime]]:
    """Return (article, language, slug, last changed) of what everybody may read, for a sitemap."""
    found = of_audiences([Audience.PUBLIC.value]).order_by("article_id", "language")
    rows = found.values_list("article_id", "language", "slug", "published_at")
    return [(pk, code, slug, at) for pk, code, slug, at in rows[start : start + limit] if at]


def count_addresses() -> int:
    """Return how many rows `addresses` has."""
    return of_audiences([Audience.PUBLIC.value]).count()


_FINGERPRINT = """
SELECT md5(concat_ws('/',
  (SELECT concat(count(*), ':', sum(published_id), ':', sum(hashtext(slug)::bigint))
     FROM knowledge_text WHERE published_id IS NOT NULL),
  (SELECT sum(hashtext(concat_ws('|', id, kind, category_id, position, audience, is_featured,
     archived_at))::bigint) FROM knowledge_article),
  (SELECT sum(hashtext(concat_ws('|', id, parent_id, position, icon))::bigint)
     FROM knowledge_category),
  (SELECT sum(hashtext(concat_ws('|', id, language, name, description, slug))::bigint)
     FROM knowledge_category_text),
  (SELECT sum(hashtext(concat_ws('|', article_id, other_id, position))::bigint)
     FROM knowledge_related),
  (SELECT concat(count(*), ':', max(id)) FROM knowledge_old_address),
  (SELECT sum(hashtext(concat_ws('|', id, removed_at, reading, page_count, alternative))::bigint)
     FROM knowledge_file)))
"""
_kept: tuple[float, str] | None = None


def fingerprint() -> str:
    """Return what changes with everything that readers may see; at most KEEP_SECONDS old.

    It is computed from the rows themselves, so that no writer can forget to say that it changed
    something.
    """
    global _kept
    if _kept is not None and time.monotonic() - _kept[0] < KEEP_SECONDS:
        return _kept[1]
    rows, _ = execute(_FINGERPRINT, [])
    _kept = (time.monotonic(), str(rows[0][0]))
    return _kept[1]


def forget() -> None:
    """Drop what this process keeps (between tests)."""
    global _kept
    _kept = None


def reads_of(article_id: int, *, since: date) -> tuple[int, int]:
    """Return how often an article was read, and how often a contact followed, since a day."""
    found = ReadCount.objects.filter(article_id=article_id, day__gte=since).aggregate(
        reads=Sum("reads"), contacts=Sum("contacts")
    )
    return found["reads"] or 0, found["contacts"] or 0


def article_exists(article_id: int, *, reader: Audience) -> bool:
    """Say whether there is an article that this reader may see in some language."""
    return Article.objects.filter(
        pk=article_id, texts__in=of_audiences(audiences_of(reader))
    ).exists()
