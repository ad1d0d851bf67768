"""Finding customers: by name, company, address, telephone, or a field of the shop's own."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from esmero.kernel.text import fold
from esmero.people.enums import AddressKind
from esmero.people.models import Customer, CustomerAddress, CustomValue, folded
from esmero.people.rules.telephones import digits_of, looks_like_number, written_forms

LIKE_MOST = 300
"""Names that hold a word alike which are looked at more closely."""


def search_customers(words: str, *, limit: int = 20) -> QuerySet[Customer]:
    """Return customers by name, company, address, telephone or a field's value, merged ones left
    out. Case, accents and the spaces of a telephone do not matter.
    """
    text = words.strip()
    said = fold(text)
    addresses = CustomerAddress.objects.values_list("customer_id")
    # Each by its own index over letters; an OR across two tables would read them whole.
    found = [
        Customer.objects.annotate(f=folded("name")).filter(f__contains=said).values_list("id"),
        Customer.objects.annotate(f=folded("company")).filter(f__contains=said).values_list("id"),
        addresses.filter(value__icontains=text),
        CustomValue.objects.annotate(f=folded("value"))
        .filter(f__contains=said, field__closed_at=None)
        .values_list("customer_id"),
    ]
    if looks_like_number(text):
        phones = addresses.filter(kind=AddressKind.PHONE.value)
        found.append(phones.filter(value__icontains=digits_of(text)))
        found.append(phones.filter(value__in=written_forms(text)))
    return Customer.objects.filter(
        pk__in=found[0].union(*found[1:]), merged_into=None, erased_at=None
    ).order_by("name", "id")[:limit]


def names_alike(words: list[str]) -> list[tuple[int, str]]:
    """Return customers whose name holds something like each of the (folded) words, and the name:
    for whoever looks more closely. By the index over letters.
    """
    if not words:
        return []
    alike = " AND ".join(["%s <%% esmero_fold(name)"] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, esmero_fold(name) FROM people_customer"  # noqa: S608 - our own names
            f" WHERE {alike} AND merged_into_id IS NULL AND erased_at IS NULL"
            f" LIMIT {LIKE_MOST}",
            words,
        )
        return [(int(pk), str(name)) for pk, name in cursor.fetchall()]
