"""Headers, addresses, charsets, parts and files of well-formed and broken mails."""

from datetime import UTC, datetime

import pytest

from esmero.channels.parsing import Address, attachment_bytes, parse_mail
from esmero.channels.parsing.addresses import parse_addresses
from esmero.channels.parsing.charsets import to_text
from esmero.channels.parsing.headers import decode_words, parse_params


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ana@example.org", [("", "ana@example.org")]),
        ("Ana Pérez <ana@example.org>", [("Ana Pérez", "ana@example.org")]),
        ('"Pérez, Ana" <ana@example.org>', [("Pérez, Ana", "ana@example.org")]),
        ("Pérez, Ana <ana@example.org>", [("Pérez, Ana", "ana@example.org")]),
        ("a@example.org, Pérez, Ana <ana@example.org>, b@example.org",
         [("", "a@example.org"), ("Pérez, Ana", "ana@example.org"), ("", "b@example.org")]),
        ("nadie, Ana <ana@example.org>", [("nadie, Ana", "ana@example.org")]),
        ("root", [("", "root")]),
        ("ana@example.org (Ana Pérez)", [("Ana Pérez", "ana@example.org")]),
        ("=?utf-8?q?P=C3=A9rez=2C_Ana?= <ana@example.org>", [("Pérez, Ana", "ana@example.org")]),
        ("victim@example.com <attacker@example.net>",
         [("victim@example.com", "attacker@example.net")]),
        ("<victim@example.com> <attacker@example.net>",
         [("<victim@example.com>", "attacker@example.net")]),
        ("ana@example.org, luis@example.org; eva@example.org",
         [("", "ana@example.org"), ("", "luis@example.org"), ("", "eva@example.org")]),
        ("Equipo: ana@example.org, luis@example.org;",
         [("", "ana@example.org"), ("", "luis@example.org")]),
        ("undisclosed-recipients:;", []),
        ("mailto:ana@example.org", [("", "ana@example.org")]),
        ("'ana@example.org'", [("", "ana@example.org")]),
        ("Ana <ana@example.org", [("Ana", "ana@example.org")]),
        ("Ana < ana@example.org >", [("Ana", "ana@example.org")]),
        ("<@relay.example,@b.example:ana@example.org>", [("", "ana@example.org")]),
        ('"ana maria"@example.org', [("", '"anamaria"@example.org')]),
        ('"', []),
        ("", []),
        (",,;", []),
    ],
)  # fmt: skip
def test_parse_addresses_reads_what_people_write(
    value: str, expected: list[tuple[str, str]]
) -> None:
    assert [(a.name, a.email) for a in parse_addresses(value)] == expected


