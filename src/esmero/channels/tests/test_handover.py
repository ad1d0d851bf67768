"""Each recipient's answer counts for itself: accepted, refused, put off, bounced."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import actions
from esmero.channels.actions import Handover
from esmero.channels.models import Delivery
from esmero.channels.tests.cast import file_all, hand_over, mail, take
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.conversations.models import Conversation, Message
from esmero.promises.models import Promise
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db
MARTA, EVA, LEO = "marta@correo.example", "eva@correo.example", "leo@correo.example"
WRITTEN = NOON + timedelta(minutes=5)
LEFT = NOON + timedelta(minutes=6)
BUSY = "450 4.2.0 Greylisted"


@pytest.fixture
def reply(house: House) -> Delivery:
    """An answer to Marta with a copy for Eva and a hidden one for Leo, whose time has come."""
    take(mail())
    file_all()
    hand_over(NOON)
    delivery_id = actions.send_reply(
        reply=conversations.Reply(
            conversation_id=Conversation.objects.get().pk,
            agent_id=house.ana,
            text="Llega mañana.",
            to=[("Marta", MARTA)],
            cc=[("Eva", EVA)],
            bcc=[("Leo", LEO)],
            after=After.RESOLVE,
        ),
        at=WRITTEN,
    )
    return Delivery.objects.get(pk=delivery_id)


def claim(at) -> Handover:
    found = actions.claim_delivery(at=at, has_default=True)
    assert found is not None
    return found


def fate(delivery: Delivery) -> tuple[str, str, str]:
    delivery.refresh_from_db()
    return (
        delivery.state,
        Message.objects.get(pk=delivery.message_id).delivery,
        Promise.objects.get(kind="answer").state,
    )


def test_who_was_put_off_gets_it_later_alone_and_the_promise_is_settled_once(reply) -> None:
    first = claim(LEFT)
    assert first.recipients == [MARTA, EVA, LEO]
    actions.note_handed_over(
        delivery_id=reply.pk, at=LEFT, accepted=[MARTA, LEO], later={EVA: BUSY}
    )
    assert fate(reply) == ("queued", "sent", "kept")
    assert (reply.sent_at, reply.error) == (LEFT, f"{EVA}: {BUSY}")
    note = Message.objects.get(pk=reply.message_id).delivery_note
    assert note == f"later: {EVA}"
    assert actions.claim_delivery(at=LEFT + timedelta(seconds=29), has_default=True) is None
    again = LEFT + timedelta(seconds=31)
    second = claim(again)
    assert (second.recipients, second.data) == ([EVA], first.data)
    actions.note_handed_over(delivery_id=reply.pk, at=again, accepted=[EVA])
    assert fate(reply) == ("sent", "sent", "kept")
    assert sorted(reply.delivered_to) == [EVA, LEO, MARTA]
    assert reply.sent_at == LEFT
    assert Message.objects.get(pk=reply.message_id).delivery_note == ""
    assert Promise.objects.get(kind="answer").settled_at == LEFT
    assert Promise.objects.filter(kind="update").count() == 0


def test_the_promise_waits_for_whom_it_was_made_to(reply) -> None:
    claim(LEFT)
    actions.note_handed_over(
        delivery_id=reply.pk, at=LEFT, accepted=[EVA, LEO], later={MARTA: BUSY}
    )
    assert fate(reply) == ("queued", "sending", "open")
    again = LEFT + timedelta(minutes=1)
    assert claim(again).recipients == [MARTA]
    actions.note_handed_over(delivery_id=reply.pk, at=again, accepted=[MARTA])
    assert fate(reply) == ("sent", "sent", "kept")
    assert Promise.objects.get(kind="answer").settled_at == again


def test_a_copy_that_is_put_off_for_good_is_named_and_changes_nothing_else(reply) -> None:
    claim(LEFT)
    actions.note_handed_over(
        delivery_id=reply.pk, at=LEFT, accepted=[MARTA, LEO], later={EVA: BUSY}
    )
    at = LEFT
    for _ in range(20):
        at += timedelta(hours=12)
        handover = actions.claim_delivery(at=at, has_default=True)
        if handover is None:
            break
        assert handover.recipients == [EVA]
        actions.note_hand_over_failed(delivery_id=reply.pk, error=BUSY, permanent=False, at=at)
    assert fate(reply) == ("sent", "sent", "kept")
    assert reply.refused == {EVA: BUSY}
    assert Message.objects.get(pk=reply.message_id).delivery_note == f"refused: {EVA}"
    assert not Conversation.objects.get().has_failure


def test_refused_to_the_customer_and_taken_for_a_copy_has_failed(reply, house: House) -> None:
    claim(LEFT)
    actions.note_handed_over(
        delivery_id=reply.pk,
        at=LEFT,
        accepted=[EVA, LEO],
        refused={MARTA: "550 5.1.1 No such user"},
    )
    assert fate(reply) == ("failed", "failed", "open")
    actions.send_again(delivery_id=reply.pk, at=LEFT, by=house.ana)
    assert claim(LEFT).recipients == [MARTA]
    actions.note_handed_over(delivery_id=reply.pk, at=LEFT, accepted=[MARTA])
    assert fate(reply) == ("sent", "sent", "kept")


def test_who_was_refused_is_not_asked_again_when_the_others_are_put_off(reply) -> None:
    claim(LEFT)
    actions.note_hand_over_failed(
        delivery_id=reply.pk, error=BUSY, permanent=False, at=LEFT, refused={EVA: "550 no"}
    )
    assert claim(LEFT + timedelta(minutes=1)).recipients == [MARTA, LEO]


def bounce_of(delivery: Delivery, address: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: hola@barro.example\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {delivery.message_header}\r\n"
        "\r\nx\r\n--b--\r\n"
    ).encode()


def test_a_copy_that_bounces_leaves_the_answer_kept(reply) -> None:
    hand_over(LEFT)
    take(bounce_of(reply, EVA))
    file_all(LEFT)
    assert fate(reply) == ("sent", "sent", "kept")
    assert Message.objects.get(pk=reply.message_id).delivery_note == f"refused: {EVA}"


def test_after_a_bounce_it_goes_again_to_whom_it_came_back_from_and_to_nobody_else(
    reply, house: House
) -> None:
    hand_over(LEFT)
    take(bounce_of(reply, MARTA))
    file_all(LEFT)
    reply.refresh_from_db()
    assert reply.state == "bounced"
    assert Promise.objects.filter(kind="answer", state="open").count() == 1
    actions.send_again(delivery_id=reply.pk, at=LEFT, by=house.ana)
    assert claim(LEFT).recipients == [MARTA]
    actions.note_handed_over(delivery_id=reply.pk, at=LEFT, accepted=[MARTA])
    assert Promise.objects.filter(kind="answer", state="open").count() == 0


def test_found_in_the_sent_folder_after_its_recipient_had_it_settles_nothing_twice(reply) -> None:
    claim(LEFT)
    actions.note_handed_over(
        delivery_id=reply.pk, at=LEFT, accepted=[MARTA, LEO], later={EVA: BUSY}
    )
    at = LEFT + timedelta(minutes=1)
    claim(at)
    actions.note_hand_over_failed(
        delivery_id=reply.pk, error="lost", permanent=False, at=at, is_unknown=True
    )
    assert fate(reply) == ("uncertain", "uncertain", "kept")
    actions.confirm_sent(delivery_id=reply.pk, at=at)
    assert fate(reply) == ("sent", "sent", "kept")
    assert reply.sent_at == LEFT
    assert Message.objects.get(pk=reply.message_id).sent_at == LEFT
