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
    # With no-referrer a browser would send the form with `Origin: null`, and it would be refused.
    assert welcome.headers["Referrer-Policy"] == "same-origin"
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


def said(path: str) -> str:
    """Return what a link that does not open says."""
    answer = Client().get(path)
    assert answer.status_code == 410
    return answer.content.decode()


@pytest.fixture
def invited(nora: Agent) -> str:
    """A link for Nora, made just now."""
    return path_in(inviting.invite(nora.pk, by=nora.pk, by_mail=False))


@pytest.mark.parametrize("weak", ["corta", "1234567890", "nora@barro.example"])
def test_a_weak_password_is_told(nora: Agent, invited: str, weak: str) -> None:
    answer = Client().post(invited, {"new_password1": weak, "new_password2": weak})
    assert answer.status_code == 422
    nora.refresh_from_db()
    assert not nora.has_usable_password()


def test_two_that_differ_are_told(invited: str) -> None:
    answer = Client().post(invited, {"new_password1": PASSWORD, "new_password2": PASSWORD + "x"})
    assert answer.status_code == 422


def test_a_used_one_says_so(invited: str) -> None:
    Client().post(invited, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert "Esta invitación ya se usó." in said(invited)


def test_a_password_chosen_another_way_closes_it(nora: Agent, invited: str) -> None:
    nora.set_password(PASSWORD)
    nora.save()
    assert "Esta invitación ya se usó." in said(invited)


def test_it_ends_after_seven_days_and_says_so(nora: Agent) -> None:
    at = now() - timedelta(days=7, seconds=1)
    people.invite_agent(agent_id=nora.pk, by_mail=False, at=at, by=nora.pk)
    assert "Esta invitación ha caducado." in said(path_in(inviting.link_for(nora, at=at)))
    younger = path_in(inviting.link_for(nora, at=at + timedelta(seconds=5)))
    assert Client().get(younger).status_code == 200


def test_another_address_or_leaving_withdraws_it_for_good(
    admin: Client, nora: Agent, invited: str
) -> None:
    where = f"/c/ajustes/equipo/{nora.pk}/"
    wish = {"name": "Nora", "email": "otra@barro.example", "role": "agent", "is_active": "on"}
    admin.post(where, wish)
    assert "Esta invitación se retiró." in said(invited)
    admin.post(where, wish | {"email": "nora@barro.example"})
    second = path_in(admin.post(f"{where}invitar/").content.decode())
    assert Client().get(second).status_code == 200
    admin.post(where, {"name": "Nora", "email": "nora@barro.example", "role": "agent"})
    assert "Esta invitación se retiró." in said(second)
    admin.post(where, wish | {"email": "nora@barro.example"})
    assert "Esta invitación se retiró." in said(second)


def test_a_withdrawn_one_says_so_and_a_new_one_opens(
    admin: Client, nora: Agent, invited: str
) -> None:
    where = f"/c/ajustes/equipo/{nora.pk}/"
    earlier = path_in(admin.post(f"{where}invitar/").content.decode())
    assert Client().get(invited).status_code == 200
    answer = admin.post(f"{where}retirar/")
    assert answer["Location"] == f"{where}#invite"
    assert "Esta invitación se retiró." in said(invited)
    assert "Esta invitación se retiró." in said(earlier)
    assert Client().post(invited, {"new_password1": PASSWORD}).status_code == 410
    assert admin.post(f"{where}retirar/").status_code == 404
    again = path_in(admin.post(f"{where}invitar/").content.decode())
    assert Client().get(again).status_code == 200
    assert "Esta invitación se retiró." in said(invited)
    actions = AuditEntry.objects.filter(ref=f"agent:{nora.pk}").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "agent.hired",
        "agent.invited",
        "agent.invited",
        "agent.invitation_withdrawn",
        "agent.invited",
    ]


def test_whoever_is_not_invited_is_let_in_by_no_link(nora: Agent) -> None:
    path = path_in(inviting.link_for(nora, at=now()))
    assert "Esta invitación se retiró." in said(path)


def test_a_forged_or_stretched_link_opens_nothing_and_tells_nothing(
    nora: Agent, invited: str
) -> None:
    key = invited.split("/")[-2]
    number, made, state, signature = key.split("-")
    for forged in (
        f"{number}-{int(made) + 60}-{state}-{signature}",
        f"{int(number) + 1}-{made}-{state}-{signature}",
        f"{number}-{made}-{'a' * len(state)}-{signature}",
        f"{number}-{made}-{state}-{'a' * len(signature)}",
        f"{number}-{made}-{state}",
        "x-y-z",
        "x-y-z-w",
        f"{number}-{'9' * 40}-{state}-{signature}",
    ):
        words = said(f"/cuenta/invitacion/{forged}/")
        assert "Ese enlace no vale." in words
        assert "Nora" not in words


def test_whoever_was_in_is_not_invited(admin: Client, nora: Agent) -> None:
    Client().force_login(nora)
    for act in ("invitar", "retirar"):
        assert admin.post(f"/c/ajustes/equipo/{nora.pk}/{act}/").status_code == 404
    nora.refresh_from_db()
    assert nora.last_login is not None
    assert "invitar" not in admin.get(f"/c/ajustes/equipo/{nora.pk}/").content.decode()
