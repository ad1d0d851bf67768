"""Writes about customers: who writes, their addresses, merging and undoing it."""

from __future__ import annotations

from datetime import datetime

from esmero.kernel import audit, events, written
from esmero.kernel.errors import NotFound
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.enums import AddressKind
from esmero.people.errors import (
    AddressTaken,
    CannotMerge,
)
from esmero.people.events import (
    AddressBounced,
    CustomersMerged,
    MergeUndone,
)
from esmero.people.models import (
    Customer,
    CustomerAddress,
    CustomerMerge,
)


@action
def know_sender(
    *, email: str, name: str, language: str, at: datetime, is_new: bool = False
) -> queries.KnownSender:
    """Return the customer of a mail address, made on first contact.

    `is_new`: the caller has just looked and found nobody.
    """
    known = None if is_new else queries.sender(email)
    if known is not None:
        if not known.name and name:
            Customer.objects.filter(pk=known.customer_id, name="").update(
                name=one_line(storable(name))
            )
        return known
    customer = written.insert(
        Customer(name=one_line(storable(name)), language=language[:5], created_at=at)
    )
    address_id = _claim_address(customer.pk, queries.normalise_email(email)[:320], at)
    if address_id is None:  # two first mails at once: the other was quicker
        customer.delete()
        found = queries.sender(email)
        if found is None:
            raise NotFound(email=email)
        return found
    return queries.KnownSender(
        customer_id=customer.pk,
        address_id=address_id,
        name=customer.name,
        language=customer.language,
        is_verified=False,
    )


def _claim_address(customer_id: int, value: str, at: datetime) -> int | None:
    """Give a customer an address that nobody has; return its id, None when somebody has it.

    In SQL, because `get_or_create` takes four statements for it and every new sender needs one.
    """
    rows, _ = execute(
        "INSERT INTO people_customer_address (customer_id, kind, value, is_verified,"
        " is_primary, bounce_status, created_at) VALUES (%s, 'email', %s, false, true, '', %s)"
        " ON CONFLICT (kind, value) DO NOTHING RETURNING id",
        [customer_id, value, at],
    )
    return int(rows[0][0]) if rows else None


@action
def add_address(
    *, customer_id: int, kind: AddressKind, value: str, is_verified: bool, at: datetime
) -> int:
    """Give a customer one more address and return its id. Raises AddressTaken, NotFound."""
    value = queries.normalise_email(value) if kind is AddressKind.EMAIL else value.strip()
    if not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound(customer_id=customer_id)
    address, is_new = CustomerAddress.objects.get_or_create(
        kind=kind.value,
        value=value,
        defaults={"customer_id": customer_id, "is_verified": is_verified, "created_at": at},
    )
    if not is_new and address.customer_id not in queries.group_of(customer_id):
        raise AddressTaken(value=value, customer_id=address.customer_id)
    if is_verified and not address.is_verified:
        CustomerAddress.objects.filter(pk=address.pk).update(is_verified=True)
    return address.pk


@action
def remove_address(*, customer_id: int, address_id: int) -> None:
    """Take an address away from a customer. Raises NotFound."""
    gone, _ = CustomerAddress.objects.filter(
        pk=address_id, customer_id__in=queries.group_of(customer_id)
    ).delete()
    if not gone:
        raise NotFound(address_id=address_id)


@action
def change_customer(
    *,
    customer_id: int,
    name: str,
    company: str,
    language: str,
    note: str,
    zone: str | None = None,
    at: datetime,
    by: int,
) -> None:
    """Change what the team knows of a customer. Raises NotFound."""
    facts = {
        "name": one_line(name),
        "company": one_line(company),
        "language": language,
        "note": storable(note),
    }
    if zone is not None:
        facts["zone"] = zone
    changed = Customer.objects.filter(pk=customer_id).update(**facts)
    if not changed:
        raise NotFound(customer_id=customer_id)
    audit.record(
        at=at, actor=ref("agent", by), action="customer.changed", ref=ref("customer", customer_id)
    )


@action
def merge_customers(*, kept_id: int, merged_id: int, at: datetime, by: int) -> int:
    """Make two customers one and return the id of the merge; it can be undone.

    Raises CannotMerge when they are the same or one of them is already merged into another.
    Publishes CustomersMerged.
    """
    rows = {
        c.pk: c
        for c in Customer.objects.select_for_update()
        .filter(pk__in=[kept_id, merged_id])
        .order_by("pk")
    }
    if len(rows) != 2 or any(c.merged_into_id for c in rows.values()):
        raise CannotMerge(kept_id=kept_id, merged_id=merged_id)
    # Whoever was merged into the one that goes now follows it: a group is always one step deep.
    followers = list(
        Customer.objects.filter(merged_into_id=merged_id).values_list("id", flat=True)
    )
    Customer.objects.filter(pk__in=[merged_id, *followers]).update(merged_into_id=kept_id)
    merge = CustomerMerge.objects.create(
        kept_id=kept_id, merged_id=merged_id, at=at, by_agent_id=by
    )
    events.publish(
        [
            (
                CustomersMerged(kept_id=kept_id, merged_id=merged_id),
                [ref("customer", kept_id), ref("customer", merged_id)],
            )
        ],
        at=at,
        actor=ref("agent", by),
    )
    return merge.pk


@action
def undo_merge(*, merge_id: int, at: datetime, by: int) -> None:
    """Separate two customers again. Raises NotFound when there is no such merge in force.

    Publishes MergeUndone.
    """
    merge = CustomerMerge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
    if merge is None:
        raise NotFound(merge_id=merge_id)
    merge.undone_at, merge.undone_by_agent_id = at, by
    merge.save(update_fields=["undone_at", "undone_by_agent_id"])
    Customer.objects.filter(pk=merge.merged_id).update(merged_into=None)
    # Those who had come with it go with it again.
    earlier = CustomerMerge.objects.filter(kept_id=merge.merged_id, undone_at=None)
    Customer.objects.filter(pk__in=earlier.values("merged_id")).update(
        merged_into_id=merge.merged_id
    )
    events.publish(
        [
            (
                MergeUndone(kept_id=merge.kept_id, merged_id=merge.merged_id),
                [ref("customer", merge.kept_id), ref("customer", merge.merged_id)],
            )
        ],
        at=at,
        actor=ref("agent", by),
    )


@action
def mark_bounced(*, email: str, status: str, at: datetime) -> int | None:
    """Flag an address to which mail does not arrive and return its customer, if known.

    Publishes AddressBounced.
    """
    address = CustomerAddress.objects.filter(
        kind=AddressKind.EMAIL.value, value=queries.normalise_email(email)
    ).first()
    if address is None:
        return None
    CustomerAddress.objects.filter(pk=address.pk).update(bounced_at=at, bounce_status=status[:20])
    events.publish(
        [
            (
                AddressBounced(customer_id=address.customer_id, address_id=address.pk),
                [ref("customer", address.customer_id)],
            )
        ],
        at=at,
        actor="system",
    )
    return address.customer_id


@action
def clear_bounce(*, address_id: int) -> None:
    """Trust an address again (mail came from it)."""
    CustomerAddress.objects.filter(pk=address_id).update(bounced_at=None, bounce_status="")


@action
def verify_address(*, address_id: int) -> None:
    """Note that the customer showed to receive mail at this address."""
    CustomerAddress.objects.filter(pk=address_id).update(is_verified=True)
