"""Handing over to a real SMTP server: once, exactly, to each recipient, through its moods."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from esmero.channels import actions
from esmero.channels.adapters.mail import smtp as smtp_module
from esmero.channels.adapters.mail.accounts import Server, tls_context
from esmero.channels.adapters.mail.kept import Connections
from esmero.channels.adapters.mail.sending import Sender
from esmero.channels.adapters.mail.smtp import NotHandedOver, server_of_url
from esmero.channels.adapters.mail.tests.test_listener import database_stopped
from esmero.channels.enums import DeliveryState, Security
from esmero.channels.models import Delivery
from esmero.kernel import clock
from esmero.shop.queries import forget
from tests.servers import SmtpSink, a_mail, certificate

pytestmark = pytest.mark.django_db(transaction=True)
SENT, QUEUED = DeliveryState.SENT.value, DeliveryState.QUEUED.value


@pytest.fixture(autouse=True)
def _shop() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture
def sender(sink: SmtpSink) -> Iterator[Sender]:
    one = Sender(server_of_url(f"smtp://{sink.host}:{sink.port}"))
    yield one
    one.close()


def a_delivery(*recipients: str, data: bytes | None = None, **facts: Any) -> Delivery:
    now = clock.now()
    return Delivery.objects.create(
        recipients=list(recipients) or ["ana@example.net"],
        rendered=data or a_mail("Re: Mi pedido"),
        message_header=f"<{uuid.uuid4().hex}@tienda.example>",
        **{"is_automatic": True, "created_at": now, "not_before": now, **facts},
    )


def send_all(sender: Sender) -> int:
    count = 0
    while sender.step(clock.now()):
        count += 1
    return count


def test_the_exact_bytes_arrive_with_their_envelope(sender, sink):
    data = a_mail("Ñandú", body=".\r\n..\r\n.punto\r\nfin") + b"8 bit: \xc3\xb1\r\n"
    delivery = a_delivery("ana@example.net", "bruno@example.net", data=data)
    assert send_all(sender) == 1
    (taken,) = sink.mails
    assert taken.data == data
    assert taken.mail_from == "esmero@localhost.localdomain"
    assert taken.recipients == ["ana@example.net", "bruno@example.net"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.via, delivery.delivered_to) == (
        SENT,
        "smtp",
        taken.recipients,
    )


def test_a_refused_recipient_is_told_and_the_others_have_it_once(sender, sink):
    sink.refuse = {"mal@example.net": "550 5.1.1 No such user"}
    delivery = a_delivery("ana@example.net", "mal@example.net", "eva@example.net")
    assert send_all(sender) == 1
    assert [t.recipients for t in sink.mails] == [["ana@example.net", "eva@example.net"]]
    delivery.refresh_from_db()
    assert delivery.state == SENT
    assert delivery.refused == {"mal@example.net": "550 5.1.1 No such user"}


def test_a_recipient_who_is_put_off_gets_it_later_and_the_others_once(sender, sink):
    sink.refuse = {"luego@example.net": "450 4.2.0 Greylisted"}
    delivery = a_delivery("ana@example.net", "luego@example.net")
    assert send_all(sender) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.delivered_to) == (QUEUED, ["ana@example.net"])
    sink.refuse = {}
    Delivery.objects.update(not_before=clock.now())
    assert send_all(sender) == 1
    assert [t.recipients for t in sink.mails] == [["ana@example.net"], ["luego@example.net"]]
    delivery.refresh_from_db()
    assert delivery.state == SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("451 4.7.1 Greylisted, try later", QUEUED),
        ("550 5.7.1 Looks like spam", DeliveryState.FAILED.value),
    ],
)
def test_no_to_the_whole_mail_is_final_or_not_by_its_code(sender, sink, answer, state):
    sink.answers = [answer]
    delivery = a_delivery()
    assert send_all(sender) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (state, answer)
    assert sink.mails == []
    assert (delivery.not_before > clock.now()) == (state == QUEUED)


def test_all_recipients_refused_is_final_and_put_off_is_not(sender, sink):
    sink.refuse = {
        "mal@example.net": "550 5.1.1 No such user",
        "luego@example.net": "450 4.2.1 Busy",
    }
    refused, later = a_delivery("mal@example.net"), a_delivery("luego@example.net")
    send_all(sender)
    for delivery in (refused, later):
        delivery.refresh_from_db()
    assert (refused.state, later.state) == (DeliveryState.FAILED.value, QUEUED)


def test_one_connection_carries_many_mails(sender, sink):
    for _ in range(20):
        a_delivery()
    assert send_all(sender) == 20
    assert (len(sink.mails), sink.connections) == (20, 1)


def test_a_connection_that_died_meanwhile_is_replaced_without_loss(sender, sink):
    a_delivery()
    send_all(sender)
    sink.stop()
    sink.start()
    delivery = a_delivery()
    send_all(sender)
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.mails)) == (SENT, 2)


def test_an_unused_connection_is_closed(sender, sink, monkeypatch):
    monkeypatch.setattr(smtp_module, "KEPT_SECONDS", 0.05)
    a_delivery()
    send_all(sender)
    time.sleep(0.1)
    assert sender.step(clock.now()) is False
    a_delivery()
    send_all(sender)
    assert sink.connections == 2


@pytest.mark.parametrize("stage", ["mail", "data"])
def test_hanging_up_before_the_end_of_the_mail_is_tried_again(sender, sink, stage):
    sink.drop = stage
    delivery = a_delivery(data=a_mail(body="x" * 70 + "\n") * 50_000)
    send_all(sender)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeats, sink.mails) == (QUEUED, 0, [])
    assert delivery.error.startswith("connection_lost: ")


def test_hanging_up_after_the_mail_repeats_an_automatic_one_once_with_the_same_bytes(sender, sink):
    sink.drop = "end"
    delivery = a_delivery()
    assert send_all(sender) == 2
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeats) == (DeliveryState.UNCERTAIN.value, 1)
    assert len({t.data for t in sink.mails}) == 1
    assert len(sink.mails) == 2


def test_a_server_that_is_away_is_not_the_mails_fault_and_is_left_alone_a_while(sender, sink):
    sink.stop()
    deliveries = [a_delivery() for _ in range(3)]
    begun = time.monotonic()
    send_all(sender)
    assert time.monotonic() - begun < 3
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert (delivery.state, delivery.error) == (QUEUED, "refused: Connection refused")


def test_a_mailbox_signs_in_and_a_wrong_password_is_not_hammered(sink):
    sink.users = {"soporte": "buena"}
    pk = actions.connect_mailbox(
        address="soporte@tienda.example",
        smtp_host=sink.host,
        smtp_port=sink.port,
        smtp_security=Security.NONE,
        username="soporte",
        password="mala",
        allows_private=True,
        at=clock.now(),
    )
    sender = Sender(None)
    deliveries = [a_delivery(mailbox_id=pk) for _ in range(5)]
    send_all(sender)
    assert sink.logins <= 2  # one attempt: PLAIN, then LOGIN
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert (delivery.state, delivery.error.split(":")[0]) == (QUEUED, "wrong_password")
    actions.change_mailbox(mailbox_id=pk, password="buena", at=clock.now(), actor="test")
    Delivery.objects.update(not_before=clock.now())
    assert send_all(sender) == 5
    assert {t.mail_from for t in sink.mails} == {"soporte@tienda.example"}
    sender.close()


def test_a_private_address_from_a_page_is_never_dialled(sink):
    pk = actions.connect_mailbox(
        address="soporte@tienda.example",
        smtp_host=sink.host,
        smtp_port=sink.port,
        smtp_security=Security.NONE,
        at=clock.now(),
    )
    delivery = a_delivery(mailbox_id=pk)
    sender = Sender(None)
    send_all(sender)
    delivery.refresh_from_db()
    assert delivery.error == "host_refused: 127.0.0.1: private address refused"
    assert sink.connections == 0


def test_without_any_server_mail_goes_to_the_outbox():
    delivery = a_delivery()
    send_all(Sender(None))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.via) == (SENT, "outbox")


def test_what_became_of_a_mail_is_noted_when_the_database_is_back(sender, sink):
    delivery = a_delivery()
    stopped = database_stopped()
    sink.forward = lambda taken: stopped.__enter__()
    timer = threading.Timer(1.0, stopped.__exit__)
    timer.start()
    try:
        sender.step(clock.now())
    finally:
        timer.join()
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.mails)) == (SENT, 1)


def test_a_mail_larger_than_the_server_takes_fails_at_once(sink, monkeypatch):
    connections = Connections()
    server = Server(sink.host, sink.port, Security.NONE, allows_private=True)
    connections.send(server, "a@b.example", ["c@d.example"], a_mail())
    connections._open[server]._smtp.esmtp_features["size"] = "1000"
    with pytest.raises(NotHandedOver) as refused:
        connections.send(server, "a@b.example", ["c@d.example"], a_mail() + b"x" * 1000)
    assert refused.value.permanent
    connections.close()


def test_addresses_with_other_letters_need_a_server_that_can(sink):
    connections = Connections()
    server = Server(sink.host, sink.port, Security.NONE, allows_private=True)
    mail = a_mail()
    connections.send(server, "a@b.example", ["niña@correo.example", "x@compañía.example"], mail)
    assert sink.mails[-1].recipients == ["niña@correo.example", "x@xn--compaa-7va5a.example"]
    del connections._open[server]._smtp.esmtp_features["smtputf8"]
    outcome = connections.send(server, "a@b.example", ["niña@correo.example", "c@d.example"], mail)
    assert outcome.accepted == ["c@d.example"]
    assert outcome.refused["niña@correo.example"].startswith("553 5.6.7 ")
    connections.close()


@pytest.mark.parametrize(("scheme", "at_once"), [("smtps", True), ("smtp+tls", False)])
def test_tls_is_verified_by_the_hosts_name(tmp_path, monkeypatch, scheme, at_once):
    pair = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    tls_context.cache_clear()
    try:
        with SmtpSink(tls=pair, is_tls_at_once=at_once) as sink:
            connections = Connections()
            good = server_of_url(f"{scheme}://localhost:{sink.port}")
            connections.send(good, "a@b.example", ["c@d.example"], a_mail())
            assert len(sink.mails) == 1
            connections.close()
            with pytest.raises(Exception, match=r"^tls_name: ") as refused:
                Connections().send(
                    server_of_url(f"{scheme}://127.0.0.1:{sink.port}"),
                    "a@b.example",
                    ["c@d.example"],
                    a_mail(),
                )
            assert refused.value.code == "tls_name"
            # What is asked for leniently goes whatever the certificate, but goes encrypted.
            if not at_once:
                connections.send(
                    server_of_url(f"smtp://127.0.0.1:{sink.port}"),
                    "a@b.example",
                    ["c@d.example"],
                    a_mail(),
                )
                assert len(sink.mails) == 2
                connections.close()
    finally:
        tls_context.cache_clear()


def test_the_message_id_that_a_provider_gives_is_read_from_its_answer(sink, monkeypatch):
    read = smtp_module.Connection._provider_header

    def of(host: str, said: bytes) -> str:
        class Fake:
            server = Server(host, 587)

        return read(Fake(), said)  # type: ignore[arg-type]

    ses = b"Ok 010001890e5a7b3c-6f1d2c3b-0000-4444-8888-123456789abc-000000"
    assert of("email-smtp.eu-west-1.amazonaws.com", ses) == (
        "<010001890e5a7b3c-6f1d2c3b-0000-4444-8888-123456789abc-000000@eu-west-1.amazonses.com>"
    )
    assert of("email-smtp.us-east-1.amazonaws.com", ses).endswith("@email.amazonses.com>")
    assert of("smtp.office365.com", b"2.0.0 OK <AB1@eurprd01.prod.outlook.com> [Hostname=X]") == (
        "<AB1@eurprd01.prod.outlook.com>"
    )
    assert of("mail.example.com", b"2.0.0 Ok: queued as <x@y>") == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay.example", ("relay.example", 25, Security.STARTTLS, "", "")),
        ("smtps://u%40x:p%2Fw@h.example", ("h.example", 465, Security.TLS, "u@x", "p/w")),
        ("smtp+tls://h.example:2587", ("h.example", 2587, Security.STARTTLS, "", "")),
    ],
)
def test_email_url_is_read(url, expected):
    found = server_of_url(url)
    assert (found.host, found.port, found.security, found.username, found.password) == expected
    assert "p/w" not in repr(found)


@pytest.mark.parametrize("url", ["http://x", "smtp://", "relay.example:25", "smtp://h:notaport"])
def test_a_wrong_email_url_names_the_variable(url):
    with pytest.raises(ValueError, match=r"^EMAIL_URL: "):
        server_of_url(url)


def test_not_before_is_respected(sender, sink):
    a_delivery(not_before=clock.now() + timedelta(minutes=1))
    assert send_all(sender) == 0
