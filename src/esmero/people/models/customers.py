"""Rows of customers, who never sign in as users."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, TextField
from django.db.models.functions import Upper

from esmero.people.enums import AddressKind, FieldKind
from esmero.people.models.team import Agent


def folded(column: str) -> Func:
    """Return lower case without accents, in the database: the function of a migration."""
    return Func(F(column), function="esmero_fold", output_field=TextField())


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
