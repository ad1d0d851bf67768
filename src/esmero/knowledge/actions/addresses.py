"""Another address for an article; whoever comes by the old one is sent on."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from esmero.kernel import audit
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import actor_of, locked_text
from esmero.knowledge.errors import AddressTaken
from esmero.knowledge.models import OldAddress, Text
from esmero.knowledge.rules.slugs import slug_of


@action
def change_address(
    *, article_id: int, language: str, wanted: str, at: datetime, by: int | None
) -> str:
    """Give a text another address and return it; what was published before leads to it.

    `wanted` is made of letters that can stand in an address. Raises AddressTaken, NotFound.
    """
    text = locked_text(article_id, language)
    slug = slug_of(wanted)
    if slug == text.slug:
        return slug
    if (
        Text.objects.filter(language=language, slug=slug).exists()
        or OldAddress.objects.filter(language=language, slug=slug, article__isnull=False)
        .exclude(article_id=article_id)
        .exists()
    ):
        raise AddressTaken(slug=slug)
    before = text.slug
    # An address that becomes the present one again leads nowhere else.
    OldAddress.objects.filter(language=language, slug=slug, article_id=article_id).delete()
    if text.first_published_at is not None:
        OldAddress.objects.update_or_create(
            language=language, slug=before, article_id=article_id, defaults={"at": at}
        )
    text.slug = slug
    try:
        with transaction.atomic():
            text.save(update_fields=["slug"])
    except IntegrityError:
        raise AddressTaken(slug=slug) from None
    audit.record(
        at=at, actor=actor_of(by), action="article.address", ref=ref("article", article_id),
        language=language, before=before, after=slug,
    )  # fmt: skip
    return slug
