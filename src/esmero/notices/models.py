"""Rows of notices."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from esmero.notices.enums import Kind, Quiet


class Preferences(models.Model):
    """How a member wants to be told; without a row, as it comes."""

    agent = models.OneToOneField("people.Agent", models.CASCADE, related_name="+")
    channels = models.JSONField(default=dict)  # see rules.matrix
    mail_minutes = models.PositiveSmallIntegerField(default=15)
    hides_names = models.BooleanField(default=False)  # of customers, in push
    quiet = models.CharField(max_length=5, default=Quiet.WORK.value)
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 0: Monday
    quiet_starts = models.PositiveSmallIntegerField(default=1200)  # minutes of the day
    quiet_ends = models.PositiveSmallIntegerField(default=480)
    zone = models.CharField(max_length=60, blank=True)  # empty: the shop's
    paused_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_preferences"


class Mute(models.Model):
    """That a member hears no more of what goes on in a conversation."""

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_mute"
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="notices_mute_once")
        ]


class Look(models.Model):
    """When a member last had a conversation before her: what is older she has read."""

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_look"
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="notices_look_once")
        ]


class Notice(models.Model):
    """What a member is told: one row for what happened of a kind in one place until she saw it.

    `mail_at` and `push_at` are the queue's entries: when it is due there; None when it was told,
    or is not to be.
    """

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=40)  # conversation:12, mailbox:3
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    event_id = models.BigIntegerField()  # the newest
    event_kind = models.CharField(max_length=60)
    by_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    on_screen = models.BooleanField()
    seen_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    push_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agent", "kind", "subject"],
                name="notices_notice_one_unseen",
                condition=Q(seen_at=None),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="notices_notice_kind"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agent", "-last_at"], name="notices_notice_list"),
            models.Index(
                fields=["agent"],
                name="notices_notice_bell",
                condition=Q(seen_at=None, on_screen=True),
            ),
            models.Index(
                fields=["mail_at"],
                name="notices_notice_mail",
                condition=Q(mail_at__isnull=False),
            ),
            models.Index(
                fields=["push_at"],
                name="notices_notice_push",
                condition=Q(push_at__isnull=False),
            ),
        ]


class Subscription(models.Model):
    """A browser of a member that takes push messages, as long as she is signed in there."""

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    endpoint = models.TextField()
    endpoint_digest = models.CharField(max_length=64, unique=True)  # SHA-256
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    session_key = models.CharField(max_length=40)
    browser = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_subscription"


class Push(models.Model):
    """A push message that has still to be handed to a push service; deleted once it was."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+")
    notice_ids = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "notices_push"
        indexes = [models.Index(fields=["not_before"], name="notices_push_due")]


class PushKeys(models.Model):
    """The shop's pair of keys for push, made once. There is at most one (id 1)."""

    private = models.TextField()  # sealed
    public = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "notices_push_keys"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="notices_push_keys_one"),
        ]
