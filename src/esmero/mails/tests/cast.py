"""A shop, its people, and mail that goes through the house's own doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from esmero.channels import actions as channels
from esmero.channels.enums import Source
from esmero.channels.models import Delivery, Mailbox
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.shop import actions as shop

# A Thursday, 11:40 in Madrid.
AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)
MARTA = ("Marta Ruiz", "marta@cliente.example")


def open_shop(language: str = "es") -> Mailbox:
    """Barro Vivo with one department and one mailbox; Nuria answers, Olga supervises."""
    shop.open_shop(name="Barro Vivo", country="ES", language=language, zone="Europe/Madrid", at=AT)
    department = people.open_department(name="Atención al cliente", is_default=True)
    for email, name, role in (
        ("nuria@barrovivo.example", "Nuria Soler", Role.AGENT),
        ("olga@barrovivo.example", "Olga Marín", Role.SUPERVISOR),
    ):
        people.hire_agent(
            email=email, name=name, role=role, password=None, department_ids=[department], at=AT
        )
    box = channels.connect_mailbox(
        address="hola@barrovivo.example",
        name="Barro Vivo",
        department_id=department,
        at=AT,
    )
    return Mailbox.objects.get(pk=box)


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
        f"From: {sender}\r\nTo: hola@barrovivo.example\r\nSubject: {subject}\r\n"
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
        envelope_to=["hola@barrovivo.example"],
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
    failed = list(Delivery.objects.filter(state="failed").values_list("template", "error"))
    assert failed == []
    return sent
