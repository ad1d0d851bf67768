"""The contact form: stored first, promised at once, and no door into somebody else's enquiry."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from esmero.channels import actions as channels
from esmero.channels.actions import forms as form_actions
from esmero.channels.enums import Judgement, RawState
from esmero.channels.models import Delivery, WebForm
from esmero.channels.rules import repeating
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.portal.contact import forms
from esmero.portal.tests.conftest import MARTA, page_of, write_in
from esmero.promises.models import Promise
from tests.cast import NOON

FIELDS = {
    "name": "Marta Ruiz",
    "email": MARTA,
    "subject": "La fuente llegó rota",
    "text": "Llegó con una grieta. ¿Me mandáis otra?",
    "order": "BV-20418",
}


def fill(client: Client, house, **more) -> dict[str, object]:
    page = client.get("/contacto/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert set(hidden) == {"once", "stamp"}
    return {**FIELDS, "topic": str(house.sales), **hidden, **more}


def test_it_makes_the_same_conversation_and_promise_as_a_mail(house):
    client = Client(HTTP_ACCEPT_LANGUAGE="es", enforce_csrf_checks=True)
    response = client.post("/contacto/", fill(client, house))
    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.subject, conversation.department_id) == (
        "form", "La fuente llegó rota", house.sales,
    )  # fmt: skip
    message = Message.objects.get()
    assert message.text == (
        "Llegó con una grieta. ¿Me mandáis otra?\n\nNúmero de pedido: BV-20418"
    )
    assert not message.is_verified
    promise = Promise.objects.get()
    assert (promise.kind, promise.subject_ref) == ("answer", f"conversation:{conversation.pk}")
    assert "Te respondemos hoy antes de las 18:30." in page
    assert f"Consulta {conversation.pk}" in page
    delivery = Delivery.objects.get()
    assert (delivery.template, delivery.recipients, delivery.promise_id) == (
        "acknowledgement", [MARTA], promise.pk,
    )  # fmt: skip


def test_the_page_after_it_holds_no_link_into_the_enquiry(house, client):
    """Anybody may type Marta's address: what is answered to her is not for whoever typed it."""
    response = client.post("/contacto/", fill(client, house))
    page = client.get(response.url).content.decode()
    assert "/consulta/" not in page
    assert Conversation.objects.get().token not in page
    assert response.cookies == {}
    assert MARTA not in page


def test_it_never_joins_what_is_there_already(house, client):
    old = write_in()
    client.post("/contacto/", fill(client, house, subject=f"Re: La fuente (n.º {old.pk})"))
    assert Conversation.objects.count() == 2


def test_errors_come_back_as_422_with_the_form(house, client):
    response = client.post("/contacto/", fill(client, house, email="no-es-un-correo", text=""))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="La fuente llegó rota"' in page
    assert page.count('aria-invalid="true"') == 2
    assert not WebForm.objects.exists()


def test_a_form_that_comes_back_can_be_sent_again(house, client):
    response = client.post("/contacto/", fill(client, house, text=""))
    page = response.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    again = {**FIELDS, "topic": str(house.care), **hidden}
    assert client.post("/contacto/", again).status_code == 302
    assert Conversation.objects.count() == 1


def test_a_filled_honeypot_is_refused_in_words(house, client):
    response = client.post("/contacto/", fill(client, house, homepage="http://spam.example"))
    assert response.status_code == 422
    assert "Este campo tiene que quedar vacío." in response.content.decode()
    assert not Conversation.objects.exists()


def test_too_quick_is_refused_in_words(house, client, monkeypatch):
    monkeypatch.setattr(forms, "QUICKEST", timedelta(minutes=1))
    response = client.post("/contacto/", fill(client, house))
    assert response.status_code == 422
    assert "Ha sido muy rápido." in response.content.decode()


@pytest.mark.parametrize("stamp", ["", "x", "falso:1abc:xyz"])
def test_a_stamp_that_is_not_ours_is_refused(house, client, stamp):
    response = client.post("/contacto/", fill(client, house, stamp=stamp))
    assert response.status_code == 422
    assert not Conversation.objects.exists()


