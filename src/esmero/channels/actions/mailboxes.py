"""Mailboxes: connected, changed, and their heartbeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esmero.channels import queries
from esmero.channels.enums import Auth, Security, Take
from esmero.channels.errors import MailboxTaken
from esmero.channels.events import MailboxBack, MailboxFailing
from esmero.channels.models import Mailbox
from esmero.channels.rules.repeating import mailbox_pause
from esmero.kernel import audit, events, jobs, secrets
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line
from esmero.kernel.transactions import action

_PLAIN = {
    "name", "department_id", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port",
    "smtp_security", "auth", "username", "folder", "sent_folder", "junk_folder", "follows_sent",
    "oauth_client_id", "oauth_tenant", "is_active", "has_plus_addresses", "authserv_ids",
}  # fmt: skip


@action
def connect_mailbox(
    *,
    address: str,
    name: str = "",
    department_id: int | None = None,
    imap_host: str = "",
    imap_port: int = 993,
    imap_security: Security = Security.TLS,
    smtp_host: str = "",
    smtp_port: int = 587,
    smtp_security: Security = Security.STARTTLS,
    auth: Auth = Auth.PASSWORD,
    username: str = "",
    password: str = "",
    take: Take = Take.FROM_NOW,
    take_days: int = 30,
    follows_sent: bool = True,
    allows_private: bool = False,
    has_plus_addresses: bool = False,
    authserv_ids: list[str] | None = None,
    oauth_client_id: str = "",
    oauth_client_secret: str = "",
    oauth_tenant: str = "",
    at: datetime,
    actor: str = "system",
) -> int:
    """Connect a mailbox and return its id; fetching begins within seconds. Raises MailboxTaken."""
    address = address.strip().lower()
    if Mailbox.objects.filter(address=address).exists():
        raise MailboxTaken(address=address)
    box = Mailbox.objects.create(
        address=address,
        name=one_line(name, 80),
        department_id=department_id,
        imap_host=imap_host,
        imap_port=imap_port,
        imap_security=imap_security.value,
        smtp_host=smtp_host,
        smtp_port=smtp_port,
        smtp_security=smtp_security.value,
        auth=auth.value,
        username=username or address,
        password_sealed=secrets.seal(password),
        oauth_client_id=oauth_client_id,
        oauth_client_secret_sealed=secrets.seal(oauth_client_secret),
        oauth_tenant=oauth_tenant,
        take=take.value,
        take_days=take_days,
        follows_sent=follows_sent,
        allows_private=allows_private,
        has_plus_addresses=has_plus_addresses,
        authserv_ids=authserv_ids or [],
        connected_at=at,
    )
    audit.record(at=at, actor=actor, action="mailbox.connected", ref=ref("mailbox", box.pk))
    queries.forget()
    jobs.wake_after_commit("mailboxes")
    return box.pk


@action
def change_mailbox(
    *,
    mailbox_id: int,
    password: str | None = None,
    oauth_client_secret: str | None = None,
    at: datetime,
    actor: str,
    **facts: Any,
) -> None:
    """Change a mailbox; a password is replaced only when one is given. Raises NotFound."""
    if unknown := facts.keys() - _PLAIN:
        raise TypeError(f"not facts of a mailbox: {sorted(unknown)}")
    if password:
        facts["password_sealed"] = secrets.seal(password)
    if oauth_client_secret:
        facts["oauth_client_secret_sealed"] = secrets.seal(oauth_client_secret)
    box = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
    if box is None:
        raise NotFound(mailbox_id=mailbox_id)
    hosts = ("imap_host", "smtp_host")
    if any(name in facts and facts[name] != getattr(box, name) for name in hosts):
        # Private addresses were allowed for the servers that somebody with a shell here named.
        facts["allows_private"] = False
    # Whatever was wrong may be mended now: look at once.
    Mailbox.objects.filter(pk=mailbox_id).update(**facts, retry_at=None)
    audit.record(
        at=at,
        actor=actor,
        action="mailbox.changed",
        ref=ref("mailbox", mailbox_id),
        fields=sorted(facts),
    )
    queries.forget()
    jobs.wake_after_commit("mailboxes")


@action
def keep_tokens(
    *,
    mailbox_id: int,
    access_token: str,
    refresh_token: str,
    expires_at: datetime,
) -> None:
    """Store OAuth tokens, sealed; an empty refresh token keeps the one there is."""
    values: dict[str, Any] = {
        "oauth_access_sealed": secrets.seal(access_token),
        "oauth_expires_at": expires_at,
        "retry_at": None,
    }
    if refresh_token:
        values["oauth_refresh_sealed"] = secrets.seal(refresh_token)
    Mailbox.objects.filter(pk=mailbox_id).update(**values)


@action
def reseal_mailboxes() -> tuple[int, int]:
    """Close with the newest key what an older one closed; return how many secrets that were, and
    how many no key opens (they stay as they are).
    """
    names = [f.name for f in Mailbox._meta.fields if f.name.endswith("_sealed")]
    done = lost = 0
    for box in Mailbox.objects.select_for_update().order_by("id"):
        for name in names:
            sealed = getattr(box, name)
            if secrets.is_current(sealed):
                continue
            try:
                setattr(box, name, secrets.reseal(sealed))
            except secrets.SecretUnreadable:
                lost += 1
                continue
            done += 1
            box.save(update_fields=[name])
    if done:
        queries.forget()
    return done, lost


@action
def note_reached(
    *, mailbox_id: int, at: datetime, got_mail: bool, looked_at_sent: bool = False
) -> None:
    """The heartbeat: the mailbox answered. Publishes MailboxBack after a failure."""
    box = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
    if box is None:
        return
    fields = ["last_reached_at"]
    box.last_reached_at = at
    if got_mail:
        box.last_mail_at = at
        fields.append("last_mail_at")
    if looked_at_sent:
        box.sent_looked_at = at
        fields.append("sent_looked_at")
    if box.failing_since is not None:
        box.failing_since, box.error, box.failures, box.retry_at = None, "", 0, None
        fields += ["failing_since", "error", "failures", "retry_at"]
        events.publish([(MailboxBack(mailbox_id=mailbox_id), [])], at=at, actor="system")
    box.save(update_fields=fields)


@action
def note_failing(
    *, mailbox_id: int, error: str, at: datetime, is_password: bool = False
) -> datetime | None:
    """The mailbox could not be used; return when to try again. Publishes MailboxFailing at
    first.
    """
    box = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
    if box is None:
        return None
    if box.failing_since is None:
        box.failing_since = at
        events.publish([(MailboxFailing(mailbox_id=mailbox_id), [])], at=at, actor="system")
    box.failures += 1
    box.error = error[:2000]
    box.retry_at = at + mailbox_pause(box.failures, is_password=is_password)
    box.save(update_fields=["failing_since", "failures", "error", "retry_at"])
    return box.retry_at
