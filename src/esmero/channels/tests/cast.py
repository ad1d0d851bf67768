"""Mails in and out of a small shop, as short as tests like them."""

from __future__ import annotations

from datetime import timedelta

from esmero.channels import actions, ports
from esmero.channels.enums import Source
from esmero.channels.models import Delivery, RawMail
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from tests.cast import NOON, House


class PlainRenderer:
    """Enough of a mail to hand over."""

    def render(self, mail: ports.ToRender) -> bytes:
        return f"Message-ID: {mail.message_header}\r\n\r\n{mail.template}\r\n".encode()


def mail(
    text: str = "¿Cuándo llega mi pedido?",
    *,
    sender: str = "Marta Ruiz <marta@correo.example>",
    to: str = "hola@barro.example",
    subject: str = "Mi pedido",
    message_id: str = "<uno@correo.example>",
    headers: str = "",
) -> bytes:
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
        f"Date: Thu, 19 Nov 2026 11:39:00 +0100\r\nMIME-Version: 1.0\r\n{headers}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def take(data: bytes, *, at=NOON, to: str = "hola@barro.example", **more) -> int:
    raw_id = actions.accept_mail(
        source=Source.SMTP, data=data, received_at=at, at=at, envelope_to=[to], **more
    )
    assert raw_id is not None
    return raw_id


def file_all(at=NOON) -> None:
    while actions.file_one(at=at):
        pass


def state(raw_id: int) -> tuple[str, str]:
    return RawMail.objects.values_list("state", "reason").get(pk=raw_id)


def answer(house: House, conversation_id: int, *, at=NOON + timedelta(minutes=5)) -> Delivery:
    delivery_id = actions.send_reply(
        reply=conversations.Reply(
            conversation_id=conversation_id,
            agent_id=house.ana,
            text="Llega mañana.",
            to=[("Marta", "marta@correo.example")],
            after=After.RESOLVE,
            undo_seconds=15,
        ),
        at=at,
    )
    return Delivery.objects.get(pk=delivery_id)


def hand_over(at) -> list[int]:
    """Let everything that is due leave, as a mail server would take it."""
    done = []
    while handover := actions.claim_delivery(at=at, has_default=False):
        actions.note_handed_over(
            delivery_id=handover.delivery_id, at=at, accepted=handover.recipients
        )
        done.append(handover.delivery_id)
    return done
