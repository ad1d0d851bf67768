"""Puts a mail's bytes together: headers, alternative parts, files. Pure, and quick.

The standard library's generators cost several milliseconds a mail (`email.policy.SMTP` folds each
header with a parser); an acknowledgement may cost two with everything. So the few forms that we
need are written here, and tested by reading them back with two parsers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

CRLF = "\r\n"
# Source: RFC 5322, 2.1.1 (78 characters advised); RFC 2047, 2 (75 for an encoded word).
_LINE = 76
_WORD_BYTES = 42  # 42 bytes are 56 of base 64; with =?utf-8?b?…?= 68 characters
_SUBJECT_MOST = 300
_NAME_MOST = 120

# Controls, line ends of any kind, and marks that turn the direction of what follows.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+"
)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_ADDRESS = re.compile(r"[^\s<>\"(),:;\\\x00-\x1f\x7f]+@[^\s<>\"(),:;\\\x00-\x1f\x7f]+")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_NOT_FILE = re.compile(r"[\\/:*?\"<>|]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file to enclose."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parts:
    """What a mail consists of. `extra` are further headers with values made here, not outside."""

    mail_from: tuple[str, str]
    to: Sequence[tuple[str, str]]
    subject: str
    message_id: str
    at: datetime
    text: str
    html: str
    cc: Sequence[tuple[str, str]] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    extra: Sequence[tuple[str, str]] = ()
    files: Sequence[File] = field(default=())


def assemble(parts: Parts) -> bytes:
    """Return the mail with CRLF line ends; there is no place for a Bcc."""
    headers = [
        ("From", mailbox(*parts.mail_from)),
        ("To", _mailboxes(parts.to)),
        ("Subject", unstructured(parts.subject, first=9)),
        ("Date", format_datetime(parts.at)),
        ("Message-ID", parts.message_id),
    ]
    if parts.cc:
        headers.insert(2, ("Cc", _mailboxes(parts.cc)))
    if parts.reply_to:
        headers.append(("Reply-To", mailbox("", parts.reply_to)))
    if _ID.fullmatch(parts.in_reply_to):
        headers.append(("In-Reply-To", parts.in_reply_to))
    line = [one for one in parts.references if _ID.fullmatch(one)]
    if line:
        headers.append(("References", f"{CRLF} ".join(line)))
    headers += [(name, one_line(value)) for name, value in parts.extra]
    headers.append(("MIME-Version", "1.0"))
    seed = hashlib.sha256(parts.message_id.encode()).hexdigest()[:24]
    body_headers, body = _alternative(parts.text, parts.html, f"=_a{seed}")
    if parts.files:
        outer = f"=_m{seed}"
        pieces = [_part(body_headers, body), *(_file(one) for one in parts.files)]
        body = _joined(pieces, outer)
        body_headers = [("Content-Type", f'multipart/mixed; boundary="{outer}"')]
    return _part([*headers, *body_headers], body)


def _part(headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    head = "".join(f"{name}: {value}{CRLF}" for name, value in headers)
    return head.encode("utf-8") + b"\r\n" + body


def _joined(pieces: Iterable[bytes], boundary: str) -> bytes:
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + piece + b"\r\n" for piece in pieces) + mark + b"--\r\n"


def _alternative(text: str, html: str, boundary: str) -> tuple[list[tuple[str, str]], bytes]:
    pieces = [
        _part(_text_headers(kind), printable(content))
        for kind, content in (("plain", text), ("html", html))
    ]
    kind = f'multipart/alternative; boundary="{boundary}"'
    return [("Content-Type", kind)], _joined(pieces, boundary)


def _text_headers(kind: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", f"text/{kind}; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def printable(text: str) -> bytes:
    """Return text as quoted-printable with CRLF. Source: RFC 2045, 6.7."""
    lines = "\n".join(text.splitlines()) + "\n"
    encoded = binascii.b2a_qp(lines.encode("utf-8", "replace"), istext=True)
    return encoded.replace(b"\n", b"\r\n")


def _file(one: File) -> bytes:
    kind = one.content_type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    name = file_name(one.name)
    headers = [
        ("Content-Type", f"{kind}{_name_for_old_readers(name)}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment;{CRLF} {_file_parameter(name)}"),
    ]
    return _part(headers, base64.encodebytes(one.data).replace(b"\n", b"\r\n"))


def file_name(name: str) -> str:
    """Return a name for a file that is no path and turns nothing around."""
    flat = _NOT_FILE.sub("_", one_line(name)).strip(" .")
    if len(flat) > 100:
        stem, dot, end = flat.rpartition(".")
        flat = f"{stem[:80]}{dot}{end[:12]}" if dot else flat[:100]
    return flat or "file"


def _file_parameter(name: str) -> str:
    """Return the name, beyond ASCII as RFC 2231 has it and in no other way: readers that find both
    forms may take the poorer one.
    """
    return f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name, safe='')}"


def _name_for_old_readers(name: str) -> str:
    """Return the parameter `name` of the type for readers without RFC 2231, as encoded words: not
    foreseen by RFC 2047 (5), understood by all of them.
    """
    return "" if name.isascii() else f';{CRLF} name="{f"{CRLF} ".join(_encoded_words(name))}"'


# -- header values ------------------------------------------------------------


def one_line(text: str) -> str:
    """Return text without line ends, controls and marks of direction: it stays in its header."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def unstructured(text: str, *, first: int = 0) -> str:
    """Return a header's text, as encoded words where ASCII is not enough (RFC 2047).

    `first` is how much of the first line the header's name takes.
    """
    flat = one_line(text)[:_SUBJECT_MOST]
    if flat.isascii() and "=?" not in flat:
        return _folded(flat, first)
    return f"{CRLF} ".join(_encoded_words(flat))


def _folded(text: str, first: int) -> str:
    lines, width = [""], first
    for word in text.split(" "):
        if lines[-1] and width + 1 + len(word) > _LINE:
            lines.append(word)
            width = len(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
            width += 1 + len(word)
    return f"{CRLF} ".join(lines)


def _encoded_words(text: str) -> list[str]:
    words, chunk, size = [], "", 0
    for character in text:
        length = len(character.encode("utf-8", "replace"))
        if size + length > _WORD_BYTES:
            words.append(chunk)
            chunk, size = "", 0
        chunk += character
        size += length
    words.append(chunk)
    return [
        f"=?utf-8?b?{base64.b64encode(w.encode('utf-8', 'replace')).decode()}?=" for w in words
    ]


def mailbox(name: str, address: str) -> str:
    """Return `Name <address>`; without a name the address alone.

    An address that could break out of its header is left out, so that nothing is forged with it:
    the envelope says where the mail goes.
    """
    plain = _address(address)
    shown = one_line(name)[:_NAME_MOST].strip()
    if not shown or shown.lower() == address.lower():
        return plain
    if not shown.isascii() or "=?" in shown:
        return f"{f'{CRLF} '.join(_encoded_words(shown))}{CRLF} <{plain}>"
    if not _ATOMS.fullmatch(shown):
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        shown = f'"{escaped}"'
    return f"{shown} <{plain}>"


def _address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        return "undisclosed@invalid"
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _mailboxes(people: Iterable[tuple[str, str]]) -> str:
    return f",{CRLF} ".join(mailbox(name, address) for name, address in people)