def test_a_topic_that_is_not_offered_is_refused(house, client):
    assert client.post("/contacto/", fill(client, house, topic="999")).status_code == 422


def test_twice_the_same_form_is_one(house, client):
    fields = fill(client, house)
    first, second = client.post("/contacto/", fields), client.post("/contacto/", fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Conversation.objects.count() == Delivery.objects.count() == 1


def test_one_address_may_not_flood(house, client):
    for number in range(repeating.FORMS_OF_ONE_ADDRESS):
        write_in(text=f"Número {number}")
    response = client.post("/contacto/", fill(client, house, email=MARTA.upper()))
    assert response.status_code == 429
    page = response.content.decode()
    assert "Nos han llegado varios mensajes tuyos en una hora." in page
    assert 'value="La fuente llegó rota"' in page
    other = fill(client, house, email="otra@cliente.example")
    assert client.post("/contacto/", other).status_code == 302


def test_one_place_may_not_flood_and_others_may_go_on(house, client, at):
    for number in range(repeating.FORMS_OF_ONE_IP):
        data = fill(client, house, email=f"c{number}@cliente.example")
        assert client.post("/contacto/", data, REMOTE_ADDR="192.0.2.7").status_code == 302
    data = fill(client, house, email="mas@cliente.example")
    assert client.post("/contacto/", data, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert client.post("/contacto/", data, REMOTE_ADDR="192.0.2.8").status_code == 302
    assert "192.0.2" not in str(list(WebForm.objects.values()))
    at(NOON + timedelta(minutes=61))
    data = fill(client, house, email="tarde@cliente.example")
    assert client.post("/contacto/", data, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_at_most_three_acknowledgements_reach_an_address(house, client):
    for number in range(5):
        write_in(text=f"Número {number}")
    assert Delivery.objects.count() == 3


def test_what_cannot_be_filed_is_stored_and_filed_later(house, client, monkeypatch):
    def broken(**_):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(form_actions.conversations, "receive", broken)
        response = client.post("/contacto/", fill(client, house))
        page = client.get(response.url).content.decode()
    assert "Está guardado." in page
    form = WebForm.objects.get()
    assert (form.state, form.attempts) == (RawState.STORED.value, 1)
    assert not channels.file_form_one(at=NOON + timedelta(seconds=4))
    assert channels.file_form_one(at=NOON + timedelta(seconds=6))
    assert Conversation.objects.count() == Promise.objects.count() == 1
    assert not channels.file_form_one(at=NOON + timedelta(hours=1))


def test_what_never_can_be_filed_is_shown_in_quarantine(house, monkeypatch):
    def broken(**_):
        raise RuntimeError("boom")

    monkeypatch.setattr(form_actions.conversations, "receive", broken)
    with pytest.raises(Conversation.DoesNotExist):
        write_in()
    for minutes in range(1, 10):
        channels.file_form_one(at=NOON + timedelta(minutes=minutes))
    form = WebForm.objects.get()
    assert (form.state, form.attempts) == (RawState.QUARANTINED.value, 5)
    assert form.data["text"] == "Llegó con una grieta."


def test_files_come_with_it(house, client):
    data = fill(client, house)
    data["files"] = [SimpleUploadedFile("rota.jpg", b"\xff\xd8" * 10, "image/jpeg")]
    client.post("/contacto/", data)
    file = Attachment.objects.get()
    assert (file.name, file.size) == ("rota.jpg", 20)
    conversation = Conversation.objects.get()
    got = client.get(f"{page_of(conversation)}archivos/{file.token}/")
    assert b"".join(got.streaming_content) == b"\xff\xd8" * 10


def test_a_blocked_sender_is_told_nothing_and_promised_nothing(house, client):
    channels.judge_sender(pattern=MARTA, judgement=Judgement.BLOCK, at=NOON, by=house.carla)
    response = client.post("/contacto/", fill(client, house))
    assert "Está guardado." in client.get(response.url).content.decode()
    assert not Promise.objects.exists()
    assert not Delivery.objects.exists()
    assert Conversation.objects.get().is_suspect


def test_a_ticket_that_is_not_ours_leads_back(house, client):
    assert client.get("/contacto/recibido/falso:1abc:xyz/").status_code == 302
