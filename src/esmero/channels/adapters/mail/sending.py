"""The sender: takes what may leave, hands it over, says what became of it."""

from __future__ import annotations

import threading
import weakref
from datetime import datetime
from typing import Final

import structlog

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import oauth
from esmero.channels.adapters.mail.accounts import Server, smtp_server
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.smtp import Connections, NotHandedOver
from esmero.channels.enums import Auth
from esmero.kernel import clock, failpoints, secrets

log = structlog.get_logger(__name__)
OUTBOX: Final = "outbox"


class Sender:
    """Sends from any number of threads; each has its own connections."""

    def __init__(self, default: Server | None) -> None:
        """`default` is the deployment's own server (EMAIL_URL)."""
        self._default = default
        self._local = threading.local()
        self._all: weakref.WeakSet[Connections] = weakref.WeakSet()

    def step(self, at: datetime) -> bool:
        """Hand over the next mail that may leave; say whether there was one."""
        connections = self._connections()
        handover = actions.claim_delivery(at=at, has_default=self._default is not None)
        if handover is None:
            connections.tidy()
            return False
        self._hand_over(handover, connections)
        failpoints.reached("smtp.after_note")
        return True

    def _hand_over(self, handover: actions.Handover, connections: Connections) -> None:
        if handover.account.kind == OUTBOX:
            actions.note_handed_over(
                delivery_id=handover.delivery_id,
                at=clock.now(),
                accepted=handover.recipients,
                via=OUTBOX,
            )
            return
        try:
            server = self._server(handover.account)
            outcome = connections.send(
                server, handover.mail_from, handover.recipients, handover.data
            )
        except NotHandedOver as problem:
            self._failed(handover, problem)
        except ServerProblem as problem:
            # The account or the way to it: a mended password or a server that is back lets it go.
            self._failed(handover, NotHandedOver(str(problem), is_account=True))
        except secrets.SecretUnreadable:
            words = "password_unreadable: the stored password cannot be decrypted"
            self._failed(handover, NotHandedOver(words, is_account=True))
        else:
            actions.note_handed_over(
                delivery_id=handover.delivery_id,
                at=clock.now(),
                accepted=outcome.accepted,
                refused={**outcome.refused, **outcome.later},
                via="smtp",
                provider_header=outcome.provider_header,
            )

    def _failed(self, handover: actions.Handover, problem: NotHandedOver) -> None:
        log.warning(
            "hand_over_failed",
            delivery=handover.delivery_id,
            permanent=problem.permanent,
            unknown=problem.is_unknown,
            mailbox=handover.account.mailbox_id,
        )
        actions.note_hand_over_failed(
            delivery_id=handover.delivery_id,
            error=problem.reason,
            permanent=problem.permanent,
            at=clock.now(),
            is_unknown=problem.is_unknown,
            refused=problem.refused,
        )

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
            self._all.add(found)
        return found

    def close(self) -> None:
        """Close all connections, once the threads have ended."""
        for connections in list(self._all):
            connections.close()
