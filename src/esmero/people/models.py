"""Rows of people. Customers never sign in as users; the team are Django's users."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, TextField
from django.db.models.functions import Lower, Upper

from esmero.people.enums import ROLE_RANK, AddressKind, FieldKind, Role


def folded(column: str) -> Func:
    """Return lower case without accents, in the database: the function of a migration."""
    return Func(F(column), function="esmero_fold", output_field=TextField())


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


class Tier(models.Model):
    """A kind of customer to whom the shop promises something of its own: "VIP", "mayorista"."""

    name = models.CharField(max_length=40)

    class Meta:
        db_table = "people_tier"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(folded("name"), name="people_tier_name")]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A person or firm that writes to the shop.

    Merging sets `merged_into`; nothing that points at the merged row moves, so a merge is undone
    by clearing it. Readers ask for a customer's whole group (`queries.group_of`).
    """

    name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    tier = models.ForeignKey(Tier, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_customer"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="people_customer_not_into_itself",
            )
        ]
        indexes = [
            # As `icontains` asks: UPPER(name) LIKE UPPER('%…%').
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="people_customer_name"),
            GinIndex(OpClass(Upper("company"), "gin_trgm_ops"), name="people_customer_company"),
            # As people search: accents left out.
            GinIndex(OpClass(folded("name"), "gin_trgm_ops"), name="people_customer_name_folded"),
            GinIndex(OpClass(folded("company"), "gin_trgm_ops"), name="people_company_folded"),
            # Who has the very same name, or works for the same firm.
            models.Index(folded("name"), name="people_customer_same_name"),
            models.Index(
                folded("company"),
                name="people_same_company",
                condition=~models.Q(company=""),
            ),
        ]


class CustomerAddress(models.Model):
    """A way to reach a customer. A value belongs to one customer at a time."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, default=AddressKind.EMAIL.value)
    value = models.CharField(max_length=320)  # normalised: lower case, or E.164
    is_verified = models.BooleanField(default=False)
    is_primary = models.BooleanField(default=False)
    bounced_at = models.DateTimeField(null=True)
    bounce_status = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_customer_address"
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="people_address_once")
        ]
        indexes = [GinIndex(OpClass(Upper("value"), "gin_trgm_ops"), name="people_address_part")]


class CustomerMerge(models.Model):
    """That two customers were found to be one, by whom, and whether it was undone."""

    kept = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    merged = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "people_customer_merge"


class DuplicateDismissal(models.Model):
    """That two customers were looked at and are not the same person: never proposed again."""

    one = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="+")  # the larger id
    at = models.DateTimeField()
    by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "people_duplicate_dismissal"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="people_dismissed_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="people_dismissed_order"
            ),
        ]


class CustomerNote(models.Model):
    """What a member of the team wrote down about a customer. Taken back, it is no longer shown."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "people_customer_note"


class CustomField(models.Model):
    """Something that this shop wants to know of its customers. A closed one keeps its values."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, default=FieldKind.TEXT.value)
    choices = models.JSONField(default=list)
    hint = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_custom_field"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in FieldKind]),
                name="people_custom_field_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CustomValue(models.Model):
    """What is known of one customer in one field, always as text: a day in ISO 8601, a number with
    a decimal point, `yes` or `no`.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    field = models.ForeignKey(CustomField, models.CASCADE, related_name="+")
    value = models.CharField(max_length=500)

    class Meta:
        db_table = "people_custom_value"
        constraints = [
            models.UniqueConstraint(fields=["customer", "field"], name="people_custom_value_once")
        ]
        indexes = [
            GinIndex(OpClass(folded("value"), "gin_trgm_ops"), name="people_custom_value_part")
        ]


class Consent(models.Model):
    """That a customer agreed to something: to what, to which words, when and how; and when not any
    more.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=40)
    text = models.TextField(blank=True)  # the very words that were agreed to
    given_at = models.DateTimeField()
    how = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200, blank=True)
    recorded_by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=20, blank=True)
    withdrawn_by_agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "people_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="people_consent_in_force_once",
            )
        ]


class SignIn(models.Model):
    """A code that went to an address, so that whoever reads its mail gets to her own pages.

    The code itself is nowhere: it is made of `nonce` with the shop's key, each time it is needed.
    For an address that nobody has there is a row as well, without a customer: it opens nothing,
    and counts and looks like the others.
    """

    ticket_digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=320)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    nonce = models.CharField(max_length=40)
    ip_digest = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in"
        indexes = [
            models.Index(fields=["address", "-at"], name="people_sign_in_address"),
            models.Index(fields=["ip_digest", "-at"], name="people_sign_in_ip"),
        ]


class CustomerSession(models.Model):
    """That a browser may see a customer's own pages; it knows the token, we its digest."""

    token_digest = models.CharField(max_length=64, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_customer_session"
