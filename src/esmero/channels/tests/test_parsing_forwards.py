"""Who wrote a forwarded mail: the forwards of real mail programs."""

from datetime import UTC, datetime

import pytest

from esmero.channels.parsing import parse_mail


def mail(subject: str, body: str, kind: str = "text/plain") -> bytes:
    return (
        f"From: Bruno <bruno@tienda.example>\nTo: ayuda@tienda.example\nSubject: {subject}\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{body}\n"
    ).encode()


FORWARDS = {
    "gmail es": mail(
        "Fwd: Pedido 12",
        "---------- Forwarded message ---------\nDe: Ana Pérez <ana@example.org>\n"
        "Date: sáb, 21 nov 2026 a las 10:00\nSubject: Pedido 12\nTo: Bruno "
        "<bruno@tienda.example>\n\n\n¿Dónde está?",
    ),
    "gmail en": mail(
        "Fwd: Pedido 12",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Ana Pérez <ana@example.org>\n"
        "Date: Sat, Nov 21, 2026 at 10:00 AM\nSubject: Pedido 12\nTo: <bruno@tienda.example>\n\n¿?",
    ),
    "gmail pt": mail(
        "Fwd: Pedido 12",
        "---------- Mensagem encaminhada ---------\nDe: Ana Pérez <ana@example.org>\n"
        "Data: sáb., 21 de nov. de 2026\nAssunto: Pedido 12\nPara: <bruno@tienda.example>\n\nOlá",
    ),
    "gmail without a subject prefix": mail(
        "Pedido 12",
        "---------- Mensaje reenviado ---------\nDe: Ana Pérez <ana@example.org>\n"
        "Asunto: Pedido 12\n\n¿?",
    ),
    "apple es": mail(
        "Fwd: Pedido 12",
        "Inicio del mensaje reenviado:\n\nDe: Ana Pérez <ana@example.org>\nAsunto: Pedido 12\n"
        "Fecha: 21 de noviembre de 2026, 10:00:00 CET\nPara: bruno@tienda.example\n\n¿?",
    ),
    "apple es, quoted": mail(
        "Fwd: Pedido 12",
        "> Inicio del mensaje reenviado:\n> \n> De: Ana Pérez <ana@example.org>\n"
        "> Asunto: Pedido 12\n> Para: bruno@tienda.example\n> \n> ¿?",
    ),
    "apple pt": mail(
        "Fwd: Pedido 12",
        "Início da mensagem reencaminhada:\n\nDe: Ana Pérez <ana@example.org>\n"
        "Assunto: Pedido 12\nData: 21 de novembro de 2026\nPara: bruno@tienda.example\n\nOlá",
    ),
    "outlook es": mail(
        "RV: Pedido 12",
        "Para vosotros.\n\nDe: Ana Pérez <ana@example.org>\nEnviado el: sábado, 21 de noviembre "
        "de 2026 10:00\nPara: Bruno\nAsunto: Pedido 12\n\n¿?",
    ),
    "outlook es, mailto": mail(
        "RV: Pedido 12",
        "-----Mensaje original-----\nDe: Ana Pérez [mailto:ana@example.org]\nEnviado el: sábado\n"
        "Para: Bruno\nAsunto: Pedido 12\n\n¿?",
    ),
    "outlook web pt": mail(
        "ENC: Pedido 12",
        "________________________________\nDe: Ana Pérez <ana@example.org>\nEnviado: sábado\n"
        "Para: Bruno\nAssunto: Pedido 12\n\nOlá",
    ),
    "outlook, bold": mail(
        "FW: Pedido 12",
        "*From:* Ana Pérez <ana@example.org>\n*Sent:* Saturday\n*To:* Bruno\n"
        "*Subject:* Pedido 12\n\n¿?",
    ),
    "thunderbird es": mail(
        "Fwd: Pedido 12",
        "\n\n-------- Mensaje reenviado --------\nAsunto: \tPedido 12\nFecha: \tSat, 21 Nov 2026 "
        "10:00:00 +0100\nDe: \tAna Pérez <ana@example.org>\nPara: \tbruno@tienda.example\n\n¿?",
    ),
    "yahoo": mail(
        "Fw: Pedido 12",
        "   ----- Mensaje reenviado -----\nDe: Ana Pérez <ana@example.org>\nPara: Bruno\n"
        "Enviado: sábado, 21 de noviembre de 2026\nAsunto: Pedido 12\n\n¿?",
    ),
    "samsung": mail(
        "Fwd: Pedido 12",
        "Enviado desde mi Galaxy\n-------- Mensaje original --------\nDe: Ana Pérez "
        "<ana@example.org>\nFecha: 21/11/26\nPara: bruno@tienda.example\nAsunto: Pedido 12\n\n¿?",
    ),
    "html with the address in the link": mail(
        "RV: Pedido 12",
        '<p>Mirad</p><div><b>De:</b> <a href="mailto:ana@example.org">Ana Pérez</a><br>'
        "<b>Enviado:</b> sábado<br><b>Para:</b> Bruno<br><b>Asunto:</b> Pedido 12</div><p>¿?</p>",
        "text/html",
    ),
    "gmail html": mail(
        "Fwd: Pedido 12",
        '<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        '---------- Forwarded message ---------<br>De: <b class="gmail_sendername" dir="auto">Ana '
        'Pérez</b> <span dir="auto">&lt;<a href="mailto:ana@example.org">ana@example.org</a>&gt;'
        "</span><br>Date: sáb, 21 nov 2026<br>Subject: Pedido 12<br>To:  &lt;b@tienda.example&gt;"
        "<br></div><br>¿?</div></div>",
        "text/html",
    ),
}

