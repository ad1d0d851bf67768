"""Coming in by password and by code, and everybody who must stay outside."""

from __future__ import annotations

import email
import re
from email import policy

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from esmero.channels.models import Delivery
from esmero.kernel import dispatch
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.people.models import Agent
from tests.cast import PASSWORD, House

LOGIN = "/cuenta/login/"


def enter(client: Client, address: str = "ana@barro.example", password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": address, "password": password, **more})


def audited() -> list[tuple[str, str]]:
    return list(
        AuditEntry.objects.filter(action__startswith="account.")
        .order_by("id")
        .values_list("action", "actor")
    )


def last_mail() -> tuple[Delivery, str]:
    delivery = Delivery.objects.order_by("-id").first()
    mail = email.message_from_bytes(bytes(delivery.rendered), policy=policy.default)
    return delivery, mail.get_body(("plain",)).get_content()


def test_password_right_leads_to_the_front_page(house: House) -> None:
    client = Client()
    answer = enter(client)
    assert (answer.status_code, answer["Location"]) == (302, "/c/")
    assert client.get("/c/").status_code == 200
    assert audited() == [("account.signed_in", f"agent:{house.ana}")]
    assert AuditEntry.objects.get(action="account.signed_in").data == {"ways": ["password"]}


def test_login_page_names_the_ways_in_and_carries_the_policy(house: House) -> None:
    answer = Client(HTTP_ACCEPT_LANGUAGE="es").get(LOGIN, HTTP_HOST="localhost")
    page = answer.content.decode()
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<es-passkey" in page
    assert 'href="/cuenta/codigo/"' in page
    assert "signup" not in page


def test_passkeys_are_not_offered_where_browsers_have_none(house: House) -> None:
    assert "<es-passkey" not in Client().get(LOGIN, HTTP_HOST="127.0.0.1:8000").content.decode()


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("ana@barro.example", "otra-clave-larga"),
        ("nadie@barro.example", PASSWORD),
        ("bruno@barro.example", PASSWORD + " "),
    ],
)
def test_password_wrong_says_the_same_for_everybody(
    house: House, address: str, password: str
) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    answer = enter(client, address, password)
    assert answer.status_code == 422
    assert "Address and password do not fit together." in answer.content.decode()
    assert client.get("/c/").status_code == 302
    assert [action for action, _ in audited()] == ["account.sign_in_refused"]


def test_refused_sign_in_keeps_neither_address_nor_password(house: House) -> None:
    enter(Client(), "nadie@barro.example", "otra-clave-larga")
    line = AuditEntry.objects.get(action="account.sign_in_refused")
    assert (line.actor, line.ref, line.data) == ("unknown", "", {"way": "password"})


def test_address_in_capitals_is_the_same_address(house: House) -> None:
    assert enter(Client(), "ANA@Barro.example").status_code == 302


def test_sixth_wrong_password_is_not_even_looked_at_from_any_browser(house: House) -> None:
    for _ in range(5):
        enter(Client(), password="otra-clave-larga")
    answer = enter(Client(HTTP_ACCEPT_LANGUAGE="en"))
    assert answer.status_code == 422
    assert "Too many attempts." in answer.content.decode()
    assert enter(Client(), "bruno@barro.example").status_code == 302  # others still come in


def test_attempts_are_counted_in_the_database(house: House) -> None:
    enter(Client(), password="otra-clave-larga")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] == 2  # by address and by network address


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_outside_is_not_followed(house: House, there: str) -> None:
    assert enter(Client(), next=there)["Location"] == "/c/"


def test_next_inside_is_followed(house: House) -> None:
    assert enter(Client(), next="/c/yo/")["Location"] == "/c/yo/"


def test_nobody_signs_up(house: House) -> None:
    before = Agent.objects.count()
    answer = Client().post("/cuenta/signup/", {"email": "yo@evil.example", "password1": PASSWORD})
    assert answer.status_code == 404
    assert Agent.objects.count() == before


