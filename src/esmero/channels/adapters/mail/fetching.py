"""One folder into the database: by number, from where the last look ended, raw first.

Each mail is committed before the cursor moves over it; a mail that was stored before a crash is
recognised by its number and not stored again. What lies on the server is never changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.imap import Opened, Seen, Session
from esmero.channels.adapters.mail.planning import (
    INBOX,
    JUNK,
    LOOK_AT_ONCE,
    Folder,
    history_of,
    is_renumbered,
    plan,
)
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.taking import Taking, taking, waited_since
from esmero.channels.adapters.mail.wire import LARGEST
from esmero.channels.enums import Mark
from esmero.channels.models import FolderCursor, RawMail
from esmero.channels.parsing.dates import parse_date
from esmero.kernel import clock, failpoints

# Numbers asked for at once; they may be sparse.
_WINDOW: Final = 5000
_BYTES_AT_ONCE: Final = 4 * 1024 * 1024
_KEPT_OF_LARGE: Final = 5 * 1024 * 1024
# A mail that breaks the session is first fetched alone, then only its beginning, then not at all.
_BEGINNING_AFTER, _GIVEN_UP_AFTER = 4, 8
_FLAGS = {"\\seen": "seen", "\\answered": "answered", "\\draft": "draft", "\\deleted": "deleted"}
_JUNK_MARKS = {"$junk", "junk"}
_NOT_JUNK_MARKS = {"$notjunk", "notjunk", "nonjunk"}


def fetch(
    session: Session,
    folder: Folder,
    opened: Opened,
    *,
    go_on: Callable[[], bool] = lambda: True,
) -> tuple[int, bool]:
    """Store what is new in the open folder, then some of its history.

    Returns how many new mails there were, and whether more history waits: it is fetched in pieces,
    so that new mail never waits for it. Raises ServerProblem when the session breaks, and whatever
    the database raises.
    """
    cursors = queries.cursors_of(folder.mailbox_id)
    known = cursors.get(folder.name)
    if known is None or is_renumbered(session, known, opened):
        plan(session, folder, opened, known, cursors.get(history_of(folder.name)))
        cursors = queries.cursors_of(folder.mailbox_id)
    failpoints.reached("imap.planned")
    cursor = cursors[folder.name]
    count = _fetch_new(session, folder, cursor, opened, go_on)
    history = cursors.get(history_of(folder.name))
    if history is None or history.next_uid >= history.history_below_uid or not go_on():
        return count, False
    return count, _fetch_history(session, folder, history)


def _fetch_new(
    session: Session,
    folder: Folder,
    cursor: FolderCursor,
    opened: Opened,
    go_on: Callable[[], bool],
) -> int:
    if cursor.next_uid == opened.uidnext:
        return 0
    count = 0
    for uids, begin in _searches(session, cursor.next_uid, opened.uidnext):
        for begun in range(0, len(uids), LOOK_AT_ONCE):
            part = uids[begun : begun + LOOK_AT_ONCE]
            count += _store_all(session, folder, cursor, part)
            _move(cursor, part[-1] + 1)
            if not go_on():
                return count
        if cursor.next_uid < begin:
            _move(cursor, begin)
    return count


def _fetch_history(session: Session, folder: Folder, history: FolderCursor) -> bool:
    """Store a piece of a folder's history; say whether more waits."""
    end = history.history_below_uid
    for uids, begin in _searches(session, history.next_uid, end, is_open=False):
        part = uids[:LOOK_AT_ONCE]
        if part:
            _store_all(session, folder, history, part)
        _move(history, begin if len(part) == len(uids) else part[-1] + 1)
        if part:
            break
    return history.next_uid < end


