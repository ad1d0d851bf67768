"""What a reader of an article may want to read next."""

from __future__ import annotations

from collections.abc import Sequence

from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import locked_article
from esmero.knowledge.models import Article, Related

MOST = 8


@action
def set_related(*, article_id: int, others: Sequence[int]) -> None:
    """Put the articles that an article points to, in this order. Raises NotFound."""
    locked_article(article_id)
    wanted = [pk for pk in dict.fromkeys(others) if pk != article_id][:MOST]
    there = set(Article.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    Related.objects.filter(article_id=article_id).delete()
    Related.objects.bulk_create(
        Related(article_id=article_id, other_id=pk, position=place)
        for place, pk in enumerate(pk for pk in wanted if pk in there)
    )