def test_code_by_mail_lets_in_once(house: House) -> None:
    client = Client()
    answer = client.post("/cuenta/codigo/", {"email": "ana@barro.example"})
    assert answer["Location"] == "/cuenta/codigo/confirmar/"
    delivery, text = last_mail()
    assert (delivery.template, delivery.recipients, delivery.state) == (
        "account",
        ["ana@barro.example"],
        "queued",
    )
    code = re.search(r"^ +(\d{6})\s*$", text, re.M)[1]
    answer = client.post("/cuenta/codigo/confirmar/", {"code": code})
    assert answer["Location"] == "/c/"
    assert client.get("/c/").status_code == 200
    again = Client()
    again.post("/cuenta/codigo/", {"email": "ana@barro.example"})
    assert again.post("/cuenta/codigo/confirmar/", {"code": code}).status_code == 422


def test_code_mail_is_written_in_the_members_language_as_text_and_html(house: House) -> None:
    people.change_own_preferences(
        agent_id=house.ana, name="Ana", language="en", signature="", theme="", has_shortcuts=True
    )
    Client(HTTP_ACCEPT_LANGUAGE="es").post("/cuenta/codigo/", {"email": "ana@barro.example"})
    mail = email.message_from_bytes(bytes(Delivery.objects.get().rendered), policy=policy.default)
    assert "Your code to sign in:" in mail.get_body(("plain",)).get_content()
    assert "Your code to sign in:" in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == Delivery.objects.get().message_header
    assert mail["Subject"].endswith("is your code to sign in")


def test_three_wrong_codes_end_the_attempt(house: House) -> None:
    client = Client()
    client.post("/cuenta/codigo/", {"email": "ana@barro.example"})
    _, text = last_mail()
    code = re.search(r"^ +(\d{6})\s*$", text, re.M)[1]
    wrong = "000000" if code != "000000" else "111111"
    statuses = [
        client.post("/cuenta/codigo/confirmar/", {"code": wrong}).status_code for _ in range(3)
    ]
    assert statuses == [422, 422, 302]
    assert (
        client.post("/cuenta/codigo/confirmar/", {"code": code})["Location"] == "/cuenta/codigo/"
    )
    assert client.get("/c/").status_code == 302
    assert [action for action, _ in audited()] == ["account.sign_in_refused"] * 3


def test_code_for_an_unknown_address_looks_alike_and_sends_nothing(house: House) -> None:
    client = Client()
    answer = client.post("/cuenta/codigo/", {"email": "nadie@evil.example"})
    assert answer["Location"] == "/cuenta/codigo/confirmar/"
    assert client.get("/cuenta/codigo/confirmar/").status_code == 200
    assert Delivery.objects.count() == 0


def test_member_without_password_comes_in_by_code_only(house: House) -> None:
    people.hire_agent(
        email="eva@barro.example", name="Eva", role=Role.AGENT, password=None, at=now()
    )
    assert enter(Client(), "eva@barro.example", "").status_code == 422
    client = Client()
    client.post("/cuenta/codigo/", {"email": "eva@barro.example"})
    code = re.search(r"^ +(\d{6})\s*$", last_mail()[1], re.M)[1]
    client.post("/cuenta/codigo/confirmar/", {"code": code})
    assert client.get("/c/").status_code == 200


def test_password_reset_by_link_changes_it_once_and_ends_other_sessions(house: House) -> None:
    elsewhere = Client()
    enter(elsewhere)
    client = Client()
    client.post("/cuenta/clave/perdida/", {"email": "ana@barro.example"})
    link = re.search(r"http://testserver(/cuenta/clave/nueva/\S+)", last_mail()[1])[1]
    form = client.get(link)["Location"]
    assert form.endswith("-set-password/")  # the key is not in the address any more
    new = "una-clave-nueva-22"
    answer = client.post(form, {"password1": new, "password2": new})
    assert answer["Location"] == "/cuenta/clave/nueva/hecho/"
    assert elsewhere.get("/c/").status_code == 302
    assert enter(Client(), password=new).status_code == 302
    used = Client(HTTP_ACCEPT_LANGUAGE="en").get(link).content.decode()
    assert "That link does not hold any more." in used
    assert ("account.password_reset", f"agent:{house.ana}") in audited()


