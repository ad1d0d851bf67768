"""What readers leave behind: that they read, whether it helped, that they wrote anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from esmero.kernel import events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.enums import Audience, Unhelpful
from esmero.knowledge.events import ArticleVoted
from esmero.knowledge.models import Vote
from esmero.knowledge.queries import visible_to

COMMENT_LONGEST = 1000
_ADD = """
INSERT INTO knowledge_read_count (article_id, language, day, reads, contacts, answers)
SELECT a.id, %s, %s, %s, %s, 0 FROM knowledge_article a WHERE a.id = %s
ON CONFLICT (article_id, language, day) DO UPDATE SET
  reads = knowledge_read_count.reads + excluded.reads,
  contacts = knowledge_read_count.contacts + excluded.contacts
"""


@action
def count_reads(*, reads: Mapping[tuple[int, str, date], int]) -> None:
    """Add how often articles were read: (article, language, day of the shop) → times.

    In a fixed order, so that two processes that count at once do not wait for each other in a
    circle. An article that is gone is left out.
    """
    for (article_id, language, day), times in sorted(reads.items()):
        execute(_ADD, [language, day, times, 0, article_id])


@action
def count_contacts(*, article_ids: Iterable[int], language: str, day: date) -> None:
    """Note that a contact followed though these articles had been at hand."""
    for article_id in sorted(set(article_ids)):
        execute(_ADD, [language, day, 0, 1, article_id])


@action
def vote(
    *,
    article_id: int,
    language: str,
    reader: Audience,
    voter: str,
    is_helpful: bool,
    reason: Unhelpful | None = None,
    comment: str = "",
    at: datetime,
) -> None:
    """Keep a reader's word on an article; a second one of the same visit takes its place.

    `voter` is a keyed digest of the visit. Raises NotFound for what this reader does not see,
    InvalidInput without a voter. Publishes ArticleVoted.
    """
    if not voter:
        raise InvalidInput(field="voter")
    text = (
        visible_to(reader, language)
        .filter(article_id=article_id)
        .select_related("published")
        .first()
    )
    if text is None or text.published is None:
        raise NotFound(article_id=article_id)
    why = "" if is_helpful or reason is None else reason.value
    Vote.objects.update_or_create(
        article_id=article_id,
        language=language,
        voter=voter[:44],
        defaults={
            "version": text.published.number,
            "is_helpful": is_helpful,
            "reason": why,
            "comment": "" if is_helpful else one_line(storable(comment), COMMENT_LONGEST),
            "at": at,
        },
    )
    voted = ArticleVoted(
        article_id=article_id, language=language, is_helpful=is_helpful, reason=why
    )
    events.publish([(voted, [ref("article", article_id)])], at=at, actor="reader")
