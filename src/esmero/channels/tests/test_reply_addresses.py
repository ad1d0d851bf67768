"""Signed reply addresses: only where the mailbox's test saw one arrive, and believed when ours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import ports, queries
from esmero.channels.adapters.mail import servers
from esmero.channels.adapters.mail.probe import Report
from esmero.channels.models import Delivery
from esmero.channels.rules.addressing import claim_of_address
from esmero.channels.tests.cast import file_all, hand_over, mail, take
from esmero.conversations.models import Conversation, Message
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db


class Keeping:
    """Keeps what it is asked to render."""

    def __init__(self) -> None:
        self.asked: list[ports.ToRender] = []

    def render(self, mail: ports.ToRender) -> bytes:
        self.asked.append(mail)
        return b"Subject: x\r\n\r\nx\r\n"


def probed(house: House, *, has_plus: bool | None) -> None:
    box = queries.mailboxes().get(address="hola@barro.example")
    servers._keep(box, Report((), has_plus_addresses=has_plus), at=NOON)


def reply_to_of_the_next(at=NOON) -> str:
    renderer = Keeping()
    ports.use_renderer(renderer)
    take(mail(message_id=f"<{at.timestamp()}@x.example>", text=f"Hola {at}"), at=at)
    file_all(at)
    hand_over(at)
    return renderer.asked[-1].reply_to


def test_a_mailbox_that_was_never_tested_has_no_reply_address(house: House) -> None:
    assert reply_to_of_the_next() == ""


def test_the_reply_address_comes_and_goes_with_what_the_test_saw(house: House) -> None:
    probed(house, has_plus=True)
    claim = claim_of_address(reply_to_of_the_next())
    assert queries.believed(claim) == Conversation.objects.get().pk
    probed(house, has_plus=None)  # it could not be found out: what was known stays
    assert reply_to_of_the_next(NOON + timedelta(minutes=1)) != ""
    probed(house, has_plus=False)
    assert reply_to_of_the_next(NOON + timedelta(minutes=2)) == ""


def test_mail_to_the_reply_address_joins_without_any_other_trace(house: House) -> None:
    probed(house, has_plus=True)
    address = reply_to_of_the_next()
    conversation = Conversation.objects.get()
    take(mail("Sigo esperando.", message_id="<b@x.example>", to=address), to=address)
    stranger = mail("¿Y yo?", sender="x@otra.example", message_id="<c@x.example>", to=address)
    take(stranger, to=address)
    forged = address.replace("+r", "+r1", 1)
    take(mail("Forjado", message_id="<d@x.example>", to=forged), to=forged)
    other = address[: address.index(".")] + "." + "a" * 26 + "@barro.example"
    take(mail("Sin firma", message_id="<e@x.example>", to=other), to=other)
    file_all()
    inside = Message.objects.filter(conversation=conversation, direction="in").order_by("id")
    assert [m.text for m in inside][1:] == ["Sigo esperando."]
    assert Conversation.objects.count() == 4
    departments = Conversation.objects.values_list("department_id", flat=True)
    assert set(departments) == {house.care}  # an address with a tag is the mailbox's own


def test_every_mail_of_a_conversation_has_the_same_reply_address(house: House) -> None:
    probed(house, has_plus=True)
    first = reply_to_of_the_next()
    again = Delivery.objects.get()
    Delivery.objects.filter(pk=again.pk).update(state="queued", rendered=None)
    renderer = Keeping()
    ports.use_renderer(renderer)
    hand_over(NOON + timedelta(minutes=5))
    assert renderer.asked[-1].reply_to == first
