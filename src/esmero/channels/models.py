"""Rows of channels: mailboxes, raw mails, outgoing deliveries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from esmero.channels.enums import Auth, DeliveryState, Judgement, RawState, Security, Take
from esmero.kernel.models import Blob


class Mailbox(models.Model):
    """An address of the shop: where its mail is fetched and through which it sends.

    Secrets are sealed (`kernel.secrets`). The heartbeat says when it was last reached, when mail
    last came, and how long it is usually silent.
    """

    name = models.CharField(max_length=80)
    address = models.EmailField(unique=True)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+"
    )
    is_active = models.BooleanField(default=True)
    allows_private = models.BooleanField(default=False)  # added by somebody with a shell here

    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, default=Security.TLS.value)
    smtp_host = models.CharField(max_length=255, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=8, default=Security.STARTTLS.value)
    auth = models.CharField(max_length=10, default=Auth.PASSWORD.value)
    username = models.CharField(max_length=320, blank=True)
    password_sealed = models.TextField(blank=True)
    oauth_client_id = models.CharField(max_length=200, blank=True)
    oauth_client_secret_sealed = models.TextField(blank=True)
    oauth_tenant = models.CharField(max_length=100, blank=True)
    oauth_refresh_sealed = models.TextField(blank=True)
    oauth_access_sealed = models.TextField(blank=True)
    oauth_expires_at = models.DateTimeField(null=True)

    folder = models.CharField(max_length=200, default="INBOX")
    sent_folder = models.CharField(
        max_length=200, blank=True
    )  # found by its \Sent flag when empty
    junk_folder = models.CharField(max_length=200, blank=True)
    follows_sent = models.BooleanField(default=True)
    take = models.CharField(max_length=10, default=Take.FROM_NOW.value)
    take_days = models.PositiveIntegerField(default=30)
    connected_at = models.DateTimeField()
    # Whether mail to address+token@ arrives, as the mailbox test saw it.
    has_plus_addresses = models.BooleanField(default=False)
    # authserv-id whose Authentication-Results are the mailbox provider's own.
    authserv_ids = models.JSONField(default=list)

    last_reached_at = models.DateTimeField(null=True)
    last_mail_at = models.DateTimeField(null=True)
    sent_looked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_mailbox"


class FolderCursor(models.Model):
    """How far a folder of a mailbox has been fetched: the next UID under a UIDVALIDITY."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="+")
    folder = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    next_uid = models.BigIntegerField()
    # Mail with a lower UID lay there when the mailbox was connected: history.
    history_below_uid = models.BigIntegerField(default=0)

    class Meta:
        db_table = "channels_folder_cursor"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder"], name="channels_cursor_once")
        ]


class RawMail(models.Model):
    """A mail exactly as it came. The row is the queue for filing: stored → filed | quarantined |
    ignored.
    """

    source = models.CharField(max_length=6)
    mailbox = models.ForeignKey(
        Mailbox, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    folder = models.CharField(max_length=200, blank=True)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField(default=list)
    flags = models.JSONField(default=list)  # seen, junk
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField(null=True)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+", db_index=False)
    # Taken over as closed history: no promise, no acknowledgement.
    is_history = models.BooleanField(default=False)
    # When it came, if it then lay where we could not reach it.
    waited_since = models.DateTimeField(null=True)

    state = models.CharField(max_length=12, default=RawState.STORED.value)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=64, blank=True)
    message = models.ForeignKey(
        "conversations.Message", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    filed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_raw_mail"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["mailbox", "folder", "uidvalidity", "uid"],
                condition=Q(uid__isnull=False),
                name="channels_raw_uid_once",
            ),
            # The same mail twice is one message, whichever way it came.
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(state=RawState.FILED.value) & ~Q(identity=""),
                name="channels_raw_filed_once",
            ),
            models.CheckConstraint(
                condition=Q(data__isnull=False) | Q(blob__isnull=False),
                name="channels_raw_has_bytes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RawState]), name="channels_raw_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="channels_raw_to_file",
                condition=Q(state=RawState.STORED.value),
            ),
            models.Index(
                fields=["-id"],
                name="channels_raw_quarantine",
                condition=Q(state=RawState.QUARANTINED.value),
            ),
            models.Index(fields=["sha256"], name="channels_raw_sha256"),
        ]


