"""Customers that may be one person: proposed, never merged by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from esmero.kernel.text import fold
from esmero.people.enums import AddressKind, Likeness
from esmero.people.models import Customer, CustomerAddress, DuplicateDismissal, folded
from esmero.people.rules.likeness import are_addresses_alike, are_names_compatible, domain_of
from esmero.people.rules.telephones import NATIONAL

LOOKED_AT_MOST = 200
"""Candidates of one kind that are compared; a name or a firm may be everybody's."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another customer who may be the same person, and why."""

    customer: Customer
    why: Likeness


def duplicates_of(group: list[int]) -> list[Proposal]:
    """Return who may be the same person as a customer's group: the same telephone, the same name
    with an address alike, or the same firm's domain with a name that fits. Merged, erased and
    dismissed ones left out, the surest first. At most six queries.
    """
    own = list(CustomerAddress.objects.filter(customer_id__in=group))
    names = list(Customer.objects.filter(pk__in=group).values_list("name", flat=True))
    name = next((n for n in names if n), "")
    phones = {a.value[-NATIONAL:] for a in own if a.kind == AddressKind.PHONE.value}
    mails = [a.value for a in own if a.kind == AddressKind.EMAIL.value]
    found: dict[int, Likeness] = {}
    for pk in _with_phones(phones):
        found.setdefault(pk, Likeness.PHONE)
    if name:
        for pk, addresses in _with_name(name).items():
            if any(are_addresses_alike(a, b) for a in addresses for b in mails):
                found.setdefault(pk, Likeness.NAME)
    for pk, other in _at_domains({d for d in map(domain_of, mails) if d}):
        if name and other and are_names_compatible(name, other):
            found.setdefault(pk, Likeness.COMPANY)
    for pk in (*group, *_dismissed(group)):
        found.pop(pk, None)
    order = list(Likeness)
    rows = Customer.objects.filter(pk__in=found, merged_into=None, erased_at=None).order_by("id")
    proposals = [Proposal(row, found[row.pk]) for row in rows]
    return sorted(proposals, key=lambda p: (order.index(p.why), p.customer.pk))


def _with_phones(endings: Iterable[str]) -> list[int]:
    wanted = Q(pk=None)
    for ending in endings:
        if len(ending) >= NATIONAL:
            wanted |= Q(value__iendswith=ending)
    found = CustomerAddress.objects.filter(wanted, kind=AddressKind.PHONE.value)
    return list(found.values_list("customer_id", flat=True)[:LOOKED_AT_MOST])


def _with_name(name: str) -> dict[int, list[str]]:
    same = (
        Customer.objects.annotate(folded_name=folded("name"))
        .filter(folded_name=fold(name), merged_into=None)
        .order_by("-id")
        .values_list("id", flat=True)[:LOOKED_AT_MOST]
    )
    found: dict[int, list[str]] = {}
    rows = CustomerAddress.objects.filter(
        customer_id__in=list(same), kind=AddressKind.EMAIL.value
    ).values_list("customer_id", "value")
    for pk, value in rows:
        found.setdefault(pk, []).append(value)
    return found


def _at_domains(domains: Iterable[str]) -> list[tuple[int, str]]:
    wanted = Q(pk=None)
    for domain in domains:
        wanted |= Q(value__iendswith=f"@{domain}")
    found = CustomerAddress.objects.filter(
        wanted, kind=AddressKind.EMAIL.value, customer__merged_into=None
    )
    return list(found.values_list("customer_id", "customer__name")[:LOOKED_AT_MOST])


def _dismissed(group: list[int]) -> list[int]:
    rows = DuplicateDismissal.objects.filter(
        Q(one_id__in=group) | Q(other_id__in=group)
    ).values_list("one_id", "other_id")
    return [pk for pair in rows for pk in pair if pk not in group]
