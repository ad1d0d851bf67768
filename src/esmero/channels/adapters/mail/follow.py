"""Following mailboxes: a thread each, from connecting to waiting, through every failure."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connection

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import oauth
from esmero.channels.adapters.mail.accounts import imap_server
from esmero.channels.adapters.mail.fetching import fetch
from esmero.channels.adapters.mail.imap import Session
from esmero.channels.adapters.mail.locks import Locks
from esmero.channels.adapters.mail.planning import (
    INBOX,
    JUNK,
    SENT,
    Folder,
    Troubles,
    is_changed,
)
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.taking import Terms
from esmero.channels.enums import Auth, Take
from esmero.channels.models import Mailbox
from esmero.kernel import clock, failpoints
from esmero.kernel.secrets import SecretUnreadable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often we look, in seconds: with IDLE (as its net), without it, and at the list of
    mailboxes; and how long we pause when the database or the disk is out of reach."""

    with_idle: float = 60.0
    without_idle: float = 20.0
    mailboxes: float = 3.0
    storage_first: float = 1.0
    storage_most: float = 30.0


PACE: Final = Pace()
# What decides how a mailbox is followed: a change of it begins a new session at once.
_CONFIGURATION = (
    "imap_host",
    "imap_port",
    "imap_security",
    "auth",
    "username",
    "password_sealed",
    "oauth_refresh_sealed",
    "oauth_client_id",
    "folder",
    "sent_folder",
    "junk_folder",
    "follows_sent",
    "allows_private",
)


class Bell:
    """Wakes a thread that waits in `select`, beside whatever else it waits for."""

    def __init__(self) -> None:
        self.reading, self._ringing = socket.socketpair()
        self.reading.setblocking(False)
        self._ringing.setblocking(False)

    def ring(self) -> None:
        """Wake now, or let the next wait return at once."""
        with suppress(BlockingIOError, OSError):
            self._ringing.send(b"!")

    def wait(self, seconds: float) -> None:
        """Wait for the bell."""
        with suppress(OSError, ValueError):
            select.select([self.reading], [], [], max(0.0, seconds))
        self.hush()

    def hush(self) -> None:
        """Forget that it has rung."""
        with suppress(BlockingIOError, OSError):
            while self.reading.recv(64):
                pass

    def close(self) -> None:
        """Close both ends."""
        self.reading.close()
        self._ringing.close()


