"""What is being written: drafts and who shares them, saved answers, mentions, the reply check."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from esmero.conversations.enums import (
    Level,
    Quotes,
)
from esmero.conversations.models.talk import Conversation, Message
from esmero.kernel.ids import new_token
from esmero.kernel.models import Blob


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
