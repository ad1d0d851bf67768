"""The digest of a member's notices: sentences, no text of customers, one click that silences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from esmero.channels.ports import ToRender
from esmero.conversations import actions as conversations
from esmero.kernel import dispatch
from esmero.mails.automatic import content_of
from esmero.notices import actions as notices
from esmero.notices import queries
from esmero.notices.enums import Mutes
from esmero.notices.models import Notice
from tests import cast
from tests.cast import NOON


@pytest.fixture
def shop(db):
    yield cast.open_house()
    cast.forget()


def mentioned(shop, n):
    contact = conversations.Contact(
        channel="mail", sender_email=f"marta{n}@cliente.example", sender_name="Marta Ruiz",
        subject=f"Fuente {n}\r\nBcc: x@y.example", text="Un texto secreto", received_at=NOON,
        department_id=shop.care,
    )  # fmt: skip
    pk = conversations.receive(contact=contact, at=NOON).conversation_id
    conversations.add_note(
        conversation_id=pk, agent_id=shop.carla, text="@Ana, otro secreto", at=NOON,
        mentions=[shop.ana],
    )  # fmt: skip
    while dispatch.dispatch_one(at=NOON):
        pass
    return pk


def digest(shop, language="es"):
    ids = list(Notice.objects.filter(agent_id=shop.ana).values_list("id", flat=True))
    return content_of(
        ToRender(
            delivery_id=1, template="notices", language=language, conversation_id=None,
            context={"to_name": "Ana", "agent": shop.ana, "notices": ids, "all": len(ids)},
            message_id=None, promise_id=None, message_header="<a@b>", mail_from=("", "a@b.example"),
            reply_to="", to=[("Ana", "ana@barro.example")], cc=[], in_reply_to="", references=[],
            is_automatic=True, at=NOON + timedelta(minutes=15),
        )
    )  # fmt: skip


def test_it_says_each_thing_and_how_to_hear_less(shop):
    numbers = [mentioned(shop, n) for n in range(2)]
    found = digest(shop)
    assert found.subject == f"Carla te menciona en la n.º {numbers[1]} y 1 más"
    for number in numbers:
        assert f"Carla te menciona en la n.º {number}" in found.text
        assert f"{settings.ENV.url}/c/conversaciones/{number}/" in found.text
    assert "secreto" not in found.text + found.html
    assert "\r" not in found.subject
    headers = dict(found.headers)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address in found.text
    link = queries.read_link(address.rstrip("/").rpartition("/")[2], at=NOON)
    assert (link.agent_id, link.what, link.values) == (shop.ana, Mutes.MAIL, ("mention",))


def test_in_english_too(shop):
    number = mentioned(shop, 0)
    found = digest(shop, "en")
    assert found.subject == f"Carla mentions you in no. {number}"
    assert "Hello Ana" in found.text


def test_what_was_read_before_it_leaves_is_left_out(shop):
    numbers = [mentioned(shop, n) for n in range(2)]
    notices.look(agent_id=shop.ana, conversation_ids=numbers[:1], at=NOON)
    found = digest(shop)
    assert f"n.º {numbers[0]}" not in found.text
    assert f"n.º {numbers[1]}" in found.text
    notices.look(agent_id=shop.ana, conversation_ids=numbers, at=NOON)
    nothing = digest(shop)
    assert nothing.subject == "Ya está todo visto"
    assert not nothing.headers
