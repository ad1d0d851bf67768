"""Pictures in articles, and the files of manuals."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from esmero.kernel import files, jobs
from esmero.kernel.errors import NotFound
from esmero.kernel.pictures import kind_of_image, size_of_image, without_traces
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import locked_article
from esmero.knowledge.actions.articles import reindex
from esmero.knowledge.enums import Reading
from esmero.knowledge.errors import NotReadable
from esmero.knowledge.models import ArticleFile

PICTURE_MOST = 12_000_000
"""Bytes of a picture as it is brought."""
MANUAL_MOST = 60_000_000
PDF = "application/pdf"
TOPIC = "manuals"


@action
def add_picture(
    *,
    article_id: int,
    name: str,
    data: bytes,
    alternative: str = "",
    language: str = "",
    at: datetime,
) -> str:
    """Keep a picture of an article and return the token that its address is made of.

    Only what its bytes say is PNG, JPEG, GIF or WebP of a size that browsers can draw; nothing is
    decoded here, and what the camera wrote (place, owner) is left out. Raises NotReadable,
    FileTooLarge, NotFound.
    """
    locked_article(article_id)
    if len(data) > PICTURE_MOST:
        raise files.FileTooLarge(limit=PICTURE_MOST)
    kind = kind_of_image(data)
    if kind is None:
        raise NotReadable(why="picture")
    width, height = size_of_image(data)
    row = ArticleFile.objects.create(
        article_id=article_id,
        name=one_line(storable(name), 255),
        content_type=kind,
        alternative=one_line(storable(alternative), 300),
        language=language,
        blob=files.put(without_traces(data), at=at),
        width=width,
        height=height,
        added_at=at,
    )
    return row.token


@action
def add_manual(
    *, article_id: int, name: str, source: BinaryIO, language: str = "", at: datetime
) -> str:
    """Make a PDF or a picture the main file of an article and return its token.

    One main file for each language: an earlier one is put away. The text of a PDF is taken out by
    a job, then it is found at its page. Raises NotReadable, FileTooLarge, NotFound.
    """
    article = locked_article(article_id)
    head = source.read(64 * 1024)
    source.seek(0)
    kind = PDF if b"%PDF-" in head[:1024] else kind_of_image(head)
    if kind is None:
        raise NotReadable(why="manual")
    width, height = size_of_image(head) if kind != PDF else (0, 0)
    blob = files.put_stream(source, limit=MANUAL_MOST, at=at)
    article.files.filter(is_main=True, language=language, removed_at=None).update(removed_at=at)
    row = ArticleFile.objects.create(
        article=article,
        name=one_line(storable(name), 255),
        content_type=kind,
        language=language,
        blob=blob,
        is_main=True,
        width=width or None,
        height=height or None,
        reading=(Reading.WAITING if kind == PDF else Reading.DONE).value,
        added_at=at,
    )
    reindex(article)
    jobs.wake_after_commit(TOPIC)
    return row.token


@action
def describe_file(*, article_id: int, token: str, alternative: str) -> None:
    """Say in words what a picture shows. Raises NotFound."""
    _file(article_id, token)
    ArticleFile.objects.filter(token=token).update(
        alternative=one_line(storable(alternative), 300)
    )


@action
def remove_file(*, article_id: int, token: str, at: datetime) -> None:
    """Put a file away: no new reader gets it, and its pages are not found. Raises NotFound."""
    article = locked_article(article_id)
    row = _file(article_id, token)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    if row.is_main:
        reindex(article)


@action
def read_again(*, article_id: int, token: str) -> None:
    """Let a PDF be read once more. Raises NotFound."""
    row = _file(article_id, token)
    if row.content_type != PDF:
        raise NotFound(token=token)
    row.reading, row.detail = Reading.WAITING.value, ""
    row.save(update_fields=["reading", "detail"])
    jobs.wake_after_commit(TOPIC)


def _file(article_id: int, token: str) -> ArticleFile:
    found = ArticleFile.objects.filter(article_id=article_id, token=token, removed_at=None).first()
    if found is None:
        raise NotFound(token=token)
    return found
