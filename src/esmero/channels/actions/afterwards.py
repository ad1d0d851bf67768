"""Mail of which it is not known what became: after a crash, and when somebody says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from esmero.channels.actions.handover import (
    again,
    note_left_out,
    reaches_main,
    settle,
    unknown,
)
from esmero.channels.enums import DeliveryState
from esmero.channels.errors import NotUncertain
from esmero.channels.models import Delivery
from esmero.conversations import actions as conversations
from esmero.conversations.enums import Delivery as Shown
from esmero.kernel import jobs, workers
from esmero.kernel.errors import NotFound
from esmero.kernel.transactions import action


def recover_one(*, at: datetime) -> bool:
    """Take up one mail whose sender died while handing it over; say whether there was one."""
    candidates = (
        Delivery.objects.filter(state=DeliveryState.HANDING_OVER.value)
        .order_by("handing_over_at")
        .values_list("id", "handed_by")
    )
    for delivery_id, handed_by in candidates[:500]:
        if workers.is_alive(handed_by, at=at):
            continue
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True)
                .filter(
                    pk=delivery_id,
                    state=DeliveryState.HANDING_OVER.value,
                    handed_by=handed_by,
                )
                .first()
            )
            if delivery is not None:
                delivery.error = "sender_died"
                if delivery.is_data_ending:
                    unknown(delivery, at=at)
                else:
                    again(delivery, at=at)
                return True
    return False


@action
def send_again(*, delivery_id: int, at: datetime, by: int) -> None:
    """An agent decided to send an uncertain or failed mail once more, with the same Message-ID.

    Raises NotUncertain, NotFound.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(delivery_id=delivery_id)
    if delivery.state not in {
        DeliveryState.UNCERTAIN.value,
        DeliveryState.FAILED.value,
        DeliveryState.BOUNCED.value,
    }:
        raise NotUncertain(delivery_id=delivery_id, state=delivery.state)
    if delivery.state != DeliveryState.UNCERTAIN.value:
        delivery.refused = {}  # they may take it now
    if not reaches_main(delivery, delivery.delivered_to):
        delivery.sent_at = None  # so that it settles what it failed to settle
    delivery.state, delivery.not_before = DeliveryState.QUEUED.value, at
    delivery.attempts, delivery.error, delivery.released_by_id = 1, "", by
    delivery.save(
        update_fields=[
            "state", "not_before", "attempts", "error", "released_by_id", "refused", "sent_at",
        ]
    )  # fmt: skip
    if delivery.message_id:
        conversations.note_delivery(message_id=delivery.message_id, delivery=Shown.SENDING)
    jobs.wake_after_commit("deliveries")


@action
def confirm_sent(*, delivery_id: int, at: datetime, provider_header: str = "") -> None:
    """An uncertain mail did arrive (it lies in the Sent folder, or somebody said so)."""
    delivery = (
        Delivery.objects.select_for_update()
        .filter(pk=delivery_id, state=DeliveryState.UNCERTAIN.value)
        .first()
    )
    if delivery is None:
        return
    is_settling = delivery.sent_at is None
    delivery.state, delivery.sent_at = DeliveryState.SENT.value, delivery.sent_at or at
    if provider_header and provider_header != delivery.message_header:
        delivery.provider_header = provider_header
    delivery.save(update_fields=["state", "sent_at", "provider_header"])
    if is_settling:
        settle(delivery, at=at)
    note_left_out(delivery)
