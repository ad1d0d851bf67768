"""A customer whose every word is an attack: on every page and in every mail they stay words.

One mail and one form carry them; then every address of the house is opened by an administrator,
and the customer's own page by its link. A page that is new is opened too.
"""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.header import Header
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from esmero.channels import actions as channels
from esmero.channels.enums import Judgement, Source
from esmero.channels.models import Delivery
from esmero.console.tests.conftest import *  # noqa: F403  its team and texts
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.kernel.clock import now
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.people.models import Agent
from esmero.promises.models import Promise
from tests.architecture.test_access_matrix import ROUTES, address

BAD = "<img src=x onerror=alert(1)>'\"{{7*7}}${7*7}</script><script>alert(2)</script>"
NAME = f"=1+1 {BAD}"
SUBJECT = f"{BAD} subject"
FILE = f"{BAD}.html"


class Alive(HTMLParser):
    """Collects what of a page would act: elements and attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag, attrs):
        self._is_script = tag == "script" and not any(name == "src" for name, _ in attrs)
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")
            if tag == "img" and name == "src" and value == "x":
                self.found.append("<img src=x>")

    def handle_data(self, data):
        if self._is_script and data.strip():
            self.found.append(f"<script>{data[:80]}")

    def handle_endtag(self, tag):
        self._is_script = False


def assert_dead(page: bytes, where: str) -> None:
    text = page.decode(errors="replace")
    reader = Alive()
    reader.feed(text)
    assert reader.found == [], where
    assert "'\"49" not in text, where  # {{7*7}} reckoned


@pytest.fixture
def hostile(team):
    """A mail, its conversation and a reply, all names hostile."""
    boundary = (
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{BAD}</p>\r\n"
        f"--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename*=UTF-8''"
        f"{''.join(f'%{b:02X}' for b in FILE.encode())}\r\n\r\nx\r\n--b--\r\n"
    )
    encoded, subject = Header(NAME, "utf-8").encode(), Header(SUBJECT, "utf-8").encode()
    data = (
        f"From: {encoded} <marta@example.com>\r\nTo: hola@tienda.example\r\nSubject: {subject}\r\n"
        "Message-ID: <x@example.com>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + boundary
    ).encode()
    channels.judge_sender(
        pattern="marta@example.com", judgement=Judgement.TRUST, at=now(), by=team.carla.pk
    )
    channels.accept_mail(source=Source.SMTP, data=data, received_at=now(), at=now())
    quarantined = channels.accept_mail(
        source=Source.SMTP, data=b"Subject: " + BAD.encode() + b"\r\n\r\n" + BAD.encode(),
        received_at=now(), at=now(), envelope_from=f"{BAD}@x.example",
    )  # fmt: skip
    while channels.file_one(at=now()):
        pass
    conversation = Conversation.objects.get()
    channels.send_reply(
        reply=conversations.Reply(
            conversation_id=conversation.pk, agent_id=team.ana.pk, text=f"Hola {BAD}",
            to=[(NAME, "marta@example.com")], undo_seconds=0,
        ),
        at=now(),
    )  # fmt: skip
    conversations.add_note(
        conversation_id=conversation.pk, agent_id=team.ana.pk, text=BAD, at=now()
    )
    return conversation, quarantined


def arguments(conversation: Conversation) -> dict[str, object]:
    file = Attachment.objects.first()
    return {
        "conversaciones": conversation.pk,
        "mensajes": Message.objects.order_by("id")[0].pk,
        "promesas": Promise.objects.order_by("id")[0].pk,
        "clientes": conversation.customer_id,
        "merge": 1,
        "archivos": file.token if file else "x",
        "picture": "x",
        "quitar": "x",
        "salida": Delivery.objects.order_by("id")[0].pk,
    }


def test_no_page_of_the_team_lets_a_customers_words_act(team, hostile):
    conversation, quarantined = hostile
    assert BAD[:28] in conversation.subject
    admin = people.hire_agent(
        email="dora@tienda.example", name="Dora", role=Role.ADMIN, password="una-clave-larga-1",
        at=now(),
    )  # fmt: skip
    client = team.client(Agent.objects.get(pk=admin))
    given = arguments(conversation)
    opened = 0
    for path, name in ROUTES:
        where = address(path, given).replace("/1/", f"/{quarantined}/")
        if name in ("remote", "settings_mailbox_test"):
            continue
        answer = client.get(where)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            opened += 1
            assert_dead(b"".join(answer), where)
    for query in ("buscar/?q=", "clientes/?q="):
        assert_dead(client.get(f"/c/{query}{BAD}").content, query)
    assert opened >= 35


def test_the_customers_page_lets_no_word_act(team, hostile, client):
    conversation, _ = hostile
    link = conversation_queries.link_of(conversation.token, at=now())
    page = client.get(reverse("portal:enquiry", args=[link]))
    assert page.status_code == 200
    assert_dead(page.content, "enquiry")
    assert "subject" in page.content.decode()


def test_mails_hold_no_header_and_no_markup_of_theirs(team, hostile):
    later = now() + timedelta(minutes=1)
    sent = []
    while handover := channels.claim_delivery(at=later, has_default=True):
        sent.append(message_from_bytes(handover.data, policy=default))
        channels.note_handed_over(
            delivery_id=handover.delivery_id, at=later, accepted=handover.recipients
        )
    assert len(sent) == 2
    for mail in sent:
        assert [a.addr_spec for a in mail["to"].addresses] == ["marta@example.com"]
        assert mail["bcc"] is None
        html = mail.get_body(("html",))
        assert html is not None
        assert_dead(html.get_content().encode(), str(mail["subject"]))
        assert "'\"49" not in mail.get_body(("plain",)).get_content()
