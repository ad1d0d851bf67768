"""Mail whose bytes somebody else has made: it takes the same way out as all other mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from esmero.channels.actions import outbox
from esmero.channels.actions.handover import the_sender
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery, Mailbox
from esmero.kernel import jobs
from esmero.kernel.transactions import action
from esmero.shop.queries import the_shop

ACCOUNT = "account"
"""What such mail is called where outgoing mail is listed: it concerns a member's account and may
hold a code or a link by which one signs in."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends mail that belongs to no conversation, and the Message-ID for the next one."""

    name: str
    address: str
    message_header: str


def new_sender() -> Sender:
    """Return the first mailbox in use; without one the address of mail that stays here."""
    box = Mailbox.objects.filter(is_active=True).order_by("id").first()
    return Sender(
        name=box.name if box and box.name else the_shop().name,
        address=box.address if box else the_sender(),
        message_header=outbox.new_message_id(0, outbox.domain_of(box)),
    )


@action
def enqueue_ready(
    *,
    data: bytes,
    sender: Sender,
    recipients: Iterable[str],
    at: datetime,
    language: str = "",
    template: str = ACCOUNT,
) -> int:
    """Queue an RFC 5322 message as it is, to leave at once, and return the delivery's id.

    Its From and Message-ID are those of `sender`; it is not counted as an automatic mail to a
    stranger.
    """
    box = Mailbox.objects.filter(address=sender.address, is_active=True).first()
    delivery = Delivery.objects.create(
        mailbox=box,
        template=template,
        language=language,
        is_automatic=True,
        recipients=list(dict.fromkeys(recipients)),
        message_header=sender.message_header,
        rendered=data,
        state=DeliveryState.QUEUED.value,
        created_at=at,
        not_before=at,
    )
    jobs.wake_after_commit("deliveries")
    return delivery.pk
