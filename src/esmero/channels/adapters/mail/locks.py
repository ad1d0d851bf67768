"""Who follows a mailbox: one process at a time, decided by PostgreSQL.

A lock is held by a connection of its own and ends with it, so a killed process leaves nothing
behind. It only saves work: that no mail is stored twice is a constraint of the table.
"""

from __future__ import annotations

import contextlib
import threading

import psycopg
import structlog
from django.db import connection

log = structlog.get_logger(__name__)
_CLASS = 0x45534D  # "ESM": our locks among those of others in this database


class Locks:
    """The mailboxes that this process may follow."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None
        self._held: set[int] = set()
        self._guard = threading.Lock()

    def take(self, mailbox_id: int) -> bool:
        """Take a mailbox and say whether it is ours now. Raises psycopg.Error."""
        with self._guard:
            if mailbox_id in self._held:
                return True
            row = self._connected().execute(
                "SELECT pg_try_advisory_lock(%s, %s)", [_CLASS, mailbox_id]
            )
            found = row.fetchone()
            if found and found[0]:
                self._held.add(mailbox_id)
                return True
            return False

    def give_back(self, mailbox_id: int) -> None:
        """Let another process follow it."""
        with self._guard:
            if mailbox_id not in self._held:
                return
            self._held.discard(mailbox_id)
            with contextlib.suppress(psycopg.Error):
                self._connected().execute(
                    "SELECT pg_advisory_unlock(%s, %s)", [_CLASS, mailbox_id]
                )

    def are_held(self) -> bool:
        """Say whether the connection still stands; when not, every lock is gone."""
        with self._guard:
            if not self._held:
                return True
            try:
                self._connected().execute("SELECT 1")
            except psycopg.Error as error:
                log.warning("mailbox_locks_lost", error=type(error).__name__)
                self._drop()
                return False
            return bool(self._held)

    def close(self) -> None:
        """Give everything back."""
        with self._guard:
            self._drop()

    def _drop(self) -> None:
        self._held.clear()
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection:
        if self._connection is not None and self._connection.closed:
            self._drop()
        if self._connection is None:
            self._held.clear()
            parameters = dict(connection.get_connection_params())
            for name in ("cursor_factory", "context", "server_side_binding"):
                parameters.pop(name, None)
            parameters["application_name"] = "esmero mailboxes"
            self._connection = psycopg.connect(**parameters, autocommit=True)
        return self._connection
