"""Which kinds of customers the shop tells apart, and to which of them somebody belongs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from esmero.people.models import Customer, Tier


def tiers() -> QuerySet[Tier]:
    """Return all tiers by name."""
    return Tier.objects.all()


def tier(tier_id: int) -> Tier | None:
    """Return one tier."""
    return Tier.objects.filter(pk=tier_id).first()


def tier_of(group: list[int]) -> Tier | None:
    """Return the tier of a customer: the surviving one's, else that of one merged into it.

    `group`: a customer and all merged into it, the surviving one first (`queries.group_of`).
    """
    rank = {pk: place for place, pk in enumerate(group)}
    rows = Customer.objects.filter(pk__in=group, tier__isnull=False).select_related("tier")
    first = min(rows, key=lambda row: rank[row.pk], default=None)
    return None if first is None else first.tier


def tier_names_of(customer_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of the tiers of those customers that have one."""
    rows = Customer.objects.filter(pk__in=list(customer_ids), tier__isnull=False)
    return dict(rows.values_list("id", "tier__name"))


def sizes() -> dict[int, int]:
    """Return how many customers each tier has; none: left out. Merged ones do not count."""
    rows = Customer.objects.filter(tier__isnull=False, merged_into=None).order_by()
    return dict(rows.values_list("tier_id").annotate(Count("id")))