class Follower(threading.Thread):
    """Follows one mailbox until it is told to stop."""

    def __init__(self, mailbox_id: int, *, pace: Pace = PACE) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.mailbox_id = mailbox_id
        self._pace = pace
        self._stopping = threading.Event()
        self._is_asked = threading.Event()
        self._bell = Bell()
        self._troubles = Troubles()
        self._storage_pause = pace.storage_first
        self._is_pausing = False

    def nudge(self) -> None:
        """Let it try again now, if it pauses after a failure."""
        if self._is_pausing:
            self._bell.ring()

    def look(self) -> None:
        """Let it look through all its folders now: somebody waits for what may lie in one."""
        self._is_asked.set()
        self._bell.ring()

    def stop(self) -> None:
        """Ask it to end; it does within a mail's time."""
        self._stopping.set()
        self._bell.ring()

    def run(self) -> None:
        """Look, wait, look again."""
        try:
            while not self._stopping.is_set():
                pause = self._live()
                # An idle thread holds no connection to the database.
                connection.close()
                if pause and not self._stopping.is_set():
                    self._is_pausing = True
                    self._bell.wait(pause)
                    self._is_pausing = False
        finally:
            connection.close()
            self._bell.close()

    def _live(self) -> float:
        """Hold one session for as long as it lasts; return the seconds to pause after it."""
        try:
            return self._session()
        except ServerProblem as problem:
            return self._note(problem)
        except SecretUnreadable:
            return self._note(
                ServerProblem("password_unreadable", "the stored password cannot be decrypted")
            )
        except (DatabaseError, InterfaceError, psycopg.Error, OSError) as error:
            return self._storage_failed(error)
        except Exception as error:  # an entry: the mailbox is followed on
            log.exception("follower_failed", mailbox=self.mailbox_id)
            return self._note(ServerProblem("internal", f"{type(error).__name__}: {error}"))

    def _session(self) -> float:
        box = queries.mailbox(self.mailbox_id)
        if box is None or not box.is_active or not box.imap_host:
            self._stopping.set()
            return 0.0
        now = clock.now()
        if box.retry_at is not None and box.retry_at > now:
            return min(60.0, (box.retry_at - now).total_seconds())
        session = Session(imap_server(box, token=self._sign_in(box)))
        failpoints.reached("imap.connected")
        try:
            folders = self._folders(session, box)
            others_at = 0.0
            while not self._stopping.is_set():
                is_due = self._is_asked.is_set() or time.monotonic() >= others_at
                self._is_asked.clear()
                has_more = self._look(session, folders, looks_at_others=is_due)
                if is_due:
                    others_at = time.monotonic() + self._pause(session)
                self._storage_pause = self._pace.storage_first
                if has_more or self._stopping.is_set():
                    continue
                self._sign_in(box)
                connection.close()
                session.wait(
                    min(self._pause(session), max(0.0, others_at - time.monotonic())),
                    self._bell.reading,
                )
                self._bell.hush()
        finally:
            session.close()
        return 0.0

    def _pause(self, session: Session) -> float:
        return self._pace.with_idle if session.has_idle else self._pace.without_idle

    def _sign_in(self, box: Mailbox) -> str:
        """Return a good token for OAuth, so that lost consent is noticed while a session lasts."""
        if box.auth == Auth.PASSWORD.value:
            return ""
        return oauth.fresh_token(box.pk, at=clock.now())

    def _folders(self, session: Session, box: Mailbox) -> list[Folder]:
        special = {"sent": box.sent_folder, "junk": box.junk_folder}
        if not all(special.values()):
            try:
                found = session.special_folders()
            except ServerProblem as problem:
                if problem.code in {"connection_lost", "timeout"}:
                    raise
                log.warning("folders_unlisted", mailbox=box.pk, error=str(problem))
                found = {}
            special = {kind: name or found.get(kind, "") for kind, name in special.items()}
        wanted = [(INBOX, box.folder or "INBOX")]
        if box.follows_sent and special["sent"]:
            wanted.append((SENT, special["sent"]))
        if special["junk"]:
            wanted.append((JUNK, special["junk"]))
        terms = Terms(Take(box.take), box.take_days, box.connected_at)
        return [
            Folder(box.pk, name, role, terms, box.last_reached_at, self._troubles)
            for role, name in wanted
        ]

    def _look(self, session: Session, folders: list[Folder], *, looks_at_others: bool) -> bool:
        """Fetch what is new, the inbox first, then some history; say whether more of it waits.

        Afterwards the inbox is open, for IDLE.
        """
        inbox, others = folders[0], folders[1:]
        count, has_more = self._fetch(session, inbox)
        looked_at_sent = False
        if looks_at_others or has_more:
            is_elsewhere = False
            cursors = queries.cursors_of(self.mailbox_id)
            for folder in others:
                try:
                    there = session.status(folder.name)
                    if is_changed(folder, cursors, there):
                        is_elsewhere = True
                        has_more = self._fetch(session, folder)[1] or has_more
                    looked_at_sent = looked_at_sent or folder.role == SENT
                except ServerProblem as problem:
                    # A folder that was renamed or closed to us does not stop the inbox.
                    if problem.code != "protocol":
                        raise
                    log.warning("folder_unread", folder=folder.name, error=str(problem))
            if is_elsewhere:
                count += self._fetch(session, inbox)[0]
        if not self._stopping.is_set():
            now = clock.now()
            actions.note_reached(
                mailbox_id=self.mailbox_id,
                at=now,
                got_mail=count > 0,
                looked_at_sent=looked_at_sent,
            )
            for folder in folders:
                folder.last_look = now
        return has_more

    def _fetch(self, session: Session, folder: Folder) -> tuple[int, bool]:
        opened = session.open(folder.name)
        failpoints.reached("imap.selected")
        return fetch(session, folder, opened, go_on=lambda: not self._stopping.is_set())

    def _note(self, problem: ServerProblem) -> float:
        now = clock.now()
        log.warning("mailbox_failing", mailbox=self.mailbox_id, error=str(problem))
        try:
            retry_at = actions.note_failing(
                mailbox_id=self.mailbox_id,
                error=str(problem),
                at=now,
                is_password=problem.is_password,
            )
        except (DatabaseError, InterfaceError) as error:
            return self._storage_failed(error)
        return (retry_at - now).total_seconds() if retry_at else 1.0

    def _storage_failed(self, error: Exception) -> float:
        """The database or the disk is out of reach: fetching waits; nothing was lost."""
        log.error(
            "storage_failed", mailbox=self.mailbox_id, error=f"{type(error).__name__}: {error}"
        )
        connection.close()
        pause, most = self._storage_pause, self._pace.storage_most
        self._storage_pause = min(most, pause * 2)
        return pause


class Followers:
    """All mailboxes that this process follows; `step` adapts to what the shop has connected."""

    def __init__(self, *, pace: Pace = PACE, make: Callable[..., Follower] = Follower) -> None:
        self._pace, self._make = pace, make
        self._locks = Locks()
        self._running: dict[int, tuple[tuple[object, ...], Follower]] = {}

    def step(self) -> bool:
        """Start, restart and stop followers as the mailboxes are; always returns False."""
        if not self._locks.are_held():
            self._stop_all()
        boxes = [b for b in queries.mailboxes() if b.is_active and b.imap_host]
        wanted = {b.pk: tuple(getattr(b, name) for name in _CONFIGURATION) for b in boxes}
        for mailbox_id, (configuration, follower) in list(self._running.items()):
            if wanted.get(mailbox_id) != configuration or not follower.is_alive():
                self._end(mailbox_id)
        for mailbox_id, configuration in wanted.items():
            if mailbox_id not in self._running and self._locks.take(mailbox_id):
                follower = self._make(mailbox_id, pace=self._pace)
                self._running[mailbox_id] = (configuration, follower)
                follower.start()
        for box in boxes:
            # Somebody changed something: whatever was wrong may be mended.
            if box.retry_at is None and box.pk in self._running:
                self._running[box.pk][1].nudge()
        return False

    def look(self) -> bool:
        """Look through every mailbox now, its Sent folder too; always returns False."""
        for _, follower in list(self._running.values()):
            follower.look()
        return False

    def following(self) -> list[int]:
        """Return the ids of the mailboxes that this process follows."""
        return sorted(self._running)

    def close(self, *, within: float = 8.0) -> None:
        """Stop all and give the mailboxes back."""
        self._stop_all(within=within)
        self._locks.close()

    def _end(self, mailbox_id: int, *, within: float = 8.0) -> None:
        _, follower = self._running.pop(mailbox_id)
        follower.stop()
        follower.join(within)
        self._locks.give_back(mailbox_id)

    def _stop_all(self, *, within: float = 8.0) -> None:
        for _, follower in self._running.values():
            follower.stop()
        limit = time.monotonic() + within
        for mailbox_id in list(self._running):
            self._end(mailbox_id, within=max(0.0, limit - time.monotonic()))
