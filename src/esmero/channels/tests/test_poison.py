"""Mail that breaks its readers: filed or in quarantine, in bounded time, and the next one comes."""

from __future__ import annotations

import random
from time import perf_counter

import pytest

from esmero.channels import actions, queries
from esmero.channels.actions import filing
from esmero.channels.models import RawMail
from esmero.channels.tests.cast import file_all, mail, state, take
from esmero.channels.tests.test_parsing_limits import BOMBS, nested
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.promises.models import Promise
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db
SECONDS = 10.0  # storing 50 MB and all; generous: a loaded machine is no finding
HEAD = b"From: Marta <marta@correo.example>\r\nTo: hola@barro.example\r\nSubject: Hola\r\n"
TEXT = b"\r\nLleg\xc3\xb3 roto.\r\n"
TNEF = b"\x78\x9f\x3e\x22" + bytes(random.Random(7).randbytes(4000))

QUARANTINED = {
    "no From": b"To: hola@barro.example\r\nSubject: x\r\n" + TEXT,
    "an open quote as From": b'From: "\r\nSubject: x\r\n' + TEXT,
    "a From of nothing": b"From: <>\r\nSubject: x\r\n" + TEXT,
    "no bytes": b"",
    "an address without end": b"From: " + b"a" * 60_000 + b"@x.example\r\n" + TEXT,
    "NULs alone": b"\x00" * 100_000,
    "no text but noise": bytes(random.Random(1).randbytes(300_000)),
}
FILED = {
    "an unknown charset": HEAD + b"Content-Type: text/plain; charset=x-no-such\r\n" + TEXT,
    "a charset that is a codec of bytes": HEAD
    + b"Content-Type: text/plain; charset=zip\r\n"
    + TEXT,
    "an unknown charset in the subject": HEAD.replace(b"Hola", b"=?x-nope?B?SG9sYQ==?=") + TEXT,
    "8-bit headers": HEAD.replace(b"Hola", b"Se\xf1or: lleg\xf3 roto") + TEXT,
    "NULs within": HEAD.replace(b"Hola", b"Ho\x00la") + TEXT.replace(b"roto", b"ro\x00to"),
    "a thousand parts deep": nested(1_000),
    "a multipart without its end": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
    + TEXT,
    "a multipart without a boundary": HEAD + b"Content-Type: multipart/mixed\r\n" + TEXT,
    "10,000 headers": BOMBS["10,000 headers"],
    "a line of 50 MB": BOMBS["a line of 50 MB"],
    "a header of 50 MB": BOMBS["a header of 50 MB"],
    "100,000 parts": BOMBS["100,000 parts"],
    "dated 1970": HEAD + b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n" + TEXT,
    "dated 2099": HEAD + b"Date: Thu, 01 Jan 2099 00:00:00 +0000\r\n" + TEXT,
    "dated in year 0": HEAD + b"Date: Mon, 00 Foo 0000 99:99:99 +9999\r\n" + TEXT,
    "winmail.dat": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
    + TEXT
    + b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
    + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    + TNEF
    + b"\r\n--b--\r\n",
    "lone surrogates": HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\r\n",
    "a message-id of megabytes": HEAD + b"Message-ID: <" + b"a" * 2_000_000 + b"@x>\r\n" + TEXT,
    "names of files": HEAD
    + b'Content-Type: application/pdf; name="../../etc/passwd\x00.pdf"\r\n\r\nx\r\n',
}


def the_next(house: House, number: int = 0) -> None:
    """The mail behind it is filed, promised and acknowledged."""
    after = take(mail("¿Y yo?", sender=f"eva{number}@otra.example", message_id=f"<n{number}@x>"))
    file_all()
    assert state(after) == ("filed", "")


@pytest.mark.parametrize("name", QUARANTINED)
def test_mail_that_names_nobody_is_quarantined_with_a_reason(house: House, name: str) -> None:
    raw_id = take(QUARANTINED[name])
    the_next(house)
    assert state(raw_id) == ("quarantined", "no_sender")
    assert Conversation.objects.count() == 1
    raw = queries.raw_mail(raw_id)
    assert raw is not None
    assert queries.raw_bytes(raw) == QUARANTINED[name]


@pytest.mark.parametrize("name", FILED)
def test_mail_that_is_odd_is_filed_in_bounded_time(house: House, name: str) -> None:
    raw_id = take(FILED[name])
    begun = perf_counter()
    the_next(house)
    assert perf_counter() - begun < SECONDS
    assert state(raw_id) == ("filed", "")
    message = Message.objects.order_by("id")[0]
    assert "\x00" not in message.text + message.subject + message.html
    assert message.at == NOON
    assert Promise.objects.filter(subject_ref=f"conversation:{message.conversation_id}").exists()


