"""Who is where, and who asked to take over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from esmero.conversations.models.talk import Conversation


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
