"""Automatic replies: all found, none invented."""

import pytest

from esmero.channels.parsing import parse_mail


def mail(subject: str, body: str = "Hola.", headers: str = "") -> bytes:
    return (
        f"From: Ana <ana@example.org>\nTo: ayuda@tienda.example\nSubject: {subject}\n{headers}"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    ).encode()


AUTOMATIC = {
    "rfc 3834": mail("Re: Pedido", headers="Auto-Submitted: auto-replied\n"),
    "rfc 3834, with parameters": mail("x", headers="Auto-Submitted: auto-replied (vacation)\n"),
    "generated": mail("x", headers="Auto-Submitted: auto-generated\n"),
    "x-autoreply": mail("Re: Pedido", headers="X-Autoreply: yes\n"),
    "x-autorespond": mail("Re: Pedido", headers="X-Autorespond: Pedido\n"),
    "precedence": mail("Re: Pedido", headers="Precedence: auto_reply\n"),
    "outlook en": mail("Automatic reply: Tu pedido"),
    "outlook es": mail("Respuesta automática: Tu pedido"),
    "outlook es, no accent": mail("Respuesta automatica: Tu pedido"),
    "outlook pt": mail("Resposta automática: O seu pedido"),
    "outlook fr": mail("Réponse automatique\u00a0: Votre commande"),
    "outlook de": mail("Automatische Antwort: Ihre Bestellung"),
    "outlook it": mail("Risposta automatica: Il tuo ordine"),
    "old exchange": mail("Out of Office AutoReply: Tu pedido"),
    "lotus de": mail("Abwesenheitsnotiz: Ihre Bestellung"),
    "auto": mail("Autoreply: Tu pedido"),
    "in brackets": mail("Tu pedido [Auto-Reply]"),
    "auto, of a reply": mail("Auto: Re: Tu pedido"),
    "absent, of a reply": mail("Fuera de la oficina: Re: Tu pedido"),
    "absent, alone": mail(
        "Fuera de la oficina", "Hola:\n\nEstoy fuera de la oficina hasta el lunes.\nSaludos"
    ),
    "absent pt": mail(
        "Ausência temporária", "Olá,\n\nEstou de férias até 3 de março.\n\nCumprimentos"
    ),
    "vacation en": mail("Out of office", "I am out of the office until Monday."),
    "receipt": (
        "From: Ana <ana@example.org>\nTo: a@tienda.example\nSubject: Leído: Tu pedido\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nLeído\n--b\n"
        "Content-Type: message/disposition-notification\n\nDisposition: "
        "manual-action/MDN-sent-manually; displayed\n--b--\n"
    ).encode(),
    "null sender": mail("Gracias por su mensaje", headers="Return-Path: <>\n"),
}

PEOPLE = {
    "says no": mail("Re: Pedido", headers="Auto-Submitted: no\n"),
    "answers an automatic reply": mail("Re: Respuesta automática: Tu pedido"),
    "is away": mail(
        "Entrega", "Estoy fuera de la oficina hasta el lunes. ¿Pueden venir el martes?"
    ),
    "is away, in the subject": mail(
        "Fuera de la oficina", "¿Pueden entregar el pedido el martes? El lunes no hay nadie."
    ),
    "asks about an automatic answer": mail("Me llega una respuesta automática, ¿por qué?"),
    "suppress alone": mail("Pedido", headers="X-Auto-Response-Suppress: All\n"),
    "holidays": mail("Vacaciones", "¿Abren en agosto?"),
    "is absent": mail("Ausente el lunes para la entrega", "Vengan el martes, por favor."),
    "buys an automatic coffee machine": mail("Cafetera automática: no arranca"),
    "a car": mail("Auto: no arranca la batería"),
    "a negative header": mail("Pedido", headers="X-Autoreply: no\n"),
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_mail_is_found(name: str) -> None:
    parsed = parse_mail(AUTOMATIC[name])
    assert parsed.is_auto
    assert parsed.auto_reason
    assert not parsed.is_bounce


@pytest.mark.parametrize("name", PEOPLE)
def test_a_persons_mail_is_not_automatic(name: str) -> None:
    parsed = parse_mail(PEOPLE[name])
    assert (parsed.is_auto, parsed.auto_reason) == (False, "")


@pytest.mark.parametrize(
    ("header", "is_list", "is_bulk"),
    [
        ("List-Id: <avisos.example.org>\n", True, False),
        ("Precedence: list\n", True, False),
        ("Precedence: bulk\n", False, True),
        ("List-Unsubscribe: <mailto:baja@example.org>\n", False, True),
        ("X-Mailer: Outlook\n", False, False),
    ],
)
def test_lists_and_bulk_are_told_apart(header: str, is_list: bool, is_bulk: bool) -> None:
    parsed = parse_mail(mail("Novedades", headers=header))
    assert (parsed.is_list, parsed.is_bulk, parsed.is_auto) == (is_list, is_bulk, False)
