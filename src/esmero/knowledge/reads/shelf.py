"""The team's list of articles: narrowed, counted, with what each needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from esmero.kernel.text import fold
from esmero.knowledge.enums import State
from esmero.knowledge.models import Article, Category, ReadCount, Text, Vote

CHANGED = "changed"
ARCHIVED = "archived"
LOOKED_BACK = timedelta(days=90)
NEVER_READ_AFTER = timedelta(days=14)
"""How long something is published before nobody's reading it means anything."""
_UNHELPFUL_LEAST = 2
_WORDS_MOST = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; what is empty does not narrow.

    `state` is one of State, `changed` (published, with changes that readers do not see) or
    `archived`; `category` an id, `none`, or empty; `needs` one of `due`, `unhelpful`, `unread`.
    """

    words: str = ""
    state: str = ""
    kind: str = ""
    category: str = ""
    language: str = ""
    audience: str = ""
    needs: str = ""


@dataclass(slots=True)
class Row:
    """An article of the list."""

    article: Article
    texts: dict[str, Text]
    reads: int
    helpful: int
    unhelpful: int

    def text(self, language: str) -> Text | None:
        """Its text in a language, else in any."""
        return self.texts.get(language) or next(iter(self.texts.values()), None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each, over what is not archived."""

    total: int
    states: dict[str, int]
    kinds: dict[str, int]
    audiences: dict[str, int]
    categories: dict[str, int]
    languages: dict[str, int]
    needs: dict[str, int]
    extra: dict[str, int] = field(default_factory=dict)


def _has_changes() -> Q:
    """Published, and the working copy is another one."""
    same = Q(
        title=F("published__title"),
        summary=F("published__summary"),
        body=F("published__body"),
        wordings=F("published__wordings"),
    )
    return Q(published__isnull=False) & ~same


def has_changes(text: Text) -> bool:
    """Say whether readers see another text than the working copy."""
    seen = text.published
    return seen is not None and (
        (text.title, text.summary, text.body, text.wordings)
        != (seen.title, seen.summary, seen.body, seen.wordings)
    )


def _with(**of: object) -> Exists:
    return Exists(Text.objects.filter(article=OuterRef("pk"), **of))


def _condition_of_state(state: str) -> Q:
    if state == CHANGED:
        return Q(Exists(Text.objects.filter(_has_changes(), article=OuterRef("pk"))))
    return Q(_with(state=state))


def _due(today: date) -> Q:
    return Q(review_on__lte=today)


def _unhelpful(at: datetime) -> Q:
    votes = Vote.objects.filter(article=OuterRef("pk"), at__gte=at - LOOKED_BACK).order_by()
    many = (
        votes.values("article")
        .annotate(no=Count("id", filter=Q(is_helpful=False)), n=Count("id"))
        # At least two, and a third of all.
        .filter(no__gte=_UNHELPFUL_LEAST, n__lte=F("no") * 3)
    )
    return Q(Exists(many))


def _unread(at: datetime) -> Q:
    seen = ReadCount.objects.filter(
        article=OuterRef("pk"), day__gte=(at - LOOKED_BACK).date(), reads__gt=0
    )
    since = at - NEVER_READ_AFTER
    return Q(_with(published__isnull=False, first_published_at__lte=since)) & ~Q(Exists(seen))


def _needs(name: str, *, at: datetime, today: date) -> Q:
    return {"due": _due(today), "unhelpful": _unhelpful(at), "unread": _unread(at)}[name]


NEEDS = ("due", "unhelpful", "unread")


def _said(words: str) -> Q:
    """All of the words stand in a text (title, summary, other wordings, body), as people write."""
    folded = Func(
        Concat("title", Value(" "), "summary", Value(" "), "wordings", Value(" "), "body",
               output_field=TextField()),
        function="esmero_fold",
        output_field=TextField(),
    )  # fmt: skip
    found = Text.objects.filter(article=OuterRef("pk")).annotate(folded=folded)
    for word in fold(words).split()[:_WORDS_MOST]:
        found = found.filter(folded__contains=word)
    return Q(Exists(found))


