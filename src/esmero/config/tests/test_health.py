"""What machines ask: lives it, is it ready, how does the work do, and who may see that."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from esmero.channels import actions as channels
from esmero.channels.enums import Source
from esmero.config import health
from esmero.kernel import workers
from esmero.kernel.clock import now
from esmero.promises import actions as promises
from esmero.promises.actions import Owner
from esmero.promises.enums import Kind
from tests.cast import open_house

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="[^"]*",?)*)\})? (\S+)')


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health._Tables, "fit", False)


def read(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.fullmatch(line)
            assert match, line
            found[match[1] + (f"{{{match[2]}}}" if match[2] else "")] = float(match[3])
    return found


def test_healthz_needs_no_database():
    # No `db`: a query would fail the test.
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_waits_for_a_worker_and_is_ready_with_one():
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": "ok", "tables": "ok", "worker": "not seen lately"},
    }
    workers.note_alive("worker", at=now())
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_readyz_with_a_worker_long_gone_is_not_ready():
    workers.note_alive("worker", at=now() - timedelta(minutes=5))
    assert Client().get("/readyz").json()["checks"]["worker"] == "not seen lately"


@pytest.mark.django_db
def test_readyz_with_missing_migrations_says_how_many(monkeypatch):
    monkeypatch.setattr(health.migrating, "pending", lambda: ["shop.0002_more", "shop.0003_x"])
    assert Client().get("/readyz").json()["checks"]["tables"] == "2 migrations missing"


@pytest.mark.django_db
def test_readyz_without_a_database_answers_503_and_no_secrets(monkeypatch):
    def away() -> None:
        raise OperationalError("connection to db.internal as esmero_user failed")

    monkeypatch.setattr(health, "_tables", away)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "unreachable"}


@pytest.mark.django_db
def test_metrics_count_what_waits():
    house = open_house()
    at = now()
    channels.accept_mail(
        source=Source.FILE, data=b"x", received_at=at, at=at - timedelta(seconds=90)
    )
    for subject, due in ((1, timedelta(hours=5)), (2, timedelta(minutes=1))):
        promises.make_promise(
            kind=Kind.ANSWER,
            subject_ref=f"conversation:{subject}",
            owner=Owner(house.ana, house.care),
            due_at=at - timedelta(hours=1) + due,
            at=at - timedelta(hours=1),
            actor="system",
        )
    answer = Client().get("/metrics")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = read(answer.content.decode())
    assert found['esmero_queue_length{queue="filing"}'] == 1
    assert 89 < found["esmero_oldest_unfiled_seconds"] < 120
    assert found["esmero_promises_open"] == 2
    assert found["esmero_promises_overdue"] == 1
    assert found['esmero_deliveries{state="queued"}'] == 0
    assert found['esmero_reaction_failures{state="given_up"}'] == 0
    assert found["esmero_up"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer quite-secret"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer wrong"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer "}, 404),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(monkeypatch, address, headers, status):
    monkeypatch.setenv("ESMERO_METRICS_TOKEN", "quite-secret")
    answer = Client().get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert answer.status_code == status


@pytest.mark.django_db
def test_metrics_without_a_token_set_accept_no_empty_one(monkeypatch):
    monkeypatch.delenv("ESMERO_METRICS_TOKEN", raising=False)
    answer = Client().get(
        "/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer "}
    )
    assert answer.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_health_answers_reading_only(address):
    assert Client().post(address).status_code == 405


@pytest.mark.django_db
def test_metrics_name_the_loops_that_fail():
    workers.note_alive("worker", at=now(), failing={"filing": 2, "promises": 5})
    found = read(Client().get("/metrics").content.decode())
    assert {k: v for k, v in found.items() if k.startswith("esmero_loop_failures")} == {
        'esmero_loop_failures{kind="worker",loop="filing"}': 2,
        'esmero_loop_failures{kind="worker",loop="promises"}': 5,
    }
