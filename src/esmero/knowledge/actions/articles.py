"""Articles: made, written, published, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.kernel import audit, events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions import indexing
from esmero.knowledge.enums import Audience, Kind, State
from esmero.knowledge.errors import ArticleChanged, NothingToPublish
from esmero.knowledge.events import ArticlePublished, ArticleWithdrawn
from esmero.knowledge.models import Article, OldAddress, Text, Version
from esmero.knowledge.rules import html
from esmero.knowledge.rules.slugs import slug_of

LANGUAGES = ("es", "en")


def _actor(agent_id: int | None) -> str:
    return ref("agent", agent_id) if agent_id else "system"


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
        products=[one_line(storable(p), 80) for p in products if p.strip()],
        owner_agent_id=by,
        origin_ref=origin_ref,
        created_at=at,
        created_by_agent_id=by,
    )
    _add_text(article, language, title, body, summary, wordings, at=at, by=by)
    audit.record(at=at, actor=_actor(by), action="article.created", ref=ref("article", article.pk))
    return article.pk


@action
def add_language(
    *, article_id: int, language: str, title: str, body: str = "", at: datetime, by: int | None
) -> None:
    """Begin an article's text in another language. Raises NotFound, InvalidInput."""
    article = _article(article_id)
    if article.texts.filter(language=language).exists():
        raise InvalidInput(field="language")
    _add_text(article, language, title, body, "", "", at=at, by=by)


def _article(article_id: int) -> Article:
    found = Article.objects.select_for_update().filter(pk=article_id).first()
    if found is None:
        raise NotFound(article_id=article_id)
    return found


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


def _text(article_id: int, language: str) -> Text:
    found = (
        Text.objects.select_for_update(of=("self",))
        .select_related("article", "published")
        .filter(article_id=article_id, language=language)
        .first()
    )
    if found is None:
        raise NotFound(article_id=article_id, language=language)
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

    `version` is the number that the writer began with. Raises ArticleChanged when somebody saved
    meanwhile, NotFound.
    """
    text = _text(article_id, language)
    if text.draft_version != version:
        raise ArticleChanged(version=text.draft_version, agent_id=text.saved_by_agent_id)
    text.title = one_line(storable(title), 200)
    text.summary = one_line(storable(summary), 400)
    text.body = html.clean(storable(body))
    text.wordings = storable(wordings)[:4000]
    text.draft_version += 1
    text.saved_by_agent_id, text.saved_at = by, at
    text.save(
        update_fields=[
            "title", "summary", "body", "wordings", "draft_version", "saved_by_agent", "saved_at",
        ]
    )  # fmt: skip
    return text.draft_version


@action
def publish_text(
    *, article_id: int, language: str, note: str = "", at: datetime, by: int | None
) -> int:
    """Make the working copy what readers see, and return the version's number.

    The address follows the title until the first publication; the old one is never taken away.
    Raises NothingToPublish, NotFound. Publishes ArticlePublished.
    """
    text = _text(article_id, language)
    article = text.article
    has_file = article.files.filter(is_main=True, removed_at=None).exists()
    words = html.plain(text.body)
    if not text.title or not (words or (article.kind == Kind.MANUAL.value and has_file)):
        raise NothingToPublish(article_id=article_id)
    last = text.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = Version.objects.create(
        text=text,
        number=last + 1,
        title=text.title,
        summary=text.summary,
        body=text.body,
        wordings=text.wordings,
        plain=words,
        note=one_line(storable(note), 200),
        at=at,
        by_agent_id=by,
    )
    is_first = text.first_published_at is None
    if is_first:
        text.slug = free_slug(text.title, language, article_id=article_id)
        text.first_published_at = at
    text.state, text.published, text.published_at = State.PUBLISHED.value, version, at
    text.publish_at = None
    text.save(
        update_fields=[
            "state", "published", "published_at", "publish_at", "slug", "first_published_at",
        ]
    )  # fmt: skip
    indexing.index_text(text)
    happened = ArticlePublished(
        article_id=article_id, language=language, number=version.number, is_first=is_first
    )
    events.publish([(happened, [ref("article", article_id)])], at=at, actor=_actor(by))
    return version.number


@action
def withdraw_text(*, article_id: int, language: str, at: datetime, by: int | None) -> None:
    """Take a text away from readers; its versions stay. Publishes ArticleWithdrawn."""
    text = _text(article_id, language)
    if text.published is None:
        return
    text.state, text.published, text.publish_at = State.WITHDRAWN.value, None, None
    text.save(update_fields=["state", "published", "publish_at"])
    indexing.forget(article_id, language)
    happened = ArticleWithdrawn(article_id=article_id, language=language)
    events.publish([(happened, [ref("article", article_id)])], at=at, actor=_actor(by))
