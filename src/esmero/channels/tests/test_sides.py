"""Mail with others inside a conversation: out once, back in, never to the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import actions, queries
from esmero.channels.models import Delivery
from esmero.channels.rules import addressing
from esmero.channels.tests.cast import answer, file_all, hand_over, mail, state, take
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.errors import CustomerInSide, EmptyMessage, NoRecipient, SideIsClosed
from esmero.conversations.events import (
    SideConversationOpened,
    SideMailHandedOver,
    SideMailNotDelivered,
    SideReplyReceived,
)
from esmero.conversations.models import Conversation, Message, SideConversation
from esmero.kernel.models import EventLink, EventRow
from esmero.kernel.refs import ref
from esmero.promises.models import Promise
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db
RUTA = "ruta@transporte.example"
LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def matter(house: House) -> int:
    take(mail())
    file_all()
    return Conversation.objects.get().pk


def begin(house, matter, *, to=RUTA, text="¿Dónde está el envío?", at=NOON, **more) -> int:
    follow_up_at = more.pop("follow_up_at", None)
    return actions.begin_side(
        conversation_id=matter, subject="Envío 4711", at=at,
        mail=actions.SideMail(
            agent_id=house.ana, text=text, to=[("Ruta", to)], follow_up_at=follow_up_at
        ),
        **more,
    )  # fmt: skip


def back(side: int, *, sender=f"Ruta <{RUTA}>", text="Llega mañana.", message_id="<r1@t.example>"):
    header = Delivery.objects.filter(conversation_id=side).latest("id").message_header
    raw = take(
        mail(text, sender=sender, subject="Re: Envío 4711", message_id=message_id,
             headers=f"In-Reply-To: {header}\r\n"),
        at=LATER,
    )  # fmt: skip
    file_all(LATER)
    return raw


def published(event) -> list[dict]:
    return list(EventRow.objects.filter(kind=event.kind).values_list("data", flat=True))


def test_it_leaves_once_and_comes_back_into_itself(house, matter):
    side = begin(house, matter, once="abcdefghij1234")
    assert begin(house, matter, once="abcdefghij1234") == side
    assert hand_over(LATER).count(Delivery.objects.get(conversation_id=side).pk) == 1
    assert published(SideConversationOpened) == [{"conversation_id": matter, "side_id": side}]
    sent = Message.objects.get(conversation_id=side)
    assert published(SideMailHandedOver) == [
        {"conversation_id": matter, "side_id": side, "message_id": sent.pk}
    ]
    mails, promises = Delivery.objects.count(), Promise.objects.count()
    assert state(back(side)) == ("filed", "")
    came = Message.objects.get(conversation_id=side, direction="in")
    assert came.text == "Llega mañana."
    assert published(SideReplyReceived) == [
        {"conversation_id": matter, "side_id": side, "message_id": came.pk}
    ]
    # Nothing is acknowledged or promised to them, nor told to the customer.
    assert (Delivery.objects.count(), Promise.objects.count()) == (mails, promises)
    assert SideConversation.objects.get().unread_since == LATER
    assert Message.objects.filter(conversation_id=matter).count() == 1


def test_its_events_are_no_part_of_the_customers_history(house, matter):
    side = begin(house, matter)
    hand_over(LATER)
    back(side)
    kinds = EventRow.objects.filter(kind__contains="side_").values("id")
    refs = set(EventLink.objects.filter(event_id__in=kinds).values_list("ref", flat=True))
    assert refs == {ref("conversation", matter)}


def test_customer_never_sees_it(house, matter):
    side = begin(house, matter)
    hand_over(LATER)
    back(side)
    row = Conversation.objects.get(pk=matter)
    (seat,) = conversation_queries.seats_by_tokens([row.token])
    shown = [m.text for m in conversation_queries.shown_messages(seat)]
    assert shown == ["¿Cuándo llega mi pedido?"]
    assert conversation_queries.seats_by_tokens([Conversation.objects.get(pk=side).token]) == []
    ruta = Message.objects.get(conversation_id=side, direction="in").author_customer_id
    assert conversation_queries.seats_of_customer(ruta, limit=10) == []
    assert conversation_queries.seat_of(side, customer_id=ruta) is None
    customers = {row.customer_id}
    for delivery in Delivery.objects.exclude(conversation_id=side):
        assert RUTA not in delivery.recipients
    assert (
        not conversation_queries.conversations_of_customer(customers.pop())
        .filter(pk=side)
        .exists()
    )


def test_the_customers_mail_cannot_come_into_it_nor_theirs_into_the_conversation(house, matter):
    side = begin(house, matter)
    answer(house, matter)
    hand_over(LATER)
    back(side, sender="Marta <marta@correo.example>", text="¿Qué decís?", message_id="<m2@c.e>")
    assert not Message.objects.filter(conversation_id=side, direction="in").exists()
    header = Delivery.objects.filter(conversation_id=matter, message__isnull=False).get()
    take(mail("Hola", sender=f"Ruta <{RUTA}>", message_id="<r2@t.example>",
              headers=f"In-Reply-To: {header.message_header}\r\n"), at=LATER)  # fmt: skip
    file_all(LATER)
    assert "Hola" not in Message.objects.filter(conversation_id=matter).values_list(
        "text", flat=True
    )


def test_a_colleague_of_the_same_firm_may_answer_and_a_stranger_may_not(house, matter):
    side = begin(house, matter)
    hand_over(LATER)
    back(side, sender="Caso 7 <caso-7@transporte.example>", text="Soy Pepe.")
    assert Message.objects.get(conversation_id=side, direction="in").text == "Soy Pepe."
    back(side, sender="Otro <otro@gmail.com>", text="Soy otro.", message_id="<r3@t.example>")
    assert Message.objects.filter(conversation_id=side, direction="in").count() == 1


def test_bounce_is_shown_and_promises_nothing(house, matter):
    side = begin(house, matter)
    hand_over(LATER)
    promises = Promise.objects.count()
    sent = Message.objects.get(conversation_id=side)
    conversations.note_not_delivered(message_id=sent.pk, note="550", bounced=True, at=LATER)
    sent.refresh_from_db()
    assert sent.delivery == "bounced"
    assert SideConversation.objects.get().unread_since == LATER
    assert Promise.objects.count() == promises
    assert published(SideMailNotDelivered) == [
        {"conversation_id": matter, "side_id": side, "message_id": sent.pk}
    ]


def test_follow_up_is_promised_at_hand_over_and_kept_by_the_next_mail_or_closing(house, matter):
    due_at = NOON + timedelta(hours=5)
    side = begin(house, matter, follow_up_at=due_at)
    assert not Promise.objects.filter(kind="follow_up").exists()
    hand_over(LATER)
    owed = Promise.objects.get(kind="follow_up")
    assert (owed.subject_ref, owed.due_at, owed.state) == (
        ref("conversation", matter), due_at, "open",
    )  # fmt: skip
    conversations.close_side(side_id=side, at=LATER + timedelta(hours=1), by=house.ana)
    owed.refresh_from_db()
    assert (owed.state, owed.evidence_ref) == ("kept", ref("conversation", side))
    with pytest.raises(SideIsClosed):
        conversations.close_side(side_id=side, at=LATER, by=house.ana)


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (CustomerInSide, {"to": "marta@correo.example"}),
        (EmptyMessage, {"text": "  "}),
    ],
)
def test_it_refuses_and_nothing_is_begun(house, matter, refusal, changes):
    count = EventRow.objects.count()
    with pytest.raises(refusal):
        begin(house, matter, **changes)
    assert (EventRow.objects.count(), SideConversation.objects.count()) == (count, 0)


def test_without_anybody_to_write_to_nothing_is_begun(house, matter):
    with pytest.raises(NoRecipient):
        actions.begin_side(
            conversation_id=matter, subject="x", at=NOON,
            mail=actions.SideMail(agent_id=house.ana, text="x", to=[]),
        )  # fmt: skip
    assert SideConversation.objects.count() == 0


def test_its_names_are_its_own(house, matter):
    side = begin(house, matter)
    header = Delivery.objects.get(conversation_id=side).message_header
    claim = addressing.claim_of_message_id(header)
    assert claim is not None
    assert queries.believed(claim) == side


def test_mail_held_while_its_conversation_is_merged_leaves_from_where_it_is(house, matter):
    delivery = answer(house, matter)
    take(mail("¿Y?", sender="Marta Ruiz <marta@correo.example>", subject="Otra",
              message_id="<z@correo.example>"), at=NOON - timedelta(minutes=1))  # fmt: skip
    file_all(NOON)
    other = Conversation.objects.exclude(pk=matter).get()
    held = Message.objects.get(direction="out")
    conversations.merge_conversations(
        kept_id=other.pk, merged_ids=[matter], at=NOON + timedelta(minutes=5), by=house.ana
    )
    # What came to the other one is older than the answer or seen: here it is newer, so it stops.
    assert Message.objects.get(pk=held.pk).conversation_id == other.pk
    hand_over(NOON + timedelta(minutes=6))
    delivery.refresh_from_db()
    assert delivery.state in ("sent", "cancelled")
