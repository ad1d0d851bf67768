"""Whatever the bytes are: no exception, bounded time, storable text."""

import random
import re
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esmero.channels.parsing import ParsedMail, attachment_bytes, parse_mail
from esmero.channels.tests.test_parsing_automatic import AUTOMATIC
from esmero.channels.tests.test_parsing_bounces import FAILED, PROSE, dsn
from esmero.channels.tests.test_parsing_forwards import FORWARDS
from esmero.channels.tests.test_parsing_headers import MIXED
from esmero.channels.tests.test_parsing_visible import HTMLS, TEXTS

HEAD = b"From: a@example.org\nTo: b@example.org\nSubject: x\n"
SECONDS = 3.0  # generous: a loaded machine is no finding


def nested(levels: int) -> bytes:
    lines = [HEAD]
    for level in range(levels):
        lines.append(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level))
    lines.append(b"Content-Type: text/plain\n\nhola\n")
    return b"".join(lines)


def html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + body


BOMBS = {
    "a line of 50 MB": HEAD + b"\n" + b"x" * 50_000_000,
    "a header of 50 MB": HEAD + b"X-A: " + b"y" * 50_000_000 + b"\n\nhola",
    "10,000 headers": HEAD + b"".join(b"X-%d: v\n" % i for i in range(10_000)) + b"\nhola",
    "1,000 levels": nested(1_000),
    "100,000 parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=x\n\n"
    + b"--x\n\nhola\n" * 100_000,
    "NULs": HEAD + b"\n" + b"\x00" * 2_000_000,
    "addresses": b"From: a@b.example\nTo: " + b"a@b.example, " * 100_000 + b"\n\nhola",
    "open brackets": b"From: " + b"<" * 100_000 + b"\n\nhola",
    "open comments": b"From: " + b"(" * 100_000 + b"\n\nhola",
    "quotes": b"From: " + b'"\\' * 50_000 + b"\n\nhola",
    "one long word as sender": b"From: " + b"a" * 200_000 + b"\n\nhola",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nhola",
    "references": HEAD + b"References: " + b"<a@b>\n " * 300_000 + b"\n\nhola",
    "parameters": HEAD + b"Content-Type: text/plain;" + b' a="' * 100_000 + b"\n\nhola",
    "open tags": html(b'<a "' * 300_000),
    "open comments in HTML": html(b"<!-- " * 300_000),
    "styles": html(b"<style>" * 300_000),
    "deep HTML": html(b"<div class=gmail_attr>" * 80_000),
    "quote signs": HEAD + b"\n" + b"> a\n" * 400_000,
    "introductions": HEAD
    + b"\n"
    + b"El 3 mar 2025 a las 10:00 x@example.com escribio:\n" * 20_000,
    "rulers": HEAD + b"\n" + b"------\n" * 150_000,
    "labels": HEAD + b"\n" + b"De: a\n" * 200_000,
    "soft line ends": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 300_000,
    "failed recipients": b"From: mailer-daemon@example.com\nSubject: Undelivered\n\n"
    + b"the following address a@b.example\n" * 60_000,
    "a failure of dashes": b"From: mailer-daemon@example.com\nSubject: Undelivered\n\n"
    + b"-" * 900_000,
    "a failure of blank lines": b"From: mailer-daemon@example.com\nSubject: Undelivered\n"
    + b"\n" * 900_000,
    "a long local part": b"From: mailer-daemon@example.com\nSubject: Undelivered\n\n"
    + b"a" * 1_000_000,
    "uuencode": HEAD + b"\n" + b"begin 644 a\nM\n" * 100_000,
}