class Delivery(models.Model):
    """An outgoing mail, from the wish in the domain's transaction to what became of it.

    An agent's mail has a `message`; an automatic one a `template` with `context` (ids, numbers and
    codes) which the mails surface renders when it is sent. `message_header` is its Message-ID,
    fixed here. `rendered` are the bytes that were handed over: a repeat sends the same.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        "conversations.Message", models.CASCADE, null=True, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "promises.Promise", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    mailbox = models.ForeignKey(
        Mailbox, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    template = models.CharField(max_length=40, blank=True)
    context = models.JSONField(default=dict)
    language = models.CharField(max_length=5, blank=True)
    is_automatic = models.BooleanField(default=False)
    # Whoever already has it (some recipients may be refused) is not sent to again.
    recipients = models.JSONField(default=list)
    delivered_to = models.JSONField(default=list)
    refused = models.JSONField(default=dict)
    # The recipient of automatic mail, for counting them: null on agents' mail.
    counted_to = models.CharField(max_length=320, null=True)  # noqa: DJ001
    message_header = models.CharField(max_length=300, unique=True)
    provider_header = models.CharField(max_length=300, blank=True)

    state = models.CharField(max_length=12, default=DeliveryState.QUEUED.value)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    handing_over_at = models.DateTimeField(null=True)
    # Committed just before the end of the data is sent: until then the server has not taken it.
    is_data_ending = models.BooleanField(default=False)
    handed_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=10, blank=True)  # smtp, outbox
    error = models.TextField(blank=True)
    rendered = models.BinaryField(null=True)
    released_by = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "channels_delivery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]),
                name="channels_delivery_state",
            ),
            # A double click, two tabs or a repeated request send once.
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(message__isnull=False),
                name="channels_delivery_once_a_message",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="channels_delivery_queue",
                condition=Q(state=DeliveryState.QUEUED.value),
            ),
            models.Index(
                fields=["handing_over_at"],
                name="channels_delivery_handing",
                condition=Q(state=DeliveryState.HANDING_OVER.value),
            ),
            models.Index(
                fields=["counted_to", "created_at"],
                name="channels_delivery_counted",
                condition=Q(counted_to__isnull=False),
            ),
            models.Index(fields=["conversation"], name="channels_delivery_thread"),
            models.Index(
                fields=["provider_header"],
                name="channels_delivery_provider",
                condition=~Q(provider_header=""),
            ),
            models.Index(fields=["-created_at"], name="channels_delivery_recent"),
        ]


class SenderRule(models.Model):
    """What the shop has said about an address or a whole domain (`@example.com`)."""

    pattern = models.CharField(max_length=320, unique=True)
    judgement = models.CharField(max_length=6)
    at = models.DateTimeField()
    by_agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "channels_sender_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(judgement__in=[j.value for j in Judgement]),
                name="channels_sender_rule_judgement",
            )
        ]


class WebForm(models.Model):
    """What somebody sent from a page of ours, stored before anybody looks into it.

    The row is the queue for filing and the memory of the limits: `ip_digest` says that two came
    from one place, not from which. `data` holds the fields as they were typed, and the files'
    names with the ids of their blobs. `once` is made by the page: the same form twice is one.
    """

    once = models.CharField(max_length=64, unique=True)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    ip_digest = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=320, blank=True)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default=RawState.STORED.value)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    message = models.ForeignKey(
        "conversations.Message", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    filed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channels_web_form"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RawState]), name="channels_form_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="channels_form_to_file",
                condition=Q(state=RawState.STORED.value),
            ),
            models.Index(fields=["ip_digest", "at"], name="channels_form_ip"),
            models.Index(fields=["email", "at"], name="channels_form_email"),
        ]
