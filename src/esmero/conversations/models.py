"""Rows of conversations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from esmero.conversations.enums import Chip, Direction, Level, Quotes, State
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
    """What an agent is writing, saved at each pause. Colleagues it is shared with write on in it.

    `version` counts the saves; `stopped_at` is when it came back as the customer wrote first.
    """

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
    promise_kind = models.CharField(max_length=12, blank=True)
    promise_when = models.CharField(max_length=60, blank=True)  # as it was typed
    quotes = models.CharField(max_length=4, default=Quotes.ALL.value)
    quoted = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    last_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    stopped_at = models.DateTimeField(null=True)
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


class DraftShare(models.Model):
    """That a draft is shown to a colleague, who may go on writing in it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    by_agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "conversations_draft_share"
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "agent"], name="conversations_draft_share_once"
            )
        ]


class DraftTurn(models.Model):
    """How somebody left a shared draft when another went on in it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        db_table = "conversations_draft_turn"


class SavedAnswer(models.Model):
    """A text that the team uses again and again, with variables of an allow-list."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+", db_index=False
    )
    language = models.CharField(max_length=5, blank=True)  # empty: any
    tags = models.CharField(max_length=200, blank=True)  # words, each once, by spaces
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_saved_answer"


class Mention(models.Model):
    """That a note names a colleague. It is open until she writes here or says that she saw it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    by_agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_mention"
        constraints = [
            models.UniqueConstraint(fields=["message", "agent"], name="conversations_mention_once")
        ]
        indexes = [
            models.Index(
                fields=["agent", "conversation"],
                name="conversations_mention_open",
                condition=Q(ended_at=None),
            )
        ]


class CheckLevel(models.Model):
    """What a finding of the reply check does in this shop, where that is not the usual."""

    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=4)
    at = models.DateTimeField()
    by_agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "conversations_check_level"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(level__in=[one.value for one in Level]),
                name="conversations_check_level_known",
            )
        ]


class KnownWord(models.Model):
    """A word that is spelled right in this shop, whatever the dictionaries say."""

    word = models.CharField(max_length=60, unique=True)  # lower case
    at = models.DateTimeField()
    by_agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "conversations_known_word"


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
