"""What a customer's panel shows beside names and addresses. `group`: a customer and all merged
into it (`queries.group_of`), the surviving one first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from esmero.kernel.text import fold
from esmero.people.models import (
    Consent,
    Customer,
    CustomerNote,
    CustomField,
    CustomValue,
    folded,
)

COLLEAGUES_MOST = 50


@dataclass(frozen=True, slots=True)
class Known:
    """One field with what is known in it, "" for nothing."""

    field: CustomField
    value: str


def fields() -> QuerySet[CustomField]:
    """Return the shop's own fields in its order."""
    return CustomField.objects.filter(closed_at=None)


def field(field_id: int) -> CustomField | None:
    """Return a field that is shown."""
    return fields().filter(pk=field_id).first()


def known_of(group: list[int]) -> list[Known]:
    """Return every field with its value: the surviving customer's, else one of those merged."""
    rank = {pk: place for place, pk in enumerate(group)}
    values: dict[int, tuple[int, str]] = {}
    for row in CustomValue.objects.filter(customer_id__in=group):
        found = (rank[row.customer_id], row.value)
        values[row.field_id] = min(values.get(row.field_id, found), found)
    return [Known(one, values.get(one.pk, (0, ""))[1]) for one in fields()]


def values_among(customer_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return all values of several customers by the fields' names, closed fields too."""
    found: dict[int, dict[str, str]] = {}
    rows = CustomValue.objects.filter(customer_id__in=list(customer_ids)).select_related("field")
    for row in rows.order_by("field__position", "field_id"):
        found.setdefault(row.customer_id, {})[row.field.name] = row.value
    return found


def notes_of(group: list[int]) -> QuerySet[CustomerNote]:
    """Return the notes about a customer, newest first, those taken back left out."""
    return (
        CustomerNote.objects.filter(customer_id__in=group, removed_at=None)
        .select_related("by_agent")
        .order_by("-at", "-id")
    )


def notes_among(customer_ids: Iterable[int]) -> QuerySet[CustomerNote]:
    """Return the notes about several customers, oldest first."""
    return notes_of(list(customer_ids)).order_by("at", "id")


def consents_of(group: list[int]) -> QuerySet[Consent]:
    """Return what a customer agreed to and took back, what is in force first."""
    return (
        Consent.objects.filter(customer_id__in=group)
        .select_related("recorded_by_agent", "withdrawn_by_agent")
        .order_by("-withdrawn_at", "-given_at", "-id")
    )


def consents_among(customer_ids: Iterable[int]) -> QuerySet[Consent]:
    """Return the consents of several customers, oldest first."""
    return consents_of(list(customer_ids)).order_by("given_at", "id")


def of_company(name: str) -> QuerySet[Customer]:
    """Return the customers of a firm, its name compared without case and accents."""
    if not name.strip():
        return Customer.objects.none()
    return (
        Customer.objects.annotate(firm=folded("company"))
        .filter(firm=fold(name.strip()), merged_into=None, erased_at=None)
        .exclude(company="")
        .order_by("name", "id")
    )
