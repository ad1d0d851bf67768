"""Where the record of promises was tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esmero.promises.models import PromiseEntry, Seal
from esmero.promises.rules.ledger import entry_hash, seal_hash


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the record does not fit its hashes."""

    promise_id: int | None
    seal_id: int | None
    what: str


def damages(*, chunk: int = 5000) -> Iterator[Damage]:
    """Walk the whole record and yield every place that was tampered with."""
    previous: dict[int, tuple[int, str]] = {}
    for entry in PromiseEntry.objects.order_by("promise_id", "seq").iterator(chunk_size=chunk):
        seq, before = previous.get(entry.promise_id, (0, ""))
        good = entry_hash(
            previous=before,
            promise_id=entry.promise_id,
            seq=entry.seq,
            what=entry.what,
            at=entry.at,
            actor=entry.actor,
            data=entry.data,
        )
        if entry.seq != seq + 1 or entry.previous != before or entry.hash != good:
            yield Damage(entry.promise_id, None, f"entry {entry.seq}")
        previous = {entry.promise_id: (entry.seq, entry.hash)}
    before = ""
    for seal in Seal.objects.order_by("id").iterator():
        hashes = list(
            PromiseEntry.objects.filter(pk__gte=seal.first_entry_id, pk__lte=seal.last_entry_id)
            .order_by("id")
            .values_list("hash", flat=True)
        )
        if (
            seal.previous != before
            or len(hashes) != seal.entries
            or seal.hash != seal_hash(before, hashes)
        ):
            yield Damage(None, seal.pk, "seal")
        before = seal.hash
