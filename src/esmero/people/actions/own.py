"""What a customer does with her own data: corrects them, takes them away."""

from __future__ import annotations

from datetime import datetime

from esmero.kernel import audit, events
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.events import CustomerCorrected, CustomerErased
from esmero.people.models import (
    Consent,
    Customer,
    CustomerAddress,
    CustomerNote,
    CustomerSession,
    CustomValue,
    SignIn,
)


@action
def correct_customer(*, customer_id: int, name: str, language: str, at: datetime) -> None:
    """A customer corrects what we call her and in which language. Raises NotFound.

    Publishes CustomerCorrected.
    """
    row = Customer.objects.select_for_update().filter(pk=customer_id, erased_at=None).first()
    if row is None:
        raise NotFound(customer_id=customer_id)
    facts = {"name": one_line(storable(name)), "language": language[:5]}
    changed = [field for field, value in facts.items() if getattr(row, field) != value]
    if not changed:
        return
    Customer.objects.filter(pk=customer_id).update(**{f: facts[f] for f in changed})
    happened = CustomerCorrected(customer_id=customer_id, fields=changed)
    me = ref("customer", customer_id)
    events.publish([(happened, [me])], at=at, actor=me)


@action
def erase_customer(*, customer_id: int, at: datetime, actor: str) -> list[int]:
    """Take away whatever says who a customer is, of all that were found to be her; return their
    ids.

    Rows stay, empty: promises, events and sums point at them, and the record of the word that was
    kept or broken is not changed. Of consents stay purpose, version and moments, as proof that
    they were asked for (GDPR art. 7.1); those in force end. Raises NotFound. Publishes
    CustomerErased for each.
    """
    group = sorted(queries.group_of(customer_id))
    rows = Customer.objects.select_for_update().filter(pk__in=group, erased_at=None)
    gone = list(rows.order_by("pk").values_list("pk", flat=True))
    if not gone:
        raise NotFound(customer_id=customer_id)
    Customer.objects.filter(pk__in=gone).update(
        name="", company="", note="", zone="", language="", tier=None, erased_at=at
    )
    CustomerAddress.objects.filter(customer_id__in=gone).delete()
    CustomerNote.objects.filter(customer_id__in=gone).delete()
    CustomValue.objects.filter(customer_id__in=gone).delete()
    Consent.objects.filter(customer_id__in=gone, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_how="portal"
    )
    Consent.objects.filter(customer_id__in=gone).update(evidence="")
    CustomerSession.objects.filter(customer_id__in=gone).delete()
    SignIn.objects.filter(customer_id__in=gone).delete()
    happened = [(CustomerErased(customer_id=pk), [ref("customer", pk)]) for pk in gone]
    events.publish(happened, at=at, actor=actor)
    audit.record(at=at, actor=actor, action="customer.erased", ref=ref("customer", customer_id))
    return gone