def headers(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n\nHola\n").encode()


@pytest.mark.parametrize(
    ("lines", "email", "defects"),
    [
        (["From: Ana <ana@example.org>"], "ana@example.org", ()),
        (["From: ana@example.org <ana@example.org>"], "ana@example.org", ()),
        (["From: victim@example.com <attacker@example.net>"], "attacker@example.net",
         ("name_is_other_address",)),
        (['From: "Banco (victim@example.com)" <attacker@example.net>'], "attacker@example.net",
         ("name_is_other_address",)),
        (["From: ana@example.org", "From: luis@example.net"], "ana@example.org",
         ("several_from_headers",)),
        (["From: ana@example.org, luis@example.net"], "ana@example.org", ("several_senders",)),
        (["Subject: x"], "", ("no_from",)),
        (['From: "'], "", ("from_unparsable",)),
        (["From: Ana"], "Ana", ("from_unparsable",)),
    ],
)  # fmt: skip
def test_sender_defects_are_named(lines: list[str], email: str, defects: tuple[str, ...]) -> None:
    mail = parse_mail(headers(*lines))
    assert (mail.sender.email, mail.sender_defects) == (email, defects)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?Q?D=C3=B3nde_est=C3=A1?=", "Dónde está"),
        ("=?UTF-8?B?wr9Ew7NuZGU/?= está", "¿Dónde? está"),
        ("=?utf-8?q?ca=C3?= =?utf-8?q?=B1a?=", "caña"),
        ("=?iso-8859-1?q?ca=F1a?= =?utf-8?q?_caf=C3=A9?=", "caña café"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?Re: D=C3=B3nde?=", "Re: Dónde"),
        ("=?utf-8?b?SG9sYQ?=", "Hola"),
        ("=?x-nope?q?Hola?=", "Hola"),
        ("=?iso-2022-jp?b?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?broken", "=?broken"),
    ],
)
def test_decode_words_reads_encoded_words(value: str, expected: str) -> None:
    assert decode_words(value) == expected


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        ("año".encode(), "utf-8", "año"),
        ("año".encode("latin-1"), "iso-8859-1", "año"),
        ("año".encode("latin-1"), "utf-8", "año"),
        ("año".encode("latin-1"), "", "año"),
        ("año".encode(), "iso-8859-1", "año"),
        ("año".encode(), "us-ascii", "año"),
        ("año".encode(), "x-unknown-charset", "año"),
        ("“año”".encode("cp1252"), "iso-8859-1", "“año”"),
        ("año".encode("utf-16"), "utf-16", "año"),
        ("a\x00ño".encode(), "utf-8", "año"),
        ("año".encode(), "zip", "año"),
        ("año".encode(), "idna", "año"),
        ("中文".encode("gbk"), "gb2312", "中文"),
        ("\ufeffaño".encode(), "utf-8", "año"),
    ],
)
def test_to_text_survives_wrong_charsets(data: bytes, charset: str, expected: str) -> None:
    assert to_text(data, charset) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="factura 1.pdf"', "factura 1.pdf"),
        ("attachment; filename=factura.pdf", "factura.pdf"),
        ("attachment; filename=factura 1.pdf", "factura 1.pdf"),
        ("attachment; filename*=utf-8''foto%20da%C3%B1o.jpg", "foto daño.jpg"),
        ('attachment; filename*0="foto "; filename*1="roto.jpg"', "foto roto.jpg"),
        ("attachment; filename*0*=utf-8''foto%20; filename*1*=da%C3%B1o.jpg", "foto daño.jpg"),
        ('attachment; filename="=?utf-8?q?da=C3=B1o=2Ejpg?="', "daño.jpg"),
        ('attachment; filename="sin cerrar.jpg', "sin cerrar.jpg"),
        ('attachment;\tfilename = "a;b.txt"', "a;b.txt"),
        ("attachment", ""),
    ],
)
def test_parse_params_reads_file_names(value: str, name: str) -> None:
    assert parse_params(value)[1].get("filename", "") == name


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Date: Sat, 21 Nov 2026 10:00:00 +0100"], datetime(2026, 11, 21, 9, tzinfo=UTC)),
        (["Date: sáb, 21 dic 2026 10:00:00 +0100"], datetime(2026, 12, 21, 9, tzinfo=UTC)),
        (["Date: 2026-11-21 10:00:00"], datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (["Date: Thu, 01 Jan 1970 00:00:00 +0000"], None),
        (["Date: Thu, 01 Jan 2099 00:00:00 +0000"], None),
        (["Date: mañana"], None),
        (["Date: Sat, 99 Nov 2026 10:00:00 +0100"], None),
        (["Received: by mx; Sat, 21 Nov 2026 09:00:00 +0000",
          "Date: Sat, 28 Nov 2026 10:00:00 +0000"], None),
        (["Subject: x"], None),
    ],
)  # fmt: skip
def test_sent_at_is_aware_or_none(lines: list[str], expected: datetime | None) -> None:
    assert parse_mail(headers(*lines)).sent_at == expected


def test_parse_mail_reads_all_address_headers() -> None:
    mail = parse_mail(
        headers(
            "From: =?iso-8859-1?q?Bego=F1a?= <b@example.org>",
            "To: Ayuda <ayuda@tienda.example>, ventas@tienda.example",
            "Cc: c@example.org",
            "Bcc: d@example.org",
            "Reply-To: e@example.org",
            "Delivered-To: ayuda@tienda.example",
            "Subject: =?utf-8?q?D=C3=B3nde?=\n\t=?utf-8?q?_est=C3=A1?=",
            "Message-ID: <1@example.org>",
            "In-Reply-To: <out-1@tienda.example>",
            "References: <a@x> <out-1@tienda.example>",
            "X-Spam-Flag: YES",
        )
    )
    assert mail.sender == Address("Begoña", "b@example.org")
    assert mail.to == (
        Address("Ayuda", "ayuda@tienda.example"),
        Address("", "ventas@tienda.example"),
    )
    assert [a.email for a in (*mail.cc, *mail.bcc, *mail.reply_to, *mail.delivered_to)] == [
        "c@example.org",
        "d@example.org",
        "e@example.org",
        "ayuda@tienda.example",
    ]
    assert mail.subject == "Dónde está"
    assert mail.message_id == "<1@example.org>"
    assert mail.in_reply_to == ("<out-1@tienda.example>",)
    assert mail.references == ("<a@x>", "<out-1@tienda.example>")
    assert mail.header("X-Spam-Flag") == "YES"
    assert mail.header("x-missing") == ""
    assert mail.text == "Hola\n"


MIXED = (
    "From: ana@example.org\nSubject: Foto\nMIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="m"\n\nThis is a multi-part message.\n'
    '--m\nContent-Type: multipart/related; boundary="r"\n\n'
    '--r\nContent-Type: multipart/alternative; boundary="a"\n\n'
    "--a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "Est=C3=A1 roto.\n"
    '--a\nContent-Type: text/html; charset=utf-8\n\n<p>Está <b>roto</b>.<img src="cid:f@x"></p>\n'
    "--a--\n"
    "--r\nContent-Type: image/png\nContent-ID: <f@x>\nContent-Transfer-Encoding: base64\n\n"
    "aW1hZ2Vu\n--r--\n"
    '--m\nContent-Type: application/pdf; name="factura.pdf"\n'
    'Content-Disposition: attachment; filename="factura.pdf"\n'
    "Content-Transfer-Encoding: base64\n\nUERG\n"
    "--m\nContent-Type: application/ms-tnef; name=winmail.dat\n"
    "Content-Transfer-Encoding: base64\n\nVE5FRg==\n"
    "--m--\nepilogue\n"
).encode()