def narrowed(wanted: Wanted, *, at: datetime, today: date) -> QuerySet[Article]:
    """Return the articles that fit, those changed last first."""
    found = Article.objects.all()
    if wanted.state == ARCHIVED:
        found = found.filter(archived_at__isnull=False)
    else:
        found = found.filter(archived_at=None)
        if wanted.state:
            found = found.filter(_condition_of_state(wanted.state))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.category == "none":
        found = found.filter(category=None)
    elif wanted.category.isdigit():
        pk = int(wanted.category)
        found = found.filter(Q(category=pk) | Q(category__parent=pk))
    if wanted.language:
        # `en`: has it; `-en`: lacks it.
        lacks, code = wanted.language.startswith("-"), wanted.language.lstrip("-")
        has = Q(_with(language=code))
        found = found.filter(~has if lacks else has)
    if wanted.audience:
        found = found.filter(audience=wanted.audience)
    if wanted.needs in NEEDS:
        found = found.filter(_needs(wanted.needs, at=at, today=today))
    if wanted.words.strip():
        found = found.filter(_said(wanted.words))
    newest = Text.objects.filter(article=OuterRef("pk")).order_by("-saved_at").values("saved_at")
    return found.annotate(changed_at=Subquery(newest[:1])).order_by("-changed_at", "-id")


def rows_of(articles: Iterable[Article], *, at: datetime) -> list[Row]:
    """Return the rows of some articles with their texts, reads and votes: four statements."""
    some = list(articles)
    ids = [article.pk for article in some]
    texts: dict[int, dict[str, Text]] = {}
    for text in (
        Text.objects.filter(article__in=ids).select_related("published").order_by("-language")
    ):
        texts.setdefault(text.article_id, {})[text.language] = text
    since = at - LOOKED_BACK
    reads = dict(
        ReadCount.objects.filter(article__in=ids, day__gte=since.date())
        .values_list("article")
        .annotate(n=Sum("reads"))
    )
    votes = {
        pk: (yes, no)
        for pk, yes, no in Vote.objects.filter(article__in=ids, at__gte=since)
        .values_list("article")
        .annotate(
            yes=Count("id", filter=Q(is_helpful=True)), no=Count("id", filter=Q(is_helpful=False))
        )
    }
    return [
        Row(one, texts.get(one.pk, {}), reads.get(one.pk, 0), *votes.get(one.pk, (0, 0)))
        for one in some
    ]


def counts(*, at: datetime, today: date) -> Counts:
    """Return how many articles each filter would leave: six statements, whatever there is."""
    there = Article.objects.filter(archived_at=None)
    texts = Text.objects.filter(article__archived_at=None)
    states = dict(
        texts.order_by().values_list("state").annotate(n=Count("article", distinct=True))
    )
    states[CHANGED] = texts.filter(_has_changes()).values("article").distinct().count()
    # One statement for all that is counted of the articles themselves.
    asked = there.aggregate(
        total=Count("id"),
        **{f"needs_{name}": Count("id", filter=_needs(name, at=at, today=today))
           for name in NEEDS},
    )  # fmt: skip
    kinds: dict[str, int] = {}
    audiences: dict[str, int] = {}
    categories: dict[str, int] = {}
    for kind, audience, category, parent, n in (
        there.order_by()
        .values_list("kind", "audience", "category", "category__parent")
        .annotate(n=Count("id"))
    ):
        kinds[kind] = kinds.get(kind, 0) + n
        audiences[audience] = audiences.get(audience, 0) + n
        for key in {str(category or "none"), str(parent or category or "none")}:
            categories[key] = categories.get(key, 0) + n
    languages = dict(texts.order_by().values_list("language").annotate(n=Count("article")))
    return Counts(
        total=asked["total"],
        states={str(k): n for k, n in states.items()} | {ARCHIVED: _archived()},
        kinds=kinds,
        audiences=audiences,
        categories=categories,
        languages=languages,
        needs={name: asked[f"needs_{name}"] for name in NEEDS},
    )


def _archived() -> int:
    return Article.objects.filter(archived_at__isnull=False).count()


def waiting_for_review() -> int:
    """Return how many texts wait for somebody who may publish them."""
    return Text.objects.filter(state=State.REVIEW.value, article__archived_at=None).count()


def category_tree(language: str) -> list[tuple[Category, str, int]]:
    """Return the categories in their order, (row, name in the language or another, level)."""
    rows = list(Category.objects.prefetch_related("texts").order_by("position", "id"))

    def name(row: Category) -> str:
        texts = {text.language: text.name for text in row.texts.all()}
        return texts.get(language) or next(iter(texts.values()), f"#{row.pk}")

    found: list[tuple[Category, str, int]] = []
    for top in (row for row in rows if row.parent_id is None):
        found.append((top, name(top), 0))
        found += [(row, name(row), 1) for row in rows if row.parent_id == top.pk]
    return found


def articles_by_category() -> dict[int, int]:
    """Return how many articles, archived ones too, each category holds itself."""
    found = Article.objects.filter(category__isnull=False).order_by()
    return dict(found.values_list("category").annotate(n=Coalesce(Count("id"), 0,
                output_field=IntegerField())))  # fmt: skip
