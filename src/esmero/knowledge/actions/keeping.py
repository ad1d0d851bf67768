"""A file that was looked over and waits for the word to bring it in."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.kernel import audit, files
from esmero.kernel.models import AuditEntry, Blob
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import actor_of

KEPT_FOR = timedelta(days=1)
_TRIED = "articles.import_tried"


@action
def keep_import(*, data: bytes, at: datetime, by: int | None) -> str:
    """Keep a file for a day and return its token; those that nobody came back to go."""
    tried = AuditEntry.objects.filter(
        action=_TRIED, at__lt=at - KEPT_FOR, at__gte=at - 60 * KEPT_FOR
    )
    for token in tried.values_list("data__token", flat=True):
        drop_import(token=str(token))
    blob = files.put(data, at=at)
    audit.record(at=at, actor=actor_of(by), action=_TRIED, token=blob.token)
    return blob.token


def kept_import(*, token: str) -> bytes | None:
    """Return a file that is kept; None when its day is over."""
    if not AuditEntry.objects.filter(action=_TRIED, data__token=token).exists():
        return None
    blob = Blob.objects.filter(token=token).first()
    return files.read(blob) if blob else None


@action
def drop_import(*, token: str) -> None:
    """Let a file go that was kept for an import; any other stays."""
    if not AuditEntry.objects.filter(action=_TRIED, data__token=token).exists():
        return
    blob = Blob.objects.filter(token=token).first()
    if blob is not None:
        files.delete(blob)
