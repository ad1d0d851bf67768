"""What goes beyond one conversation and one customer: moves, links, mail with others, asking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from esmero.conversations.enums import MoveKind, RelationKind
from esmero.conversations.models.talk import Conversation, Message


class Move(models.Model):
    """That messages went from one conversation to another: all of them (merge) or some (split).

    Which ones, `MovedMessage` says, so that it can be undone at any time. `is_shared`: customers
    who were brought together may read each other's earlier messages. `state_before` and
    `awaits_before` are the source's.
    """

    kind = models.CharField(max_length=5)
    source = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    target = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_shared = models.BooleanField(default=False)
    state_before = models.CharField(max_length=10, blank=True)
    awaits_before = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_move"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MoveKind]), name="conversations_move_kind"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind=MoveKind.MERGE.value, undone_at=None),
                name="conversations_merged_once",
            ),
        ]


class MovedMessage(models.Model):
    """One message of a move."""

    move = models.ForeignKey(Move, models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")

    class Meta:
        db_table = "conversations_moved_message"
        constraints = [
            models.UniqueConstraint(fields=["move", "message"], name="conversations_moved_once")
        ]


class Relation(models.Model):
    """That two conversations belong together though each stays its own.

    `caused_by`: the first was caused by the second; the other kinds have no direction.
    """

    kind = models.CharField(max_length=10)
    first = models.ForeignKey(Conversation, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True)
    removed_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_relation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in RelationKind]),
                name="conversations_relation_kind",
            ),
            models.CheckConstraint(
                condition=~Q(first=models.F("second")), name="conversations_relation_of_two"
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(removed_at=None),
                name="conversations_relation_once",
            ),
        ]


class SideConversation(models.Model):
    """Mail with a supplier or carrier inside a conversation: `thread` holds its messages.

    The customer never sees it. `follow_up` is the promise to look after it again.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    thread = models.OneToOneField(Conversation, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    opened_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    follow_up = models.ForeignKey(
        "promises.Promise", models.PROTECT, null=True, related_name="+", db_index=False
    )
    once = models.CharField(max_length=40, blank=True)  # the wish to begin it, sent twice is one
    # The other side wrote and nobody of ours has answered, closed, or said that it is read.
    unread_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_side"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "once"],
                condition=~Q(once=""),
                name="conversations_side_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["conversation"],
                name="conversations_side_unread",
                condition=Q(unread_since__isnull=False),
            )
        ]


class Consultation(models.Model):
    """That a colleague or a department was brought in with a question (`note`).

    Who is asked may see the conversation until it is ended, whatever her departments; its owner
    stays. `is_referral`: the customer was told who was brought in.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    note = models.ForeignKey(Message, models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_referral = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    answered_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    ended_by_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_consultation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(agent=None) ^ Q(department=None), name="conversations_consulted_one"
            )
        ]
        indexes = [
            models.Index(
                fields=["agent", "asked_at"],
                name="conversations_asked_agent",
                condition=Q(answered_at=None, ended_at=None, agent__isnull=False),
            ),
            models.Index(
                fields=["department", "asked_at"],
                name="conversations_asked_department",
                condition=Q(answered_at=None, ended_at=None, department__isnull=False),
            ),
        ]
