"""What customers do at their own pages that takes mail or touches it: sign in, be forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from esmero.channels.actions import outbox
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery, RawMail, WebForm
from esmero.channels.queries import mailbox_of_department, own_addresses
from esmero.conversations import actions as conversations
from esmero.kernel import files
from esmero.kernel.models import Blob
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.shop.queries import the_shop

CODE = "code"


@action
def send_code(*, email: str, ip: str, language: str, at: datetime) -> str:
    """Send a code to an address with which its customer gets to her own pages; return the ticket
    that goes with it.

    The asker learns nothing from it: where nobody has the address, nothing is sent, and all else
    is alike. It is not one of the three automatic mails a day that a sender may get: how many are
    sent is limited by itself. Raises InvalidInput, TooManyCodes.
    """
    begun = people_actions.begin_sign_in(
        email=email, ip_digest=people_actions.place_digest(ip), at=at
    )
    address = people.normalise_email(email)
    if begun.customer_id is not None and address not in own_addresses():
        outbox.enqueue(
            template=CODE,
            conversation_id=None,
            to=(begun.name, address),
            language=begun.language or language or the_shop().language,
            at=at,
            promise_id=None,
            context={"sign_in": begun.sign_in_id, "ticket": begun.ticket},
            box=mailbox_of_department(None),
            is_counted=False,
        )
    return begun.ticket


@action
def erase_customer(*, customer_id: int, at: datetime) -> None:
    """Forget a customer at her own wish: who she is, what she wrote, the mails as they came.

    What stays says nothing of her: that there were conversations and promises, when, and what
    became of them. Raises NotFound. Publishes CustomerErased.
    """
    group = people.group_of(customer_id)
    addresses = list(
        people.addresses_of_group(group)
        .filter(kind=AddressKind.EMAIL.value)
        .values_list("value", flat=True)
    )
    erased = conversations.erase_words(customer_ids=group, at=at)
    own, emptied = erased.conversation_ids, erased.message_ids
    mails = RawMail.objects.filter(message_id__in=emptied)
    blobs = list(mails.exclude(blob=None).values_list("blob_id", flat=True))
    mails.update(
        data=b"", blob=None, envelope_from="", envelope_to=[], detail="", size=0, sha256="",
        identity="",
    )  # fmt: skip
    for blob in Blob.objects.filter(pk__in=blobs):
        files.delete(blob)
    WebForm.objects.filter(
        Q(message_id__in=emptied) | Q(conversation_id__in=own) | Q(email__in=addresses)
    ).update(email="", data={}, ip_digest="", detail="")
    _forget_deliveries(own, emptied, set(addresses))
    people_actions.erase_customer(
        customer_id=customer_id, at=at, actor=ref("customer", customer_id)
    )


def _forget_deliveries(own: list[int], emptied: list[int], addresses: set[str]) -> None:
    """Empty the deliveries of a customer's conversations; from others her address is taken out.

    What has not left yet does not leave any more.
    """
    hers = Q(conversation_id__in=own) | Q(message_id__in=emptied) | Q(counted_to__in=addresses)
    for address in addresses:
        hers |= Q(recipients=[address])
    gone = Delivery.objects.filter(hers)
    gone.filter(state__in=[DeliveryState.QUEUED.value, DeliveryState.BATCH.value]).update(
        state=DeliveryState.CANCELLED.value
    )
    gone.update(
        recipients=[], delivered_to=[], refused={}, counted_to=None, rendered=None, context={},
        error="",
    )  # fmt: skip
    for address in addresses:
        for row in Delivery.objects.filter(recipients__contains=[address]):
            row.recipients = [one for one in row.recipients if one.lower() not in addresses]
            row.delivered_to = [one for one in row.delivered_to if one.lower() not in addresses]
            row.refused = {k: v for k, v in row.refused.items() if k.lower() not in addresses}
            row.rendered = None
            row.save(update_fields=["recipients", "delivered_to", "refused", "rendered"])
