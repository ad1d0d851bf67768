"""How conversations are ordered: tags, and who follows them."""

from __future__ import annotations

from django.db import models

from esmero.conversations.models.talk import Conversation


class Tag(models.Model):
    """A word that the shop puts on conversations. Which ones bear it, their `tag_ids` say.

    A retired one stays on what bears it and is offered no more. `is_line`: it names a line of
    products, which agents can be good at.
    """

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=60, unique=True)  # folded: `Devolución` is `devolucion`
    hue = models.PositiveSmallIntegerField(default=0)  # one of the eight of the look
    is_line = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_tag"


class Follower(models.Model):
    """That somebody wants to know what becomes of a conversation that she does not own."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="+", db_index=False
    )
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "conversations_follower"
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "conversation"], name="conversations_follower_once"
            )
        ]
        indexes = [models.Index(fields=["conversation"], name="conversations_followed")]
