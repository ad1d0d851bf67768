"""kill -9 of every part of a running shop, and Ctrl-C: mail goes on, once each."""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest

from esmero.config.postgres.processes import is_alive
from tests.journeys.conftest import SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually


def write(product, post, name) -> str:
    """Let somebody write, and return their address."""
    sender = f"{name}@cliente.example"
    mail = letter("Una pregunta", "¿Abrís hoy?", sender=sender, to=SHOP, at=product.now())
    post.send(mail, SHOP)
    return sender


def acknowledgements(post) -> Counter[str]:
    """Return how many mails of the shop each customer has."""
    return Counter(r for mail in post.sink.mails for r in mail.recipients if r != SHOP)


@pytest.mark.parametrize("kind", ["web", "worker", "mail", "postgres", "up"])
def test_after_kill_9_everything_goes_on(product, post, kind):
    before = product.pids()
    for pid in before[kind]:
        os.kill(pid, signal.SIGKILL)
    sender = write(product, post, f"tras-{kind}")
    if kind == "up":
        product.process.wait(60)
        everything = [pid for pids in before.values() for pid in pids]
        eventually(lambda: not any(is_alive(pid) for pid in everything))
        product.begin()
    eventually(lambda: acknowledgements(post)[sender] == 1)
    eventually(lambda: product.answers("/readyz") == 200)
    eventually(lambda: product.answers("/c/") == 302)
    after = product.pids()
    assert not set(before[kind]) & set(after[kind])
    assert {k: len(pids) for k, pids in after.items()} == {k: len(p) for k, p in before.items()}


def test_a_second_up_says_where_the_first_is_and_ctrl_c_ends_all(product, post):
    assert "ya está en marcha" in product.run("up", status=1)
    assert product.answers("/c/") == 302
    everything = [pid for pids in product.pids().values() for pid in pids]
    assert len(everything) >= 5
    before = len(product.said())
    os.killpg(product.process.pid, signal.SIGINT)
    assert product.process.wait(60) == 0
    assert [pid for pid in everything if is_alive(pid)] == []
    assert "Traceback" not in product.said()[before:]
    # What came meanwhile is there when it starts again, and nobody has heard twice.
    sender = write(product, post, "mientras-no-estaba")
    product.begin()
    eventually(lambda: acknowledgements(post)[sender] == 1)
    assert set(acknowledgements(post).values()) == {1}
    (counts,) = product.ask(
        "SELECT (SELECT count(*) FROM conversations_message),"
        " (SELECT count(*) FROM promises_promise), (SELECT count(*) FROM channels_delivery)"
    )
    assert counts == (6, 6, 6)
