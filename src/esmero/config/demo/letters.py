"""The demo's mails as bytes: what a customer's mail program would send, quotes and files
included.
"""

from __future__ import annotations

import base64
import struct
import zlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_MONTHS = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
_WEEKDAYS = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"]


def picture(name: str, *, width: int = 320, height: int = 240) -> bytes:
    """Return a small PNG, a soft slope of colour that differs by name. Source: RFC 2083."""
    seed = zlib.crc32(name.encode())
    red, green, blue = 120 + seed % 90, 80 + (seed >> 8) % 80, 60 + (seed >> 16) % 70
    # A hundred shades, and rows that are alike made once.
    shades = [bytes((min(255, red + n), min(255, green + n), blue)) for n in range(100)]
    across = [x * 60 // width for x in range(width)]
    by_light = [b"\0" + b"".join([shades[n + light] for n in across]) for light in range(40)]
    rows = b"".join([by_light[y * 40 // height] for y in range(height)])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    packed = chunk(b"IDAT", zlib.compress(bytes(rows), 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + packed + chunk(b"IEND", b"")


def sheet(title: str) -> bytes:
    """Return a one-page PDF with a line of text. Source: ISO 32000-1, 7.5."""
    text = title.encode("latin-1", "replace").replace(b"(", b"[").replace(b")", b"]")
    content = b"BT /F1 16 Tf 60 760 Td (" + text + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def file_of(name: str) -> tuple[bytes, str, str]:
    """Return bytes and type (main, sub) for a file that the content only names."""
    kind = name.rpartition(".")[2].lower()
    if kind in {"jpg", "jpeg", "png", "heic", "webp"}:
        return picture(name), "image", "png"
    if kind == "pdf":
        return sheet(name), "application", "pdf"
    return f"{name}\n".encode(), "application", "octet-stream"


def quote(text: str, *, at: datetime, who: str, address: str) -> str:
    """Return an earlier text as Gmail in Spanish quotes it; `at` in the reader's zone."""
    day = f"{_WEEKDAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year}"
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"\n\nEl {day} a las {at:%H:%M}, {who} (<{address}>) escribió:\n\n{lines}\n"


def letter(
    *,
    name: str,
    address: str,
    to: tuple[str, str],
    subject: str,
    text: str,
    html: str,
    at: datetime,
    message_id: str,
    in_reply_to: str = "",
    references: str = "",
    attachments: tuple[str, ...] = (),
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return a customer's mail."""
    mail = EmailMessage(policy=SMTP)
    local, _, domain = address.rpartition("@")
    mail["From"] = Address(display_name=name, username=local, domain=domain)
    to_local, _, to_domain = to[1].rpartition("@")
    mail["To"] = Address(display_name=to[0], username=to_local, domain=to_domain)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    if in_reply_to:
        mail["In-Reply-To"] = in_reply_to
        mail["References"] = references or in_reply_to
    for header, value in (headers or {}).items():
        mail[header] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for file in attachments:
        data, main, sub = file_of(file)
        shown = file if sub != "png" else file.rpartition(".")[0] + ".png"
        mail.add_attachment(data, maintype=main, subtype=sub, filename=shown)
    return mail.as_bytes()


def returned(*, to: str, original: str, recipient: str, text: str, at: datetime) -> bytes:
    """Return a delivery report for a mail of ours. Source: RFC 3464."""
    border = base64.urlsafe_b64encode(original.encode())[:24].decode()
    return (
        f"From: Mail Delivery System <mailer-daemon@mx.example.net>\r\nTo: {to}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{border.lower()}@mx.example.net>\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; "
        f'report-type=delivery-status; boundary="{border}"\r\n\r\n'
        f"--{border}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--{border}\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
        f"--{border}\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\n"
        f"--{border}--\r\n"
    ).encode()
