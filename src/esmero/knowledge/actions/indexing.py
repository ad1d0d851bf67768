"""What is searched follows what readers may see, in the transaction that changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Func

from esmero.kernel import jobs
from esmero.kernel.prepared import execute
from esmero.kernel.transactions import action
from esmero.knowledge.enums import Role
from esmero.knowledge.models import ManualPage, Passage, Text

if TYPE_CHECKING:
    from esmero.knowledge.models import Article

TOPIC = "passages"
_PAGE_MOST = 4000  # characters of a page that are searched


def _now() -> Func:
    """The transaction's own number, for `Passage.changed`."""
    return Func(template="pg_current_xact_id()::text::bigint", output_field=BigIntegerField())


def digest_of(text: str) -> bytes:
    """Return by what a text's vector is found again (BLAKE2b, 16 bytes)."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def forget(article_id: int, language: str) -> None:
    """Take a text's passages out of the search."""
    Passage.objects.filter(article_id=article_id, language=language, is_gone=False).update(
        is_gone=True, changed=_now()
    )
    jobs.wake_after_commit(TOPIC)


def index_text(text: Text) -> None:
    """Make the passages of what is published of a text anew; none when it is not."""
    article, version = text.article, text.published
    forget(article.pk, text.language)
    if version is None or article.archived_at is not None:
        return
    wordings = [line.strip() for line in version.wordings.splitlines() if line.strip()]
    rows = [
        *_rows(text, article, Role.QUESTION, [version.title, *wordings]),
        *_rows(text, article, Role.ANSWER, [f"{version.summary}\n{version.plain}".strip()]),
        *_pages(text, article),
    ]
    Passage.objects.bulk_create(rows, batch_size=1000)


def _rows(text: Text, article: Article, role: Role, found: Iterable[str]) -> list[Passage]:
    return [
        Passage(
            article=article,
            language=text.language,
            audience=article.audience,
            role=role.value,
            place=place,
            text=said,
            digest=digest_of(said),
            changed=_now(),
        )
        for place, said in enumerate(found)
        if said.strip()
    ]


def _pages(text: Text, article: Article) -> list[Passage]:
    pages = ManualPage.objects.filter(
        file__article=article, file__removed_at=None, file__language__in=["", text.language]
    ).order_by("file_id", "number")
    return [
        Passage(
            article=article,
            language=text.language,
            audience=article.audience,
            role=Role.PAGE.value,
            page=page,
            place=page.number,
            text=page.text[:_PAGE_MOST],
            digest=digest_of(page.text[:_PAGE_MOST]),
            changed=_now(),
        )
        for page in pages.iterator(chunk_size=500)
        if page.text.strip()
    ]


VECTORS_KEPT = timedelta(days=30)
"""A question's vector that nobody has wanted for so long goes: the question is gone, or so old
that no other is compared with it."""
_FORGET = """
DELETE FROM knowledge_vector v
WHERE (v.asked_on IS NULL OR v.asked_on < %s)
AND NOT EXISTS (SELECT FROM knowledge_passage p WHERE p.digest = v.digest AND NOT p.is_gone)
"""


@action
def forget_vectors(*, at: datetime) -> int:
    """Drop vectors of passages that are gone and of questions that are not compared any more;
    return how many.
    """
    return execute(_FORGET, [(at - VECTORS_KEPT).date()])[1]
