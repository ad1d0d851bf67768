"""A shop with a mailbox, and mail that goes through the house's own doors."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.channels import actions as channels
from esmero.channels.enums import DeliveryState, Source
from esmero.channels.models import Delivery
from esmero.shop import actions as shop
from tests.cast import NOON, House, open_house

AT = NOON
HOLA = "hola@barro.example"
MARTA = "marta@cliente.example"


def open_shop(*, voice: str = "tu") -> House:
    """The shop of the tests with one mailbox; whoever writes to it in time is answered by 18:30."""
    house = open_house()
    channels.connect_mailbox(address=HOLA, name="Barro Vivo", department_id=house.care, at=AT)
    shop.change_shop(at=AT, actor="system", voice=voice)
    return house


def mail(
    text: str = "Hola: la fuente llegó con una grieta. ¿Me mandáis otra?",
    *,
    subject: str = "La fuente llegó con una grieta",
    sender: str = "Marta Ruiz <marta@cliente.example>",
    message_id: str = "<m1@cliente.example>",
    more: str = "",
) -> bytes:
    """A customer's mail."""
    return (
        f"From: {sender}\r\nTo: {HOLA}\r\nSubject: {subject}\r\n"
        f"Date: Thu, 19 Nov 2026 11:31:00 +0100\r\nMessage-ID: {message_id}\r\n{more}"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def arrive(data: bytes, *, at: datetime = AT, waited: timedelta | None = None) -> None:
    """Let a mail come in and be filed."""
    channels.accept_mail(
        source=Source.SMTP,
        data=data,
        received_at=at - (waited or timedelta()),
        at=at,
        envelope_to=[HOLA],
        waited_since=at - waited if waited else None,
    )
    while channels.file_one(at=at):
        pass


def leave(*, at: datetime = AT) -> list[bytes]:
    """Hand over what may leave and return the mails."""
    sent = []
    while (handover := channels.claim_delivery(at=at, has_default=True)) is not None:
        channels.note_handed_over(
            delivery_id=handover.delivery_id, at=at, accepted=handover.recipients
        )
        sent.append(handover.data)
    failed = list(
        Delivery.objects.filter(state=DeliveryState.FAILED.value).values_list("template", "error")
    )
    assert failed == []
    return sent
