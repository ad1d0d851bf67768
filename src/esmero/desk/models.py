"""Rows of the desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from esmero.desk.enums import After, JobState, Share


class SavedView(models.Model):
    """A list of one's own: conditions, an order. Its owner's alone, or a department's."""

    name = models.CharField(max_length=60)
    conditions = models.JSONField(default=dict)  # see rules.conditions
    order = models.CharField(max_length=10)
    owner = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "desk_saved_view"


class Macro(models.Model):
    """Several acts under one name, of the whole shop or of a department."""

    name = models.CharField(max_length=80)
    acts = models.JSONField(default=list)  # [{"do": …, "value": …}], see rules.acts
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    uses = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_macro"


class Rule(models.Model):
    """What is done with a conversation that arrives and fits."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    acts = models.JSONField(default=list)
    ends = models.BooleanField(default=False)  # no later rule is looked at once it fired
    looped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_rule"


class Trace(models.Model):
    """What the rules did with a conversation when it came, and why; and who got it."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()
    steps = models.JSONField(default=list)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        db_table = "desk_trace"


class AgentWork(models.Model):
    """What an agent is good at, how much she takes on, and where she goes next."""

    agent = models.OneToOneField("people.Agent", models.CASCADE, related_name="+")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    line_ids = ArrayField(models.BigIntegerField(), default=list)  # tags that are lines
    writes = models.BooleanField(default=True)
    speaks = models.BooleanField(default=True)
    capacity = models.PositiveSmallIntegerField(default=20)
    after = models.CharField(max_length=5, default=After.STAY.value)

    class Meta:
        db_table = "desk_agent_work"


class DepartmentWork(models.Model):
    """How a department's queue is shared out, and whether slow owners give back."""

    department = models.OneToOneField("people.Department", models.CASCADE, related_name="+")
    share = models.CharField(max_length=5, default=Share.OFF.value)
    gives_back = models.BooleanField(default=False)
    last_agent = models.ForeignKey(
        "people.Agent", models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "desk_department_work"


class Returned(models.Model):
    """That somebody had not answered by half of the promise, and when it was looked after."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="+"
    )
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+", db_index=False)
    promise_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "desk_returned"
        constraints = [
            models.UniqueConstraint(fields=["promise_id"], name="desk_returned_once"),
        ]
        indexes = [
            models.Index(fields=["agent", "-at"], name="desk_returned_agent"),
            models.Index(fields=["-at"], name="desk_returned_recent"),
        ]


class BulkJob(models.Model):
    """An act on many conversations; the row is the queue's entry, `next_index` its progress."""

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="+")
    acts = models.JSONField(default=list)
    conversation_ids = ArrayField(models.BigIntegerField())
    next_index = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # not undone: changed by somebody since
    state = models.CharField(max_length=8, default=JobState.QUEUED.value)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_bulk_job"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in JobState]), name="desk_bulk_job_state"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="desk_bulk_job_waiting",
                condition=Q(state__in=[JobState.QUEUED.value, JobState.UNDOING.value]),
            )
        ]


class BulkItem(models.Model):
    """What became of one conversation, and how it stood before."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="+", db_index=False)
    conversation_id = models.BigIntegerField()
    outcome = models.CharField(max_length=8)
    code = models.CharField(max_length=40, blank=True)  # of the refusal
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_bulk_item"
        constraints = [
            models.UniqueConstraint(fields=["job", "conversation_id"], name="desk_bulk_item_once")
        ]
