"""Articles: made, written, described."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions import indexing
from esmero.knowledge.actions._rows import (
    LANGUAGES,
    actor_of,
    locked_article,
    locked_text,
    resting_state,
)
from esmero.knowledge.enums import Audience, Kind, State
from esmero.knowledge.errors import ArticleChanged
from esmero.knowledge.models import Article, Category, OldAddress, Text
from esmero.knowledge.rules import html
from esmero.knowledge.rules.slugs import is_made_of, slug_of


@action
def create_article(
    *,
    kind: Kind,
    language: str,
    title: str,
    body: str = "",
    summary: str = "",
    wordings: str = "",
    category_id: int | None = None,
    audience: Audience = Audience.PUBLIC,
    products: Iterable[str] = (),
    origin_ref: str = "",
    at: datetime,
    by: int | None,
) -> int:
    """Make an article with its first text, a draft, and return its id.

    `body` is HTML and is cleaned; `by` the agent, None for the system. Raises InvalidInput.
    """
    article = Article.objects.create(
        kind=kind.value,
        category_id=category_id,
        audience=audience.value,
        products=products_of(products),
        owner_agent_id=by,
        origin_ref=origin_ref,
        created_at=at,
        created_by_agent_id=by,
    )
    _add_text(article, language, title, body, summary, wordings, at=at, by=by)
    audit.record(
        at=at, actor=actor_of(by), action="article.created", ref=ref("article", article.pk)
    )
    return article.pk


@action
def add_language(
    *, article_id: int, language: str, title: str, body: str = "", at: datetime, by: int | None
) -> None:
    """Begin an article's text in another language. Raises NotFound, InvalidInput."""
    article = locked_article(article_id)
    if article.texts.filter(language=language).exists():
        raise InvalidInput(field="language")
    _add_text(article, language, title, body, "", "", at=at, by=by)


def _add_text(
    article: Article,
    language: str,
    title: str,
    body: str,
    summary: str,
    wordings: str,
    *,
    at: datetime,
    by: int | None,
) -> Text:
    if language not in LANGUAGES:
        raise InvalidInput(field="language")
    title = one_line(storable(title), 200)
    return Text.objects.create(
        article=article,
        language=language,
        slug=free_slug(title, language, article_id=article.pk),
        title=title,
        summary=one_line(storable(summary), 400),
        body=html.clean(storable(body)),
        wordings=storable(wordings)[:4000],
        saved_by_agent_id=by,
        saved_at=at,
    )


def free_slug(title: str, language: str, *, article_id: int) -> str:
    """Return an address that no other article has in the language, nor ever had."""
    wanted = slug_of(title)
    found, number = wanted, 1
    while (
        Text.objects.filter(language=language, slug=found).exclude(article_id=article_id).exists()
        or OldAddress.objects.filter(language=language, slug=found, article__isnull=False)
        .exclude(article_id=article_id)
        .exists()
    ):
        number += 1
        found = f"{wanted}-{number}"
    return found


@action
def save_text(
    *,
    article_id: int,
    language: str,
    version: int,
    title: str,
    summary: str,
    body: str,
    wordings: str = "",
    at: datetime,
    by: int | None,
) -> int:
    """Save the working copy and return its new number; readers see nothing of it yet.

    `version` is the number that the writer began with. What waits for a review or a time goes back
    to its writer: nobody has looked at what is new in it. The address follows the title until the
    first publication. Raises ArticleChanged when somebody saved meanwhile, NotFound.
    """
    text = locked_text(article_id, language)
    if text.draft_version != version:
        raise ArticleChanged(version=text.draft_version, agent_id=text.saved_by_agent_id)
    before = text.title
    text.title = one_line(storable(title), 200)
    text.summary = one_line(storable(summary), 400)
    text.body = html.clean(storable(body))
    text.wordings = storable(wordings)[:4000]
    if text.first_published_at is None and text.title != before and is_made_of(text.slug, before):
        text.slug = free_slug(text.title, language, article_id=article_id)
    return kept(text, at=at, by=by)


def kept(text: Text, *, at: datetime, by: int | None) -> int:
    """Write the working copy down under its next number."""
    text.draft_version += 1
    text.saved_by_agent_id, text.saved_at = by, at
    if text.state in {State.REVIEW.value, State.SCHEDULED.value}:
        text.state, text.publish_at = resting_state(text), None
    text.save(
        update_fields=[
            "title", "summary", "body", "wordings", "draft_version", "saved_by_agent", "saved_at",
            "slug", "state", "publish_at",
        ]
    )  # fmt: skip
    return text.draft_version


@action
def describe_article(
    *,
    article_id: int,
    kind: Kind,
    category_id: int | None,
    audience: Audience,
    products: Iterable[str],
    is_featured: bool,
    at: datetime,
    by: int | None,
) -> None:
    """Say what an article is, where it stands and who may read it, at once for all its texts.

    Raises NotFound.
    """
    article = locked_article(article_id)
    if category_id is not None and not Category.objects.filter(pk=category_id).exists():
        raise NotFound(category_id=category_id)
    was = article.audience
    article.kind, article.category_id = kind.value, category_id
    article.audience, article.is_featured = audience.value, is_featured
    article.products = products_of(products)
    article.save(update_fields=["kind", "category", "audience", "is_featured", "products"])
    if was != article.audience:
        reindex(article)
        audit.record(
            at=at,
            actor=actor_of(by),
            action="article.audience",
            ref=ref("article", article_id),
            before=was,
            after=article.audience,
        )


def products_of(names: Iterable[str]) -> list[str]:
    """Return names of products as they are stored: each once, in their order."""
    cleaned = (one_line(storable(name), 80) for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))[:100]


def reindex(article: Article) -> None:
    """Make anew what is searched of all languages of an article."""
    for text in article.texts.select_related("published").order_by("language"):
        text.article = article
        indexing.index_text(text)
