"""An agent's reply as the customer gets it."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from esmero.channels import actions as channels
from esmero.channels.models import Delivery
from esmero.channels.parsing import parse_mail
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.conversations.models import Attachment, Conversation
from esmero.kernel import files
from esmero.mails import replies
from esmero.mails.tests.cast import AT, MARTA, arrive, leave, mail, open_shop
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from tests.cast import House

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


def reply(house: House, text: str = "Queda una: sale el lunes.", **more) -> bytes:
    conversation = Conversation.objects.order_by("id").first()
    assert conversation is not None
    values = {
        "conversation_id": conversation.pk,
        "agent_id": house.ana,
        "text": text,
        "to": [("Marta Ruiz", MARTA)],
        "after": After.WAIT,
        "undo_seconds": 0,
    }
    channels.send_reply(reply=conversations.Reply(**{**values, **more}), at=LATER)
    sent = leave(at=LATER + timedelta(seconds=1))
    return sent[-1]


def read(data: bytes):
    return message_from_bytes(data, policy=policy.default)


def text_of(data: bytes) -> str:
    return read(data).get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_headers_thread_it_and_no_bcc_shows():
    house = open_shop()
    arrive(mail(more="References: <m0@cliente.example>\r\n"))
    leave()
    data = reply(house, cc=[("Luis", "luis@cliente.example")], bcc=[("", "jefa@barro.example")])
    message = read(data)
    delivery = Delivery.objects.get(message__isnull=False)
    assert str(message["Subject"]) == "Re: La fuente llegó con una grieta"
    assert message["In-Reply-To"] == "<m1@cliente.example>"
    assert message["References"] == "<m0@cliente.example> <m1@cliente.example>"
    assert message["Message-ID"] == message["X-Esmero-Id"] == delivery.message_header
    assert str(message["Cc"]) == "Luis <luis@cliente.example>"
    assert message["Auto-Submitted"] is None
    assert message["X-Auto-Response-Suppress"] is None
    assert b"jefa@barro.example" not in data
    assert sorted(delivery.delivered_to) == sorted(
        [MARTA, "luis@cliente.example", "jefa@barro.example"]
    )


def test_the_text_has_signature_link_and_the_answered_part():
    house = open_shop()
    people.change_own_preferences(
        agent_id=house.ana, name="Ana", language="es", signature="Ana, desde el taller",
        theme="", has_shortcuts=True,
    )  # fmt: skip
    arrive(mail("Hola:\n\n¿Me mandáis otra?"))
    leave()
    lines = text_of(reply(house)).splitlines()
    assert lines[0] == "Queda una: sale el lunes."
    assert lines[2:4] == ["-- ", "Ana, desde el taller"]
    assert lines[5] == "Ver la conversación entera:"
    assert lines[6].startswith("http://localhost:8000/consulta/")
    assert lines[8] == (
        "El jueves, 19 de noviembre de 2026 a las 11:40, "
        "Marta Ruiz <marta@cliente.example> escribió:"
    )
    assert lines[9:] == ["> Hola:", ">", "> ¿Me mandáis otra?"]


def test_an_answer_to_it_is_cut_where_our_quote_begins():
    """What customers send back under our mail is ours again: our parser must find its end."""
    house = open_shop()
    arrive(mail())
    leave()
    sent = parse_mail(reply(house))
    assert not sent.is_auto
    assert sent.visible_text.startswith("Queda una: sale el lunes.")
    assert "¿Me mandáis otra?" in sent.quoted_text
    assert "¿Me mandáis otra?" not in sent.visible_text
    assert "¿Me mandáis otra?" not in sent.visible_html


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("La fuente", "Re: La fuente"),
        ("Re: La fuente", "Re: La fuente"),
        ("RE: Re[2]: RV: La fuente", "Re: La fuente"),
        ("Respuesta: La fuente", "Re: Respuesta: La fuente"),
        ("Regalo", "Re: Regalo"),
        ("", "Re: Barro"),
    ],
)
def test_re_stands_once(subject, shown):
    open_shop()
    assert replies.subject_of(subject, the_shop()) == shown


def test_hostile_text_is_text():
    house = open_shop()
    arrive(mail("<script>alert(1)</script> {{7*7}}", subject="<b>x</b>"))
    leave()
    html = read(reply(house, "<img src=x onerror=alert(1)> {{7*7}}")).get_body(("html",))
    content = html.get_content()
    assert "<script>alert" not in content
    assert "<img" not in content
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}}" in content


def test_an_answer_in_english_to_who_wrote_english():
    house = open_shop()
    arrive(
        mail(
            "Hello, the bowl arrived with a crack in it. Could you please send me another one? "
            "I need it for the birthday of my mother. Thank you very much.",
            subject="The bowl",
        )
    )
    leave()
    text = text_of(reply(house, "We will."))
    assert "See the whole conversation:" in text
    assert "On Thursday, November 19, 2026 at " in text
    assert "Marta Ruiz <marta@cliente.example> wrote:" in text


def test_what_the_reply_promises_is_said_in_words():
    house = open_shop()
    arrive(mail())
    leave()
    due = AT + timedelta(hours=23)
    text = text_of(reply(house, promise=(Kind.SOLVE, due)))
    assert "Estará resuelto mañana antes de las 10:40." in text.splitlines()


def attach(house: House, *sizes: int) -> None:
    conversation = Conversation.objects.get()
    for number, size in enumerate(sizes):
        blob = files.put(bytes([number]) * size, at=AT)
        conversations.add_draft_file(
            conversation_id=conversation.pk, agent_id=house.ana, mode="reply",
            name=f"foto{number}.jpg", content_type="image/jpeg", blob=blob, at=AT,
        )  # fmt: skip


def test_files_are_enclosed_up_to_their_limits_and_linked_beyond():
    house = open_shop()
    arrive(mail())
    leave()
    attach(house, 1000, 5_000_001, 4_900_000, 4_900_000, 4_900_000, 4_900_000)
    data = reply(house)
    message = read(data)
    enclosed = [(a.get_filename(), len(a.get_content())) for a in message.iter_attachments()]
    assert enclosed == [
        ("foto0.jpg", 1000),
        ("foto2.jpg", 4_900_000),
        ("foto3.jpg", 4_900_000),
        ("foto4.jpg", 4_900_000),
    ]
    lines = text_of(data).splitlines()
    at = lines.index("Archivos para descargar:")
    assert lines[at + 1] == "- foto1.jpg (5,0 MB)"
    assert lines[at + 3] == "- foto5.jpg (4,9 MB)"
    token = Attachment.objects.get(name="foto1.jpg").token
    assert lines[at + 2].startswith("  http://localhost:8000/consulta/")
    assert lines[at + 2].endswith(f"/archivos/{token}/")


def test_a_note_never_leaves():
    house = open_shop()
    arrive(mail())
    leave()
    conversation = Conversation.objects.get()
    conversations.add_note(
        conversation_id=conversation.pk, agent_id=house.ana, text="SECRETO: cuesta 3 €", at=AT
    )
    people.hire_agent(email="eva@barro.example", name="Eva", role=Role.AGENT, password=None, at=AT)
    assert b"SECRETO" not in reply(house)
