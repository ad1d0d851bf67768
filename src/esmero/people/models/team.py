"""Rows of the team, who are Django's users."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from esmero.people.enums import ROLE_RANK, Role


class AgentManager(BaseUserManager["Agent"]):
    """What Django's authentication asks of a user model."""

    def get_by_natural_key(self, username: str | None) -> Agent:
        """Find by mail address, case ignored."""
        return self.get(email__iexact=username or "")


class Department(models.Model):
    """A part of the team that answers for a subject."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True)  # offered as a topic on the contact form
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_department"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="people_one_default_department",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Agent(AbstractBaseUser):
    """A member of the team."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, default=Role.AGENT.value)
    language = models.CharField(max_length=5, default="es")
    signature = models.TextField(blank=True)
    theme = models.CharField(max_length=5, blank=True)  # light, dark or the system's
    has_shortcuts = models.BooleanField(default=True)
    undo_seconds = models.PositiveSmallIntegerField(default=15)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Links made from then on let her in the first time; none when she was not invited, or no more.
    invited_since = models.DateTimeField(null=True)
    departments = models.ManyToManyField(Department, through="Membership", related_name="+")

    objects: ClassVar[AgentManager] = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "people_agent"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_agent_email"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="people_agent_role"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_role(self, role: Role) -> bool:
        """Say whether this agent's role is `role` or above."""
        return self.is_active and ROLE_RANK[Role(self.role)] >= ROLE_RANK[role]

    # What Django's permission-aware parts ask; the house itself asks `has_role`.
    @property
    def is_staff(self) -> bool:
        """Nobody enters Django's admin: it is not installed."""
        return False

    @property
    def is_superuser(self) -> bool:
        """Rights come from roles alone."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permissions are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's permissions are not used."""
        return False

    def get_full_name(self) -> str:
        """Return the name for libraries that ask."""
        return self.name


class Signature(models.Model):
    """How a member signs mail of one mailbox, in one language, or both; empty: of any.

    `inbox_ref` is `mailbox:3`. Where no row fits, her general signature holds.
    """

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+", db_index=False)
    inbox_ref = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, blank=True)
    text = models.TextField()

    class Meta:
        db_table = "people_signature"
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "inbox_ref", "language"], name="people_signature_once"
            )
        ]


class Membership(models.Model):
    """That an agent works in a department."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, related_name="+")

    class Meta:
        db_table = "people_membership"
        constraints = [
            models.UniqueConstraint(fields=["agent", "department"], name="people_membership_once")
        ]


class Absence(models.Model):
    """An agent is away; the substitute, or else the queue, takes what is hers meanwhile."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    substitute = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    # When the open work was handed on; None while it still has to be.
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_absence"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="people_absence_ends_later",
            )
        ]
