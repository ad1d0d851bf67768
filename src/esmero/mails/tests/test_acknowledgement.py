"""What a customer holds a second after writing: the time first, and nothing that was not theirs."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from esmero.channels.models import Delivery, RawMail
from esmero.channels.parsing import parse_mail
from esmero.conversations.models import Conversation
from esmero.mails import automatic, texts
from esmero.mails.tests.cast import AT, HOLA, MARTA, arrive, leave, mail, open_shop
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.promises.models import Promise
from esmero.shop import actions as shop

pytestmark = pytest.mark.django_db


def the_one(sent: list[bytes]):
    assert len(sent) == 1
    return message_from_bytes(sent[0], policy=policy.default)


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def verify(address: str) -> None:
    known = people_queries.sender(address)
    assert known is not None
    people.verify_address(address_id=known.address_id)


def test_headers_and_words_in_spanish():
    open_shop()
    arrive(mail())
    message = the_one(leave())
    number = Conversation.objects.get().pk
    delivery = Delivery.objects.get()
    assert str(message["From"]) == "Barro Vivo <hola@barro.example>"
    assert str(message["To"]) == MARTA
    assert str(message["Subject"]) == f"Hemos recibido tu mensaje (n.º {number})"
    assert message["Date"] == "Thu, 19 Nov 2026 11:40:00 +0100"
    assert message["Message-ID"] == message["X-Esmero-Id"] == delivery.message_header
    assert message["In-Reply-To"] == "<m1@cliente.example>"
    assert message["References"] == "<m1@cliente.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] is None
    assert [name for name in message if name.lower().startswith("list-")] == []
    lines = text_of(message).splitlines()
    assert lines[0] == "Te respondemos hoy antes de las 18:30."
    assert lines[2] == (
        f"Tu mensaje ha llegado bien. Es la consulta n.º {number} y la lee una persona de Barro."
    )
    assert lines[-2:] == ["-- ", "Barro"]


def test_words_in_english_for_who_writes_english():
    open_shop()
    arrive(
        mail(
            "Hello, the bowl arrived with a crack in it. Could you please send me another one? "
            "I need it for the birthday of my mother. Thank you very much.",
            subject="The bowl arrived broken",
        )
    )
    message = the_one(leave())
    number = Conversation.objects.get().pk
    assert str(message["Subject"]) == f"We have received your message (no. {number})"
    assert text_of(message).splitlines()[0] == "We will answer today before 18:30."


@pytest.mark.parametrize(
    ("voice", "first", "last"),
    [
        ("tu", "Te respondemos", "Si quieres añadir algo, responde a este correo."),
        ("usted", "Le respondemos", "Si quiere añadir algo, responda a este correo."),
        ("vos", "Te respondemos", "Si querés agregar algo, respondé este correo."),
    ],
)
def test_the_shop_speaks_in_its_voice(voice, first, last):
    open_shop(voice=voice)
    arrive(mail())
    text = text_of(the_one(leave()))
    assert text.startswith(first)
    assert last in text.splitlines()


def test_nothing_of_an_unknown_sender_is_repeated():
    open_shop()
    arrive(
        mail(
            "Compra en http://malo.example ahora, oferta de relojes para ti, visita la página.",
            subject="OFERTA malo.example",
            sender='"Gana dinero en malo.example" <victima@cliente.example>',
        )
    )
    conversation = Conversation.objects.get()
    Conversation.objects.filter(pk=conversation.pk).update(is_suspect=False)
    sent = b"".join(leave())
    assert b"malo" not in sent
    assert b"OFERTA" not in sent
    assert b"Gana" not in sent


def test_a_verified_customer_is_greeted_by_name():
    open_shop()
    arrive(mail())
    leave()
    verify(MARTA)
    arrive(mail("Otra cosa distinta: ¿abrís el sábado?", message_id="<m2@cliente.example>"))
    message = the_one(leave())
    assert message["To"].addresses[0].display_name == "Marta Ruiz"
    assert text_of(message).splitlines()[2] == "Hola, Marta:"


def test_mail_that_waited_is_apologised_for():
    open_shop()
    arrive(mail(), waited=timedelta(days=2))
    message = the_one(leave())
    number = Conversation.objects.get().pk
    assert str(message["Subject"]) == (f"Perdona la espera: ya tenemos tu mensaje (n.º {number})")
    assert "Nuestro buzón ha estado un tiempo sin conexión" in text_of(message)


def test_the_shop_words_it_anew_without_logic():
    open_shop()
    shop.word_text(
        key="acknowledgement",
        language="es",
        subject="Anotado: {{ number }} {{7*7}}",
        body="# Contestamos {{ promise_time }}\n\n{{7*7}} {{ number.real }} <b>{{ link }}</b>",
        at=AT,
        actor="system",
    )
    automatic.forget()
    arrive(mail())
    message = the_one(leave())
    number = Conversation.objects.get().pk
    assert str(message["Subject"]) == f"Anotado: {number} {{{{7*7}}}}"
    text = text_of(message)
    assert text.startswith("Contestamos hoy antes de las 18:30\n\n{{7*7}} {{ number.real }} <b>")
    html = message.get_body(("html",)).get_content()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_the_promise_is_told_when_it_leaves():
    open_shop()
    arrive(mail())
    assert Promise.objects.get().told_at is None
    leave(at=AT + timedelta(seconds=1))
    promise = Promise.objects.get()
    assert (promise.told_at, promise.told_by) == (AT + timedelta(seconds=1), "mail")


def test_a_time_that_has_passed_is_not_told():
    open_shop()
    arrive(mail())
    text = text_of(the_one(leave(at=AT + timedelta(days=3))))
    assert "Te respondemos" not in text
    assert "{{" not in text


def test_our_own_parser_knows_it_as_automatic_and_nobody_answers_it():
    open_shop()
    arrive(mail())
    [sent] = leave()
    parsed = parse_mail(sent)
    assert parsed.is_auto
    assert parsed.language == "es"
    arrive(sent)
    assert leave() == []
    assert Conversation.objects.count() == 1
    assert RawMail.objects.order_by("-id").first().reason == "own"


def test_it_is_answered_as_written_by_another_shop_only_once():
    """Two shops that acknowledge each other would never end; ours says no at the first."""
    open_shop()
    foreign = mail(more="Auto-Submitted: auto-replied\r\n", sender="Otra <o@tienda.example>")
    arrive(foreign)
    assert leave() == []


def test_every_wording_has_its_words_and_no_unknown_variable():
    for kind in texts.KINDS.values():
        for variant in kind.variants:
            for language in texts.LANGUAGES:
                for voice in texts.VOICES:
                    wording = texts.built_in(kind.name, variant, language, voice)
                    whole = f"{wording.subject}\n{wording.body}"
                    used = set(texts.variables_in(whole))
                    assert used <= kind.variables, (kind.name, variant, language, used)
                    wanted = {
                        "links": {"items"},
                        "code": {"code"},
                        "acknowledgement": {"promise_time", "link", "number"},
                        "late_notice": {"promise_time", "link", "number"},
                        "referral": {"colleague", "owner", "promise_time", "link", "number"},
                        "participant": {"link", "number"},
                    }.get(kind.name, {"first", "items"})
                    assert wanted <= used, (kind.name, variant, language)


def test_a_voice_differs_from_tu_wherever_tu_addresses_somebody():
    """Every Spanish customer text that says tú has a wording for usted and for vos."""
    for kind in texts.KINDS.values():
        for variant in kind.variants if kind.is_for_customers else ():
            folder = texts.HERE / kind.name
            for voice in ("usted", "vos"):
                assert (folder / f"{variant}.es.{voice}.txt").is_file()
            formal = texts.built_in(kind.name, variant, "es", "usted")
            words = set(f"{formal.subject} {formal.body}".lower().replace(".", " ").split())
            assert not words & {
                "te",
                "tu",
                "tus",
                "ti",
                "tienes",
                "perdona",
                "responde",
                "quieres",
            }


def test_mail_goes_to_the_address_only_even_when_a_name_is_hostile():
    open_shop()
    arrive(mail(sender='"Marta\\" <jefe@barro.example>" <marta@cliente.example>'))
    assert Delivery.objects.get().recipients == [MARTA]
    assert HOLA not in Delivery.objects.get().recipients
