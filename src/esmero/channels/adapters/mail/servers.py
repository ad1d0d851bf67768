"""What pages ask of mail servers while somebody waits: the test of a mailbox, OAuth consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from esmero.channels import queries
from esmero.channels.adapters.mail import oauth
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.enums import Auth
from esmero.channels.errors import MailboxProblem
from esmero.channels.ports import Consent, Step
from esmero.kernel.errors import NotFound


class Servers:
    """Answers `ports.MailServers` over IMAP, SMTP and HTTPS."""

    def probe(self, mailbox_id: int, *, at: datetime) -> Sequence[Step]:
        """Go through every step of fetching and sending."""
        raise NotImplementedError

    def begin_consent(self, mailbox_id: int, *, redirect_uri: str) -> Consent:
        """Prepare what the provider is asked. Raises NotFound, MailboxProblem."""
        box = queries.mailbox(mailbox_id)
        if box is None:
            raise NotFound(mailbox_id=mailbox_id)
        if box.auth == Auth.PASSWORD.value:
            raise MailboxProblem(what="oauth", reason="this mailbox signs in with a password")
        begun = oauth.begin(
            auth=Auth(box.auth),
            client_id=box.oauth_client_id,
            redirect_uri=redirect_uri,
            address=box.address,
            tenant=box.oauth_tenant,
        )
        return Consent(begun.url, begun.state, begun.verifier)

    def complete_consent(
        self, mailbox_id: int, *, code: str, verifier: str, redirect_uri: str, at: datetime
    ) -> None:
        """Turn the code into tokens and keep them. Raises MailboxProblem."""
        try:
            oauth.complete(
                mailbox_id=mailbox_id,
                code=code,
                verifier=verifier,
                redirect_uri=redirect_uri,
                at=at,
            )
        except ServerProblem as problem:
            raise MailboxProblem(what="oauth", reason=problem.reason, code=problem.code) from None
