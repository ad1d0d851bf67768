"""Conversations, their messages, and what becomes of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from esmero.conversations.enums import (
    Chip,
    Direction,
    Quotes,
    State,
)
from esmero.kernel.ids import new_token
from esmero.kernel.models import Blob


def recipients() -> Func:
    """Return the addresses in to, cc and bcc, lower case, as a JSON array of texts."""
    return Func(
        F("to"), F("cc"), F("bcc"),
        arg_joiner=" || ",
        output_field=models.JSONField(),
        template="(jsonb_path_query_array(lower((%(expressions)s)::text)::jsonb, '$[*][1]'))",
    )  # fmt: skip


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
    priority = models.SmallIntegerField(default=0)  # see enums.Priority
    tag_ids = ArrayField(models.BigIntegerField(), default=list)
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

    # It has become part of another one: its messages are there, its number leads there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Of the one that stays: the ids of all that are part of it, also through others.
    merged_ids = models.JSONField(default=list)
    # Mail with a supplier or carrier: in no list, seen only beside its own conversation.
    is_side = models.BooleanField(default=False)

    class Meta:
        db_table = "conversations_conversation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="conversations_state"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")),
                name="conversations_not_into_itself",
            ),
            # What is part of another one is in no list by itself.
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state=State.RESOLVED.value),
                name="conversations_merged_rests",
            ),
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
            # Today asks for those of one agent; few have something that did not arrive.
            models.Index(
                fields=["owner_agent"],
                name="conversations_failed",
                condition=Q(has_failure=True),
            ),
            # `asunto:` of the search, and the palette.
            GinIndex(SearchVector("subject", config="esmero_es"), name="conversations_subject"),
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
            GinIndex(fields=["tag_ids"], name="conversations_tagged"),
            models.Index(
                fields=["merged_into"],
                name="conversations_merged",
                condition=Q(merged_into__isnull=False),
            ),
        ]


class Participant(models.Model):
    """A customer who takes part: only they may write into the conversation by mail.

    Those who were added beside the conversation's own customer have a token for their own page.
    `reads_from`: what is older they see only where they wrote it or it was theirs before a merge;
    None: all of it. A row is never deleted while somebody was told of the page: `removed_at` ends
    it.
    """

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey("people.Customer", models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    token = models.CharField(max_length=40, blank=True)
    reads_from = models.DateTimeField(null=True)
    added_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # The merge that brought them; undoing it takes them away again.
    move = models.ForeignKey(
        "conversations.Move", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True)
    removed_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_participant"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "customer"], name="conversations_participant_once"
            ),
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="conversations_participant_token"
            ),
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
    # Of an outgoing one: what stands below it. `part` is kept in `quoted`.
    quotes = models.CharField(max_length=4, default=Quotes.ALL.value)
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
            # `con:archivo` and `para:` of the search.
            models.Index(
                fields=["conversation"],
                name="conversations_with_files",
                condition=Q(has_files=True),
            ),
            GinIndex(recipients(), name="conversations_recipients"),
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
