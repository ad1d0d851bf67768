"""Where to begin in a folder: a new one, a renumbered one, and what is known of it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from esmero.channels import actions
from esmero.channels.adapters.mail.imap import Opened, Session
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.taking import Terms, read_again_from
from esmero.channels.enums import Source, Take
from esmero.channels.models import FolderCursor
from esmero.kernel import clock

log = structlog.get_logger(__name__)
INBOX, SENT, JUNK = "inbox", "sent", "junk"
LOOK_AT_ONCE: Final = 200
_PROTOCOL, _CONNECTION = 2, 1


@dataclass(slots=True)
class Troubles:
    """Mails that broke a session, by folder and number, for as long as this process runs."""

    points: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def of(self, key: tuple[str, int, int]) -> int:
        """Return how much trouble a mail has made."""
        return self.points.get(key, 0)

    def blame(self, keys: Iterable[tuple[str, int, int]], problem: ServerProblem) -> None:
        """Blame the mails that were being fetched when something broke."""
        is_connection = problem.code in {"connection_lost", "timeout"}
        for key in keys:
            weight = _CONNECTION if is_connection else _PROTOCOL
            self.points[key] = self.points.get(key, 0) + weight

    def forget(self, key: tuple[str, int, int]) -> None:
        """A mail is stored, or gone."""
        self.points.pop(key, None)


@dataclass(slots=True)
class Folder:
    """A folder to be fetched: whose it is, what it is to us, on which terms."""

    mailbox_id: int
    name: str
    role: str
    terms: Terms
    last_look: datetime | None
    troubles: Troubles

    @property
    def source(self) -> Source:
        """Return what its mails are filed as."""
        return Source.SENT if self.role == SENT else Source.IMAP


def is_changed(folder: Folder, cursors: dict[str, FolderCursor], there: Opened) -> bool:
    """Say whether a folder whose status was asked has to be opened and fetched."""
    cursor = cursors.get(folder.name)
    if cursor is None or cursor.uidvalidity != there.uidvalidity:
        return True
    history = cursors.get(history_of(folder.name))
    if history is not None and history.next_uid < history.history_below_uid:
        return True
    return not there.uidnext or cursor.next_uid != there.uidnext


def history_of(folder: str) -> str:
    """Return the name of the cursor that goes through a folder's old mail, beside the live one."""
    return f"history of {folder}"


def is_renumbered(session: Session, cursor: FolderCursor, opened: Opened) -> bool:
    if cursor.uidvalidity != opened.uidvalidity:
        return True
    if cursor.next_uid <= opened.uidnext:
        return False
    # Either a server set back to a backup, or one whose UIDNEXT cannot be trusted.
    return cursor.next_uid > max(session.uids(opened.uidnext), default=0) + 1


def plan(
    session: Session,
    folder: Folder,
    opened: Opened,
    cursor: FolderCursor | None,
    history: FolderCursor | None,
) -> None:
    """Write the cursors of a new or renumbered folder."""
    now, terms = clock.now(), folder.terms
    if cursor is None:
        since = terms.connected_at
    else:
        since = read_again_from(terms, last_look=folder.last_look)
        log.warning(
            "folder_renumbered",
            mailbox=folder.mailbox_id,
            folder=folder.name,
            was=cursor.uidvalidity,
            now=opened.uidvalidity,
            since=since.isoformat(),
        )
    is_unfinished = history is not None and history.next_uid < history.history_below_uid
    if (
        folder.role != JUNK
        and terms.take is not Take.FROM_NOW
        and (cursor is None or is_unfinished)
    ):
        begin = terms.history_from
        _note_plan(
            folder,
            history_of(folder.name),
            opened,
            next_uid=1 if begin is None else _first_since(session, opened, begin, now),
        )
    elif history is not None:
        _note_plan(folder, history.folder, opened, next_uid=opened.uidnext)
    # The live cursor last: with it the plan is made.
    _note_plan(folder, folder.name, opened, next_uid=_first_since(session, opened, since, now))


def _note_plan(folder: Folder, name: str, opened: Opened, *, next_uid: int) -> None:
    actions.note_folder(
        mailbox_id=folder.mailbox_id,
        folder=name,
        uidvalidity=opened.uidvalidity,
        next_uid=next_uid,
        history_below_uid=opened.uidnext,
    )


def _first_since(session: Session, opened: Opened, since: datetime, now: datetime) -> int:
    """Return the lowest number that came at `since` or later, the next one when there is none."""
    begun = since.replace(microsecond=0)
    # SINCE counts days, in the server's zone.
    candidates = session.uids_since((since - clock.shift() - timedelta(days=1)).date())
    found = opened.uidnext
    for start in range(0, len(candidates), LOOK_AT_ONCE):
        seen = session.look(candidates[start : start + LOOK_AT_ONCE])
        for uid, item in seen.items():
            at = item.received_at
            if uid < found and (at is None or begun <= at <= now + timedelta(days=1)):
                found = uid
    return found
