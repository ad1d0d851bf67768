"""The stream as a browser hears it: only what its reader may see, once, in order, after anything."""

from __future__ import annotations

import time
from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Doing
from esmero.conversations.models import Presence
from esmero.kernel import jobs
from esmero.kernel.clock import now
from esmero.live import hub as hubs
from esmero.live.cursor import Cursor
from esmero.people.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)
LINE = "linea-de-ana-1"


def note(team, pk: int, text: str = "Una nota") -> None:
    conversations.add_note(conversation_id=pk, agent_id=team.carla.pk, text=text, at=now())


def subjects(news) -> list[int]:
    return [one["c"] for one in news]


@pytest.fixture
def talk(team) -> int:
    return team.write().conversation_id


def test_only_the_team_listens(team, serve, ear):
    server = serve()
    for cookie in ("", "nobody", "x" * 32):
        refused = ear.with_cookie(server, cookie)
        assert refused.answer.status == 401
    team.ana.is_active = False
    team.ana.save()
    assert ear(server, team.ana).answer.status == 401


def test_its_head_lets_proxies_pass_it_on_at_once_and_keep_nothing(team, serve, ear):
    answer = ear(serve(), team.ana).answer
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store, no-transform"


def test_who_may_see_is_told_and_nobody_else_and_never_in_words(team, talk, serve, ear):
    server = serve()
    ana, bruno, carla = (ear(server, who) for who in (team.ana, team.bruno, team.carla))
    for one in (ana, bruno, carla):
        assert one.next()["hello"]["counts"].keys() >= {"today", "inbox", "mias", "sin-dueno"}
    note(team, talk)
    (told,) = ana.news()
    assert told == {"e": told["e"], "c": talk, "k": "note_written", "o": 0,
                    "a": team.carla.pk, "message_id": told["message_id"]}  # fmt: skip
    assert subjects(carla.news()) == [talk]
    team.write(subject="Para ventas", department=team.sales)
    assert set(subjects(bruno.news())) == {talk + 1}
    assert ana.rest() == []
    said = "".join(ana.raw + bruno.raw + carla.raw)
    for word in ("Vajilla", "Marta", "marta@", "Una nota", "ventas", "lavavajillas"):
        assert word not in said


def test_numbers_are_told_to_those_whose_have_changed(team, talk, serve, ear):
    server = serve()
    ana, bruno = ear(server, team.ana), ear(server, team.bruno)
    assert ana.next()["hello"]["counts"]["sin-dueno"] == 1
    assert bruno.next()["hello"]["counts"]["sin-dueno"] == 0
    team.give(talk, team.ana)
    counts = ana.next("counts")["counts"]
    assert (counts["sin-dueno"], counts["mias"], counts["inbox"]) == (0, 1, 1)
    assert bruno.rest() == []


def test_what_goes_to_another_department_is_gone_here_and_comes_there(team, talk, serve, ear):
    server = serve()
    ana, bruno = ear(server, team.ana), ear(server, team.bruno)
    ana.next(), bruno.next()
    conversations.assign_conversation(
        conversation_id=talk, agent_id=None, department_id=team.sales, at=now(), by=team.carla.pk
    )
    assert {(one["c"], one.get("gone")) for one in ana.news()} == {(talk, 1)}
    assert {(one["c"], one.get("gone")) for one in bruno.news()} == {(talk, None)}
    note(team, talk)
    assert subjects(bruno.news()) == [talk]
    assert ana.rest() == []


def test_access_that_is_taken_away_ends_at_once(team, talk, serve, ear):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    Membership.objects.filter(agent=team.ana).update(department=team.sales)
    note(team, talk)
    found = ana.rest(least=1)
    assert [sorted(one) for one in found] == [["hello", "reset"]]
    team.write(department=team.sales)
    assert ana.news()


@pytest.mark.parametrize("how", ["left", "signed out", "other password"])
def test_who_may_not_come_in_any_more_hears_no_more(team, talk, serve, ear, how):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    if how == "left":
        team.ana.is_active = False
    elif how == "other password":
        team.ana.set_password("otra-clave-larga-2")
    else:
        Session.objects.all().delete()
    team.ana.save()
    note(team, talk)
    found = ana.rest(least=2)
    assert found == [{"out": True}, {"end": True}]


def test_a_lost_line_misses_nothing_and_doubles_nothing(team, talk, serve, ear):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    note(team, talk)
    first = ana.news()
    ana.close()
    for _ in range(5):
        note(team, talk)
    team.write(department=team.sales)
    back = ear(server, team.ana, at=ana.at)
    said = back.next()
    assert said["hello"]["me"] == team.ana.pk
    missed = [one["e"] for one in said["news"]]
    assert len(missed) == 5
    assert missed == sorted(missed)
    assert missed[0] > first[-1]["e"]
    note(team, talk)
    assert len(back.news()) == 1
    assert back.rest() == []


@pytest.mark.slow
def test_what_commits_late_is_told_once_also_over_a_lost_line_and_a_restart(
    team, talk, serve, ear
):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    with psycopg.connect(connection.connection.info.dsn) as slow:
        late = slow.execute(
            "INSERT INTO kernel_event (kind, version, at, actor, data, is_pending, attempts) "
            "VALUES ('conversation.note_written', 1, now(), 'system', '{}', false, 0) RETURNING id"
        ).fetchone()[0]
        slow.execute(
            "INSERT INTO kernel_event_link (event_id, ref) VALUES (%s, %s)",
            [late, f"conversation:{talk}"],
        )
        note(team, talk)
        (early,) = ana.news()
        assert early["e"] > late
        ana.close()
        assert server.stop() < 5
        slow.commit()
    server = serve()
    back = ear(server, team.ana, at=ana.at)
    assert [one["e"] for one in back.next()["news"]] == [late]
    note(team, talk)
    assert [one["e"] > early["e"] for one in back.news()] == [True]
    again = ear(server, team.ana, at=back.at)
    assert "news" not in again.next()