def test_a_mad_date_does_not_move_the_promise(house: House) -> None:
    for date in ("Thu, 01 Jan 1970 00:00:00 +0000", "Thu, 01 Jan 2099 00:00:00 +0000"):
        take(mail(f"Con fecha {date}", headers=f"Date: {date}\r\n", message_id=f"<{date[5:16]}>"))
    file_all()
    assert {p.made_at for p in Promise.objects.all()} == {NOON}
    assert {c.last_message_at for c in Conversation.objects.all()} == {NOON}


def test_winmail_is_a_file_and_hostile_names_are_only_names(house: House) -> None:
    take(FILED["winmail.dat"])
    take(FILED["names of files"])
    file_all()
    names = sorted(Attachment.objects.values_list("name", flat=True))
    assert names == ["../../etc/passwd.pdf", "winmail.dat"]


IMPOSTORS = {
    "an address as name": (b"victima@banco.example <yo@malo.example>", "yo@malo.example"),
    "a quoted address as name": (b'"victima@banco.example" <yo@malo.example>', "yo@malo.example"),
    "two": (b"victima@banco.example\r\nFrom: yo@malo.example", None),
    "two in one": (b"victima@banco.example, yo@malo.example", None),
}


@pytest.mark.parametrize("name", IMPOSTORS)
def test_a_sender_who_is_not_clear_is_not_verified(house: House, name: str) -> None:
    written, address = IMPOSTORS[name]
    take(b"From: " + written + b"\r\nTo: hola@barro.example\r\nSubject: x\r\n" + TEXT)
    take(mail())
    file_all()
    found = Message.objects.order_by("id")[0]
    assert not found.is_verified
    if address:
        assert found.from_address == address
    assert Message.objects.order_by("id")[1].is_verified


def test_verdicts_count_only_from_our_own_server(house: House) -> None:
    box = queries.mailboxes().get(address="hola@barro.example")
    actions.change_mailbox(
        mailbox_id=box.pk, authserv_ids=["mx.barro.example"], at=NOON, actor="system"
    )
    for number, (server, verdict) in enumerate(
        [("mx.barro.example", "fail"), ("mx.malo.example", "pass"), ("mx.barro.example", "pass")]
    ):
        said = f"Authentication-Results: {server}; dmarc={verdict}\r\n"
        take(mail(f"Hola {number}", headers=said, message_id=f"<a{number}@x.example>"))
    file_all()
    found = Message.objects.order_by("id").values_list("is_verified", "verdict__dmarc")
    assert list(found) == [(False, "fail"), (True, "none"), (True, "pass")]


def test_a_reader_that_breaks_sends_its_mail_to_quarantine_and_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = filing.parse_mail

    def breaks(raw: bytes, **more):
        if b"veneno" in raw:
            raise RecursionError("too deep")
        return whole(raw, **more)

    monkeypatch.setattr(filing, "parse_mail", breaks)
    poison = take(mail("veneno"))
    the_next(house)
    assert state(poison) == ("quarantined", "unreadable")
    monkeypatch.undo()
    actions.retry_quarantined(raw_id=poison, at=NOON, by=house.carla)
    file_all()
    assert state(poison) == ("filed", "")


def test_a_mail_that_kills_its_reader_is_not_read_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, noise = take(mail("mata a su lector")), take(mail("otra"))
    read: list[int] = []

    def kill(kind: str) -> list[int]:
        """As if a reader had been killed since the last look."""
        read.append(poison)
        return [poison] if kind == filing.IN_HAND else []

    monkeypatch.setattr(filing.in_hand, "left_by_the_dead", kill)
    for _ in range(filing.ATTEMPTS_MOST):
        assert actions.count_unfinished(at=NOON) == 1
        assert state(poison)[0] == "stored"
    file_all()
    assert state(poison) == ("quarantined", "too_many_attempts")
    assert RawMail.objects.get(pk=poison).detail == "reader_died"
    assert state(noise)[0] == "filed"
    assert RawMail.objects.get(pk=noise).attempts == 0
    # What died over a mail that was filed after all counts nothing.
    monkeypatch.setattr(filing.in_hand, "left_by_the_dead", lambda kind: [noise])
    actions.count_unfinished(at=NOON)
    assert RawMail.objects.get(pk=noise).attempts == 0
    the_next(house)
