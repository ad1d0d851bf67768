"""The open connections of one sending thread: kept for a while, renewed, closed."""

from __future__ import annotations

from esmero.channels.adapters.mail.accounts import Server
from esmero.channels.adapters.mail.smtp import Connection, Mark, NotHandedOver, Outcome, no_mark


class Connections:
    """The open connections of one thread, by server."""

    def __init__(self) -> None:
        self._open: dict[Server, Connection] = {}

    def send(
        self,
        server: Server,
        mail_from: str,
        recipients: list[str],
        data: bytes,
        *,
        before_end: Mark = no_mark,
    ) -> Outcome:
        """Hand a mail over, on an open connection where there is a living one.

        Raises NotHandedOver, ServerProblem, and what `before_end` raises.
        """
        connection = self._open.pop(server, None)
        if connection is not None and not (connection.is_reusable and connection.renew()):
            connection.close()
            connection = None
        if connection is None:
            connection = Connection(server)
        outcome = None
        try:
            outcome = connection.send(mail_from, recipients, data, before_end=before_end)
        except NotHandedOver as problem:
            if problem.is_account or problem.is_unknown:
                connection.close()
            else:
                self._open[server] = connection
            raise
        self._open[server] = connection
        return outcome

    def tidy(self) -> None:
        """Close what has been unused for long."""
        for server, connection in list(self._open.items()):
            if not connection.is_reusable:
                del self._open[server]
                connection.close()

    def close(self) -> None:
        """Close all."""
        while self._open:
            self._open.popitem()[1].close()
