"""The list of who did what, when and from where: append-only (a trigger refuses changes)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from esmero.kernel.models import AuditEntry

_from: ContextVar[str | None] = ContextVar("_from", default=None)


@contextmanager
def acting_from(ip: str | None) -> Iterator[None]:
    """Let what is recorded inside say from which network address it was done."""
    token = _from.set(ip or None)
    try:
        yield
    finally:
        _from.reset(token)


def record(
    *,
    at: datetime,
    actor: str,
    action: str,
    ref: str = "",
    ip: str | None = None,
    **data: object,
) -> None:
    """Write one line; `data` holds ids, numbers and codes, never secrets or customers' text.

    `ip` is that of `acting_from` where nothing is passed.
    """
    AuditEntry.objects.create(
        at=at, actor=actor, action=action, ref=ref, ip=ip or _from.get(), data=data
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines to show; what is empty does not narrow."""

    actor: str = ""
    topic: str = ""
    """The first part of an action (`agent`, `mailbox`), or a whole one."""
    ip: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Lines before this moment."""


def lines(wanted: Wanted, *, before_id: int | None = None) -> QuerySet[AuditEntry]:
    """Return the lines, newest first; `before_id` goes on after a page."""
    found = AuditEntry.objects.order_by("-id")
    if wanted.actor:
        found = found.filter(actor=wanted.actor)
    if wanted.topic:
        found = found.filter(Q(action=wanted.topic) | Q(action__startswith=f"{wanted.topic}."))
    if wanted.ip:
        found = found.filter(ip=wanted.ip)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(at__lt=wanted.until)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return found


def topics() -> list[str]:
    """Return the first parts of all actions that were ever recorded, in order."""
    # A skip scan would be shorter; settings change rarely, so the list is short.
    actions = AuditEntry.objects.order_by().values_list("action", flat=True).distinct()
    return sorted({action.partition(".")[0] for action in actions})
