"""Rows of promises. Triggers in the database keep the record as it was written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from esmero.promises.enums import Initiative, Kind, Reason, Stage, State


def _values(enum: type[Kind] | type[State] | type[Reason]) -> list[str]:
    return [member.value for member in enum]


class Hours(models.Model):
    """Opening hours: frames of each weekday in a zone, closed on the holidays of a region.

    `week` is a list of seven lists (Monday first) of [start, end] in minutes of the day.
    """

    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    week = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        db_table = "promises_hours"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="promises_one_default_hours",
            )
        ]


class SpecialDay(models.Model):
    """A day that differs: other frames, or none at all."""

    hours = models.ForeignKey(Hours, models.CASCADE, related_name="+")
    on = models.DateField()
    frames = models.JSONField(default=list)
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "promises_special_day"
        constraints = [
            models.UniqueConstraint(fields=["hours", "on"], name="promises_special_day_once")
        ]


class DepartmentHours(models.Model):
    """Which hours a department keeps; without a row, the default ones."""

    department = models.OneToOneField("people.Department", models.CASCADE, related_name="+")
    hours = models.ForeignKey(Hours, models.CASCADE, related_name="+")

    class Meta:
        db_table = "promises_department_hours"


class StandardRow(models.Model):
    """What the shop has set for a kind of promise; an empty column means any.

    `target_minutes` is business time; `limit_minutes` elapsed time unless
    `limit_in_business_time`.
    """

    kind = models.CharField(max_length=12)
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+"
    )
    channel = models.CharField(max_length=12, blank=True)
    tier = models.ForeignKey("people.Tier", models.CASCADE, null=True, related_name="+")
    target_minutes = models.PositiveIntegerField(null=True)
    same_day = models.BooleanField(default=False)
    limit_minutes = models.PositiveIntegerField(null=True)
    limit_in_business_time = models.BooleanField(default=False)
    legal_days = models.PositiveSmallIntegerField(null=True)
    legal_in_business_days = models.BooleanField(default=False)

    class Meta:
        db_table = "promises_standard"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "department", "channel", "tier"],
                nulls_distinct=False,
                name="promises_standard_once",
            ),
            models.CheckConstraint(
                condition=Q(target_minutes__isnull=False)
                | Q(same_day=True)
                | Q(limit_minutes__isnull=False)
                | Q(legal_days__isnull=False),
                name="promises_standard_says_something",
            ),
        ]


class Promise(models.Model):
    """A word given to a customer: by when what is done, and what became of it."""

    kind = models.CharField(max_length=12)
    subject_ref = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, blank=True)
    customer = models.ForeignKey("people.Customer", models.SET_NULL, null=True, related_name="+")
    owner_agent = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    hours = models.ForeignKey(Hours, models.SET_NULL, null=True, related_name="+", db_index=False)
    basis = models.JSONField(default=dict)
    load = models.FloatField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=12, blank=True)  # mail, page, person
    is_late_on_arrival = models.BooleanField(default=False)

    state = models.CharField(max_length=12, default=State.OPEN.value)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        "people.Agent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_minutes = models.FloatField(null=True)  # business time from made to settled
    reason = models.CharField(max_length=14, blank=True)
    initiative = models.CharField(max_length=8, blank=True)
    is_automatic_move = models.BooleanField(default=False)
    evidence_ref = models.CharField(max_length=60, blank=True)
    remaining_minutes = models.FloatField(null=True)

    chain = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    automatic_moves = models.PositiveSmallIntegerField(default=0)

    # The watch: the next moment at which something is to be said or done about it.
    stage = models.PositiveSmallIntegerField(default=Stage.FRESH.value)
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "promises_promise"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=_values(Kind)), name="promises_promise_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_values(State)), name="promises_promise_state"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("made_at")), name="promises_due_after_made"
            ),
            # No route leads from open to kept after the time.
            models.CheckConstraint(
                condition=~Q(state=State.KEPT.value) | Q(settled_at__lte=F("due_at")),
                name="promises_kept_in_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN.value, settled_at=None)
                | (~Q(state=State.OPEN.value) & Q(settled_at__isnull=False)),
                name="promises_settled_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RELEASED.value) | Q(reason__in=_values(Reason)),
                name="promises_released_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RENEGOTIATED.value)
                | Q(initiative=Initiative.OURS.value)
                | (Q(initiative=Initiative.CUSTOMER.value) & ~Q(evidence_ref="")),
                name="promises_moved_with_evidence",
            ),
            models.CheckConstraint(
                condition=Q(owner_agent__isnull=False) | Q(department__isnull=False),
                name="promises_has_an_owner",
            ),
            # One answer at a time is owed for one subject, whoever writes at once.
            models.UniqueConstraint(
                fields=["subject_ref"],
                condition=Q(state=State.OPEN.value, kind=Kind.ANSWER.value),
                name="promises_one_open_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="promises_next_check",
                condition=Q(state=State.OPEN.value),
            ),
            models.Index(fields=["subject_ref"], name="promises_subject"),
            models.Index(
                fields=["owner_agent", "due_at"],
                name="promises_open_by_owner",
                condition=Q(state=State.OPEN.value),
            ),
            models.Index(
                fields=["department", "due_at"],
                name="promises_open_by_department",
                condition=Q(state=State.OPEN.value),
            ),
            models.Index(
                fields=["settled_at"],
                name="promises_settled",
                condition=~Q(state=State.OPEN.value),
            ),
            # For the report: what is overdue, and what was not kept (few of many).
            models.Index(
                fields=["due_at"],
                name="promises_open_by_due",
                condition=Q(state=State.OPEN.value),
            ),
            models.Index(
                fields=["settled_at"],
                name="promises_not_kept",
                condition=Q(state__in=[State.BROKEN.value, State.RENEGOTIATED.value]),
            ),
        ]


class Measured(models.Model):
    """How long something really took, from arrival to done: what the forecast learns from.

    Beside the promises, because one that broke says when it was due and not when it was answered.
    """

    kind = models.CharField(max_length=12)
    department = models.ForeignKey(
        "people.Department", models.CASCADE, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=12, blank=True)
    load = models.FloatField()
    minutes = models.FloatField()  # business time
    arrived_at = models.DateTimeField()
    at = models.DateTimeField()
    told_minutes = models.FloatField(null=True)

    class Meta:
        db_table = "promises_measured"
        indexes = [models.Index(fields=["at"], name="promises_measured_at")]


class PromiseEntry(models.Model):
    """One line of a promise's record: what, when, by whom, chained to the line before by
    its hash.
    """

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "promises_entry"
        constraints = [
            models.UniqueConstraint(fields=["promise", "seq"], name="promises_entry_in_order")
        ]


class Seal(models.Model):
    """A hash over all entries of a stretch of ids and over the seal before: the chain of the
    whole.

    A chain of its own for each promise lets two be written at once; the seals, made every hour by
    one process, tie them together, so that taking out a whole promise shows too.
    """

    at = models.DateTimeField()
    first_entry_id = models.BigIntegerField()
    last_entry_id = models.BigIntegerField(unique=True)
    entries = models.IntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "promises_seal"
