"""The parser: CPU for a usual mail, and the slowest of hostile ones.

Usual ones are those of `letters`. The hostile ones are large, deep, wide, broken or made to make
expressions run wild; each has to be read like any other, within the time and some memory.
"""

from __future__ import annotations

import base64
import random
import resource
import time
from typing import TYPE_CHECKING

from benchmarks.frame import percentile
from benchmarks.letters import letters

if TYPE_CHECKING:
    from benchmarks.frame import Bench

_HEAD = b"From: Ana <ana@example.net>\r\nTo: soporte@tienda.example\r\nSubject: %s\r\n"
_DATE = (
    b"Date: Mon, 3 Mar 2025 10:14:00 +0100\r\nMessage-ID: <h@example.net>\r\nMIME-Version: 1.0\r\n"
)


def run(bench: Bench) -> None:
    """Measure."""
    from esmero.channels.parsing import parse_mail

    usual = [
        one.data
        for one in letters(
            300 if bench.is_quick else 2000, seed=bench.seed, to="soporte@tienda.example"
        )
    ]
    for data in usual[:50]:
        parse_mail(data)
    cpu, slowest = [], {"usual": 0.0}
    for data in usual:
        begun, began = time.process_time(), time.perf_counter()
        mail = parse_mail(data)
        cpu.append((time.process_time() - begun) * 1000)
        slowest["usual"] = max(slowest["usual"], time.perf_counter() - began)
        if not mail.visible_text or "example.net" not in mail.sender.email:
            raise RuntimeError("a usual mail was not understood")
    bench.figure("cpu_ms_median", percentile(cpu, 0.50), "ms")
    bench.figure("cpu_ms_p95", percentile(cpu, 0.95), "ms")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, data in hostile(bench.seed).items():
        began = time.perf_counter()
        parse_mail(data)
        slowest[name] = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    bench.figure("slowest_s", max(slowest.values()), "s")
    bench.figure("memory_grown_mb", grown / 1024, "MB")
    worst = sorted(slowest.items(), key=lambda item: -item[1])[:4]
    bench.note("slowest, s: " + ", ".join(f"{name} {took:.2f}" for name, took in worst))


def hostile(seed: int) -> dict[str, bytes]:
    """Return mails that no person writes, by name."""
    dice = random.Random(seed)
    noise = dice.randbytes(6_000_000)
    return {
        "a body of 8 MB": _text(b"palabra " * 1_000_000),
        "one line of 2 MB": _text(b"a" * 2_000_000),
        "200,000 quoted lines": _text(b"> cita de antes\r\n" * 200_000),
        "quotes 400 deep": _text(b"\r\n".join(b">" * n + b" hola" for n in range(1, 400)) * 20),
        "50,000 beginnings of quotes": _text(
            b"El lun, 3 mar 2025 a las 10:14, Ana (<ana@example.net>)\r\n" * 50_000
        ),
        "blank space": _text(b" \t" * 500_000 + b"\r\n" * 200_000),
        "angle brackets": _html(b"<" * 300_000),
        "elements 20,000 deep": _html(b"<div>" * 20_000 + b"hola" + b"</div>" * 20_000),
        "100,000 attributes": _html(b"<p " + b'a="b" ' * 100_000 + b">hola</p>"),
        "a page of 5 MB": _html(b"<p>palabra <b>otra</b></p>" * 200_000),
        "entities": _html(b"&amp;" * 300_000 + b"&#x26;" * 100_000),
        "5,000 parts": _parts([b"Content-Type: text/plain\r\n\r\nhola\r\n"] * 5_000),
        "parts 300 deep": _deep(300),
        "a file of 6 MB": _parts(
            [
                b"Content-Type: text/plain\r\n\r\nhola\r\n",
                b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
                b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n"
                + base64.encodebytes(noise),
            ]
        ),
        "a header of 1 MB": _HEAD % (b"x" * 1_000_000) + _DATE + b"\r\nhola\r\n",
        "50,000 headers": _HEAD % b"hola" + b"X-A: b\r\n" * 50_000 + _DATE + b"\r\nhola\r\n",
        "20,000 recipients": _HEAD % b"hola"
        + b"Cc: "
        + b",\r\n ".join(b"a%d@example.org" % n for n in range(20_000))
        + b"\r\n"
        + _DATE
        + b"\r\nhola\r\n",
        "a subject of Re:": _HEAD % (b"Re: " * 50_000) + _DATE + b"\r\nhola\r\n",
        "encoded words": _HEAD % (b"=?utf-8?q?=C3=A1?= " * 20_000) + _DATE + b"\r\nhola\r\n",
        "comments in the sender": b"From: " + b"(" * 50_000 + b"ana@example.net\r\n\r\nhola\r\n",
        "no mail at all": noise[:2_000_000],
        "nothing": b"",
    }


def _text(body: bytes) -> bytes:
    return _HEAD % b"Hola" + _DATE + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body


def _html(body: bytes) -> bytes:
    return (
        _HEAD % b"Hola"
        + _DATE
        + b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>"
        + body
        + b"</body></html>"
    )


def _parts(parts: list[bytes]) -> bytes:
    joined = b"".join(b"--grenze\r\n" + part + b"\r\n" for part in parts)
    return (
        _HEAD % b"Hola"
        + _DATE
        + b'Content-Type: multipart/mixed; boundary="grenze"\r\n\r\n'
        + joined
        + b"--grenze--\r\n"
    )


def _deep(levels: int) -> bytes:
    body = b"Content-Type: text/plain\r\n\r\nhola\r\n"
    for level in range(levels):
        mark = b"b%d" % level
        body = (
            b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n--' + mark
            + b"\r\n" + body + b"\r\n--" + mark + b"--\r\n"
        )  # fmt: skip
    return _HEAD % b"Hola" + _DATE + body
