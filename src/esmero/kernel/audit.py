"""The list of who did what: append-only (a trigger refuses changes), one row an act."""

from __future__ import annotations

from datetime import datetime

from esmero.kernel.models import AuditEntry


def record(
    *,
    at: datetime,
    actor: str,
    action: str,
    ref: str = "",
    ip: str | None = None,
    **data: object,
) -> None:
    """Write one line; `data` holds ids, numbers and codes, never secrets or customers' text."""
    AuditEntry.objects.create(at=at, actor=actor, action=action, ref=ref, ip=ip, data=data)
