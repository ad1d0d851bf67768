"""A customer's page: hers alone, never a note, and writing works without cookies or scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from esmero.channels import actions as channels
from esmero.channels.enums import Source
from esmero.channels.models import Delivery, RawMail, WebForm
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import After, State
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.kernel import files
from esmero.kernel.models import EventRow
from esmero.people import queries as people
from esmero.portal import uploads
from esmero.portal.tests.conftest import MARTA, page_of, write_in
from esmero.promises.enums import Reason
from esmero.promises.enums import State as PromiseState
from esmero.promises.models import Promise
from esmero.shop import actions as shop
from tests.cast import NOON, House, forget


def answer(house: House, conversation: Conversation, text: str, *, after=After.WAIT, minutes=10):
    at = NOON + timedelta(minutes=minutes)
    delivery_id = channels.send_reply(
        reply=conversations.Reply(
            conversation_id=conversation.pk, agent_id=house.ana, text=text, to=[("", MARTA)],
            undo_seconds=0, after=after,
        ),
        at=at,
    )  # fmt: skip
    while handover := channels.claim_delivery(at=at + timedelta(seconds=1), has_default=True):
        channels.note_handed_over(
            delivery_id=handover.delivery_id, at=at, accepted=handover.recipients
        )
    return delivery_id


def test_it_shows_the_promise_first_and_where_its_time_comes_from(house, client):
    conversation = write_in()
    page = client.get(page_of(conversation)).content.decode()
    assert "Te respondemos hoy antes de las 18:30." in page
    assert "Te lo dijimos hoy, 11:40" in page
    assert "Es el plazo que nos hemos puesto para esto" in page
    assert "Si vemos que no llegamos, te avisamos antes de la hora, no después." in page
    assert page.index("Te respondemos hoy") < page.index("Llegó con una grieta.")


def test_after_the_time_it_says_so(house, client, at):
    conversation = write_in()
    at(NOON + timedelta(days=1))
    page = client.get(page_of(conversation)).content.decode()
    assert "Vamos tarde: te prometimos respuesta ayer antes de las 18:30. Perdona." in page
    assert "Te respondemos" not in page


def test_kept_promises_and_answers_stand_in_their_order(house, client, at):
    conversation = write_in()
    answer(house, conversation, "Te mando otra.", after=After.RESOLVE)
    at(NOON + timedelta(hours=1))
    page = client.get(page_of(conversation)).content.decode()
    places = [page.index(words) for words in (
        "Tu consulta está resuelta.", "Llegó con una grieta.", "Te mando otra.", "Ana cumplió",
        "Resuelta",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "cumplida hoy, 11:50" in page
    assert "¿Al final no está resuelto?" in page


def test_a_note_is_never_shown_nor_its_files(house, client):
    conversation = write_in()
    note = conversations.add_note(
        conversation_id=conversation.pk, agent_id=house.ana, text="SECRETO 123", at=NOON
    )
    blob = files.put(b"x", at=NOON)
    hidden = Attachment.objects.create(message_id=note, name="margen.xlsx", blob=blob, size=1)
    page = page_of(conversation)
    assert b"SECRETO" not in client.get(page).content
    assert client.get(f"{page}archivos/{hidden.token}/").status_code == 404


def test_a_reply_that_can_still_be_taken_back_is_not_shown(house, client):
    conversation = write_in()
    channels.send_reply(
        reply=conversations.Reply(
            conversation_id=conversation.pk, agent_id=house.ana, text="PRECIPITADO",
            to=[("", MARTA)], undo_seconds=30,
        ),
        at=NOON,
    )  # fmt: skip
    assert b"PRECIPITADO" not in client.get(page_of(conversation)).content
    message = Message.objects.get(text="PRECIPITADO")
    channels.undo_send(message_id=message.pk, agent_id=house.ana, at=NOON)
    assert b"PRECIPITADO" not in client.get(page_of(conversation)).content


def test_foreign_forged_expired_and_missing_links_look_alike(house, client, at):
    mine, other = write_in(), write_in(email="otro@cliente.example", text="Otra cosa.")
    good = conversation_queries.link_of(mine.token, at=NOON)
    token, day, signature = good.split(".")
    foreign = conversation_queries.link_of(other.token, at=NOON).split(".")[2]
    wrong = [
        f"{token}.{day}.{foreign}",
        f"{token}.zz.{signature}",
        f"{token}.{day}.{'a' * 26}",
        f"{other.token}.{day}.{signature}",
        token,
        "no-hay-tal-cosa",
        f"{token}.{day}",
        "a.b.c",
    ]
    pages = {link: client.get(f"/consulta/{link}/") for link in wrong}
    assert {link: r.status_code for link, r in pages.items()} == dict.fromkeys(wrong, 404)
    bodies = {
        re.sub(rb'"X-CSRFToken": "\w+"', b"", r.content.replace(link.encode(), b""))
        for link, r in pages.items()
    }
    assert len(bodies) == 1
    for link in wrong:
        assert client.post(f"/consulta/{link}/", {"text": "x"}).status_code == 404
        assert client.post(f"/consulta/{link}/resuelto/").status_code == 404
    assert WebForm.objects.count() == 2
    at(NOON + timedelta(days=90))
    assert client.get(f"/consulta/{good}/").status_code == 200
    at(NOON + timedelta(days=91))
    assert client.get(f"/consulta/{good}/").status_code == 404


def test_a_suspected_conversation_has_no_page(house, client):
    conversation = write_in()
    channels.mark_as_spam(conversation_id=conversation.pk, at=NOON, by=house.carla)
    assert client.get(page_of(conversation)).status_code == 404


def test_a_get_changes_nothing(house, client):
    conversation = write_in()
    answer(house, conversation, "Sí.")
    blob = files.put(b"%PDF", at=NOON)
    message = Message.objects.get(text="Sí.")
    file = Attachment.objects.create(
        message=message, name="a.pdf", content_type="application/pdf", blob=blob, size=4
    )
    Message.objects.filter(pk=message.pk).update(has_files=True)

    def everything():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Conversation, Message, Promise, EventRow, WebForm, Delivery)
        ]

    before = everything()
    page = page_of(conversation)
    for url in (page, f"{page}?todo", f"{page}archivos/{file.token}/", "/", "/contacto/"):
        response = client.get(url)
        assert (url, response.status_code) == (url, 200)
        assert response.cookies == {}
        assert client.head(url).status_code == 200
    assert client.get(f"{page}resuelto/").status_code == 405
    assert everything() == before


def test_the_customer_answers_and_it_joins_the_same_conversation(house, at):
    client = Client(HTTP_ACCEPT_LANGUAGE="es", enforce_csrf_checks=True)
    conversation = write_in()
    answer(house, conversation, "¿De qué color?")
    at(NOON + timedelta(hours=1))
    page = page_of(conversation)
    response = client.post(page, {"text": "Azul.", "once": channels.new_once()})
    assert (response.status_code, response.url) == (302, f"{page}?enviado#end")
    added = Message.objects.get(text="Azul.")
    assert (added.conversation_id, added.channel, added.from_address) == (
        conversation.pk, "portal", MARTA,
    )  # fmt: skip
    # It reopens what waited, and a new answer is promised.
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN.value
    assert Promise.objects.filter(state=PromiseState.OPEN.value, kind="answer").count() == 1
    shown = client.get(f"{page}?enviado").content.decode()
    assert "Tu mensaje ha llegado." in shown
    assert "Te respondemos mañana antes de las" in shown


def test_writing_by_the_link_shows_that_the_address_is_hers(house, client):
    conversation = write_in()
    assert not people.sender(MARTA).is_verified
    client.post(page_of(conversation), {"text": "Otra cosa más.", "once": channels.new_once()})
    assert people.sender(MARTA).is_verified


def test_a_resolved_one_opens_again(house, client, at):
    conversation = write_in()
    answer(house, conversation, "Hecho.", after=After.RESOLVE)
    at(NOON + timedelta(hours=2))
    client.post(
        page_of(conversation), {"text": "Sigue sin funcionar.", "once": channels.new_once()}
    )
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN.value
    page = client.get(page_of(conversation)).content.decode()
    assert "Abierta de nuevo" in page


def test_the_same_form_twice_is_one_message(house, client):
    conversation = write_in()
    once = channels.new_once()
    for _ in range(3):
        client.post(page_of(conversation), {"text": "Solo una vez.", "once": once})
    assert Message.objects.filter(text="Solo una vez.").count() == 1


def test_an_empty_form_comes_back_with_what_is_wrong(house, client):
    conversation = write_in()
    response = client.post(page_of(conversation), {"text": "  ", "once": channels.new_once()})
    assert response.status_code == 422
    assert "Escribe algo antes, o añade un archivo." in response.content.decode()
    assert Message.objects.count() == 1


def test_files_go_in_and_out(house, client):
    conversation = write_in()
    png = b"\x89PNG\r\n" + bytes(700_000)
    page = page_of(conversation)
    client.post(
        page,
        {
            "text": "Mira.",
            "once": channels.new_once(),
            "files": [
                SimpleUploadedFile("grieta ñ.png", png, "image/png"),
                SimpleUploadedFile("../x.html", b"<script>alert(1)</script>", "text/html"),
            ],
        },
    )
    picture, html = Attachment.objects.order_by("id")
    body = client.get(page).content.decode()
    assert "grieta ñ.png" in body
    got = client.get(f"{page}archivos/{picture.token}/")
    assert b"".join(got.streaming_content) == png
    assert got["Content-Type"] == "image/png"
    assert got["Content-Disposition"] == "attachment; filename*=utf-8''grieta%20%C3%B1.png"
    assert got["Content-Length"] == str(len(png))
    bad = client.get(f"{page}archivos/{html.token}/")
    assert bad["Content-Type"] == "application/octet-stream"
    assert bad["X-Content-Type-Options"] == "nosniff"
    assert bad["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert bad["Content-Disposition"].startswith("attachment")


def test_a_file_of_another_enquiry_is_not_found(house, client):
    mine, other = write_in(), write_in(email="otro@cliente.example", text="Otra cosa.")
    blob = files.put(b"x", at=NOON)
    message = Message.objects.get(conversation=other)
    file = Attachment.objects.create(message=message, name="f", blob=blob, size=1)
    assert client.get(f"{page_of(other)}archivos/{file.token}/").status_code == 200
    assert client.get(f"{page_of(mine)}archivos/{file.token}/").status_code == 404
    assert client.get(f"{page_of(mine)}archivos/nada/").status_code == 404


def test_a_file_of_a_mail_comes_out_of_its_raw_bytes(house, client):
    data = (
        b"From: Marta <marta@cliente.example>\r\nTo: hola@barro.example\r\nSubject: Foto\r\n"
        b"Message-ID: <f1@cliente.example>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
        b"\r\nMirad la foto, por favor, que la fuente esta rota.\r\n--b\r\n"
        b'Content-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="a.png"\r\n\r\niVBORw0KGgo=\r\n--b--\r\n'
    )
    channels.accept_mail(
        source=Source.SMTP, data=data, received_at=NOON, at=NOON,
        envelope_to=["hola@barro.example"],
    )  # fmt: skip
    while channels.file_one(at=NOON):
        pass
    assert RawMail.objects.get().state == "filed"
    file = Attachment.objects.get()
    page = page_of(Conversation.objects.get())
    assert client.get(f"{page}archivos/{file.token}/").content == b"\x89PNG\r\n\x1a\n"


def test_too_many_and_too_large_files_are_refused(house, client, monkeypatch):
    conversation = write_in()
    monkeypatch.setattr(uploads, "FILE_MOST", 1000)
    one = SimpleUploadedFile("a.bin", bytes(1001))
    response = client.post(
        page_of(conversation), {"text": "x", "once": channels.new_once(), "files": [one]}
    )
    assert response.status_code == 422
    assert "a.bin pasa de 1 kB." in response.content.decode()
    many = [SimpleUploadedFile(f"{n}.bin", b"x") for n in range(11)]
    response = client.post(
        page_of(conversation), {"text": "x", "once": channels.new_once(), "files": many}
    )
    assert response.status_code == 422
    assert "Como mucho, 10 archivos." in response.content.decode()
    monkeypatch.setattr(uploads, "BODY_MOST", 100)
    response = client.post(page_of(conversation), {"text": "x" * 200})
    assert response.status_code == 413
    assert Message.objects.count() == 1


def test_the_customer_says_that_it_is_solved(house, client):
    conversation = write_in()
    response = client.post(f"{page_of(conversation)}resuelto/")
    assert response.status_code == 302
    conversation.refresh_from_db()
    assert conversation.state == State.RESOLVED.value
    promise = Promise.objects.get()
    assert (promise.state, promise.reason) == (
        PromiseState.RELEASED.value, Reason.WITHDRAWN.value,
    )  # fmt: skip
    assert "Dijiste que ya está resuelto" in client.get(page_of(conversation)).content.decode()
    assert client.post(f"{page_of(conversation)}resuelto/").status_code == 302


def test_a_solved_one_does_not_polish_what_was_late(house, client, at):
    conversation = write_in()
    at(NOON + timedelta(days=1))
    client.post(f"{page_of(conversation, at=NOON)}resuelto/")
    assert Promise.objects.get().state == PromiseState.BROKEN.value


def test_hostile_words_are_words(house, client):
    conversation = write_in(text='<script>alert(1)</script> http://x.example/"onclick=x')
    Conversation.objects.filter(pk=conversation.pk).update(subject="<img src=x onerror=alert(1)>")
    page = client.get(page_of(conversation)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="http://x.example/"' in page
    assert 'rel="noopener noreferrer nofollow"' in page


def test_nobody_keeps_it_and_it_names_itself_to_nobody(house, client):
    response = client.get(page_of(write_in()))
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response.content.decode()


def test_a_long_conversation_shows_its_newest_part_first(house, client):
    conversation = write_in()
    for number in range(40):
        Message.objects.create(
            conversation=conversation, direction="in", channel="portal",
            at=NOON + timedelta(minutes=number), text=f"mensaje-{number:02}",
        )  # fmt: skip
    page = client.get(page_of(conversation)).content.decode()
    assert "mensaje-39" in page
    assert "mensaje-10" in page
    assert "mensaje-09" not in page
    assert "Ver 11 mensajes anteriores" in page
    whole = client.get(f"{page_of(conversation)}?todo").content.decode()
    assert "mensaje-00" in whole


@pytest.mark.parametrize(
    ("voice", "first", "label"),
    [("tu", "Te respondemos", "Tú"), ("usted", "Le respondemos", "Usted"), ("vos", "Te r", "Vos")],
)
def test_the_page_speaks_in_the_shops_voice(house, client, voice, first, label):
    shop.change_shop(at=NOON, actor="system", voice=voice)
    forget()
    page = client.get(page_of(write_in())).content.decode()
    assert f"{first}" in page
    assert f"<b>{label}</b>" in page
    assert '<html lang="es"' in page
    assert "Resuelta" not in page


def test_in_english(house, client):
    page = client.get("/en" + page_of(write_in()))
    body = page.content.decode()
    assert '<html lang="en"' in body
    assert "We will answer you today before 18:30." in body
    assert not page.cookies
    assert page["Content-Language"] == "en"


def test_queries_do_not_grow_with_the_messages(house, client, django_assert_max_num_queries):
    conversation = write_in()
    for number in range(25):
        Message.objects.create(
            conversation=conversation, direction="in", channel="portal",
            at=NOON + timedelta(minutes=number), text=f"mensaje-{number:02}",
        )  # fmt: skip
    with django_assert_max_num_queries(10):
        client.get(page_of(conversation))
