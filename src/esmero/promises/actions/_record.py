"""Writing the append-only lines, and the refs a promise's events belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esmero.kernel.refs import ref
from esmero.promises.models import Promise, PromiseEntry
from esmero.promises.rules.ledger import entry_hash


def first_entry(
    promise: Promise, *, what: str, at: datetime, actor: str, **data: Any
) -> PromiseEntry:
    """Return the unsaved first line of a promise."""
    return PromiseEntry(
        promise=promise,
        seq=1,
        what=what,
        at=at,
        actor=actor,
        data=data,
        hash=entry_hash(
            previous="", promise_id=promise.pk, seq=1, what=what, at=at, actor=actor, data=data
        ),
    )


def add_entry(promise: Promise, *, what: str, at: datetime, actor: str, **data: Any) -> None:
    """Append a line; the promise's row is locked by the caller, so the order is sure."""
    last = (
        PromiseEntry.objects.filter(promise_id=promise.pk)
        .order_by("-seq")
        .values_list("seq", "hash")
        .first()
    )
    seq, previous = last or (0, "")
    PromiseEntry.objects.create(
        promise=promise,
        seq=seq + 1,
        what=what,
        at=at,
        actor=actor,
        data=data,
        previous=previous,
        hash=entry_hash(
            previous=previous,
            promise_id=promise.pk,
            seq=seq + 1,
            what=what,
            at=at,
            actor=actor,
            data=data,
        ),
    )


def links(promise: Promise) -> list[str]:
    """Return whose history a promise belongs to: its subject, customer and itself."""
    refs = [promise.subject_ref, ref("promise", promise.pk)]
    if promise.customer_id:
        refs.append(ref("customer", promise.customer_id))
    return refs
