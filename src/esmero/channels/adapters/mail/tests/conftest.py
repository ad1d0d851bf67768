"""Servers and mailboxes for the transports' tests. Without Dovecot they are skipped, loudly."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from esmero.channels import actions
from esmero.channels.adapters.mail.follow import Follower, Followers, Pace
from esmero.channels.enums import Security
from esmero.channels.models import RawMail
from esmero.kernel import clock
from tests.servers import WHY_NOT, DovecotServer, a_mail, has_dovecot

QUICK = Pace(with_idle=0.6, without_idle=0.2, mailboxes=0.1, storage_first=0.05, storage_most=0.2)


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[DovecotServer]:
    """One Dovecot for all tests that do not stop it."""
    if not has_dovecot():
        pytest.skip(WHY_NOT)
    with DovecotServer() as server:
        yield server


@pytest.fixture
def own_dovecot() -> Iterator[Callable[..., DovecotServer]]:
    """Make a Dovecot for this test alone: `own_dovecot(has_idle=False)`."""
    if not has_dovecot():
        pytest.skip(WHY_NOT)
    made: list[DovecotServer] = []

    def make(**choices: Any) -> DovecotServer:
        server = DovecotServer(**choices)
        made.append(server)
        return server.__enter__()

    yield make
    for server in made:
        server.__exit__()


@dataclass
class Box:
    """A mailbox of the shop with its account on a server."""

    server: DovecotServer
    user: str
    pk: int

    def deliver(self, subject: str, folder: str = "INBOX", **choices: Any) -> bytes:
        data = a_mail(subject, **choices)
        self.server.deliver(self.user, data, folder)
        return data

    def append(
        self,
        subject: str,
        folder: str = "INBOX",
        *,
        at: Any = None,
        flags: str = "",
        **choices: Any,
    ) -> None:
        self.server.append(self.user, a_mail(subject, **choices), folder, at=at, flags=flags)


def a_box(server: DovecotServer, *, address: str = "", **choices: Any) -> Box:
    """Make a user with a first look at their folders, and connect the mailbox."""
    user = f"u{uuid.uuid4().hex[:10]}"
    password = choices.pop("password", "secreto")
    server.create_user(user, choices.pop("real_password", password))
    facts: dict[str, Any] = {
        "address": address or f"{user}@tienda.example",
        "imap_host": server.host,
        "imap_port": server.port,
        "imap_security": Security.NONE,
        "username": user,
        "password": password,
        "allows_private": True,
        "at": clock.now(),
        **choices,
    }
    return Box(server, user, actions.connect_mailbox(**facts))


@pytest.fixture
def box(dovecot_server: DovecotServer, transactional_db: None) -> Box:
    """A connected mailbox on the common server."""
    return a_box(dovecot_server)


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    """Follow a mailbox in the background until the test ends."""
    running: list[Follower] = []

    def begin(mailbox_id: int, *, pace: Pace = QUICK) -> Follower:
        follower = Follower(mailbox_id, pace=pace)
        follower.start()
        running.append(follower)
        return follower

    yield begin
    for follower in running:
        follower.stop()
    for follower in running:
        follower.join(10)
        assert not follower.is_alive()


@pytest.fixture
def followers() -> Iterator[Callable[[], Followers]]:
    """Make processes' worth of followers."""
    made: list[Followers] = []

    def make() -> Followers:
        made.append(Followers(pace=QUICK))
        return made[-1]

    yield make
    for one in made:
        one.close()


def until(condition: Callable[[], object], *, within: float = 10.0) -> None:
    """Wait until a condition holds."""
    limit = time.monotonic() + within
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"still not so after {within} s")
        time.sleep(0.02)


def subjects(mailbox_id: int | None = None, **facts: Any) -> list[str]:
    """Return the subjects of the stored mails, oldest first."""
    found = RawMail.objects.filter(**facts).order_by("id")
    if mailbox_id is not None:
        found = found.filter(mailbox_id=mailbox_id)
    return [subject_of(bytes(raw.data or b"")) for raw in found]


def subject_of(data: bytes) -> str:
    """Return the subject of a mail of ours."""
    for line in data.split(b"\r\n"):
        if line.startswith(b"Subject: "):
            return line[9:].decode(errors="replace")
    return ""


def close_connection() -> None:
    """Let go of this thread's connection to the database."""
    connection.close()
