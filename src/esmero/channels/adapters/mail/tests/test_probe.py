"""The test of a mailbox on real servers: what each step says, and what is learned and kept."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes

import pytest

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.accounts import Server
from esmero.channels.adapters.mail.probe import Probe, Report
from esmero.channels.adapters.mail.providers import suggestions
from esmero.channels.adapters.mail.servers import Servers
from esmero.channels.adapters.mail.tests.conftest import Box, a_box
from esmero.channels.enums import Auth, Security
from esmero.channels.rules.addressing import claim_of_address
from esmero.kernel import clock
from tests.servers import SmtpSink, Taken, free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


class Provider:
    """Delivers what its SMTP server takes into the mailbox, in its own manner."""

    def __init__(self, box: Box, sink: SmtpSink) -> None:
        self.box = box
        self.has_plus = True
        self.rewrites = False
        self.folder = "INBOX"
        sink.forward = self.deliver

    def deliver(self, taken: Taken) -> None:
        is_tagged = any(claim_of_address(a) is not None for a in taken.recipients)
        if is_tagged and not self.has_plus:
            return
        data = (
            b"Authentication-Results: mx.proveedor.example; spf=pass; dmarc=pass\r\n" + taken.data
        )
        if self.rewrites:
            mail = message_from_bytes(data)
            mail.replace_header("Message-ID", "<otro@proveedor.example>")
            data = mail.as_bytes()
        self.box.server.deliver(self.box.user, data, self.folder)


def servers_of(box: Box, sink: SmtpSink, password: str = "secreto") -> tuple[Server, Server]:  # noqa: S107
    common = {"username": box.user, "password": password, "allows_private": True}
    return (
        Server(box.server.host, box.server.port, Security.NONE, **common),  # type: ignore[arg-type]
        Server(sink.host, sink.port, Security.NONE, **common),  # type: ignore[arg-type]
    )


def steps_of(report: Report) -> dict[str, str]:
    """Return ok, skipped or the code of each step."""
    return {
        s.name: "ok" if s.is_ok else "skipped" if s.is_skipped else s.code for s in report.steps
    }


def inbox_size(box: Box) -> int:
    with box.server.session(box.user) as session:
        return int(session.select("INBOX")[1][0])


def test_a_good_mailbox_passes_every_step_and_its_mails_are_removed(box, sink):
    Provider(box, sink)
    box.deliver("de un cliente")
    sink.users = {box.user: "secreto"}
    report = Probe(f"{box.user}@tienda.example", *servers_of(box, sink)).run(at=clock.now())
    assert steps_of(report) == {
        "imap_connect": "ok",
        "imap_login": "ok",
        "inbox": "ok",
        "sent_folder": "ok",
        "idle": "ok",
        "smtp_connect": "ok",
        "smtp_login": "ok",
        "send": "ok",
        "receive": "ok",
        "plus_address": "ok",
    }
    assert report.is_ok
    assert (report.has_plus_addresses, report.rewrites_message_id) == (True, False)
    assert report.authserv_ids == ("mx.proveedor.example",)
    assert inbox_size(box) == 1
    # Whoever fetched them in between leaves them alone.
    headers = [message_from_bytes(t.data)["Message-ID"] for t in sink.mails]
    assert [queries.is_ours(h) for h in headers] == [True, True]


def test_a_provider_without_tags_that_rewrites_ids_and_suspects_is_seen_through(box, sink):
    provider = Provider(box, sink)
    provider.has_plus, provider.rewrites, provider.folder = False, True, "Junk"
    probe = Probe(f"{box.user}@tienda.example", *servers_of(box, sink), within=2.0)
    report = probe.run(at=clock.now())
    assert (report.has_plus_addresses, report.rewrites_message_id) == (False, True)
    assert steps_of(report)["plus_address"] == "no_plus"
    assert [s.said for s in report.steps if s.name == "receive"] == ["Junk"]
    assert report.is_ok


def test_a_mail_that_does_not_come_back_is_said(box, sink):
    probe = Probe(f"{box.user}@tienda.example", *servers_of(box, sink), within=0.5)
    report = probe.run(at=clock.now())
    assert steps_of(report)["receive"] == "not_seen"
    assert not report.is_ok
    assert report.has_plus_addresses is None


def test_wrong_passwords_are_told_in_the_servers_words(box, sink):
    sink.users = {box.user: "secreto"}
    report = Probe("x@tienda.example", *servers_of(box, sink, password="mala")).run(at=clock.now())
    found = steps_of(report)
    assert (found["imap_connect"], found["imap_login"]) == ("ok", "wrong_password")
    assert (found["smtp_connect"], found["smtp_login"]) == ("ok", "wrong_password")
    assert found["send"] == found["receive"] == "skipped"
    said = {s.name: s.said for s in report.steps}
    assert said["imap_login"] == "[AUTHENTICATIONFAILED] Authentication failed."
    assert said["smtp_login"] == "535 5.7.8 Authentication credentials invalid"


@pytest.mark.parametrize(
    ("imap", "code"),
    [
        (Server("127.0.0.1", free_port(), Security.NONE, allows_private=True), "refused"),
        (Server("127.0.0.1", 993, allows_private=False), "host_refused"),
        (Server("169.254.169.254", 993, allows_private=True), "host_refused"),
        (Server("no-hay-tal.invalid", 993), "host_unknown"),
    ],
)
def test_an_unreachable_server_is_named_by_its_reason(imap, code):
    report = Probe("x@tienda.example", imap, None).run(at=clock.now())
    assert steps_of(report)["imap_connect"] == code
    assert steps_of(report)["smtp_connect"] == "skipped"


def test_tls_where_the_server_speaks_plainly_is_told(box):
    plain = Server(box.server.host, box.server.port, Security.TLS, allows_private=True)
    report = Probe("x@tienda.example", plain, None).run(at=clock.now())
    assert steps_of(report)["imap_connect"] == "tls_failed"


def test_what_the_test_saw_is_kept_with_the_mailbox(dovecot_server, sink):
    box = a_box(
        dovecot_server,
        address="soporte@tienda.example",
        smtp_host=sink.host,
        smtp_port=sink.port,
        smtp_security=Security.NONE,
    )
    Provider(box, sink)
    steps = Servers().probe(box.pk, at=clock.now())
    assert all(step.is_ok for step in steps)
    found = queries.mailbox(box.pk)
    assert (found.has_plus_addresses, found.authserv_ids) == (True, ["mx.proveedor.example"])


@pytest.mark.parametrize(
    ("address", "mx", "expected"),
    [
        ("tienda@gmail.com", (), [("imap.gmail.com", "smtp.gmail.com", Auth.GOOGLE)]),
        (
            "hola@hotmail.es",
            (),
            [("outlook.office365.com", "smtp-mail.outlook.com", Auth.MICROSOFT)],
        ),
        (
            "hola@barro.example",
            ("barro-example.mail.protection.outlook.com.",),
            [
                ("outlook.office365.com", "smtp.office365.com", Auth.MICROSOFT),
                ("mail.barro.example", "mail.barro.example", Auth.PASSWORD),
                ("imap.barro.example", "smtp.barro.example", Auth.PASSWORD),
            ],
        ),
        (
            "hola@barro.example",
            (),
            [
                ("mail.barro.example", "mail.barro.example", Auth.PASSWORD),
                ("imap.barro.example", "smtp.barro.example", Auth.PASSWORD),
            ],
        ),
        ("sin arroba", (), [("mail.sin arroba", "mail.sin arroba", Auth.PASSWORD)][:0]),
    ],
)
def test_servers_are_suggested_from_address_and_mx(address, mx, expected):
    found = suggestions(address, mx)
    assert [(s.imap_host, s.smtp_host, s.auth) for s in found] == expected


def test_a_failing_mailbox_is_tested_again_at_once_after_a_change(box):
    actions.note_failing(mailbox_id=box.pk, error="x", at=clock.now(), is_password=True)
    actions.change_mailbox(mailbox_id=box.pk, password="nueva", at=clock.now(), actor="test")
    assert queries.mailbox(box.pk).retry_at is None
