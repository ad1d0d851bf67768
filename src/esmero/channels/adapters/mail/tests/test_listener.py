"""The listener: what it takes, what it refuses, and that 250 means stored."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.listener import Listener, Listening
from esmero.channels.adapters.mail.protocol import Load
from esmero.channels.adapters.mail.tests.conftest import subjects, until
from esmero.channels.models import RawMail
from esmero.kernel import clock
from tests.servers import a_mail, certificate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    running: list[Listener] = []

    def begin(*, load: Load | None = None, **choices: Any) -> Listener:
        listener = Listener(Listening("127.0.0.1", 0, **choices), load=load)
        listener.start()
        running.append(listener)
        return listener

    yield begin
    for listener in running:
        listener.stop()


def connect(address: str) -> int:
    return actions.connect_mailbox(address=address, at=clock.now())


def client(listener: Listener, kind: type[smtplib.SMTP] = smtplib.SMTP) -> smtplib.SMTP:
    return kind("127.0.0.1", listener.port, timeout=10)


def test_a_mail_is_stored_as_it_came_when_250_is_said(listen):
    pk = connect("soporte@tienda.example")
    connect("ventas@tienda.example")
    data = a_mail("Mi pedido", body="Hola:\n.empieza con un punto\n..y dos\n.\nfin")
    with client(listen()) as smtp:
        refused = smtp.sendmail("ana@example.net", ["soporte+r1.x@tienda.example"], data)
        # No waiting: the answer means that it is committed.
        raw = RawMail.objects.get()
    assert refused == {}
    assert bytes(raw.data) == data
    assert (raw.source, raw.mailbox_id, raw.envelope_from, raw.envelope_to) == (
        "smtp",
        pk,
        "ana@example.net",
        ["soporte+r1.x@tienda.example"],
    )


def test_many_mails_over_one_connection_and_the_null_sender(listen):
    with client(listen()) as smtp:
        for number in range(5):
            smtp.sendmail("", ["soporte@tienda.example"], a_mail(f"n{number}"))
    assert subjects() == [f"n{n}" for n in range(5)]
    assert set(RawMail.objects.values_list("envelope_from", flat=True)) == {""}


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("soporte@tienda.example", True),
        ("SOPORTE+r12.abc@Tienda.Example", True),
        ("olvidada@tienda.example", True),  # a forgotten alias loses no customer
        ("postmaster", True),
        ("alguien@otra.example", False),
        ("soporte@tienda.example.otra.example", False),
    ],
)
def test_recipients_of_the_shop_are_taken_and_others_refused(listen, address, is_taken):
    connect("soporte@tienda.example")
    with client(listen()) as smtp:
        smtp.ehlo()
        smtp.mail("ana@example.net")
        code, said = smtp.rcpt(address)
    assert (code, said) == (
        (250, b"2.1.5 OK") if is_taken else (550, b"5.1.1 No such mailbox here")
    )


def test_a_shop_without_mailboxes_takes_all(listen):
    with client(listen()) as smtp:
        smtp.sendmail("ana@example.net", ["quien.sea@donde.example"], a_mail("hola"))
    assert subjects() == ["hola"]


def test_odd_addresses_of_senders_are_no_reason_to_refuse(listen):
    odd = ["punto..doble@movil.example", "fin.@movil.example", "niña@correo.example"]
    with client(listen()) as smtp:
        smtp.ehlo()
        for sender in odd:
            smtp.send(f"MAIL FROM:<{sender}> SMTPUTF8\r\n".encode())
            assert smtp.getreply()[0] == 250
            smtp.rcpt("soporte@tienda.example")
            smtp.data(a_mail(sender))
    assert list(RawMail.objects.order_by("id").values_list("envelope_from", flat=True)) == odd


def test_lmtp_answers_for_each_recipient(listen):
    connect("soporte@tienda.example")
    with client(listen(is_lmtp=True), smtplib.LMTP) as lmtp:
        lmtp.ehlo_or_helo_if_needed()
        lmtp.mail("ana@example.net")
        codes = [
            lmtp.rcpt(a)[0]
            for a in ("soporte@tienda.example", "otra@otra.example", "ventas@tienda.example")
        ]
        lmtp.putcmd("data")
        assert lmtp.getreply()[0] == 354
        lmtp.send(a_mail("hola") + b".\r\n")
        answers = [lmtp.getreply() for _ in range(2)]
        assert lmtp.noop()[0] == 250  # and no third answer
    assert codes == [250, 550, 250]
    assert answers == [(250, b"2.0.0 Stored")] * 2
    assert RawMail.objects.get().envelope_to == ["soporte@tienda.example", "ventas@tienda.example"]


def test_lmtp_refuses_a_large_mail_for_each_recipient(listen):
    listener = listen(is_lmtp=True, load=Load(largest=50_000))
    with client(listener, smtplib.LMTP) as lmtp:
        lmtp.ehlo_or_helo_if_needed()
        lmtp.mail("ana@example.net")
        for name in ("a", "b"):
            lmtp.rcpt(f"{name}@tienda.example")
        lmtp.putcmd("data")
        lmtp.getreply()
        lmtp.send(a_mail("grande") + b"x" * 60_000 + b"\r\n.\r\n")
        assert [lmtp.getreply() for _ in range(2)] == [(552, b"5.3.4 Too large")] * 2
        lmtp.rset()
        assert lmtp.sendmail("ana@example.net", ["a@tienda.example"], a_mail("cabe")) == {}
    assert subjects() == ["cabe"]


def test_a_line_of_megabytes_and_a_mail_in_small_pieces_arrive_whole(listen):
    large = a_mail("una línea") + b"x" * 3_000_000 + b"\r\n.\x00ni un punto\r\n"
    empty = b"\r\n"
    with client(listen()) as smtp:
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], large)
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], empty)
        smtp.mail("ana@example.net")
        smtp.rcpt("soporte@tienda.example")
        smtp.putcmd("data")
        smtp.getreply()
        for byte in b"Subject: a trozos\r\n\r\n..\r\n.\r\n":
            smtp.send(bytes([byte]))
        assert smtp.getreply() == (250, b"2.0.0 Stored")
        smtp.mail("ana@example.net")
        smtp.rcpt("soporte@tienda.example")
        smtp.putcmd("data")
        smtp.getreply()
        smtp.send(b".\r\n")
        assert smtp.getreply() == (250, b"2.0.0 Stored")
    bodies = [queries.raw_bytes(raw) for raw in RawMail.objects.order_by("id")]
    assert bodies == [large, empty, b"Subject: a trozos\r\n\r\n.\r\n", b""]


def test_a_mail_cannot_be_smuggled_behind_a_bare_line_end(listen):
    inner = b"hola\n.\nMAIL FROM:<mala@example.org>\nRCPT TO:<soporte@tienda.example>\nDATA\n"
    with client(listen()) as smtp:
        smtp.ehlo()
        smtp.mail("ana@example.net")
        smtp.rcpt("soporte@tienda.example")
        smtp.putcmd("data")
        smtp.getreply()
        smtp.sock.sendall(inner + b"\r\n.\r\n")
        assert smtp.getreply()[0] == 250
    raw = RawMail.objects.get()
    assert bytes(raw.data) == inner + b"\r\n"


def test_pipelined_commands_are_answered_in_order(listen):
    listener = listen()
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as sock:
        stream = sock.makefile("rb")
        stream.readline()
        sock.sendall(b"EHLO mx.example\r\n")
        lines = []
        while not lines or lines[-1][3:4] == b"-":
            lines.append(stream.readline())
        assert b"250-PIPELINING\r\n" in lines
        for _ in range(2):
            sock.sendall(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
            assert [stream.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"]
            sock.sendall(b"Subject: x\r\n\r\nhola\r\n.\r\nNOOP\r\n")
            assert [stream.readline()[:3] for _ in range(2)] == [b"250", b"250"]
    assert subjects() == ["x", "x"]


def test_451_while_the_database_is_away_and_250_when_it_is_back(listen, monkeypatch):
    listener = listen()
    with client(listener) as smtp:
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("antes"))
        with database_stopped():
            with pytest.raises(smtplib.SMTPDataError) as refused:
                smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("durante"))
            assert refused.value.smtp_code == 451
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("después"))
    assert subjects() == ["antes", "después"]


class database_stopped:
    """No connection to the test database works, old or new, until this is left."""

    def __enter__(self) -> None:
        self._name = connection.settings_dict["NAME"]
        connection.close()
        self._admin(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS false')
        self._admin(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [self._name],
        )

    def __exit__(self, *_: object) -> None:
        self._admin(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS true')

    def _admin(self, statement: str, parameters: list[str] | None = None) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement, parameters)


def test_a_full_disk_is_said_as_452(listen, monkeypatch):
    def full(**_: object) -> int:
        raise OSError(28, "No space left on device")

    listener = listen()
    with client(listener) as smtp:
        monkeypatch.setattr("esmero.channels.adapters.mail.listener.actions.accept_mail", full)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("hola"))
        assert refused.value.smtp_code == 452
        monkeypatch.undo()
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("hola"))
    assert subjects() == ["hola"]


def test_a_sender_that_hangs_up_within_a_mail_leaves_nothing(listen):
    load = Load()
    listener = listen(load=load)
    smtp = client(listener)
    smtp.ehlo()
    smtp.mail("ana@example.net")
    smtp.rcpt("soporte@tienda.example")
    smtp.putcmd("data")
    smtp.getreply()
    smtp.send(b"Subject: a medias\r\n\r\n" + b"x" * 600_000)
    smtp.close()
    until(lambda: not load.connections)
    assert (RawMail.objects.count(), load.held) == (0, 0)


def test_what_many_mails_hold_together_is_bounded(listen):
    listener = listen(load=Load(held_most=600_000))
    with client(listener) as smtp:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail("a@b.example", ["c@d.example"], a_mail("uno") + b"x" * 900_000)
        assert refused.value.smtp_code == 452
        smtp.sendmail("a@b.example", ["c@d.example"], a_mail("dos") + b"x" * 300_000)
    assert RawMail.objects.count() == 1


def test_starttls_is_offered_with_a_certificate(listen, tmp_path):
    crt, key = certificate(tmp_path, "localhost")
    listener = listen(certificate=str(crt), key=str(key))
    with client(listener) as smtp:
        assert not smtp.has_extn("auth")
        context = ssl.create_default_context(cafile=str(crt))
        smtp._host = "localhost"
        smtp.starttls(context=context)
        smtp.sendmail("ana@example.net", ["soporte@tienda.example"], a_mail("cifrado"))
        assert not smtp.has_extn("auth")
    assert subjects() == ["cifrado"]


def test_stopping_finishes_what_is_being_stored(listen, monkeypatch):
    listener = listen()
    begun, go_on = threading.Event(), threading.Event()
    real = actions.accept_mail

    def slow(**facts: Any) -> int | None:
        begun.set()
        go_on.wait(5)
        return real(**facts)

    monkeypatch.setattr("esmero.channels.adapters.mail.listener.actions.accept_mail", slow)
    answers: list[object] = []

    def send() -> None:
        smtp = client(listener)
        answers.append(smtp.sendmail("a@b.example", ["c@d.example"], a_mail("último")))
        smtp.close()

    sending = threading.Thread(target=send)
    sending.start()
    begun.wait(5)
    stopping = threading.Thread(target=listener.stop)
    stopping.start()
    go_on.set()
    stopping.join(10)
    sending.join(10)
    assert (answers, subjects()) == ([{}], ["último"])
