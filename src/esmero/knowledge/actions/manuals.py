"""The text of manuals, page by page, taken out by a job."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from esmero.kernel import files
from esmero.knowledge import ports
from esmero.knowledge.actions._rows import locked_article
from esmero.knowledge.actions.articles import reindex
from esmero.knowledge.enums import Reading
from esmero.knowledge.models import ArticleFile, ManualPage

log = structlog.get_logger(__name__)


def read_manual_one(*, at: datetime) -> bool:
    """Take the text out of one waiting file, and say whether there was one.

    Reading takes minutes at most, in a process of its own and outside any transaction; two workers
    may do it twice and write the same. Whatever the file does is noted on it, so that nothing
    waits behind it.
    """
    waiting = ArticleFile.objects.filter(reading=Reading.WAITING.value, removed_at=None)
    row = waiting.select_related("blob").order_by("id").first()
    if row is None:
        return False
    try:
        found = ports.reader().read(files.chunks(row.blob))
    except files.FileMissing:
        found = ports.PagesRead(refused="missing")
    _write(row.pk, row.article_id, found)
    log.info("manual_read", file_id=row.pk, pages=len(found.pages), refused=found.refused)
    return True


@transaction.atomic
def _write(file_id: int, article_id: int, found: ports.PagesRead) -> None:
    article = locked_article(article_id)
    row = ArticleFile.objects.select_for_update().get(pk=file_id)
    if row.reading != Reading.WAITING.value:
        return
    row.pages.all().delete()
    ManualPage.objects.bulk_create(
        [
            ManualPage(file=row, number=number, text=text)
            for number, text in enumerate(found.pages, start=1)
        ],
        batch_size=500,
    )
    row.reading = (Reading.REFUSED if found.refused else Reading.DONE).value
    row.detail = (found.refused or " ".join(dict.fromkeys(found.notes)))[:200]
    row.page_count = found.count or None
    row.save(update_fields=["reading", "detail", "page_count"])
    reindex(article)
