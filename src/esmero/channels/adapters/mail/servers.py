"""What pages ask of mail servers while somebody waits: the test of a mailbox, OAuth consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import accounts, oauth
from esmero.channels.adapters.mail.probe import Probe, Report
from esmero.channels.adapters.mail.problems import ServerProblem
from esmero.channels.adapters.mail.providers import suggestions
from esmero.channels.enums import Auth, Security
from esmero.channels.errors import MailboxProblem
from esmero.channels.models import Mailbox
from esmero.channels.ports import Consent, Outcome, Step, Trial
from esmero.kernel.errors import NotFound
from esmero.kernel.secrets import SecretUnreadable


class Servers:
    """Answers `ports.MailServers` over IMAP, SMTP and HTTPS."""

    def probe(self, mailbox_id: int, *, at: datetime) -> Sequence[Step]:
        """Go through every step of fetching and sending, and keep what the mailbox can do.

        Raises NotFound.
        """
        box = queries.mailbox(mailbox_id)
        if box is None:
            raise NotFound(mailbox_id=mailbox_id)
        steps: list[Step] = []
        token = ""
        if box.auth != Auth.PASSWORD.value:
            try:
                token = oauth.fresh_token(mailbox_id, at=at)
            except ServerProblem as problem:
                return [Step("token", False, code=problem.code, said=problem.reason)]
            steps.append(Step("token", True))
        try:
            imap = accounts.imap_server(box, token=token) if box.imap_host else None
            smtp = accounts.smtp_server(box, token=token) if box.smtp_host else None
        except SecretUnreadable:
            return [Step("imap_login", False, code="password_unreadable")]
        report = Probe(box.address, imap, smtp, folder=box.folder or "INBOX").run(at=at)
        _keep(box, report, at=at)
        return [*steps, *report.steps]

    def suggested(self, address: str) -> Trial | None:
        """Return the servers that an address's provider most likely has; None for no address."""
        found = suggestions(address)
        if not found:
            return None
        first = found[0]
        return Trial(
            address=address,
            password="",
            imap_host=first.imap_host,
            imap_port=first.imap_port,
            imap_security=first.imap_security,
            smtp_host=first.smtp_host,
            smtp_port=first.smtp_port,
            smtp_security=first.smtp_security,
        )

    def try_out(self, trial: Trial, *, at: datetime) -> Outcome:
        """The same test for servers that are not connected yet; nothing is kept."""

        def server(host: str, port: int, security: Security) -> accounts.Server | None:
            if not host:
                return None
            return accounts.Server(
                host,
                port,
                security,
                trial.username or trial.address,
                trial.password,
                allows_private=trial.allows_private,
            )

        imap = server(trial.imap_host, trial.imap_port, trial.imap_security)
        smtp = server(trial.smtp_host, trial.smtp_port, trial.smtp_security)
        report = Probe(trial.address, imap, smtp, sends=trial.sends).run(at=at)
        return Outcome(
            steps=report.steps,
            is_ok=report.is_ok,
            has_plus_addresses=report.has_plus_addresses,
            authserv_ids=list(report.authserv_ids or ()),
        )

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


def _keep(box: Mailbox, report: Report, *, at: datetime) -> None:
    """Store what the test saw, where that differs from what was known."""
    seen: dict[str, Any] = {}
    if report.has_plus_addresses is not None:
        seen["has_plus_addresses"] = report.has_plus_addresses
    if report.authserv_ids:
        seen["authserv_ids"] = list(report.authserv_ids)
    changed = {name: value for name, value in seen.items() if getattr(box, name) != value}
    if changed:
        actions.change_mailbox(mailbox_id=box.pk, at=at, actor="system", **changed)
