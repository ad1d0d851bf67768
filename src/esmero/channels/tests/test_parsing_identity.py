"""Identity of a mail, verdicts of our own servers, language."""

import pytest

from esmero.channels.parsing import AuthVerdict, parse_mail
from esmero.channels.parsing.language import detect_language

MAIL = (
    b"From: Ana <ana@example.org>\nTo: ayuda@tienda.example\nSubject: Pedido\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0100\nMessage-ID: <1@example.org>\n"
    b"Content-Type: text/plain; charset=utf-8\n\nHola, \xc2\xbfd\xc3\xb3nde est\xc3\xa1?\n"
)


def identity(raw: bytes) -> str:
    return parse_mail(raw).identity_hash


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"Received: by mx.example.net; Sat, 21 Nov 2026\n" + raw,
        lambda raw: b"Return-Path: <ana@example.org>\nDelivered-To: x@tienda.example\n" + raw,
        lambda raw: b"X-Spam-Flag: NO\nAuthentication-Results: mx; spf=pass\n" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw + b"\n\n",
        lambda raw: raw.replace(b"Subject: Pedido", b"Subject:\n Pedido"),
        lambda raw: raw.replace(
            b"charset=utf-8\n", b"charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
        ).replace("¿dónde está".encode(), b"=C2=BFd=C3=B3nde est=C3=A1"),
    ],
)
def test_identity_is_the_same_over_another_way(change) -> None:  # type: ignore[no-untyped-def]
    assert identity(change(MAIL)) == identity(MAIL)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"Hola", b"Adi\xc3\xb3s"),
        lambda raw: raw.replace(b"Subject: Pedido", b"Subject: Otro"),
        lambda raw: raw.replace(b"Ana <ana@", b"Eva <eva@"),
        lambda raw: raw.replace(b"10:00:00", b"10:00:01"),
        lambda raw: raw.replace(b"<1@", b"<2@"),
    ],
)
def test_identity_differs_for_another_mail(change) -> None:  # type: ignore[no-untyped-def]
    assert identity(change(MAIL)) != identity(MAIL)


def test_identity_sees_attachments() -> None:
    def with_file(data: bytes) -> bytes:
        return (
            b"Message-ID: <1@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHola\n"
            b"--b\nContent-Type: image/png; name=a.png\n\n" + data + b"\n--b--\n"
        )

    assert identity(with_file(b"one")) == identity(with_file(b"one"))
    assert identity(with_file(b"one")) != identity(with_file(b"two"))


OURS = "Authentication-Results: mx.tienda.example; spf=pass smtp.mailfrom=example.org;\n"
OURS += " dkim=pass (good; key) header.d=example.org; dmarc=pass header.from=example.org\n"
FORGED = OURS.replace("mx.tienda.example", "mx.example.net")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (OURS, AuthVerdict("pass", "pass", "pass", "mx.tienda.example")),
        (FORGED, AuthVerdict()),
        ("", AuthVerdict()),
        (FORGED + OURS, AuthVerdict("pass", "pass", "pass", "mx.tienda.example")),
        ("Authentication-Results: mx.tienda.example 1; dmarc=fail\n" + OURS,
         AuthVerdict("none", "none", "fail", "mx.tienda.example")),
        ("Authentication-Results: MX.tienda.example; none\n",
         AuthVerdict("none", "none", "none", "mx.tienda.example")),
        ("Authentication-Results: x (mx.tienda.example); dmarc=pass\n", AuthVerdict()),
        ("Authentication-Results: mx.tienda.example; dkim=fail; dkim=pass\n",
         AuthVerdict("none", "pass", "none", "mx.tienda.example")),
    ],
)  # fmt: skip
def test_auth_is_taken_from_the_topmost_trusted_header(lines: str, expected: AuthVerdict) -> None:
    raw = lines.encode() + MAIL
    assert parse_mail(raw, trusted_authserv_ids=("mx.tienda.example",)).auth == expected


def test_auth_without_trusted_servers_is_none() -> None:
    assert parse_mail(OURS.encode() + MAIL).auth == AuthVerdict()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hola, quisiera saber dónde está mi pedido.", "es"),
        ("No me ha llegado la factura de la compra", "es"),
        ("Gracias", "es"),
        ("Olá, gostaria de saber onde está o meu pedido. Obrigado!", "pt"),
        ("A encomenda ainda não chegou, podem ajudar?", "pt"),
        ("Hello, where is my order? It has not arrived yet.", "en"),
        ("thanks for your help", "en"),
        ("Wo ist meine Bestellung? Ich warte seit drei Wochen darauf.", ""),
        ("ES-12345", ""),
        ("", ""),
    ],
)
def test_detect_language_by_small_words(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_detect_language_takes_the_hint_when_the_text_does_not_tell() -> None:
    assert detect_language("ES-12345", "pt-BR") == "pt"
