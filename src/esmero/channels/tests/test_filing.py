"""From a stored mail to conversation, promise and acknowledgement; nothing lost, nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import actions, queries
from esmero.channels.actions import MailUid
from esmero.channels.enums import DeliveryState, RawState, Source
from esmero.channels.models import Delivery, RawMail
from esmero.channels.tests.cast import answer, file_all, hand_over, mail, state, take
from esmero.conversations.models import Conversation, Draft, Message
from esmero.people.models import CustomerAddress
from esmero.promises.models import Promise
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db


def test_file_new_mail_makes_conversation_promise_and_acknowledgement(house: House) -> None:
    raw_id = take(mail())
    file_all()
    assert state(raw_id) == ("filed", "")
    conversation = Conversation.objects.get()
    assert (conversation.subject, conversation.department_id) == ("Mi pedido", house.care)
    promise = Promise.objects.get()
    delivery = Delivery.objects.get()
    assert (delivery.template, delivery.promise_id, delivery.recipients) == (
        "acknowledgement",
        promise.pk,
        ["marta@correo.example"],
    )
    assert queries.conversations_named_by(addresses=[], message_ids=[delivery.message_header]) == [
        conversation.pk
    ]


def test_file_the_same_mail_by_two_ways_is_one_message(house: House) -> None:
    first = take(mail())
    traced = b"Received: from a by b; Thu, 19 Nov 2026 11:40:00 +0100\r\n" + mail()
    second = take(traced, to="ventas@barro.example")
    file_all()
    assert (state(first), state(second)) == (("filed", ""), ("ignored", "duplicate"))
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)


def test_file_two_different_mails_with_one_message_id_are_two(house: House) -> None:
    take(mail("Primera pregunta: ¿hay tallas?"))
    take(mail("Segunda, otra cosa: ¿y colores?"))
    file_all()
    assert Message.objects.count() == 2


def test_accept_the_same_uid_twice_stores_once(house: House) -> None:
    box = queries.mailboxes()[0]
    uid = MailUid("INBOX", 7, 3)
    values = {"source": Source.IMAP, "received_at": NOON, "at": NOON, "mailbox_id": box.pk}
    assert actions.accept_mail(data=mail(), uid=uid, **values) is not None
    assert actions.accept_mail(data=mail(), uid=uid, **values) is None
    assert RawMail.objects.count() == 1


def test_file_mail_without_any_sender_is_quarantined_and_can_be_tried_again(house: House) -> None:
    raw_id = take(b"Subject: hola\r\n\r\nsin remitente\r\n")
    after = take(mail())
    file_all()
    assert state(raw_id) == ("quarantined", "no_sender")
    assert state(after) == ("filed", "")
    assert [r.pk for r in queries.quarantine()] == [raw_id]
    actions.retry_quarantined(raw_id=raw_id, at=NOON, by=house.carla)
    assert state(raw_id)[0] == RawState.STORED.value


LOOPS = {
    "auto-submitted": "Auto-Submitted: auto-replied\r\n",
    "list": "List-Id: <ofertas.example>\r\nList-Unsubscribe: <mailto:b@x.example>\r\n",
    "bulk": "Precedence: bulk\r\n",
}


@pytest.mark.parametrize("headers", LOOPS.values(), ids=LOOPS.keys())
def test_file_automatic_mail_promises_and_answers_nothing(house: House, headers: str) -> None:
    take(mail("Estoy de vacaciones.", headers=headers))
    take(mail(message_id="<dos@correo.example>", sender="otra@correo.example"))
    file_all()
    assert Message.objects.count() == 2
    assert (Promise.objects.count(), Delivery.objects.count()) == (1, 1)


def test_file_null_sender_and_own_addresses_get_no_acknowledgement(house: House) -> None:
    take(mail(sender="ventas@barro.example"))
    file_all()
    assert (Promise.objects.count(), Delivery.objects.count()) == (1, 0)


def test_at_most_three_automatic_mails_in_a_day_whatever_the_headers(house: House) -> None:
    for number in range(6):
        at = NOON + timedelta(minutes=number)
        take(mail(f"Pregunta {number}: ¿sí?", message_id=f"<m{number}@x.example>"), at=at)
        file_all(at)
    assert (Promise.objects.count(), Delivery.objects.count()) == (6, 3)
    tomorrow = NOON + timedelta(days=1, hours=1)
    take(mail("¿Y hoy?", message_id="<m9@x.example>"), at=tomorrow)
    file_all(tomorrow)
    assert Delivery.objects.count() == 4


def test_our_own_contact_form_names_the_customer_in_reply_to(house: House) -> None:
    form = mail(sender="hola@barro.example", headers="Reply-To: eva@correo.example\r\n")
    take(form)
    file_all()
    message = Message.objects.get()
    assert (message.from_address, message.is_verified) == ("eva@correo.example", False)
    assert Delivery.objects.get().recipients == ["eva@correo.example"]


def test_reply_to_our_mail_joins_only_when_its_sender_takes_part(house: House) -> None:
    take(mail())
    file_all()
    conversation = Conversation.objects.get()
    sent = answer(house, conversation.pk)
    hand_over(NOON + timedelta(minutes=6))
    reference = f"In-Reply-To: {sent.message_header}\r\n"
    take(mail("Pues no ha llegado.", message_id="<r@c.example>", headers=reference))
    take(
        mail("Yo también.", sender="x@otra.example", message_id="<s@c.example>", headers=reference)
    )
    forged = sent.message_header.replace("esm.", "esm.9", 1)
    take(mail("Forjado", message_id="<t@c.example>", headers=f"In-Reply-To: {forged}\r\n"))
    take(mail("Con número", subject=f"Re: Mi pedido [{conversation.pk}]", message_id="<u@c>"))
    file_all(NOON + timedelta(hours=1))
    texts = Message.objects.filter(conversation=conversation, direction="in").order_by("id")
    assert [m.text for m in texts] == ["¿Cuándo llega mi pedido?", "Pues no ha llegado."]
    assert Conversation.objects.count() == 4
    verified = CustomerAddress.objects.filter(is_verified=True).values_list("value", flat=True)
    assert list(verified) == ["marta@correo.example"]


def test_a_copy_grants_nothing(house: House) -> None:
    take(mail(headers="Cc: Eva <eva@otra.example>\r\n"))
    file_all()
    first = Conversation.objects.get()
    for number, header in enumerate(
        ("<uno@correo.example>", Delivery.objects.get().message_header)
    ):
        reply = mail(
            f"¿Y qué fue de eso? {number}",
            sender="eva@otra.example",
            message_id=f"<e{number}@otra.example>",
            headers=f"In-Reply-To: {header}\r\n",
        )
        take(reply)
    file_all()
    assert Message.objects.filter(conversation=first, direction="in").count() == 1
    assert Conversation.objects.count() == 3


def test_held_reply_is_undone_into_its_draft(house: House) -> None:
    take(mail())
    file_all()
    conversation = Conversation.objects.get()
    sent = answer(house, conversation.pk)
    hand_over(NOON + timedelta(minutes=5, seconds=14))
    actions.undo_send(
        message_id=sent.message_id, agent_id=house.ana, at=NOON + timedelta(minutes=5, seconds=14)
    )
    assert sent.pk not in hand_over(NOON + timedelta(minutes=6))
    assert Draft.objects.get().text == "Llega mañana."
    sent.refresh_from_db()
    assert sent.state == DeliveryState.CANCELLED.value


def test_reply_is_stopped_when_the_customer_wrote_meanwhile(house: House) -> None:
    take(mail())
    file_all()
    conversation = Conversation.objects.get()
    sent = answer(house, conversation.pk)
    hand_over(NOON + timedelta(minutes=5, seconds=5))
    headers = f"In-Reply-To: {Delivery.objects.get(is_automatic=True).message_header}\r\n"
    take(mail("Espera, ya llegó.", message_id="<e@c.example>", headers=headers))
    file_all(NOON + timedelta(minutes=5, seconds=8))
    hand_over(NOON + timedelta(minutes=6))
    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("cancelled", "something_new_arrived")


def test_bounce_marks_the_message_and_promises_the_answer_again(house: House) -> None:
    take(mail())
    file_all()
    conversation = Conversation.objects.get()
    sent = answer(house, conversation.pk)
    hand_over(NOON + timedelta(minutes=6))
    bounce = (
        "From: MAILER-DAEMON@mx.example\r\nTo: hola@barro.example\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; marta@correo.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {sent.message_header}\r\n\r\nx\r\n"
        "--b--\r\n"
    ).encode()
    raw_id = take(bounce)
    file_all(NOON + timedelta(minutes=9))
    assert state(raw_id) == ("filed", "bounce")
    assert Conversation.objects.count() == 1
    assert Message.objects.get(pk=sent.message_id).delivery == "bounced"
    assert CustomerAddress.objects.get().bounce_status == "5.1.1"
    assert Promise.objects.filter(kind="answer", state="open").count() == 1


def test_sent_folder_reply_joins_and_keeps_the_promise(house: House) -> None:
    take(mail())
    file_all()
    box = queries.mailboxes().get(address="hola@barro.example")
    phone = mail(
        "Ya va en camino.",
        sender="hola@barro.example",
        to="marta@correo.example",
        message_id="<movil@barro.example>",
        headers="In-Reply-To: <uno@correo.example>\r\n",
    )
    at = NOON + timedelta(minutes=30)
    actions.accept_mail(
        source=Source.SENT,
        data=phone,
        received_at=at,
        at=at + timedelta(minutes=1),
        mailbox_id=box.pk,
        uid=MailUid("Sent", 1, 1),
    )
    file_all(at + timedelta(minutes=1))
    answer_ = Promise.objects.get(kind="answer")
    assert (answer_.state, answer_.settled_at) == ("kept", at)
    assert Message.objects.filter(direction="out").get().text == "Ya va en camino."
    assert Promise.objects.filter(kind="update", state="open").count() == 1


def test_crash_after_the_mark_repeats_automatic_mail_once_and_asks_about_an_agents(house) -> None:
    take(mail())
    file_all()
    sent = answer(house, Conversation.objects.get().pk)
    at = NOON + timedelta(minutes=6)
    headers = {}
    for hours in range(0, 6, 2):  # marked, and then nobody comes back
        at = NOON + timedelta(minutes=6, hours=hours)
        while handover := actions.claim_delivery(at=at, has_default=False):
            headers.setdefault(handover.delivery_id, set()).add(handover.data)
            actions.note_data_ends(delivery_id=handover.delivery_id)
        Delivery.objects.filter(state="handing_over").update(handed_by="here/1/0")
        while actions.recover_one(at=at + timedelta(hours=1)):
            pass
    sent.refresh_from_db()
    acknowledgement = Delivery.objects.get(is_automatic=True)
    assert (sent.state, sent.attempts) == ("uncertain", 1)
    assert (acknowledgement.state, acknowledgement.attempts) == ("uncertain", 2)
    assert {len(v) for v in headers.values()} == {1}
    actions.send_again(delivery_id=sent.pk, at=at, by=house.ana)
    assert hand_over(at) == [sent.pk]


def test_crash_before_the_end_of_the_data_lets_everything_simply_go_again(house: House) -> None:
    take(mail())
    file_all()
    sent = answer(house, Conversation.objects.get().pk)
    for hours in range(0, 8, 2):
        at = NOON + timedelta(minutes=6, hours=hours)
        while actions.claim_delivery(at=at, has_default=False):
            pass
        Delivery.objects.filter(state="handing_over").update(handed_by="here/1/0")
        while actions.recover_one(at=at + timedelta(hours=1)):
            pass
    assert set(Delivery.objects.values_list("state", "repeats")) == {("queued", 0)}
    assert sent.pk in hand_over(NOON + timedelta(hours=9))
