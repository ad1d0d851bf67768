"""The worker's loops on a real database: what waits is done, and it stops when asked."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from esmero.channels import actions as channels
from esmero.channels import ports
from esmero.channels.enums import RawState, Source
from esmero.channels.models import Delivery, RawMail
from esmero.config import wiring, worker
from esmero.conversations import actions as conversations
from esmero.conversations.models import Conversation
from esmero.kernel import clock, workers
from esmero.kernel.models import EventRow
from esmero.mails.rendering import MailRenderer
from esmero.people import actions as people
from esmero.promises import ports as promise_ports
from esmero.promises.models import Promise
from tests.cast import open_house

MAIL = (
    b"From: Marta <marta@cliente.example>\r\nTo: hola@barro.example\r\nSubject: Hola\r\n"
    b"Message-ID: <w1@cliente.example>\r\n\r\nLa fuente llego con una grieta, que hago?\r\n"
)


@pytest.fixture
def running(transactional_db: None) -> Iterator[None]:
    """A worker in a thread, ready."""
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=worker.main, args=(stop, ready.set), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield
    stop.set()
    thread.join(worker.STOPS_WITHIN + 2)
    assert not thread.is_alive()
    _end_other_sessions()


def _end_other_sessions() -> None:
    """The loops' threads are gone; their connections must not hold the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_everything_is_wired():
    wiring.wire()
    assert isinstance(ports.renderer(), MailRenderer)
    assert isinstance(promise_ports.fresh_look(), channels.SentFolders)


def test_it_files_reacts_watches_and_says_that_it_lives(running):
    house = open_house()
    now = datetime.now(UTC)
    channels.accept_mail(source=Source.SMTP, data=MAIL, received_at=now, at=now)
    until(lambda: RawMail.objects.get().state == RawState.FILED.value)
    assert Delivery.objects.get().template == "acknowledgement"
    assert [w.kind for w in workers.alive(at=now)] == ["worker"]
    # An event is reacted to: an absent agent's work goes on.
    number = Conversation.objects.get().pk
    conversations.assign_conversation(conversation_id=number, agent_id=house.ana, at=now, by=None)
    people.begin_absence(
        agent_id=house.ana,
        starts_at=now,
        ends_at=None,
        substitute_id=house.bruno,
        at=clock.now(),
        actor="system",
    )
    assert people.announce_absence(at=now)
    until(lambda: Conversation.objects.get().owner_agent_id == house.bruno)
    # A promise that falls due is watched: warned of, at the latest when it breaks.
    promise = Promise.objects.get()
    Promise.objects.filter(pk=promise.pk).update(next_check_at=clock.now() - timedelta(hours=1))
    until(lambda: Promise.objects.get(pk=promise.pk).next_check_at != promise.next_check_at)
    assert not EventRow.objects.filter(is_pending=True, attempts__gt=0).exists()


def test_only_the_search_process_loads_numpy():
    """It would cost each of the others 30 MB."""
    looks = """
import sys, django
django.setup()
from esmero.config import web, wiring, worker
wiring.wire()
sys.exit("numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", looks]).returncode == 0