def _searches(
    session: Session, next_uid: int, uidnext: int, *, is_open: bool = True
) -> Iterator[tuple[list[int], int]]:
    """Yield the numbers that exist from `next_uid` on, in pieces, each with where the next begins.

    The last piece is open, for what came after the folder was opened. Numbers may be dense (a
    piece then holds some thousands) or have gaps of billions (it then grows).
    """
    low, width = next_uid, _WINDOW
    while uidnext - low > (_WINDOW if is_open else 0):
        high = min(low + width, uidnext) - 1
        uids = session.uids(low, high)
        width = width * 8 if len(uids) < LOOK_AT_ONCE else _WINDOW
        low = high + 1
        yield uids, low
    if is_open:
        yield session.uids(low), uidnext


def _move(cursor: FolderCursor, next_uid: int) -> None:
    failpoints.reached("imap.before_cursor")
    actions.note_folder(
        mailbox_id=cursor.mailbox_id,
        folder=cursor.folder,
        uidvalidity=cursor.uidvalidity,
        next_uid=next_uid,
    )
    cursor.next_uid = next_uid
    failpoints.reached("imap.after_cursor")


# Mails


def _store_all(session: Session, folder: Folder, cursor: FolderCursor, uids: list[int]) -> int:
    seen = session.look(uids)
    wanted = []
    for uid in uids:
        item = seen.get(uid)
        if item is None and not session.uids(uid, uid):
            continue  # it was moved or deleted a moment ago
        item = item or Seen(0, None, frozenset())
        if _taking(folder, cursor, uid, item) is not Taking.SKIP:
            wanted.append((uid, item))
    count = 0
    for group in _groups(folder, cursor, wanted):
        count += _store_group(session, folder, cursor, group)
    return count


def _taking(
    folder: Folder,
    cursor: FolderCursor,
    uid: int,
    item: Seen,
    dated_at: datetime | None = None,
) -> Taking:
    decided = taking(
        folder.terms,
        uid=uid,
        history_below=cursor.history_below_uid,
        received_at=item.received_at,
        dated_at=dated_at,
        now=clock.now(),
    )
    if folder.role == JUNK and decided is Taking.HISTORY:
        return Taking.SKIP
    return decided


def _key(folder: Folder, cursor: FolderCursor, uid: int) -> tuple[str, int, int]:
    return folder.name, cursor.uidvalidity, uid


def _groups(
    folder: Folder, cursor: FolderCursor, wanted: list[tuple[int, Seen]]
) -> Iterator[list[tuple[int, Seen]]]:
    """Put mails together that are fetched by one command; a large or suspect one goes alone."""
    group: list[tuple[int, Seen]] = []
    size = 0
    for uid, item in wanted:
        is_alone = item.size > LARGEST or folder.troubles.of(_key(folder, cursor, uid)) > 0
        if group and (is_alone or size + item.size > _BYTES_AT_ONCE):
            yield group
            group, size = [], 0
        group.append((uid, item))
        size += item.size
        if is_alone:
            yield group
            group, size = [], 0
    if group:
        yield group


def _store_group(
    session: Session, folder: Folder, cursor: FolderCursor, group: list[tuple[int, Seen]]
) -> int:
    keys = [_key(folder, cursor, uid) for uid, _ in group]
    trouble = folder.troubles.of(keys[0])
    try:
        if len(group) == 1 and (group[0][1].size > LARGEST or trouble >= _BEGINNING_AFTER):
            return _store_beginning(session, folder, cursor, *group[0], trouble=trouble)
        bodies = session.bodies([uid for uid, _ in group])
        failpoints.reached("imap.fetched")
    except ServerProblem as problem:
        folder.troubles.blame(keys, problem)
        raise
    count = 0
    for uid, item in group:
        data = bodies.get(uid)
        if data is None:
            count += _store_missing(session, folder, cursor, uid, item)
            continue
        count += _store(folder, cursor, uid, item, data)
    return count


