"""Rows of conversations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from esmero.conversations.enums import Chip, Direction, State
from esmero.kernel.ids import new_token
from esmero.kernel.models import Blob


class Conversation(models.Model):
    """One matter with a customer. Its id is the number people use; links use the token.

    The columns after `last_message_at` are what a list row shows, kept here so that a list reads
    one table: the chip mirrors the promise that matters now.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token)
    kind = models.CharField(max_length=12, default="question")
    subject = models.CharField(max_length=300, blank=True)
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=8)
    inbox_ref = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, blank=True)
    state = models.CharField(max_length=10, default=State.OPEN.value)
    is_suspect = models.BooleanField(default=False)
    suspicion = models.JSONField(default=list)
    is_history = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)
    last_outbound_at = models.DateTimeField(null=True)
    # Set while a customer's message has no answer, from the first such message on.
    awaits_reply_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    last_message_at = models.DateTimeField()
    excerpt = models.CharField(max_length=200, blank=True)
    message_count = models.PositiveIntegerField(default=0)
    has_failure = models.BooleanField(default=False)
    chip = models.CharField(max_length=10, blank=True, default=Chip.NONE.value)
    chip_at = models.DateTimeField(null=True)  # due while open or broken, else settled
    chip_made_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_conversation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="conversations_state"
            )
        ]
        indexes = [
            # The lists: what is not resolved, by promise, of one agent or department or all.
            models.Index(
                fields=["owner_agent", "chip_at", "id"],
                name="conversations_active_owner",
                condition=~Q(state=State.RESOLVED.value) & Q(is_suspect=False),
            ),
            models.Index(
                fields=["department", "chip_at", "id"],
                name="conversations_active_dept",
                condition=~Q(state=State.RESOLVED.value) & Q(is_suspect=False),
            ),
            models.Index(
                fields=["chip_at", "id"],
                name="conversations_active",
                condition=~Q(state=State.RESOLVED.value) & Q(is_suspect=False),
            ),
            models.Index(
                fields=["owner_agent", "-last_message_at", "-id"],
                name="conversations_owner_recent",
                condition=~Q(state=State.RESOLVED.value) & Q(is_suspect=False),
            ),
            # By promise in the list of all, resolved ones with a broken promise too.
            models.Index(
                fields=["chip_at", "id"],
                name="conversations_pressing",
                condition=Q(chip__in=[Chip.OPEN.value, Chip.BROKEN.value]),
            ),
            models.Index(fields=["-last_message_at", "-id"], name="conversations_recent"),
            models.Index(
                fields=["department", "-last_message_at", "-id"], name="conversations_dept_recent"
            ),
            models.Index(
                fields=["-last_message_at"],
                name="conversations_suspect",
                condition=Q(is_suspect=True),
            ),
            models.Index(
                fields=["snoozed_until"],
                name="conversations_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
        ]


class Participant(models.Model):
    """A customer who takes part: only they may write into the conversation by mail."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey("people.Customer", models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_participant"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "customer"], name="conversations_participant_once"
            )
        ]


class Message(models.Model):
    """One thing that was written. `text` is what its writer added; the quoted rest stands apart.

    `to`, `cc`, `bcc` are lists of [name, address]. `html` is the visible part as it came,
    unsanitised: it is cleaned on its way to a screen, last.
    """

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="+", db_index=False
    )
    direction = models.CharField(max_length=4)
    channel = models.CharField(max_length=8)
    at = models.DateTimeField()  # received, or written
    sent_at = models.DateTimeField(null=True)  # as the sender's clock says, or handed over
    author_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    author_customer = models.ForeignKey(
        "people.Customer", models.PROTECT, null=True, related_name="+", db_index=False
    )
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=5, blank=True)
    message_id = models.CharField(max_length=300, blank=True)  # with its angle brackets
    references = models.TextField(blank=True)
    source_ref = models.CharField(max_length=40, blank=True)
    is_verified = models.BooleanField(default=True)
    verdict = models.JSONField(default=dict)  # spf, dkim, dmarc, defects
    is_automatic = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)  # taken back before it left
    after = models.CharField(max_length=8, blank=True)
    # What its writer promised in it: made when it is handed over, instead of the usual update.
    promise_kind = models.CharField(max_length=12, blank=True)
    promise_due_at = models.DateTimeField(null=True)
    delivery = models.CharField(max_length=10, blank=True)
    delivery_note = models.CharField(max_length=300, blank=True)
    has_files = models.BooleanField(default=False)
    search = models.GeneratedField(
        expression=SearchVector("subject", "text", config="esmero_es"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        db_table = "conversations_message"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(direction__in=[d.value for d in Direction]),
                name="conversations_message_direction",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="conversations_thread"),
            models.Index(
                fields=["message_id"],
                name="conversations_message_id",
                condition=~Q(message_id=""),
            ),
            GinIndex(fields=["search"], name="conversations_search"),
        ]


class Attachment(models.Model):
    """A file of a message: bytes of our own, or a pointer into the stored raw mail."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    name = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.BigIntegerField(default=0)
    content_id = models.CharField(max_length=200, blank=True)
    is_inline = models.BooleanField(default=False)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+", db_index=False)
    raw_ref = models.CharField(max_length=40, blank=True)
    part_number = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "conversations_attachment"
        constraints = [
            models.CheckConstraint(
                condition=Q(blob__isnull=False) | ~Q(raw_ref=""),
                name="conversations_attachment_has_bytes",
            )
        ]


class Draft(models.Model):
    """What an agent is writing, saved at each pause."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="+", db_index=False
    )
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    mode = models.CharField(max_length=5, default="reply")  # reply, note
    text = models.TextField(blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    seen_message_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_draft"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "agent", "mode"], name="conversations_draft_once"
            )
        ]


class DraftFile(models.Model):
    """A file that waits with a draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120, blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")

    class Meta:
        db_table = "conversations_draft_file"


class Closure(models.Model):
    """That a conversation was resolved: by whom, when, and when it went on after all."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by_agent = models.ForeignKey("people.Agent", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "conversations_closure"


class Snooze(models.Model):
    """Out of sight until a moment or until something happens."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    until = models.DateTimeField()
    at = models.DateTimeField()
    by_agent = models.ForeignKey("people.Agent", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, blank=True)  # time, customer, agent

    class Meta:
        db_table = "conversations_snooze"


class Presence(models.Model):
    """That somebody has a conversation open in a window: she looks at it, or writes in it.

    An unlogged table: a crash forgets it, and the windows say it again. `line` names the stream of
    her browser and `tab` the window; rows whose stream says nothing any more do not count.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    line = models.CharField(max_length=40)
    tab = models.CharField(max_length=40)
    doing = models.CharField(max_length=6)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_presence"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "tab", "agent"], name="conversations_presence_once"
            )
        ]


class Takeover(models.Model):
    """That somebody asked to take a conversation over from who was writing in it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    asker = models.ForeignKey("people.Agent", models.PROTECT, related_name="+", db_index=False)
    asked = models.ForeignKey("people.Agent", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        db_table = "conversations_takeover"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                name="conversations_takeover_one_open",
                condition=Q(ended_at=None),
            )
        ]
        indexes = [
            models.Index(
                fields=["until"],
                name="conversations_takeover_due",
                condition=Q(ended_at=None),
            )
        ]
