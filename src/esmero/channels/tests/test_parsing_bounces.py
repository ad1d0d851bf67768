"""Delivery failures: RFC 3464 and the prose of mail servers, in the languages of our shops."""

import pytest

from esmero.channels.parsing import parse_mail


def dsn(*groups: str, text: str = "Delivery failed.", original: str = "") -> bytes:
    """A delivery status notification with the given recipient groups."""
    status = "\n\n".join(("Reporting-MTA: dns; mx.example.net", *groups))
    returned = original or "Message-ID: <out-1@tienda.example>\nSubject: Tu pedido\n"
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nTo: ayuda@tienda.example\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\nHola\n--b--\n"
    ).encode()


def plain(sender: str, subject: str, text: str, extra: str = "") -> bytes:
    return (
        f"From: {sender}\nTo: ayuda@tienda.example\nSubject: {subject}\n{extra}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    ).encode()


FAILED = "Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1"
DELAYED = "Final-Recipient: rfc822; ana@example.org\nAction: delayed\nStatus: 4.4.1"


def test_dsn_names_recipient_status_and_original() -> None:
    mail = parse_mail(dsn(FAILED + "\nDiagnostic-Code: smtp; 550 5.1.1 <ana@example.org> unknown"))
    assert mail.is_bounce
    assert not mail.is_auto
    assert mail.bounce is not None
    assert mail.bounce.recipients == ("ana@example.org",)
    assert mail.bounce.status == "5.1.1"
    assert mail.bounce.action == "failed"
    assert mail.bounce.original_message_id == "<out-1@tienda.example>"
    assert not mail.bounce.is_delay
    assert mail.bounce.diagnostic == "smtp; 550 5.1.1 <ana@example.org> unknown"


def test_dsn_delay_is_a_delay() -> None:
    bounce = parse_mail(dsn(DELAYED)).bounce
    assert bounce is not None
    assert (bounce.is_delay, bounce.action, bounce.status) == (True, "delayed", "4.4.1")


def test_dsn_counts_only_recipients_that_failed() -> None:
    good = "Final-Recipient: rfc822; luis@example.org\nAction: relayed\nStatus: 2.0.0"
    bounce = parse_mail(dsn(good, FAILED)).bounce
    assert bounce is not None
    assert (bounce.recipients, bounce.status) == (("ana@example.org",), "5.1.1")


def test_dsn_prefers_the_address_that_was_written_to() -> None:
    group = "Original-Recipient: rfc822;ana@example.org\n" + FAILED.replace("ana@", "caja7@")
    bounce = parse_mail(dsn(group)).bounce
    assert bounce is not None
    assert bounce.recipients == ("ana@example.org",)


def test_dsn_of_a_delivered_mail_is_no_bounce() -> None:
    receipt = "Final-Recipient: rfc822; ana@example.org\nAction: delivered\nStatus: 2.1.5"
    mail = parse_mail(dsn(receipt))
    assert not mail.is_bounce
    assert mail.is_auto


def test_dsn_status_falls_back_to_the_diagnostic_code() -> None:
    group = (
        "Final-Recipient: rfc822;ana@example.org\nAction: failed\n"
        "Diagnostic-Code: smtp; 552-5.2.2 The email account is over quota"
    )
    bounce = parse_mail(dsn(group)).bounce
    assert bounce is not None
    assert bounce.status == "5.2.2"


def test_dsn_headers_only_original() -> None:
    raw = dsn(FAILED).replace(
        b"Content-Type: message/rfc822", b"Content-Type: text/rfc822-headers"
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert bounce.original_message_id == "<out-1@tienda.example>"


PROSE = {
    "exim": (
        plain(
            "Mail Delivery System <Mailer-Daemon@mx.example.net>",
            "Mail delivery failed: returning message to sender",
            "This message was created automatically by mail delivery software.\n\n"
            "A message that you sent could not be delivered to one or more of its\n"
            "recipients. This is a permanent error. The following address(es) failed:\n\n"
            "  ana@example.org\n    host mx.example.org [192.0.2.1]\n"
            "    SMTP error from remote mail server after RCPT TO:<ana@example.org>:\n"
            "    550 5.1.1 <ana@example.org>: user unknown\n",
            "X-Failed-Recipients: ana@example.org\n",
        ),
        ("ana@example.org",),
        "5.1.1",
    ),
    "postfix": (
        plain(
            "MAILER-DAEMON@mx.example.net (Mail Delivery System)",
            "Undelivered Mail Returned to Sender",
            "This is the mail system at host mx.example.net.\n\n"
            "<ana@example.org>: host mx.example.org[192.0.2.1] said: 550 5.2.1 mailbox\n"
            "    disabled (in reply to RCPT TO command)\n",
        ),
        ("ana@example.org",),
        "5.2.1",
    ),
    "qmail": (
        plain(
            "MAILER-DAEMON@mx.example.net",
            "failure notice",
            "Hi. This is the qmail-send program at mx.example.net.\n"
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
            "<ana@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
        ),
        ("ana@example.org",),
        "5.1.1",
    ),
    "exchange es": (
        plain(
            "Microsoft Outlook <postmaster@example.org>",
            "No se puede entregar: Tu pedido",
            "No se pudo entregar el mensaje a estos destinatarios o grupos:\n\n"
            "ana@example.org<mailto:ana@example.org>\n"
            "No se encontró la dirección de correo electrónico.\n\n"
            "Información de diagnóstico para administradores:\n\n"
            "Servidor de generación: mx.example.org\nluis@example.org\n"
            "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n",
        ),
        ("ana@example.org",),
        "5.1.10",
    ),
    "exchange pt": (
        plain(
            "postmaster@example.org",
            "Não é possível entregar: O seu pedido",
            "Falha na entrega para estes destinatários ou grupos:\n\nrita@example.org\n"
            "A caixa de correio está cheia. #5.2.2\n",
        ),
        ("rita@example.org",),
        "5.2.2",
    ),
    "gmail es": (
        plain(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Delivery Status Notification (Failure)",
            "** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a "
            "ana@example.org porque no se ha encontrado la dirección.\n\n"
            "La respuesta fue:\n\n550 5.1.1 The email account does not exist.\n",
        ),
        ("ana@example.org",),
        "5.1.1",
    ),
    "sendmail": (
        plain(
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
            "Returned mail: see transcript for details",
            "The original message was received at Sat, 21 Nov 2026 10:00:00 +0100\n\n"
            "   ----- The following addresses had permanent fatal errors -----\n"
            "<ana@example.org>\n    (reason: 550 5.1.1 User unknown)\n\n"
            "   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n",
        ),
        ("ana@example.org",),
        "5.1.1",
    ),
    "exchange 2003": (
        plain(
            "System Administrator <postmaster@example.org>",
            "Undeliverable: Tu pedido",
            "Your message did not reach some or all of the intended recipients.\n\n"
            "      Subject:\tTu pedido\n\nThe following recipient(s) could not be reached:\n\n"
            "      ana@example.org on 21/11/2026 10:00\n"
            "            The e-mail account does not exist at the organization.\n"
            "            < mx.example.org #5.1.1>\n",
        ),
        ("ana@example.org",),
        "5.1.1",
    ),
    "postfix es": (
        plain(
            "MAILER-DAEMON@mx.example.net",
            "Correo devuelto: no entregado",
            "Este es el sistema de correo de mx.example.net.\n\nNo se pudo entregar su mensaje a:\n"
            "\n<ana@example.org>: el buzón está lleno, 552 5.2.2\n",
        ),
        ("ana@example.org",),
        "5.2.2",
    ),
    "spanish provider": (
        plain(
            "mailer-daemon@mx.example.net",
            "Mensaje devuelto",
            "El siguiente mensaje no ha podido ser entregado a ana@example.org porque el buzón\n"
            "está lleno. 552 5.2.2\n",
        ),
        ("ana@example.org",),
        "5.2.2",
    ),
    "office 365": (
        plain(
            "postmaster@example.com",
            "Undeliverable: Tu pedido",
            "Delivery has failed to these recipients or groups:\n\n"
            "Ana Pérez (ana@example.org)<mailto:ana@example.org>\n"
            "The email address you entered couldn't be found.\n\n"
            "Remote server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\n"
            "Original message headers:\nTo: luis@example.org\n",
        ),
        ("ana@example.org",),
        "5.1.10",
    ),
    "yahoo": (
        plain(
            "MAILER-DAEMON@example.com",
            "Failure Notice",
            "Sorry, we were unable to deliver your message to the following address.\n\n"
            "<ana@example.org>:\n554: 5.7.1 <ana@example.org>: Recipient address rejected\n\n"
            "--- Below this line is a copy of the message.\n\nTo: luis@example.org\n",
        ),
        ("ana@example.org",),
        "5.7.1",
    ),
    "german": (
        plain(
            "Mailer-Daemon@mx.example.net",
            "Unzustellbar: Ihre Bestellung",
            "Die Nachricht konnte nicht zugestellt werden an folgenden Empfänger:\n\n"
            "ana@example.org\n550 5.7.1 rejected\n",
        ),
        ("ana@example.org",),
        "5.7.1",
    ),
}


@pytest.mark.parametrize("name", PROSE)
def test_prose_bounce_is_understood(name: str) -> None:
    raw, recipients, status = PROSE[name]
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert (bounce.recipients, bounce.status) == (recipients, status)


def test_prose_names_the_original_message() -> None:
    raw = plain(
        "Mail Delivery Subsystem <mailer-daemon@example.com>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     ana@example.org\n\n"
        "----- Original message -----\nMessage-ID: <out-7@tienda.example>\nTo: ana@example.org\n",
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert bounce.original_message_id == "<out-7@tienda.example>"


def test_prose_delay_is_a_delay() -> None:
    raw = plain(
        "Mail Delivery System <Mailer-Daemon@mx.example.net>",
        "Warning: message 1abc delayed 24 hours",
        "The following addresses are still being retried:\n\n  ana@example.org\n",
    )
    bounce = parse_mail(raw).bounce
    assert bounce is not None
    assert bounce.is_delay


NOT_BOUNCES = {
    "a customer about a bounce": plain(
        "Ana <ana@example.org>",
        "Su correo me rebota",
        "Hola, les escribí a pedidos@tienda.example y me dice 550 5.1.1. ¿Qué hago?\n",
    ),
    "a customer with a suspicious subject": plain(
        "Ana <ana@example.org>", "Entrega fallida del pedido 12", "No llegó. ¿Cuándo vuelven?\n"
    ),
    "a postmaster who writes": plain(
        "Postmaster <postmaster@example.org>", "Consulta", "Hola, ¿tienen tienda en Lugo?\n"
    ),
    "delivery failed, by a person": plain(
        "Bruno <bruno@example.org>",
        "Delivery failed again",
        "The courier did not come. My neighbour is carla@example.net. When will it arrive?\n",
    ),
}


@pytest.mark.parametrize("name", NOT_BOUNCES)
def test_a_persons_mail_is_no_bounce(name: str) -> None:
    mail = parse_mail(NOT_BOUNCES[name])
    assert (mail.is_bounce, mail.is_auto) == (False, False)


def test_arf_complaint_names_the_recipient_and_our_mail() -> None:
    raw = (
        b"From: staff@example.net\nTo: abuse@tienda.example\nSubject: FW: Tu pedido\n"
        b'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"'
        b"\n\n--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        b"User-Agent: SomeGenerator/1.0\nOriginal-Rcpt-To: <ana@example.org>\n"
        b"--b\nContent-Type: message/rfc822\n\nFrom: ayuda@tienda.example\n"
        b"Message-ID: <out-9@tienda.example>\nTo: ana@example.org\n\nHola\n--b--\n"
    )
    mail = parse_mail(raw)
    assert (mail.is_report, mail.is_bounce, mail.is_auto) == (True, False, False)
    assert mail.report is not None
    assert mail.report.feedback_type == "abuse"
    assert mail.report.recipient == "ana@example.org"
    assert mail.report.original_message_id == "<out-9@tienda.example>"
    assert mail.forwarded is None


def test_hotmail_complaint_is_a_report() -> None:
    raw = (
        b"From: staff@hotmail.example\nTo: abuse@tienda.example\n"
        b"Subject: complaint about message from 192.0.2.1\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        b"From: ayuda@tienda.example\nTo: ana@example.org\nMessage-ID: <out-9@tienda.example>\n\n"
        b"Hola\n--b--\n"
    )
    mail = parse_mail(raw)
    assert mail.is_report
    assert mail.report is not None
    assert mail.report.original_message_id == "<out-9@tienda.example>"
    assert mail.report.recipient == "ana@example.org"