NOT_FORWARDED = {
    "a reply": mail(
        "Re: Pedido 12",
        "Sí.\n\nDe: Ana Pérez <ana@example.org>\nEnviado el: sábado\nPara: Bruno\n"
        "Asunto: Pedido 12\n\n¿?",
    ),
    "a reply to a forward": mail(
        "Re: Fwd: Pedido 12",
        "Sí.\n\nEl 21/11/2026 a las 10:00, Bruno escribió:\n> ---------- Forwarded message "
        "---------\n> De: Ana <ana@example.org>\n> Asunto: Pedido 12\n",
    ),
    "a question": mail("Pedido 12", "¿Me lo reenvían a ana@example.org?"),
}


@pytest.mark.parametrize("name", FORWARDS)
def test_forwarded_mail_names_its_original_sender(name: str) -> None:
    forwarded = parse_mail(FORWARDS[name]).forwarded
    assert forwarded is not None
    assert (forwarded.sender.name, forwarded.sender.email) == ("Ana Pérez", "ana@example.org")
    assert forwarded.subject == "Pedido 12"
    assert not forwarded.is_attachment


@pytest.mark.parametrize("name", NOT_FORWARDED)
def test_other_mail_is_not_forwarded(name: str) -> None:
    assert parse_mail(NOT_FORWARDED[name]).forwarded is None


def test_forward_as_attachment_names_its_original_sender() -> None:
    raw = (
        b"From: bruno@tienda.example\nTo: ayuda@tienda.example\nSubject: Fwd: Pedido 12\n"
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nAdjunto.\n"
        b'--b\nContent-Type: message/rfc822; name="Pedido 12.eml"\n\n'
        b"From: =?utf-8?q?Ana_P=C3=A9rez?= <ana@example.org>\nSubject: Pedido 12\n"
        b"Date: Sat, 21 Nov 2026 10:00:00 +0100\n\nHola\n--b--\n"
    )
    parsed = parse_mail(raw)
    assert parsed.forwarded is not None
    assert parsed.forwarded.sender.name == "Ana Pérez"
    assert parsed.forwarded.sender.email == "ana@example.org"
    assert parsed.forwarded.sent_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert parsed.forwarded.is_attachment
    assert [file.name for file in parsed.attachments] == ["Pedido 12.eml"]
    assert parsed.text == "Adjunto."
