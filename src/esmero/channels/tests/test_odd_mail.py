"""Mail that the transport could not bring whole, and mail that somebody took out of Junk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import actions, queries
from esmero.channels.actions import MailUid
from esmero.channels.enums import Judgement, Source
from esmero.channels.models import Delivery, RawMail, SenderRule
from esmero.channels.tests.cast import file_all, mail, state, take
from esmero.conversations.models import Conversation, Message
from esmero.kernel.models import AuditEntry
from esmero.promises.models import Promise
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(minutes=20)


def fetched(house: House, data: bytes, uid: int, *, folder: str = "INBOX", **more) -> int:
    box = more.pop("box", None) or queries.mailboxes().get(address="hola@barro.example")
    at = more.pop("at", NOON)
    raw_id = actions.accept_mail(
        source=Source.IMAP,
        data=data,
        received_at=more.pop("received_at", NOON),
        at=at,
        mailbox_id=box.pk,
        uid=MailUid(folder, 1, uid),
        **more,
    )
    assert raw_id is not None
    return raw_id


def test_file_unfetchable_mail_is_quarantined_with_what_the_transport_said(house: House) -> None:
    note = b"X-Esmero-Problem: mail 7 of folder 'INBOX' could not be fetched (size 9)\r\n\r\n"
    raw_id = fetched(house, note, 7, flags=["seen", "unfetchable"])
    after = fetched(house, mail(), 8)
    file_all()
    assert (state(raw_id), state(after)) == (("quarantined", "unfetchable"), ("filed", ""))
    assert RawMail.objects.get(pk=raw_id).detail == (
        "mail 7 of folder 'INBOX' could not be fetched (size 9)"
    )


def test_file_truncated_mail_is_filed_and_says_so(house: House) -> None:
    cut = fetched(house, mail("Van las fotos"), 7, flags=["truncated"])
    whole = fetched(house, mail("¿Y esto?", message_id="<dos@correo.example>"), 8)
    file_all()
    assert [state(one)[0] for one in (cut, whole)] == ["filed", "filed"]
    verdicts = Message.objects.order_by("id").values_list("verdict", flat=True)
    assert [v.get("truncated") for v in verdicts] == [True, None]
    assert Promise.objects.count() == 2


def test_mail_taken_out_of_junk_clears_the_suspicion_of_its_conversation(house: House) -> None:
    fetched(house, mail(), 3, folder="Junk", flags=["junk"])
    other = mail("Otra", sender="Eva <eva@otra.example>", message_id="<eva@otra.example>")
    fetched(house, other, 4, folder="Junk", flags=["junk"])
    file_all()
    assert list(Conversation.objects.values_list("is_suspect", flat=True)) == [True, True]
    assert (Promise.objects.count(), Delivery.objects.count()) == (0, 0)
    moved = fetched(house, mail(), 9, at=AFTER)
    file_all(AFTER)
    assert state(moved) == ("ignored", "taken_from_junk")
    cleared = Conversation.objects.get(is_suspect=False)
    promise, acknowledgement = Promise.objects.get(), Delivery.objects.get()
    assert (promise.subject_ref, promise.made_at) == (f"conversation:{cleared.pk}", NOON)
    assert (acknowledgement.template, acknowledgement.recipients) == (
        "acknowledgement",
        ["marta@correo.example"],
    )
    assert list(SenderRule.objects.values_list("pattern", "judgement", "by_agent")) == [
        ("marta@correo.example", "trust", None)
    ]
    assert AuditEntry.objects.filter(action="sender.trust").get().actor == "system"
    again = fetched(house, mail(), 12, at=AFTER)
    file_all(AFTER)
    assert state(again) == ("ignored", "duplicate")
    assert (Promise.objects.count(), Delivery.objects.count()) == (1, 1)


def test_the_same_mail_in_another_mailbox_or_still_in_junk_clears_nothing(house: House) -> None:
    fetched(house, mail(), 3, folder="Junk", flags=["junk"])
    sales = queries.mailboxes().get(address="ventas@barro.example")
    elsewhere = fetched(house, mail(), 3, box=sales)
    renumbered = fetched(house, mail(), 30, folder="Junk", flags=["junk"])
    by_smtp = take(mail())
    file_all()
    assert {state(r) for r in (elsewhere, renumbered, by_smtp)} == {("ignored", "duplicate")}
    assert Conversation.objects.get().is_suspect
    assert Promise.objects.count() == 0


def test_a_blocked_sender_taken_out_of_junk_is_answered_and_stays_blocked(house: House) -> None:
    actions.judge_sender(
        pattern="marta@correo.example", judgement=Judgement.BLOCK, at=NOON, by=house.carla
    )
    fetched(house, mail(), 3, folder="Junk", flags=["junk"])
    fetched(house, mail(), 9)
    file_all()
    assert Promise.objects.count() == 1
    assert SenderRule.objects.get().judgement == "block"


def test_a_machines_mail_cleared_of_suspicion_is_promised_and_answered_nothing(
    house: House,
) -> None:
    take(mail("Oferta", headers="List-Id: <ofertas.example>\r\n"))
    file_all()
    conversation = Conversation.objects.get()
    actions.mark_as_spam(conversation_id=conversation.pk, at=NOON, by=house.ana)
    actions.clear_suspicion(conversation_id=conversation.pk, at=AFTER, by=house.ana)
    conversation.refresh_from_db()
    assert not conversation.is_suspect
    assert (Promise.objects.count(), Delivery.objects.count()) == (0, 0)


def test_servers_named_in_a_page_lose_the_permission_for_private_addresses(house: House) -> None:
    box_id = actions.connect_mailbox(
        address="casa@barro.example", imap_host="192.168.1.5", smtp_host="192.168.1.5",
        allows_private=True, at=NOON,
    )  # fmt: skip
    actions.change_mailbox(mailbox_id=box_id, imap_host="192.168.1.5", at=NOON, actor="agent:1")
    assert queries.mailboxes().get(pk=box_id).allows_private
    actions.change_mailbox(mailbox_id=box_id, smtp_host="192.168.1.9", at=NOON, actor="agent:1")
    assert not queries.mailboxes().get(pk=box_id).allows_private
