"""The sender: takes what may leave, hands it over, says what became of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import oauth
from esmero.channels.adapters.mail.accounts import Server, smtp_server
from esmero.channels.adapters.mail.kept import Connections
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.smtp import NotHandedOver, Outcome
from esmero.channels.enums import Auth
from esmero.kernel import clock, failpoints, secrets
from esmero.kernel.errors import NotFound

log = structlog.get_logger(__name__)
_Word = Callable[[], None]
OUTBOX: Final = "outbox"


@dataclass(frozen=True, slots=True)
class _Rest:
    """An account that is left alone for a while, and why."""

    until: float
    seconds: float
    words: str


def _taken(handover: actions.Handover, outcome: Outcome, via: str) -> None:
    actions.note_handed_over(
        delivery_id=handover.delivery_id,
        at=clock.now(),
        accepted=outcome.accepted,
        refused=outcome.refused,
        later=outcome.later,
        via=via,
        provider_header=outcome.provider_header,
    )


def _failed(handover: actions.Handover, problem: NotHandedOver) -> None:
    log.warning(
        "hand_over_failed",
        delivery=handover.delivery_id,
        permanent=problem.permanent,
        unknown=problem.is_unknown,
        mailbox=handover.account.mailbox_id,
        reason=problem.reason[:200],
    )
    actions.note_hand_over_failed(
        delivery_id=handover.delivery_id,
        error=problem.reason,
        permanent=problem.permanent,
        at=clock.now(),
        is_unknown=problem.is_unknown,
        refused=problem.refused,
    )


class Sender:
    """Sends from any number of threads; each has its own connections."""

    def __init__(self, default: Server | None, *, stop: threading.Event | None = None) -> None:
        """`default` is the deployment's own server (EMAIL_URL)."""
        self._default = default
        self._stop = stop or threading.Event()
        self._local = threading.local()
        # Held here too: a thread that ends takes only its own reference along.
        self._all: list[Connections] = []
        self._resting: dict[Server, _Rest] = {}

    def step(self, at: datetime) -> bool:
        """Hand over the next mail that may leave; say whether there was one."""
        connections = self._connections()
        handover = actions.claim_delivery(at=at, has_default=self._default is not None)
        if handover is None:
            connections.tidy()
            return False
        # From here on somebody has to say what became of it, whatever happens.
        self._say(self._hand_over(handover, connections))
        failpoints.reached("smtp.after_note")
        return True

    def _hand_over(self, handover: actions.Handover, connections: Connections) -> _Word:
        """Hand one mail over and return what is to be said of it."""
        if handover.account.kind == OUTBOX:
            return partial(_taken, handover, Outcome(handover.recipients), OUTBOX)
        server = None
        try:
            server = self._server(handover.account)
            self._refuse_while_resting(server)
            outcome = connections.send(
                server,
                handover.mail_from,
                handover.recipients,
                handover.data,
                before_end=partial(actions.note_data_ends, delivery_id=handover.delivery_id),
            )
            self._resting.pop(server, None)
            return partial(_taken, handover, outcome, "smtp")
        except NotHandedOver as problem:
            return partial(_failed, handover, problem)
        except ServerProblem as problem:
            # The account or the way to it: a mended password or a server that is back lets it go.
            self._rest(server, problem)
            return partial(_failed, handover, NotHandedOver(str(problem), is_account=True))
        except secrets.SecretUnreadable:
            words = "password_unreadable: the stored password cannot be decrypted"
            return partial(_failed, handover, NotHandedOver(words, is_account=True))
        except (DatabaseError, InterfaceError) as error:
            # While the account was read: nothing has left.
            return partial(_failed, handover, NotHandedOver(f"database: {error}"))
        except Exception as error:  # an entry: how far it came is not known
            log.exception("hand_over_broke", delivery=handover.delivery_id)
            words = f"internal: {type(error).__name__}: {error}"
            return partial(_failed, handover, NotHandedOver(words, is_unknown=True))

    def _say(self, word: _Word) -> None:
        """Write what became of a mail, waiting for the database as long as it takes."""
        pause = 0.2
        while True:
            try:
                word()
            except NotFound as error:
                log.warning("delivery_gone", error=str(error))
            except (OperationalError, InterfaceError) as error:
                log.error("delivery_not_noted", error=f"{type(error).__name__}: {error}")
                connection.close()
                if self._stop.wait(pause):
                    return  # as after a crash: whoever finds the mark decides
                pause = min(10.0, pause * 2)
                continue
            return

    def _refuse_while_resting(self, server: Server) -> None:
        """Leave an account alone that has just failed: providers lock those that are hammered."""
        rest = self._resting.get(server)
        if rest is not None and time.monotonic() < rest.until:
            raise NotHandedOver(rest.words, is_account=True)

    def _rest(self, server: Server | None, problem: ServerProblem) -> None:
        if server is None:
            return
        before = self._resting.get(server)
        first, most = (60.0, 900.0) if problem.is_password else (5.0, 60.0)
        seconds = min(most, before.seconds * 2) if before else first
        self._resting[server] = _Rest(time.monotonic() + seconds, seconds, str(problem))

    def _server(self, account: actions.Account) -> Server:
        if account.kind != "mailbox":
            if self._default is None:
                raise ServerProblem("not_configured", "EMAIL_URL is not set")
            return self._default
        box = queries.mailbox(account.mailbox_id or 0)
        if box is None:
            raise ServerProblem("not_configured", "the mailbox is gone")
        is_password = box.auth == Auth.PASSWORD.value
        token = "" if is_password else oauth.fresh_token(box.pk, at=clock.now())
        return smtp_server(box, token=token)

    def _connections(self) -> Connections:
        found: Connections | None = getattr(self._local, "connections", None)
        if found is None:
            found = self._local.connections = Connections()
            self._all.append(found)
        return found

    def close(self) -> None:
        """Close all connections, once the threads have ended."""
        while self._all:
            self._all.pop().close()