def assert_storable(mail: ParsedMail) -> None:
    texts = [
        mail.subject, mail.text, mail.html, mail.visible_text, mail.quoted_text,
        mail.visible_html, mail.sender.name, mail.sender.email, mail.message_id,
        *(file.name for file in mail.attachments), *(file.content_id for file in mail.attachments),
        *(address.name + address.email for address in (*mail.to, *mail.cc, *mail.reply_to)),
        *(value for values in mail.headers.values() for value in values),
        *(mail.bounce.recipients if mail.bounce else ()),
        mail.bounce.diagnostic if mail.bounce else "",
        mail.forwarded.subject + mail.forwarded.sender.name if mail.forwarded else "",
    ]  # fmt: skip
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_cheap(name: str) -> None:
    start = perf_counter()
    mail = parse_mail(BOMBS[name])
    assert perf_counter() - start < SECONDS
    assert "unreadable" not in mail.defects
    assert len(mail.text) <= 1_000_100
    assert_storable(mail)


def test_budget_defects_are_named() -> None:
    assert "too_deep" in parse_mail(BOMBS["1,000 levels"]).defects
    assert "too_many_parts" in parse_mail(BOMBS["100,000 parts"]).defects
    assert "body_cut" in parse_mail(BOMBS["a line of 50 MB"]).defects
    assert "headers_cut" in parse_mail(BOMBS["10,000 headers"]).defects


SAMPLES = [
    MIXED,
    dsn(FAILED),
    *(raw for raw, _, _ in PROSE.values()),
    *AUTOMATIC.values(),
    *FORWARDS.values(),
    *(
        HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + t.encode()
        for t, _ in TEXTS.values()
    ),
    *(html(t.encode()) for t, _ in HTMLS.values()),
]
ODD_CHARSETS = (b"charset=x-nope", b"charset=", b'charset="utf-16"', b"charset=idna",
                b"charset=utf-7", b"charset=zip")  # fmt: skip
ODD_ENCODINGS = (b"base64", b"quoted-printable", b"x-uuencode", b"?", b"7bit")


def damaged(raw: bytes, rng: random.Random) -> bytes:
    kind = rng.randrange(6)
    if kind == 0:
        return raw[: rng.randrange(len(raw) + 1)]
    if kind == 1:
        noisy = bytearray(raw)
        for _ in range(max(1, len(raw) // 100)):
            noisy[rng.randrange(len(noisy))] = rng.randrange(256)
        return bytes(noisy)
    if kind == 2:
        return re.sub(rb"charset=[\w-]+", lambda _: rng.choice(ODD_CHARSETS), raw)
    if kind == 3:
        return re.sub(
            rb"(?i)(content-transfer-encoding: *)[\w-]+",
            lambda m: m[1] + rng.choice(ODD_ENCODINGS),
            raw,
        )
    if kind == 4:
        return b"\n".join(line for line in raw.split(b"\n") if rng.random() > 0.05)
    lines = raw.split(b"\n", 12)
    head = lines[:-1]
    rng.shuffle(head)
    return b"\n".join(head + lines[-1:])


@settings(
    max_examples=300, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(
    index=st.integers(0, len(SAMPLES) - 1), seed=st.integers(0, 2**32), rounds=st.integers(1, 3)
)
def test_damaged_mails_are_read(index: int, seed: int, rounds: int) -> None:
    rng = random.Random(seed)
    raw = SAMPLES[index]
    for _ in range(rounds):
        raw = damaged(raw, rng)
    start = perf_counter()
    mail = parse_mail(raw, trusted_authserv_ids=("mx",))
    assert perf_counter() - start < SECONDS
    assert "unreadable" not in mail.defects
    assert_storable(mail)
    for file in mail.attachments:
        assert len(attachment_bytes(raw, file.part_number)) == file.size


@settings(max_examples=300, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    mail = parse_mail(raw)
    assert "unreadable" not in mail.defects
    assert_storable(mail)


HEADER_VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=60)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(["From", "To", "Subject", "Date", "References", "Content-Type",
                          "Content-Disposition", "Content-Transfer-Encoding", "Return-Path",
                          "Auto-Submitted", "Authentication-Results", "X-Failed-Recipients"]),
    value=HEADER_VALUES,
)  # fmt: skip
def test_any_header_value_is_read(name: str, value: str) -> None:
    mail = parse_mail(f"{name}: {value}\n\nhola\n".encode(), trusted_authserv_ids=("mx",))
    assert "unreadable" not in mail.defects
    assert_storable(mail)
