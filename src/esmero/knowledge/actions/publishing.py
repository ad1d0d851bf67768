"""The way of a text to its readers: looked over, published now or at a time, withdrawn."""

from __future__ import annotations

import re
from datetime import datetime

import structlog
from django.db import transaction

from esmero.kernel import audit, events, jobs
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions import indexing, reviewing
from esmero.knowledge.actions._rows import actor_of, locked_article, locked_text, resting_state
from esmero.knowledge.actions.articles import reindex
from esmero.knowledge.enums import Kind, State
from esmero.knowledge.errors import ArticleChanged, NothingToPublish, NotInReview, StillToFillIn
from esmero.knowledge.events import ArticlePublished, ArticleWithdrawn
from esmero.knowledge.models import Text, Version
from esmero.knowledge.rules import html

log = structlog.get_logger(__name__)
TOPIC = "articles"
_BLANK = re.compile(r"\[\[([^\[\]]{1,200})\]\]")


def put_down(
    text: Text, *, note: str, was_published: bool, at: datetime, by: int | None
) -> Version:
    """Keep the working copy as a version that never changes."""
    last = text.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(
        text=text,
        number=last + 1,
        title=text.title,
        summary=text.summary,
        body=text.body,
        wordings=text.wordings,
        plain=html.plain(text.body),
        note=one_line(storable(note), 200),
        was_published=was_published,
        at=at,
        by_agent_id=by,
    )


def _has_what_readers_need(text: Text) -> bool:
    article = text.article
    if not text.title:
        return False
    if html.plain(text.body) or "<img" in text.body:
        return True
    is_manual = article.kind == Kind.MANUAL.value
    return is_manual and article.files.filter(is_main=True, removed_at=None).exists()


def _refuse_nothing(text: Text) -> None:
    if not _has_what_readers_need(text):
        raise NothingToPublish(article_id=text.article_id)
    left = _BLANK.search(f"{text.title} {text.summary} {html.plain(text.body)}")
    if left:
        raise StillToFillIn(blank=left[1])


def _refuse_another(text: Text, version: int | None) -> None:
    """What somebody looked at is what is published, not what was typed since."""
    if version is not None and version != text.draft_version:
        raise ArticleChanged(version=text.draft_version, agent_id=text.saved_by_agent_id)


@action
def ask_review(
    *, article_id: int, language: str, version: int | None = None, at: datetime, by: int | None
) -> None:
    """Put the working copy before somebody who may publish it.

    `version` is the number that the writer sees. Raises NothingToPublish, StillToFillIn,
    ArticleChanged, NotInReview (it waits already), NotFound.
    """
    text = locked_text(article_id, language)
    if text.state in {State.REVIEW.value, State.SCHEDULED.value}:
        raise NotInReview(state=text.state)
    _refuse_another(text, version)
    _refuse_nothing(text)
    text.state = State.REVIEW.value
    text.save(update_fields=["state"])
    audit.record(
        at=at, actor=actor_of(by), action="article.review_asked", ref=ref("article", article_id),
        language=language,
    )  # fmt: skip


@action
def put_back(
    *, article_id: int, language: str, note: str = "", at: datetime, by: int | None
) -> None:
    """Give what waits for a review or its time back to its writer, with a note on why.

    The note stands at a version that keeps what it speaks of. Raises NotInReview, NotFound.
    """
    text = locked_text(article_id, language)
    if text.state not in {State.REVIEW.value, State.SCHEDULED.value}:
        raise NotInReview(state=text.state)
    if note.strip():
        put_down(text, note=note, was_published=False, at=at, by=by)
    text.state, text.publish_at = resting_state(text), None
    text.save(update_fields=["state", "publish_at"])
    audit.record(
        at=at, actor=actor_of(by), action="article.put_back", ref=ref("article", article_id),
        language=language,
    )  # fmt: skip


@action
def schedule_text(
    *,
    article_id: int,
    language: str,
    publish_at: datetime,
    version: int | None = None,
    at: datetime,
    by: int | None,
) -> None:
    """Let the working copy be published at a time to come.

    Raises InvalidInput (the time has passed), NothingToPublish, StillToFillIn, ArticleChanged,
    NotFound.
    """
    text = locked_text(article_id, language)
    _refuse_another(text, version)
    if publish_at <= at:
        raise InvalidInput(field="publish_at")
    _refuse_nothing(text)
    text.state, text.publish_at = State.SCHEDULED.value, publish_at
    text.save(update_fields=["state", "publish_at"])
    audit.record(
        at=at, actor=actor_of(by), action="article.scheduled", ref=ref("article", article_id),
        language=language, publish_at=publish_at.isoformat(),
    )  # fmt: skip
    jobs.wake_after_commit(TOPIC)


