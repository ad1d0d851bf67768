"""Invitations: a link opens once, for its time, for whom it was made, and lets her in."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email import policy

import pytest
from django.test import Client

from esmero.channels.models import Delivery
from esmero.console.accounts import inviting
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.people.models import Agent

PASSWORD = "tres-tristes-tigres-9"


@pytest.fixture
def admin(house) -> Client:
    client = Client()
    pk = people.hire_agent(
        email="olga@barro.example", name="Olga", role=Role.ADMIN, password="una-clave-larga-1",
        at=now(),
    )  # fmt: skip
    client.force_login(Agent.objects.get(pk=pk))
    return client


@pytest.fixture
def nora(house) -> Agent:
    pk = people.hire_agent(
        email="nora@barro.example", name="Nora Sanz", role=Role.AGENT, password=None, at=now()
    )
    return Agent.objects.get(pk=pk)


def path_in(text: str) -> str:
    found = re.search(r"/cuenta/invitacion/[\w-]+/", text)
    assert found is not None
    return found[0]


def test_a_link_is_shown_to_copy_and_lets_in_once(admin: Client, nora: Agent) -> None:
    page = admin.post(f"/c/ajustes/equipo/{nora.pk}/invitar/").content.decode()
    path = path_in(page)
    assert not Delivery.objects.exists()
    visitor = Client()
    welcome = visitor.get(path)
    assert welcome.status_code == 200
    assert "Nora Sanz" in welcome.content.decode()
    assert welcome.headers["Referrer-Policy"] == "no-referrer"
    answer = visitor.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer.status_code == 302
    assert visitor.get("/c/").status_code == 200
    assert Client().get(path).status_code == 410
    nora.refresh_from_db()
    assert nora.check_password(PASSWORD)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert [a for a in actions if a in {"agent.invited", "account.password_set"}] == [
        "agent.invited",
        "account.password_set",
    ]


def test_it_goes_by_mail_in_her_language(admin: Client, nora: Agent) -> None:
    Agent.objects.filter(pk=nora.pk).update(language="en")
    admin.post(f"/c/ajustes/equipo/{nora.pk}/invitar/", {"mail": "1"})
    delivery = Delivery.objects.get()
    letter = email.message_from_bytes(bytes(delivery.rendered), policy=policy.default)
    assert letter["To"] == "nora@barro.example"
    assert "You belong to the team of" in letter["Subject"]
    text = letter.get_body(("plain",)).get_content()
    assert Client().get(path_in(text)).status_code == 200


@pytest.mark.parametrize("weak", ["corta", "1234567890", "nora@barro.example"])
def test_a_weak_password_is_told(nora: Agent, weak: str) -> None:
    path = path_in(inviting.link_for(nora, at=now()))
    answer = Client().post(path, {"new_password1": weak, "new_password2": weak})
    assert answer.status_code == 422
    nora.refresh_from_db()
    assert not nora.has_usable_password()


def test_two_that_differ_are_told(nora: Agent) -> None:
    path = path_in(inviting.link_for(nora, at=now()))
    answer = Client().post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD + "x"})
    assert answer.status_code == 422


def test_it_ends_after_seven_days_with_another_address_and_when_she_left(nora: Agent) -> None:
    old = path_in(inviting.link_for(nora, at=now() - timedelta(days=7, seconds=1)))
    assert Client().get(old).status_code == 410
    path = path_in(inviting.link_for(nora, at=now()))
    Agent.objects.filter(pk=nora.pk).update(email="otra@barro.example")
    assert Client().get(path).status_code == 410
    Agent.objects.filter(pk=nora.pk).update(email="nora@barro.example", is_active=False)
    assert Client().get(path).status_code == 410


def test_a_forged_or_stretched_link_opens_nothing(nora: Agent) -> None:
    key = path_in(inviting.link_for(nora, at=now())).split("/")[-2]
    number, until, signature = key.split("-")
    for forged in (
        f"{number}-{int(until) + 60}-{signature}",
        f"{int(number) + 1}-{until}-{signature}",
        f"{number}-{until}-{'a' * len(signature)}",
        f"{number}-{until}",
        "x-y-z",
        f"{number}-{'9' * 40}-{signature}",
    ):
        assert Client().get(f"/cuenta/invitacion/{forged}/").status_code == 410


def test_whoever_was_in_is_not_invited(admin: Client, nora: Agent) -> None:
    Client().force_login(nora)
    assert admin.post(f"/c/ajustes/equipo/{nora.pk}/invitar/").status_code in {302, 404}
    nora.refresh_from_db()
    assert nora.last_login is not None
    assert "invitar" not in admin.get(f"/c/ajustes/equipo/{nora.pk}/").content.decode()
