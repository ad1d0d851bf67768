"""The frame: who enters, in which language, with which headers."""

from __future__ import annotations

import pytest
from django.test import Client

from esmero.config.middleware import POLICY
from esmero.kernel.errors import Refusal
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.ui.refusals import SENTENCES, sentence


def test_console_without_sign_in_leads_to_sign_in(db):
    answer = Client().get("/c/yo/?a=1")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/cuenta/login/?next=%2Fc%2Fyo%2F%3Fa%3D1",
    )


def test_console_piece_without_sign_in_redirects_the_whole_page(db):
    answer = Client().get(
        "/c/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/c/yo/"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/cuenta/login/?next=http%3A%2F%2Ftestserver%2Fc%2Fyo")


def test_console_page_carries_policy_and_is_never_cached(team):
    answer = team.client(team.ana).get("/c/")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "style=" not in answer.content.decode()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("", 400),
    ],
)
def test_host_names_that_are_not_ours_are_refused(team, host, status):
    assert team.client(team.ana).get("/c/", headers={"Host": host}).status_code == status


def test_agent_reads_her_own_language_and_theme(team):
    people.change_own_preferences(
        agent_id=team.ana.pk, name="Ana Soler", language="en", signature="", theme="dark",
        has_shortcuts=False,
    )  # fmt: skip
    answer = team.client(team.ana).get("/c/")
    text = answer.content.decode()
    assert answer["Content-Language"] == "en"
    assert '<html lang="en" dir="ltr" data-theme="dark">' in text
    assert '<es-keys data-off="yes">' in text


def test_preferences_are_stored_and_bad_ones_refused(team):
    client = team.client(team.ana)
    good = {
        "name": "Ana S.",
        "language": "en",
        "theme": "",
        "signature": "Un saludo",
        "undo_seconds": "15",
    }
    assert client.post("/c/yo/", good)["Location"] == "/c/yo/"
    team.ana.refresh_from_db()
    assert (team.ana.name, team.ana.language, team.ana.has_shortcuts) == ("Ana S.", "en", False)
    assert client.post("/c/yo/", {**good, "language": "tlh"}).status_code == 422


def test_unknown_address_answers_404_with_a_way_on(team):
    answer = team.client(team.ana).get("/c/nada/")
    assert answer.status_code == 404
    assert 'href="/c/"' in answer.content.decode()


def test_inactive_member_is_out(team):
    client = team.client(team.ana)
    people.change_agent(
        agent_id=team.ana.pk, name="Ana", role=Role.AGENT, signature="",
        department_ids=[], is_active=False, at=team.ana.created_at, by=team.carla.pk,
    )  # fmt: skip
    assert client.get("/c/").status_code == 302


def _codes(of):
    for child in of.__subclasses__():
        if "tests" not in child.__module__:
            yield child.code
        yield from _codes(child)


def test_every_refusal_has_a_sentence():
    assert sorted({Refusal.code, *_codes(Refusal)} - set(SENTENCES)) == []


def test_unknown_refusal_gets_the_general_sentence():
    class Odd(Refusal):
        code = "odd"

    assert sentence(Odd()) == str(SENTENCES["refused"])
