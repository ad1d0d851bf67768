"""The bytes of a mail, read back with the standard library's parser and with our own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esmero.channels.parsing import attachment_bytes, parse_mail
from esmero.mails.assembling import File, Parts, assemble, file_name, mailbox, one_line, printable

AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)
ID = "<esm.1.abcdefghij.abcdefghijklmnopqrstuvwxyz@barro.example>"


def parts(**more) -> Parts:
    values = {
        "mail_from": ("Barro Vivo", "hola@barro.example"),
        "to": [("Marta Ruiz", "marta@cliente.example")],
        "subject": "Re: La fuente",
        "message_id": ID,
        "at": AT,
        "text": "Hola",
        "html": "<p>Hola</p>",
    }
    return Parts(**{**values, **more})


def read(data: bytes):
    return message_from_bytes(data, policy=policy.default)


def test_headers_stand_in_order_and_are_exact():
    data = assemble(
        parts(
            cc=[("", "otro@cliente.example")],
            reply_to="hola+r1.x@barro.example",
            in_reply_to="<m1@cliente.example>",
            references=["<m0@cliente.example>", "<m1@cliente.example>"],
            extra=[("X-Esmero-Id", ID)],
        )
    )
    head = data.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ").split("\r\n")
    assert head[:-1] == [
        "From: Barro Vivo <hola@barro.example>",
        "To: Marta Ruiz <marta@cliente.example>",
        "Cc: otro@cliente.example",
        "Subject: Re: La fuente",
        "Date: Thu, 19 Nov 2026 10:40:00 +0000",
        f"Message-ID: {ID}",
        "Reply-To: hola+r1.x@barro.example",
        "In-Reply-To: <m1@cliente.example>",
        "References: <m0@cliente.example> <m1@cliente.example>",
        f"X-Esmero-Id: {ID}",
        "MIME-Version: 1.0",
    ]
    assert head[-1].startswith("Content-Type: multipart/alternative; boundary=")


def test_every_line_ends_with_crlf_and_none_is_too_long():
    long = "palabra " * 400
    data = assemble(
        parts(text=long, html=f"<p>{long}</p>", subject=long, to=[("ñ" * 90, "m@cliente.example")])
    )
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 100


@pytest.mark.parametrize(
    "hostile",
    [
        "Hola\r\nBcc: victim@cliente.example",
        "Hola\nBcc: victim@cliente.example",
        "Hola\rBcc: victim@cliente.example",
        "Hola\u2028Bcc: victim@cliente.example",
        "Hola\x00\x0b\x0cBcc: victim@cliente.example",
    ],
)
def test_a_line_end_never_makes_another_header(hostile):
    data = assemble(
        parts(
            subject=hostile,
            mail_from=(hostile, "hola@barro.example"),
            to=[(hostile, "marta@cliente.example")],
            in_reply_to=hostile,
            references=[hostile],
            extra=[("X-Esmero-Id", hostile)],
            files=[File(hostile, hostile, b"x")],
        )
    )
    mail = read(data)
    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "Hola Bcc: victim@cliente.example"
    assert mail["In-Reply-To"] is None
    assert mail["To"].addresses[0].display_name == "Hola Bcc: victim@cliente.example"
    assert mail["To"].addresses[0].addr_spec == "marta@cliente.example"
    [file] = mail.iter_attachments()
    assert file.get_content_type() == "application/octet-stream"
    assert file.get("Bcc") is None


def test_marks_of_direction_are_taken_out():
    assert one_line("factura\u202efdp.exe\u200f \u2066x") == "factura fdp.exe x"
    assert file_name("factura\u202efdp.exe") == "factura fdp.exe"


def test_an_address_cannot_break_out():
    assert mailbox("", "a@b.example>, <c@d.example") == "undisclosed@invalid"
    assert mailbox("", "a@b.example\r\nBcc: x@y.example") == "undisclosed@invalid"
    assert mailbox("", "ana@españa.example") == "ana@xn--espaa-rta.example"


@pytest.mark.parametrize(
    "name",
    ['Comillas "dobles" \\ y barra', "Pérez, María <x@y.example>", "=?utf-8?q?x?=", "a@b", "日本"],
)
def test_names_come_back_as_they_were(name):
    address = read(assemble(parts(to=[(name, "m@cliente.example")])))["To"].addresses
    assert [(a.display_name, a.addr_spec) for a in address] == [(name, "m@cliente.example")]


@given(st.text(max_size=400))
def test_any_subject_comes_back(subject):
    mail = read(assemble(parts(subject=subject)))
    flat = one_line(subject)[:300].encode("utf-8", "replace").decode()
    # Encoded words that stand beside each other are joined; blanks at their seams may differ.
    assert "".join(str(mail["Subject"]).split()) == "".join(flat.split())


@given(st.text(max_size=600))
def test_any_text_comes_back(text):
    text = text.encode("utf-8", "replace").decode()
    mail = read(assemble(parts(text=text, html=text)))
    body = mail.get_body(("plain",)).get_content()
    assert body.split("\r\n")[:-1] == (text.splitlines() or [""])


def test_a_lone_dot_never_ends_the_mail():
    data = printable(".\nFrom here\n..x")
    assert data == b"=2E\r\nFrom here\r\n..x\r\n"


def test_files_are_enclosed_and_read_by_our_own_parser():
    small, big = b"%PDF-1.4 \x00\xff" * 3, bytes(range(256)) * 900
    data = assemble(
        parts(
            files=[
                File("Factura nº 7 ñandú.pdf", "application/pdf", small),
                File("../../etc/passwd", "text/x-evil\r\nX: y", big),
                File("", "message/rfc822", b"x"),
            ]
        )
    )
    mail = parse_mail(data)
    assert [(a.name, a.content_type) for a in mail.attachments] == [
        ("Factura nº 7 ñandú.pdf", "application/pdf"),
        ("_.._etc_passwd", "application/octet-stream"),
        ("file", "application/octet-stream"),
    ]
    numbers = [a.part_number for a in mail.attachments]
    assert [attachment_bytes(data, n) for n in numbers] == [small, big, b"x"]
    assert mail.text.strip() == "Hola"


@pytest.mark.parametrize("chosen", [policy.default, policy.compat32])
def test_a_file_name_beyond_ascii_reaches_every_reader(chosen):
    name = "Devolución de la jarra grande de ñandú, nº 7 (última).pdf"
    data = assemble(parts(files=[File(name, "application/pdf", b"x")]))
    enclosed = message_from_bytes(data, policy=chosen).get_payload()[1]
    assert enclosed.get_filename() == name
    old = re.search(rb'name="((?:=\?utf-8\?b\?[^?]*\?=\s*)+)"', data)
    assert old is not None
    assert str(make_header(decode_header(old[1].decode()))) == name
    assert max(map(len, data.split(b"\r\n"))) < 200


def test_a_long_file_name_keeps_its_ending():
    assert re.fullmatch(r"a{80}\.pdf", file_name("a" * 300 + ".pdf"))