def _store_missing(
    session: Session, folder: Folder, cursor: FolderCursor, uid: int, item: Seen
) -> int:
    """A mail whose bytes did not come: gone, or withheld. Raises ServerProblem for the latter."""
    if not session.uids(uid, uid):
        folder.troubles.forget(_key(folder, cursor, uid))
        return 0
    data = session.bodies([uid]).get(uid)
    if data is not None:
        return _store(folder, cursor, uid, item, data)
    problem = ServerProblem("no_body", f"the server does not give mail {uid} of {folder.name}")
    folder.troubles.blame([_key(folder, cursor, uid)], problem)
    raise problem


def _store_beginning(
    session: Session,
    folder: Folder,
    cursor: FolderCursor,
    uid: int,
    item: Seen,
    *,
    trouble: int,
) -> int:
    if trouble >= _GIVEN_UP_AFTER:
        said = (
            f"X-Esmero-Problem: mail {uid} of folder {folder.name!r} could not be fetched"
            f" (size {item.size}); it lies on the server still\r\n\r\n"
        )
        return _store(folder, cursor, uid, item, said.encode(), mark=Mark.UNFETCHABLE.value)
    data = session.beginning(uid, _KEPT_OF_LARGE)
    failpoints.reached("imap.fetched")
    if data is None:
        return _store_missing(session, folder, cursor, uid, item)
    mark = Mark.TRUNCATED.value if len(data) >= _KEPT_OF_LARGE else ""
    return _store(folder, cursor, uid, item, data, mark=mark)


def _store(
    folder: Folder, cursor: FolderCursor, uid: int, item: Seen, data: bytes, *, mark: str = ""
) -> int:
    now = clock.now()
    # The Date of old stock tells what was only copied here lately.
    is_old_stock = uid < cursor.history_below_uid
    dated_at = _dated_at(data) if is_old_stock else None
    decided = _taking(folder, cursor, uid, item, dated_at)
    key = _key(folder, cursor, uid)
    folder.troubles.forget(key)
    if decided is Taking.SKIP:
        return 0
    received_at = min(item.received_at or now, now)
    is_history = decided is Taking.HISTORY
    waited = None
    if not is_history and folder.role == INBOX:
        waited = waited_since(received_at=received_at, now=now)
    place = actions.MailUid(folder.name, cursor.uidvalidity, uid)
    flags = _flags(folder, item, mark)
    stored: dict[str, object] = {
        "source": folder.source,
        "data": data,
        "received_at": received_at,
        "at": now,
        "mailbox_id": folder.mailbox_id,
        "flags": flags,
        "is_history": is_history,
        "waited_since": waited,
    }
    raw_id = actions.accept_mail(uid=place, **stored)  # type: ignore[arg-type]
    if raw_id is None and not mark and _is_another(folder, place, data):
        # A server restored from a backup gives a number twice: this mail is not that one.
        raw_id = actions.accept_mail(uid=None, **stored)  # type: ignore[arg-type]
    failpoints.reached("imap.stored")
    return 1 if raw_id is not None else 0


def _is_another(folder: Folder, place: actions.MailUid, data: bytes) -> bool:
    known = RawMail.objects.filter(
        mailbox_id=folder.mailbox_id,
        folder=place.folder,
        uidvalidity=place.uidvalidity,
        uid=place.uid,
    ).values_list("sha256", flat=True)
    return known.first() not in {None, hashlib.sha256(data).hexdigest()}


def _flags(folder: Folder, item: Seen, mark: str) -> list[str]:
    flags = [name for flag, name in _FLAGS.items() if flag in item.flags]
    is_marked = bool(item.flags & _JUNK_MARKS) and not item.flags & _NOT_JUNK_MARKS
    if folder.role == JUNK or is_marked:
        flags.append(Mark.JUNK.value)
    if mark:
        flags.append(mark)
    return flags


def _dated_at(data: bytes) -> datetime | None:
    head = data[:65536].partition(b"\r\n\r\n")[0]
    for line in head.split(b"\n"):
        if line[:5].lower() == b"date:":
            return parse_date(line[5:].decode("ascii", "replace").strip())
    return None
