"""The mail process as a whole: comes up, follows, listens, sends, adapts, stops."""

from __future__ import annotations

import smtplib
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from esmero.channels import actions
from esmero.channels.enums import DeliveryState, Security
from esmero.channels.models import Delivery, RawMail
from esmero.config import mail
from esmero.config.env import EnvironmentProblem
from esmero.kernel import clock
from esmero.kernel.models import Worker
from esmero.promises import forecasts
from esmero.promises import queries as promises
from esmero.shop import queries as shop
from tests.servers import WHY_NOT, DovecotServer, SmtpSink, a_mail, free_port, has_dovecot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    for one in (shop, promises, forecasts):
        one.forget()
    yield
    for one in (shop, promises, forecasts):
        one.forget()


class Running:
    """The mail process in a thread."""

    def __init__(self) -> None:
        self.stop_event, self._ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(
            target=mail.main, args=(self.stop_event, self._ready.set), daemon=True
        )
        self._thread.start()
        assert self._ready.wait(20)

    def stop(self) -> float:
        """Stop it and return the seconds that took."""
        begun = time.monotonic()
        self.stop_event.set()
        self._thread.join(20)
        assert not self._thread.is_alive()
        return time.monotonic() - begun


def until(condition, *, within=10.0):
    limit = time.monotonic() + within
    while not condition():
        assert time.monotonic() < limit, f"still not so after {within} s"
        time.sleep(0.02)


def sources() -> list[str]:
    return sorted(RawMail.objects.values_list("source", flat=True))


@pytest.mark.skipif(not has_dovecot(), reason=WHY_NOT)
def test_mail_comes_in_both_ways_and_leaves(monkeypatch):
    port = free_port()
    with DovecotServer() as server, SmtpSink() as sink:
        env = replace(
            settings.ENV,
            smtp_in=("127.0.0.1", port),
            email_url=f"smtp://{sink.host}:{sink.port}",
        )
        monkeypatch.setattr(settings, "ENV", env)
        running = Running()
        try:
            assert Worker.objects.filter(kind="mail").exists()
            server.create_user("soporte", "secreto")
            actions.connect_mailbox(
                address="soporte@tienda.example",
                imap_host=server.host,
                imap_port=server.port,
                imap_security=Security.NONE,
                username="soporte",
                password="secreto",
                allows_private=True,
                at=clock.now(),
            )
            server.deliver("soporte", a_mail("por IMAP"))
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                client.sendmail("a@b.example", ["soporte@tienda.example"], a_mail("por SMTP"))
            until(lambda: sources() == ["imap", "smtp"])
            now = clock.now()
            delivery = Delivery.objects.create(
                recipients=["ana@example.net"],
                rendered=a_mail("respuesta"),
                message_header=f"<{uuid.uuid4().hex}@tienda.example>",
                is_automatic=True,
                created_at=now,
                not_before=now,
            )
            until(lambda: len(sink.mails) == 1)
            until(lambda: Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENT.value)
        finally:
            assert running.stop() < 8
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, timeout=2)


def test_a_port_that_is_taken_is_said_with_the_variables_name(monkeypatch):
    with SmtpSink() as sink:
        env = replace(settings.ENV, smtp_in=(sink.host, sink.port))
        monkeypatch.setattr(settings, "ENV", env)
        with pytest.raises(OSError, match=r"^ESMERO_SMTP_IN: "):
            mail.main(threading.Event())


def test_a_wrong_email_url_is_said_before_anything_starts(monkeypatch):
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, email_url="http://x"))
    with pytest.raises(ValueError, match=r"^EMAIL_URL: "):
        mail.main(threading.Event())


def test_the_environment_chooses_lmtp_by_port_or_by_name(monkeypatch):
    assert mail._listening(("::", 24)).is_lmtp
    assert not mail._listening(("::", 25)).is_lmtp
    monkeypatch.setenv("ESMERO_SMTP_IN_PROTOCOL", "lmtp")
    assert mail._listening(("127.0.0.1", 2525)).is_lmtp
    monkeypatch.setenv("ESMERO_SMTP_IN_PROTOCOL", "pop3")
    with pytest.raises(EnvironmentProblem, match=r"^ESMERO_SMTP_IN_PROTOCOL: 'pop3' is neither"):
        mail._listening(("127.0.0.1", 2525))


def test_a_certificate_that_cannot_be_read_is_said_with_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("ESMERO_SMTP_IN_CERT", str(tmp_path / "none.pem"))
    with pytest.raises(ValueError, match=r"^ESMERO_SMTP_IN_CERT: "):
        mail._listening(("127.0.0.1", 2525)).tls()
