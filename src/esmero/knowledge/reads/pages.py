"""One article as the team sees it: texts, versions, votes, files, where it was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from esmero.kernel import events
from esmero.kernel.refs import ref
from esmero.knowledge.events import AnsweredFromArticle
from esmero.knowledge.models import (
    Article,
    ArticleFile,
    OldAddress,
    ReadCount,
    Related,
    Synonyms,
    Text,
    Version,
    Vote,
)

SHOWN_FOR = timedelta(days=90)
_USED_SHOWN = 8


def text_of(article_id: int, language: str) -> Text | None:
    """Return a text for the team, with its article, what is published and who saved it."""
    return (
        Text.objects.select_related("article", "published", "saved_by_agent")
        .filter(article_id=article_id, language=language)
        .first()
    )


def versions_of(text_id: int) -> QuerySet[Version]:
    """Return the versions of a text, the newest first."""
    found = Version.objects.filter(text_id=text_id).select_related("by_agent")
    return found.defer("body", "wordings", "plain").order_by("-number")


def version_of(text_id: int, number: int) -> Version | None:
    """Return one version."""
    found = Version.objects.filter(text_id=text_id, number=number).select_related("by_agent")
    return found.first()


def old_addresses_of(article_id: int) -> QuerySet[OldAddress]:
    """Return the addresses that lead to an article."""
    return OldAddress.objects.filter(article_id=article_id).order_by("language", "-at")


def files_of(article_id: int) -> QuerySet[ArticleFile]:
    """Return what belongs to an article and was not put away: the main files first."""
    found = ArticleFile.objects.filter(article_id=article_id, removed_at=None)
    return found.order_by("-is_main", "id")


def file_of(token: str) -> ArticleFile | None:
    """Return a file by its token, for the team."""
    return ArticleFile.objects.filter(token=token).select_related("blob").first()


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of an article in the last ninety days."""

    reads: int
    contacts: int
    answers: int
    helpful: int
    unhelpful: int
    reasons: list[tuple[str, int]]
    comments: list[Vote]
    conversations: list[tuple[int, datetime]]


def reception_of(article_id: int, *, at: datetime) -> Reception:
    """Return how often it was read, what readers thought and where it was used."""
    since = at - SHOWN_FOR
    sums = ReadCount.objects.filter(article=article_id, day__gte=since.date()).aggregate(
        reads=Sum("reads"), contacts=Sum("contacts"), answers=Sum("answers")
    )
    votes = Vote.objects.filter(article=article_id, at__gte=since)
    told = dict(votes.order_by().values_list("is_helpful").annotate(n=Count("id")))
    reasons = list(
        votes.filter(is_helpful=False).exclude(reason="").order_by()
        .values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    )  # fmt: skip
    used = [
        (int(one.data["conversation_id"]), one.at)
        for one in events.history_of(ref("article", article_id), limit=100, since=since)
        if one.kind == AnsweredFromArticle.kind
    ]
    return Reception(
        reads=sums["reads"] or 0,
        contacts=sums["contacts"] or 0,
        answers=sums["answers"] or 0,
        helpful=told.get(True, 0),
        unhelpful=told.get(False, 0),
        reasons=reasons,
        comments=list(votes.exclude(comment="").order_by("-at")[:5]),
        conversations=sorted(used, key=lambda one: one[1], reverse=True)[:_USED_SHOWN],
    )


def chosen_related(article_id: int) -> list[int]:
    """Return the articles that somebody put beside an article, in their order."""
    found = Related.objects.filter(article_id=article_id).order_by("position", "id")
    return list(found.values_list("other_id", flat=True))


def overdue_reviews(agent_id: int, *, today: date) -> QuerySet[Article]:
    """Return somebody's articles whose review day has passed."""
    found = Article.objects.filter(
        owner_agent=agent_id, review_on__lt=today, archived_at=None
    ).order_by("review_on", "id")
    return found


def titles_of(article_ids: list[int], language: str) -> dict[int, str]:
    """Return what some articles are called, in the language or another."""
    found: dict[int, str] = {}
    for pk, spoken, title in Text.objects.filter(article__in=article_ids).values_list(
        "article", "language", "title"
    ):
        if spoken == language or pk not in found:
            found[pk] = title
    return found


def synonyms() -> QuerySet[Synonyms]:
    """Return all groups of words that mean the same."""
    return Synonyms.objects.order_by("language", "id")