@action
def publish_text(
    *,
    article_id: int,
    language: str,
    note: str = "",
    version: int | None = None,
    at: datetime,
    by: int | None,
) -> int:
    """Make the working copy what readers see, and return the version's number.

    `version` is the number of the working copy that was looked at. Raises NothingToPublish,
    StillToFillIn (a blank of a template), ArticleChanged, NotFound. Publishes ArticlePublished.
    """
    text = locked_text(article_id, language)
    _refuse_another(text, version)
    _refuse_nothing(text)
    published = put_down(text, note=note, was_published=True, at=at, by=by)
    is_first = text.first_published_at is None
    if is_first:
        text.first_published_at = at
    text.state, text.published, text.published_at = State.PUBLISHED.value, published, at
    text.publish_at = None
    text.save(
        update_fields=["state", "published", "published_at", "publish_at", "first_published_at"]
    )
    indexing.index_text(text)
    happened = ArticlePublished(
        article_id=article_id, language=language, number=published.number, is_first=is_first
    )
    events.publish([(happened, [ref("article", article_id)])], at=at, actor=actor_of(by))
    return published.number


def next_publication_at() -> datetime | None:
    """Return when the next text falls due."""
    waiting = Text.objects.filter(state=State.SCHEDULED.value, article__archived_at=None)
    return waiting.order_by("publish_at").values_list("publish_at", flat=True).first()


@transaction.atomic
def publish_due_one(*, at: datetime) -> bool:
    """Publish one text whose time has come, and say whether there was one.

    What cannot be published any more goes back to its writer with a note, so that nothing waits
    behind it.
    """
    due = (
        Text.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=State.SCHEDULED.value, publish_at__lte=at, article__archived_at=None)
        .order_by("publish_at", "id")
        .first()
    )
    if due is None:
        return False
    try:
        with transaction.atomic():
            publish_text(
                article_id=due.article_id, language=due.language, at=at, by=due.saved_by_agent_id
            )
    except (NothingToPublish, StillToFillIn) as refusal:
        log.warning("article_not_published", article_id=due.article_id, code=refusal.code)
        put_back(article_id=due.article_id, language=due.language, at=at, by=None)
    return True


@action
def withdraw_text(*, article_id: int, language: str, at: datetime, by: int | None) -> None:
    """Take a text away from readers; its versions stay. Publishes ArticleWithdrawn."""
    text = locked_text(article_id, language)
    if text.published is None:
        return
    text.state, text.published, text.publish_at = State.WITHDRAWN.value, None, None
    text.save(update_fields=["state", "published", "publish_at"])
    indexing.forget(article_id, language)
    happened = ArticleWithdrawn(article_id=article_id, language=language)
    events.publish([(happened, [ref("article", article_id)])], at=at, actor=actor_of(by))


@action
def archive_article(*, article_id: int, at: datetime, by: int | None) -> None:
    """Put an article away with all its texts: nobody reads or finds it. Its addresses stay taken.

    Publishes ArticleWithdrawn for each language that was published. Raises NotFound.
    """
    article = locked_article(article_id)
    if article.archived_at is not None:
        return
    article.archived_at = at
    article.save(update_fields=["archived_at"])
    reviewing.end_review(article, at=at, by=by)
    gone = []
    for text in article.texts.filter(published__isnull=False).order_by("language"):
        indexing.forget(article_id, text.language)
        happened = ArticleWithdrawn(article_id=article_id, language=text.language)
        gone.append((happened, [ref("article", article_id)]))
    events.publish(gone, at=at, actor=actor_of(by))
    audit.record(
        at=at, actor=actor_of(by), action="article.archived", ref=ref("article", article_id)
    )


@action
def unarchive_article(*, article_id: int, at: datetime, by: int | None) -> None:
    """Bring an article back as it was: what was published is read again.

    Publishes ArticlePublished for each published language. Raises NotFound.
    """
    article = locked_article(article_id)
    if article.archived_at is None:
        return
    article.archived_at = None
    article.save(update_fields=["archived_at"])
    reindex(article)
    back: list[tuple[events.Event, list[str]]] = [
        (
            ArticlePublished(
                article_id=article_id,
                language=text.language,
                number=text.published.number if text.published else 0,
                is_first=False,
            ),
            [ref("article", article_id)],
        )
        for text in article.texts.filter(published__isnull=False)
        .select_related("published")
        .order_by("language")
    ]
    events.publish(back, at=at, actor=actor_of(by))
    audit.record(
        at=at, actor=actor_of(by), action="article.unarchived", ref=ref("article", article_id)
    )