def test_a_cursor_of_a_process_that_was_further_doubles_nothing(team, talk, serve, ear):
    server = serve()
    ahead = str(Cursor.read(server.live.present()).after([10_000_000]))
    odd = ear(server, team.ana, at=ahead)
    assert odd.next()["reset"] is True  # of another database
    hub = server.live.hub
    note(team, talk)
    newest = odd.news()[-1]["e"]
    near = Cursor(newest + 1, ())  # its process has read one that this one has not
    back = ear(server, team.ana, at=str(near))
    assert "reset" not in back.next()
    note(team, talk)
    note(team, talk)
    told = [one["e"] for said in (back.rest(least=1)) for one in said["news"]]
    assert told == [newest + 2]
    assert hub is not None


@pytest.mark.slow
def test_hours_of_sleep_end_with_one_look_at_everything(team, talk, serve, ear, monkeypatch):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    ana.close()
    monkeypatch.setattr(hubs, "MOST", 20)
    for _ in range(30):
        note(team, talk)
    server.stop()
    back = ear(serve(), team.ana, at=ana.at)
    said = back.next()
    assert said["reset"] is True
    assert "news" not in said
    note(team, talk)
    assert len(back.news()) == 1


def test_stopping_ends_the_streams_and_is_not_held_up_by_them(team, serve, ear):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    assert server.stop() < 5
    assert ana.rest(0.2, least=1) == [{"end": True}]


def test_it_is_woken_and_does_not_wait_for_the_net(team, talk, serve, ear, monkeypatch):
    server = serve()
    monkeypatch.setattr(hubs, "LOOKS_EVERY", 60.0)
    ana = ear(server, team.ana)
    ana.next()
    time.sleep(0.3)
    note(team, talk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('esmero_wake', 'happened')")
    assert ana.news(within=30)  # the net would look only after 60 s


def test_a_listener_whose_connection_broke_looks_anew(team, talk, serve, ear):
    server = serve()
    ana = ear(server, team.ana)
    ana.next()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    note(team, talk)
    found = ana.rest(1.0, least=2)
    assert {"reset": True} in found
    assert [one["c"] for said in found for one in said.get("news", [])] == [talk]


# -- presence --


def here(team, agent, pk: int | None, doing: Doing = Doing.LOOKS, line: str = LINE) -> None:
    conversations.note_presence(
        agent_id=agent.pk, line=line, tab="ventana-1", conversation_id=pk, doing=doing, at=now()
    )
    with connection.cursor() as cursor:  # what the notifier does after the commit
        if pk:
            cursor.execute("SELECT pg_notify('esmero_wake', %s)", [f"presence:{pk}"])


def test_who_looks_and_who_writes_is_told_to_who_may_see(team, talk, serve, ear):
    server = serve()
    ana = ear(server, team.ana, line=LINE)
    bruno, carla = ear(server, team.bruno), ear(server, team.carla)
    for one in (ana, bruno, carla):
        one.next()
    here(team, team.ana, talk)
    begun = time.monotonic()
    assert carla.next("here")["here"] == {str(talk): [[team.ana.pk, "l"]]}
    here(team, team.ana, talk, Doing.WRITES)
    assert carla.next("here")["here"] == {str(talk): [[team.ana.pk, "w"]]}
    assert time.monotonic() - begun < 2
    late = ear(server, team.carla)
    assert late.next()["hello"]["here"] == {str(talk): [[team.ana.pk, "w"]]}
    foreign = ear(server, team.bruno)
    assert foreign.next()["hello"]["here"] == {}
    assert bruno.rest() == []


def test_presence_ends_with_the_stream_of_a_browser_that_died(team, talk, serve, ear, monkeypatch):
    monkeypatch.setattr(jobs, "wake", lambda topic: woken.append(topic))
    woken: list[str] = []
    server = serve()
    ana = ear(server, team.ana, line=LINE)
    ana.next()
    here(team, team.ana, talk, Doing.WRITES)
    time.sleep(0.7)
    assert queries.presence.present_in([talk], at=now()) == {talk: {team.ana.pk: Doing.WRITES}}
    woken.clear()
    ana.close()
    limit = time.monotonic() + 10
    while queries.presence.present_in([talk], at=now())[talk]:
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert woken == [f"presence:{talk}"]


def test_presence_survives_a_line_that_comes_back_and_not_a_silent_one(team, talk, serve, ear):
    server = serve()
    ana = ear(server, team.ana, line=LINE)
    ana.next()
    here(team, team.ana, talk)
    ana.close()
    back = ear(server, team.ana, line=LINE, at=ana.at)
    back.next()
    time.sleep(1.2)
    assert queries.presence.present_in([talk], at=now())[talk] == {team.ana.pk: Doing.LOOKS}
    here(team, team.bruno, talk, line="linea-perdida")
    Presence.objects.filter(line="linea-perdida").update(seen_at=now() - timedelta(minutes=1))
    assert team.bruno.pk not in queries.presence.present_in([talk], at=now())[talk]
    limit = time.monotonic() + 20
    while Presence.objects.filter(line="linea-perdida").exists():
        assert time.monotonic() < limit
        time.sleep(0.05)
