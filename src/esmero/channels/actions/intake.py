"""Raw first: a mail is stored and committed before anybody looks into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from esmero.channels.enums import Source
from esmero.channels.models import FolderCursor, RawMail
from esmero.kernel import files, jobs, written
from esmero.kernel.text import storable
from esmero.kernel.transactions import action

# Up to here a mail lives in its row, so that storing it is one commit.
INLINE_LIMIT = files.INLINE_LIMIT


@dataclass(frozen=True, slots=True)
class MailUid:
    """Where a mail lies on an IMAP server."""

    folder: str
    uidvalidity: int
    uid: int


def accept_mail(
    *,
    source: Source,
    data: bytes,
    received_at: datetime,
    at: datetime,
    mailbox_id: int | None = None,
    uid: MailUid | None = None,
    envelope_from: str = "",
    envelope_to: Iterable[str] = (),
    flags: Iterable[str] = (),
    is_history: bool = False,
    waited_since: datetime | None = None,
) -> int | None:
    """Store a mail and commit; return its row's id, None when this very UID is stored already.

    After it returns the mail cannot be lost: only then is `250` said, or a cursor moved. Whether
    it is the same mail as another is found out when it is filed.
    """
    blob = None if len(data) <= INLINE_LIMIT else files.put(data, at=at)
    raw = RawMail(
        source=source.value,
        mailbox_id=mailbox_id,
        folder=uid.folder if uid else "",
        uidvalidity=uid.uidvalidity if uid else None,
        uid=uid.uid if uid else None,
        received_at=min(received_at, at),
        stored_at=at,
        envelope_from=storable(envelope_from)[:320],
        envelope_to=[storable(one)[:320] for one in envelope_to],
        flags=list(flags),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data if blob is None else None,
        blob=blob,
        is_history=is_history,
        waited_since=waited_since,
    )
    try:
        # One statement is a transaction of its own: BEGIN and COMMIT would be two more turns.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            written.insert(raw)
            jobs.wake_after_commit("filing")
    except IntegrityError:
        if uid is None:
            raise
        if blob is not None:
            files.delete(blob)
        return None
    return raw.pk


@action
def note_folder(
    *,
    mailbox_id: int,
    folder: str,
    uidvalidity: int,
    next_uid: int,
    history_below_uid: int | None = None,
) -> None:
    """Move a folder's cursor; everything below `next_uid` is stored."""
    values = {"uidvalidity": uidvalidity, "next_uid": next_uid}
    if history_below_uid is not None:
        values["history_below_uid"] = history_below_uid
    FolderCursor.objects.update_or_create(mailbox_id=mailbox_id, folder=folder, defaults=values)
