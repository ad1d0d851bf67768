"""Mailboxes: connected, changed, tested, consented to; secrets are never shown again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.channels import actions as channels
from esmero.channels import ports
from esmero.channels.errors import MailboxProblem
from esmero.channels.models import Mailbox
from esmero.console.settings.tests.desk import errors, text
from esmero.kernel import secrets
from esmero.kernel.clock import now

SECRET = "contraseña-que-nadie-ve"
NEW = {
    "address": "Hola@barro.example", "name": "Barro", "department": "", "provider": "",
    "auth": "password", "username": "", "password": SECRET, "imap_host": "imap.barro.example",
    "imap_port": "993", "imap_security": "tls", "smtp_host": "smtp.barro.example",
    "smtp_port": "587", "smtp_security": "starttls", "follows_sent": "on", "take": "from_now",
    "take_days": "30",
}  # fmt: skip


@pytest.fixture
def box(desk) -> Mailbox:
    pk = channels.connect_mailbox(
        address="hola@barro.example", imap_host="imap.barro.example", password=SECRET,
        smtp_host="smtp.barro.example", at=now(),
    )  # fmt: skip
    return Mailbox.objects.get(pk=pk)


class Servers:
    """Stands in for the servers: says what it was told to, and notes what it was asked."""

    def __init__(self, *steps: ports.Step, problem: str = "") -> None:
        self.steps, self.problem, self.asked = steps, problem, []

    def probe(self, mailbox_id, *, at):
        self.asked.append(mailbox_id)
        return self.steps

    def begin_consent(self, mailbox_id, *, redirect_uri):
        return ports.Consent(
            f"https://login.example/?to={redirect_uri}", "the-state", "the-verifier"
        )

    def complete_consent(self, mailbox_id, *, code, verifier, redirect_uri, at):
        self.asked.append((mailbox_id, code, verifier))
        if self.problem:
            raise MailboxProblem(what="oauth", reason=self.problem)


@pytest.fixture
def servers(monkeypatch):
    def use(*steps, **facts):
        made = Servers(*steps, **facts)
        monkeypatch.setattr(ports, "_mail_servers", lambda: made)
        return made

    return use


def test_mailbox_connected_with_its_password_sealed(desk):
    answer = desk.dora.post(
        "/c/ajustes/buzones/nuevo/", NEW | {"take": "last_days", "take_days": "90"}
    )
    box = Mailbox.objects.get()
    assert answer["Location"] == f"/c/ajustes/buzones/{box.pk}/"
    assert (box.address, box.username, box.take, box.take_days, box.follows_sent) == (
        "hola@barro.example", "hola@barro.example", "last_days", 90, True,
    )  # fmt: skip
    assert box.allows_private is False
    assert SECRET not in box.password_sealed
    assert secrets.unseal(box.password_sealed) == SECRET


def test_known_provider_fills_the_servers_in(desk):
    empty = {"imap_host": "", "smtp_host": "", "provider": "google"}
    desk.dora.post("/c/ajustes/buzones/nuevo/", NEW | empty)
    box = Mailbox.objects.get()
    assert (box.imap_host, box.smtp_host, box.smtp_port) == (
        "imap.gmail.com",
        "smtp.gmail.com",
        587,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "hola"},
        {"imap_host": "", "smtp_host": ""},
        {"imap_host": "http://imap.barro.example/"},
        {"imap_port": "70000"},
        {"imap_security": "rot13"},
        {"auth": "google"},
        {"take": "some"},
        {"department": "999"},
    ],
)
def test_mailbox_with_a_bad_value_answers_422_without_the_password(desk, changes):
    answer = desk.dora.post("/c/ajustes/buzones/nuevo/", NEW | changes)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert SECRET not in text(answer)
    assert Mailbox.objects.count() == 0


def test_address_connected_twice_answers_422_at_its_field(desk, box):
    answer = desk.dora.post("/c/ajustes/buzones/nuevo/", NEW)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert Mailbox.objects.count() == 1


def change(**changes):
    return {k: v for k, v in NEW.items() if k not in ("address", "provider", "take", "take_days")} | {
        "password": "", "is_active": "on",
    } | changes  # fmt: skip


def test_mailbox_changed_keeps_its_secret_unless_a_new_one_is_given(desk, box):
    where = f"/c/ajustes/buzones/{box.pk}/"
    assert SECRET not in text(desk.dora.get(where))
    desk.dora.post(where, change(name="Barro y Fuego"))
    box.refresh_from_db()
    assert (box.name, secrets.unseal(box.password_sealed)) == ("Barro y Fuego", SECRET)
    desk.dora.post(where, change(password="otra-distinta"))
    box.refresh_from_db()
    assert secrets.unseal(box.password_sealed) == "otra-distinta"


def test_mailbox_switched_off(desk, box):
    desk.dora.post(f"/c/ajustes/buzones/{box.pk}/", change(is_active=""))
    box.refresh_from_db()
    assert box.is_active is False


def test_failing_mailbox_shows_the_servers_words_and_what_to_do(desk, box):
    channels.note_failing(
        mailbox_id=box.pk,
        error="app_password_needed: [ALERT] Application-specific password required",
        at=now() - timedelta(hours=2),
        is_password=True,
    )
    for address in (f"/c/ajustes/buzones/{box.pk}/", "/c/salud/"):
        page = text(desk.dora.get(address))
        assert "[ALERT] Application-specific password required" in page
        assert "contraseña de aplicación: créala" in page


def test_test_shows_every_step_with_the_real_words(desk, box, servers):
    asked = servers(
        ports.Step("imap_connect", True),
        ports.Step(
            "imap_login", False, code="wrong_password", said="NO [AUTHENTICATIONFAILED] <b>"
        ),
        ports.Step("inbox", False, is_skipped=True),
        ports.Step("idle", False, code="no_idle"),
    )
    page = text(desk.dora.post(f"/c/ajustes/buzones/{box.pk}/probar/"))
    assert asked.asked == [box.pk]
    assert "NO [AUTHENTICATIONFAILED] &lt;b&gt;" in page
    assert "Revisa el usuario y la contraseña" in page
    states = [
        page.count(f'<span class="chip" data-state="{s}"')
        for s in ("kept", "broken", "released", "soon")
    ]
    assert states == [1, 1, 1, 1]


def test_consent_goes_to_the_provider_and_comes_back_once(desk, box, servers):
    asked = servers()
    channels.change_mailbox(
        mailbox_id=box.pk, auth="google", oauth_client_id="abc", at=now(), actor="system"
    )
    answer = desk.dora.post(f"/c/ajustes/buzones/{box.pk}/permiso/")
    assert answer["Location"].startswith(
        "https://login.example/?to=http://localhost:8000/c/ajustes/"
    )
    back = {"state": "the-state", "code": "the-code"}
    answer = desk.dora.get("/c/ajustes/buzones/permiso/", back)
    assert answer["Location"] == f"/c/ajustes/buzones/{box.pk}/"
    assert asked.asked == [(box.pk, "the-code", "the-verifier")]
    assert desk.dora.get("/c/ajustes/buzones/permiso/", back).status_code == 404


def test_consent_with_another_state_is_not_believed(desk, box, servers):
    asked = servers()
    desk.dora.post(f"/c/ajustes/buzones/{box.pk}/permiso/")
    answer = desk.dora.get("/c/ajustes/buzones/permiso/", {"state": "mine", "code": "x"})
    assert (answer.status_code, asked.asked) == (404, [])


def test_consent_refused_is_told_in_the_providers_words(desk, box, servers):
    servers(problem="invalid_grant: code expired")
    desk.dora.post(f"/c/ajustes/buzones/{box.pk}/permiso/")
    page = text(desk.dora.get("/c/ajustes/buzones/permiso/", {"state": "the-state", "code": "x"}))
    assert "invalid_grant: code expired" in page
    desk.dora.post(f"/c/ajustes/buzones/{box.pk}/permiso/")
    denied = {"state": "the-state", "error": "access_denied", "error_description": "No, thanks"}
    assert "No, thanks" in text(desk.dora.get("/c/ajustes/buzones/permiso/", denied))


def test_unknown_mailbox_answers_404(desk, servers):
    servers()
    assert desk.dora.get("/c/ajustes/buzones/999/").status_code == 404
    assert desk.dora.post("/c/ajustes/buzones/999/probar/").status_code == 404
