"""Rows that belong to no context: what happened, what is owed because of it, and files."""

from __future__ import annotations

from django.db import models

from esmero.kernel.ids import new_token


class EventRow(models.Model):
    """One past fact. Never changed, save for the two columns of its dispatch."""

    kind = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, default="system")
    data = models.JSONField()
    # Dispatch: a row is pending while some reaction has not yet run.
    is_pending = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_event"
        indexes = [
            models.Index(
                fields=["id"], name="kernel_event_pending", condition=models.Q(is_pending=True)
            ),
            models.Index(fields=["kind", "at"], name="kernel_event_kind_at"),
        ]


class EventLink(models.Model):
    """Whose history an event belongs to: `customer:4`, `conversation:12`."""

    event = models.ForeignKey(EventRow, models.CASCADE, related_name="+", db_index=False)
    ref = models.CharField(max_length=60)

    class Meta:
        db_table = "kernel_event_link"
        constraints = [
            models.UniqueConstraint(fields=["ref", "event"], name="kernel_event_link_once")
        ]
        indexes = [models.Index(fields=["event"], name="kernel_event_link_event")]


class ReactionDone(models.Model):
    """That a reaction to an event has run: the two together are unique."""

    event = models.ForeignKey(EventRow, models.CASCADE, related_name="+", db_index=False)
    reaction = models.CharField(max_length=80)

    class Meta:
        db_table = "kernel_reaction_done"
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="kernel_reaction_once")
        ]


class ReactionFailure(models.Model):
    """A reaction that failed, kept until it succeeds or somebody looks at it."""

    event = models.ForeignKey(EventRow, models.CASCADE, related_name="+")
    reaction = models.CharField(max_length=80)
    error = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=1)
    last_at = models.DateTimeField()
    is_given_up = models.BooleanField(default=False)

    class Meta:
        db_table = "kernel_reaction_failure"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "reaction"], name="kernel_reaction_failure_once"
            )
        ]


class Blob(models.Model):
    """Bytes of a file that never change: small ones in the row, large ones under the data
    folder.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField(null=True)
    is_on_disk = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_blob"


class AuditEntry(models.Model):
    """Who changed a setting or looked at something delicate; rows are only ever added."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=80)
    ref = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "kernel_audit"
        indexes = [models.Index(fields=["-at"], name="kernel_audit_at")]


class Worker(models.Model):
    """A running process and when it last said so."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    failing = models.JSONField(default=dict)  # its loops that fail: {name: times in a row}

    class Meta:
        db_table = "kernel_worker"
