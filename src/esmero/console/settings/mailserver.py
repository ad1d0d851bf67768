"""The test and the consent of a mailbox, in words: each step, what the server said, what to do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy

from esmero.channels import ports
from esmero.channels.errors import MailboxProblem
from esmero.console.channels.advice import advice_of

STEPS: dict[str, Lazy | str] = {
    "resolve": pgettext_lazy("test step", "Find the server"),
    "token": pgettext_lazy("test step", "Consent"),
    "imap_connect": pgettext_lazy("test step", "Reach the IMAP server"),
    "imap_login": pgettext_lazy("test step", "Sign in to fetch mail"),
    "inbox": pgettext_lazy("test step", "Open the inbox"),
    "folders": pgettext_lazy("test step", "Find the folders"),
    "sent_folder": pgettext_lazy("test step", "Find the Sent folder"),
    "idle": pgettext_lazy("test step", "Hear of new mail at once"),
    "smtp_connect": pgettext_lazy("test step", "Reach the SMTP server"),
    "smtp_login": pgettext_lazy("test step", "Sign in to send mail"),
    "send": pgettext_lazy("test step", "Send a mail to itself"),
    "receive": pgettext_lazy("test step", "See it arrive"),
    "plus_address": pgettext_lazy("test step", "See address+tag arrive"),
    "consent": pgettext_lazy("test step", "Consent at the provider"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the page shows it."""

    name: str
    is_ok: bool
    is_skipped: bool
    is_optional: bool
    said: str
    advice: str


def redirect_uri() -> str:
    """Return the address to which a provider sends the browser back."""
    return settings.ENV.url + reverse("console:settings_mailbox_consented")


def probe(mailbox_id: int, *, at: datetime) -> list[Told]:
    """Test a mailbox and return its steps; a failed one carries what to do."""
    return [as_told(step) for step in ports.mail_servers().probe(mailbox_id, at=at)]


def as_told(step: ports.Step) -> Told:
    """Return a step in words."""
    return Told(
        name=str(STEPS.get(step.name, step.name)),
        is_ok=step.is_ok,
        is_skipped=step.is_skipped,
        is_optional=step.name in ports.OPTIONAL_STEPS,
        said=step.said,
        advice="" if step.is_ok else advice_of(step.code),
    )


def begin_consent(mailbox_id: int) -> ports.Consent:
    """Prepare the way to the provider. Raises NotFound, MailboxProblem."""
    return ports.mail_servers().begin_consent(mailbox_id, redirect_uri=redirect_uri())


def complete_consent(mailbox_id: int, *, code: str, verifier: str, at: datetime) -> str:
    """Turn a code into tokens; return the provider's words when it refuses, else nothing."""
    try:
        ports.mail_servers().complete_consent(
            mailbox_id, code=code, verifier=verifier, redirect_uri=redirect_uri(), at=at
        )
    except MailboxProblem as problem:
        return str(problem.params.get("reason", "")) or gettext("The provider refused.")
    return ""


def refused_consent(said: str) -> Told:
    """Return the step that says that there was no consent."""
    return Told(str(STEPS["consent"]), False, False, False, said[:500], advice_of("consent_lost"))


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return secrets.compare_digest(one.encode(), other.encode())
