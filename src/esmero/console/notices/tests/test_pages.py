"""The bell's list, the matrix, pauses, this browser's push, the app, links that silence."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.conversations import actions as conversations
from esmero.kernel import dispatch
from esmero.kernel.clock import now
from esmero.notices import queries
from esmero.notices.enums import Channel, Kind, Mutes
from esmero.notices.models import Notice, Subscription
from esmero.notices.rules import webpush

POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
KEYS = {"p256dh": POINT, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}


@pytest.fixture
def mentioned(team):
    pk = team.write().conversation_id
    conversations.add_note(
        conversation_id=pk, agent_id=team.carla.pk, text="@Ana", at=now(), mentions=[team.ana.pk]
    )
    while dispatch.dispatch_one(at=now()):
        pass
    return pk


def test_the_list_says_it_and_opening_the_conversation_settles_it(team, mentioned):
    client = team.client(team.ana)
    page = client.get("/c/campana/").content.decode()
    assert f"te menciona en la n.º {mentioned}" in page
    assert "data-unseen" in page
    assert 'data-counted="bell"' in page
    client.get(f"/c/conversaciones/{mentioned}/")
    assert "data-unseen" not in client.get("/c/campana/").content.decode()
    other = team.client(team.bruno).get("/c/campana/").content.decode()
    assert f"n.º {mentioned}" not in other


def test_new_ones_come_as_toasts_since_an_event(team, mentioned):
    client = team.client(team.ana)
    event = Notice.objects.get().event_id
    fresh = client.get(f"/c/campana/nuevos/?desde={event - 1}").content.decode()
    assert f'data-newest="{event}"' in fresh
    assert fresh.count('class="toast') == 1
    none = client.get(f"/c/campana/nuevos/?desde={event}").content.decode()
    assert none.count('class="toast') == 0
    for bad in ("", "x", "-1", "9" * 30):
        assert client.get("/c/campana/nuevos/", {"desde": bad}).status_code == 404


def test_all_or_one_is_seen_by_saying_so(team, mentioned):
    client = team.client(team.ana)
    row = Notice.objects.get()
    client.post("/c/campana/vistos/", {"aviso": row.pk + 1})
    assert Notice.objects.filter(seen_at=None).count() == 1
    team.client(team.bruno).post("/c/campana/vistos/")
    assert Notice.objects.filter(seen_at=None).count() == 1
    client.post("/c/campana/vistos/")
    assert Notice.objects.filter(seen_at=None).count() == 0


def test_one_click_silences_a_conversation_and_hears_it_again(team, mentioned):
    client = team.client(team.ana)
    url = f"/c/conversaciones/{mentioned}/silenciar/"
    assert client.post(url).status_code == 302
    assert "muted" in queries.standing(agent_id=team.ana.pk, conversation_id=mentioned)
    assert (
        "silenciada: volver a oírla"
        in client.get(f"/c/conversaciones/{mentioned}/").content.decode()
    )
    client.post(url, {"oir": "1"})
    assert "muted" not in queries.standing(agent_id=team.ana.pk, conversation_id=mentioned)


FORM = {
    "mail_minutes": "20", "quiet": "own", "quiet_starts": "20:00", "quiet_ends": "08:30",
    "quiet_days": ["4", "5"], "zone": "America/Lima", "hides_names": "on",
    "mention-s": "1", "message-m": "1",
}  # fmt: skip


def test_the_matrix_is_kept_and_shown(team):
    client = team.client(team.ana)
    page = client.get("/c/yo/avisos/").content.decode()
    assert page.count('type="checkbox" name=') >= 33
    assert "mailbox-m" not in page  # for administrators alone
    assert client.post("/c/yo/avisos/", FORM).status_code == 302
    found = queries.preferences_of(team.ana.pk)
    assert (found.mail_minutes, found.quiet, found.zone) == (20, "own", "America/Lima")
    assert (found.quiet_days, found.quiet_starts, found.quiet_ends) == ([4, 5], 1200, 510)
    assert queries.matrix.channels_of(found.channels, Kind.MENTION) == {Channel.SCREEN}
    assert queries.matrix.channels_of(found.channels, Kind.MESSAGE) == {Channel.MAIL}
    assert queries.matrix.channels_of(found.channels, Kind.SIDE) == frozenset()
    # What she was not shown stays as it was.
    assert "mailbox" not in found.channels
    page = client.get("/c/yo/avisos/").content.decode()
    assert 'name="mention-s" value="1" checked' in page
    assert 'name="mention-m" value="1" checked' not in page


@pytest.mark.parametrize(
    "wrong",
    [{"mail_minutes": "0"}, {"mail_minutes": "x"}, {"quiet": "nunca"}, {"quiet_days": []},
     {"quiet_starts": "25:00"}, {"zone": "Marte"}],
)  # fmt: skip
def test_bad_choices_come_back_with_a_reason_and_what_was_chosen(team, wrong):
    client = team.client(team.ana)
    answer = client.post("/c/yo/avisos/", FORM | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'class="why"' in page
    assert 'name="message-m" value="1" checked' in page
    assert queries.preferences_of(team.ana.pk).channels == {}


def test_a_pause_of_an_hour_until_tomorrow_and_none(team):
    client = team.client(team.ana)
    client.post("/c/yo/avisos/pausa/", {"hasta": "hora"})
    until = queries.preferences_of(team.ana.pk).paused_until
    assert timedelta(minutes=59) < until - now() <= timedelta(hours=1)
    client.post("/c/yo/avisos/pausa/", {"hasta": "manana"})
    until = queries.preferences_of(team.ana.pk).paused_until
    local = until.astimezone(queries.zone_of(queries.preferences_of(team.ana.pk)))
    assert (local.hour, local.minute) == (7, 0)
    assert "callan hasta" in client.get("/c/yo/avisos/").content.decode()
    client.post("/c/yo/avisos/pausa/", {"hasta": "ya"})
    assert queries.preferences_of(team.ana.pk).paused_until is None
    client.post("/c/yo/avisos/pausa/", {"hasta": "siempre"})
    assert queries.preferences_of(team.ana.pk).paused_until is None


def test_a_browser_subscribes_in_its_session_and_is_taken_away(team):
    client = team.client(team.ana)
    url = "/c/yo/avisos/navegador/"
    key = client.post(url, b"", content_type="application/json").json()["key"]
    assert len(webpush.unpacked(key)) == 65
    body = {"endpoint": "https://push.example/a", "keys": KEYS}
    answer = client.post(url, json.dumps(body), content_type="application/json")
    assert answer.json() == {"ok": True}
    row = Subscription.objects.get()
    assert (row.agent_id, row.session_key) == (team.ana.pk, client.session.session_key)
    page = client.get("/c/yo/avisos/").content.decode()
    assert f'name="navegador" value="{row.pk}"' in page
    team.client(team.bruno).post(f"{url}quitar/", {"navegador": row.pk})
    assert Subscription.objects.count() == 1
    client.post(f"{url}quitar/", {"navegador": row.pk})
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'{"endpoint": 1, "keys": {"p256dh": "", "auth": ""}}', b"\xff",
     b'{"endpoint": "http://10.0.0.1/", "keys": {"p256dh": "a", "auth": "b"}}', b"x" * 5000,
     json.dumps({"endpoint": "https://push.example/a", "keys": {"p256dh": "a", "auth": "b"}})],
)  # fmt: skip
def test_what_is_no_subscription_is_refused_with_words(team, body):
    client = team.client(team.ana)
    answer = client.post("/c/yo/avisos/navegador/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Subscription.objects.exists()


# -- without signing in ---------------------------------------------------------


def test_the_link_of_a_mail_asks_and_one_click_silences(team):
    link = queries.link_of(team.ana.pk, Mutes.MAIL, ["mention"], at=now())
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/avisos/{link}/")
    assert "Una nota me menciona, por correo" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert queries.preferences_of(team.ana.pk).channels == {}
    one_click = client.post(f"/avisos/{link}/", {"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 204
    assert queries.preferences_of(team.ana.pk).channels == {"mention": "sp"}
    for bad in ("x", link[:-1], link.replace("mail", "push")):
        assert client.post(f"/avisos/{bad}/").status_code == 404


def test_the_manifest_names_the_shop_and_its_icons_are_there(team):
    answer = Client().get("/app/manifest.webmanifest")
    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["start_url"], said["scope"], said["display"]) == ("/c/", "/c/", "standalone")
    assert len(said["icons"]) == 3


@pytest.mark.parametrize(("language", "words"), [("es", "Sin conexión"), ("en", "No connection")])
def test_the_worker_keeps_hashed_files_and_one_page_alone(team, language, words):
    worker = Client().get(f"/app/trabajador.js?l={language}")
    assert worker["Service-Worker-Allowed"] == "/c/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert "default-src 'none'" in worker["Content-Security-Policy"]
    assert f'OFFLINE = "/app/sin-conexion/?l={language}"' in worker.content.decode()
    page = Client().get(f"/app/sin-conexion/?l={language}").content.decode()
    assert words in page