def test_weak_password_is_refused_at_its_field(house: House) -> None:
    client = Client()
    client.post("/cuenta/clave/perdida/", {"email": "ana@barro.example"})
    link = re.search(r"http://testserver(/cuenta/clave/nueva/\S+)", last_mail()[1])[1]
    form = client.get(link)["Location"]
    assert client.post(form, {"password1": "corta", "password2": "corta"}).status_code == 422
    assert enter(Client()).status_code == 302


def deactivate(house: House, *, is_active: bool = False) -> None:
    people.change_agent(
        agent_id=house.ana, name="Ana", role=Role.AGENT, signature="", department_ids=[house.care],
        is_active=is_active, at=now(), by=house.dora,
    )  # fmt: skip
    while dispatch.dispatch_one(at=now()):
        pass


def test_deactivated_member_is_out_at_once_and_stays_out(house: House) -> None:
    client, bruno = Client(), Client()
    enter(client)
    enter(bruno, "bruno@barro.example")
    deactivate(house)
    assert client.get("/c/").status_code == 302
    assert bruno.get("/c/").status_code == 200
    assert Session.objects.count() == 1
    assert enter(Client())["Location"] == "/cuenta/inactiva/"
    before = Delivery.objects.count()
    Client().post("/cuenta/codigo/", {"email": "ana@barro.example"})
    Client().post("/cuenta/clave/perdida/", {"email": "ana@barro.example"})
    assert Delivery.objects.count() == before
    deactivate(house, is_active=True)
    assert client.get("/c/").status_code == 302  # the old session does not come to life again


def test_console_page_needs_two_queries_for_session_and_member(house: House) -> None:
    client = Client()
    enter(client)
    client.get("/c/yo/")
    with CaptureQueriesContext(connection) as found:
        client.get("/c/yo/")
    tables = [
        q["sql"]
        for q in found
        if "django_session" in q["sql"] or 'FROM "people_agent"' in q["sql"]
    ]
    assert len(tables) == 2


def test_signing_out_needs_a_post_and_ends_the_session(house: House) -> None:
    client = Client()
    enter(client)
    assert client.get("/cuenta/logout/").status_code == 200
    assert client.get("/c/").status_code == 200
    assert client.post("/cuenta/logout/")["Location"] == LOGIN
    assert client.get("/c/").status_code == 302
    assert Session.objects.filter(session_key=client.session.session_key or "-").count() == 0


def test_signing_out_everywhere_else_keeps_this_session(house: House) -> None:
    here, there = (
        Client(),
        Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18.0 Mobile Safari/605"),
    )
    enter(here)
    enter(there)
    page = here.get("/cuenta/2fa/").content.decode()
    assert "Safari, iPhone" in page
    assert here.post("/cuenta/sesiones/")["Location"] == "/cuenta/2fa/"
    assert (here.get("/c/").status_code, there.get("/c/").status_code) == (200, 302)
    ended = AuditEntry.objects.get(action="account.sessions_ended")
    assert (ended.actor, ended.ip) == (f"agent:{house.ana}", "127.0.0.1")


def test_mail_with_a_code_is_shown_to_administrators_alone(house: House) -> None:
    Client().post("/cuenta/codigo/", {"email": "ana@barro.example"})
    pk = Delivery.objects.get().pk
    for name, sees in (("dora", True), ("carla", False), ("ana", False)):
        client = Client()
        enter(client, f"{name}@barro.example")
        listed = "ana@barro.example" in client.get("/c/salida/").content.decode()
        found = client.get(f"/c/salida/{pk}/").status_code
        assert (name, listed, found) == (name, sees, 200 if sees else 404)