def test_parse_mail_finds_text_html_and_files() -> None:
    mail = parse_mail(MIXED)
    assert mail.text == "Está roto."
    assert mail.html == '<p>Está <b>roto</b>.<img src="cid:f@x"></p>'
    found = [(f.name, f.content_type, f.size, f.content_id, f.is_inline) for f in mail.attachments]
    assert found == [
        ("", "image/png", 6, "f@x", True),
        ("factura.pdf", "application/pdf", 3, "", False),
        ("winmail.dat", "application/ms-tnef", 4, "", False),
    ]


def test_attachment_bytes_follow_the_pointers() -> None:
    mail = parse_mail(MIXED)
    assert [attachment_bytes(MIXED, f.part_number) for f in mail.attachments] == [
        b"imagen",
        b"PDF",
        b"TNEF",
    ]
    with pytest.raises(LookupError):
        attachment_bytes(MIXED, 99)


def test_uuencoded_files_in_the_text_are_files() -> None:
    raw = b"From: a@example.org\n\nAdjunto.\n\nbegin 644 hola.txt\n$:&]L80``\n`\nend\n"
    mail = parse_mail(raw)
    (file,) = mail.attachments
    assert (file.name, file.size) == ("hola.txt", 4)
    assert attachment_bytes(raw, file.part_number) == b"hola"
    assert mail.visible_text == "Adjunto."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("--b\nContent-Type: text/plain\n\nHola\n", "Hola\n"),
        ("--b\n\nHola\n--b--", "Hola"),
        ("--other\nContent-Type: text/plain\n\nHola\n--other--\n", "Hola"),
        ("Hola\n", "Hola\n"),
        ("--b\nContent-Type: text/plain\nHola sin línea en blanco\n--b--\n",
         "Hola sin línea en blanco"),
        ("--b\nContent-Type: text/html\n\n<p>Hola</p>\n--b--\n", "Hola"),
    ],
)  # fmt: skip
def test_broken_multiparts_keep_their_text(body: str, expected: str) -> None:
    raw = f'From: a@example.org\nContent-Type: multipart/mixed; boundary="b"\n\n{body}'.encode()
    assert parse_mail(raw).text == expected


def test_plain_and_html_sent_as_mixed_are_one_text() -> None:
    raw = (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nHola, buenas tardes.\n"
        b"--b\nContent-Type: text/html\n\n<p>Hola, buenas tardes.</p>\n--b--\n"
    )
    assert parse_mail(raw).text == "Hola, buenas tardes."


def test_text_around_an_image_is_joined() -> None:
    raw = (
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nMira:\n"
        "--b\nContent-Type: image/png; name=a.png\nContent-Disposition: inline\n\nx\n"
        "--b\nContent-Type: text/plain\n\n¿Lo ves?\n--b--\n"
    ).encode()
    mail = parse_mail(raw)
    assert mail.text == "Mira:\n¿Lo ves?"
    assert [file.name for file in mail.attachments] == ["a.png"]


def test_flowed_text_is_joined_outside_quotes() -> None:
    raw = (
        b"From: a@example.org\nContent-Type: text/plain; format=flowed\n\n"
        b"Una frase \nlarga.\n\n-- \nAna\n"
    )
    assert parse_mail(raw).text == "Una frase larga.\n\n-- \nAna\n"


def test_rubbish_between_headers_is_skipped() -> None:
    raw = b"From: a@example.org\nbasura sin nada\nSubject: Hola\nTo: b@example.org\n\nTexto\n"
    mail = parse_mail(raw)
    assert (mail.subject, mail.text) == ("Hola", "Texto\n")
    assert "header_rubbish" in mail.defects


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r\n\r\n", b"Hola", b"\x00", b"From ", b":\n"])
def test_almost_nothing_is_a_mail_too(raw: bytes) -> None:
    mail = parse_mail(raw)
    assert mail.sender_defects == ("no_from",)
    assert "unreadable" not in mail.defects
    assert len(mail.identity_hash) == 64


@pytest.mark.parametrize(
    ("charset", "subject"),
    [("windows-1251", "Где мой заказ"), ("iso-8859-1", "Dónde está"), ("utf-8", "Dónde está")],
)
def test_raw_headers_are_read_in_the_charset_of_the_body(charset: str, subject: str) -> None:
    lines = f"From: a@example.org\nSubject: {subject}\nContent-Type: text/plain; charset={charset}"
    assert parse_mail((lines + "\n\nHola\n").encode(charset)).subject == subject


def test_raw_japanese_headers_are_read() -> None:
    raw = "Subject: こんにちは\n\nHola\n".encode("iso-2022-jp")
    assert parse_mail(raw).subject == "こんにちは"


def test_bare_carriage_returns_end_lines() -> None:
    mail = parse_mail(b"From: a@example.org\rSubject: Hola\r\rTexto\rdos\r")
    assert (mail.subject, mail.text) == ("Hola", "Texto\ndos\n")
