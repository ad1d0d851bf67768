"""Who is where, who takes over from whom, and who of two may send."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.conversations import actions, queries
from esmero.conversations.enums import Doing
from esmero.conversations.errors import SomebodyAskedAlready, SomethingNewArrived, TakeoverOver
from esmero.conversations.models import Conversation, Message, Takeover
from esmero.kernel import events, jobs
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound


@pytest.fixture
def talk(team) -> int:
    team.write(sender="otra@example.com")
    return team.write().conversation_id


def writes(agent, pk: int | None, doing: Doing = Doing.WRITES, tab: str = "ventana-1") -> None:
    line = f"linea-de-{agent.pk}"
    actions.note_presence(
        agent_id=agent.pk, line=line, tab=tab, conversation_id=pk, doing=doing, at=now()
    )


def there(pk: int, at=None) -> dict[int, Doing]:
    return queries.presence.present_in([pk], at=at or now())[pk]


def kinds(pk: int) -> list[str]:
    return [one.kind.partition(".")[2] for one in events.history_of(f"conversation:{pk}")]


def test_writing_goes_before_looking_and_a_window_is_in_one_place(team, talk):
    writes(team.ana, talk)
    writes(team.ana, talk, Doing.LOOKS, tab="ventana-2")
    assert there(talk) == {team.ana.pk: Doing.WRITES}
    writes(team.ana, talk - 1)
    assert there(talk) == {team.ana.pk: Doing.LOOKS}
    writes(team.ana, None, tab="ventana-2")
    assert there(talk) == {}
    assert there(talk - 1) == {team.ana.pk: Doing.WRITES}
    assert there(talk - 1, at=now() + timedelta(seconds=31)) == {}


def test_only_what_changes_is_told_on(team, talk, django_capture_on_commit_callbacks, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(jobs, "wake", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        writes(team.ana, talk, Doing.LOOKS)
        writes(team.ana, talk, Doing.LOOKS)
    assert told == [f"presence:{talk}"]
    with django_capture_on_commit_callbacks(execute=True):
        writes(team.ana, talk - 1, Doing.LOOKS)
    assert sorted(told[1:]) == [f"presence:{talk - 1}", f"presence:{talk}"]


def test_where_nobody_writes_it_is_taken_at_once(team, talk):
    team.give(talk, team.ana)
    writes(team.ana, talk, Doing.LOOKS)
    assert actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=now()) is None
    assert Conversation.objects.get(pk=talk).owner_agent_id == team.carla.pk
    assert not Takeover.objects.exists()


def test_who_writes_is_asked_and_may_refuse(team, talk):
    team.give(talk, team.ana)
    writes(team.ana, talk)
    at = now()
    wish = actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=at)
    assert actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=at) == wish
    with pytest.raises(SomebodyAskedAlready):
        actions.ask_takeover(conversation_id=talk, by=team.bruno.pk, at=at)
    with pytest.raises(NotFound):
        actions.answer_takeover(takeover_id=wish, yields=True, by=team.carla.pk, at=at)
    actions.answer_takeover(takeover_id=wish, yields=False, by=team.ana.pk, at=at)
    assert Conversation.objects.get(pk=talk).owner_agent_id == team.ana.pk
    assert kinds(talk)[-2:] == ["takeover_asked", "takeover_ended"]
    with pytest.raises(TakeoverOver):
        actions.answer_takeover(takeover_id=wish, yields=True, by=team.ana.pk, at=at)
    assert not actions.end_takeover_one(at=at + timedelta(hours=1))


def test_she_may_yield_and_the_asker_may_leave_it(team, talk):
    writes(team.ana, talk)
    wish = actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=now())
    actions.withdraw_takeover(takeover_id=wish, by=team.carla.pk, at=now())
    assert Conversation.objects.get(pk=talk).owner_agent_id is None
    wish = actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=now())
    actions.answer_takeover(takeover_id=wish, yields=True, by=team.ana.pk, at=now())
    assert Conversation.objects.get(pk=talk).owner_agent_id == team.carla.pk
    assert list(Takeover.objects.order_by("id").values_list("outcome", flat=True)) == [
        "withdrawn",
        "yielded",
    ]


def test_without_an_answer_it_is_the_askers_after_a_minute_and_not_before(team, talk):
    team.give(talk, team.ana)
    writes(team.ana, talk)
    at = now()
    actions.ask_takeover(conversation_id=talk, by=team.carla.pk, at=at)
    assert actions.next_takeover_at() == at + timedelta(seconds=60)
    assert not actions.end_takeover_one(at=at + timedelta(seconds=59))
    assert actions.end_takeover_one(at=at + timedelta(seconds=60))
    assert Conversation.objects.get(pk=talk).owner_agent_id == team.carla.pk
    assert Takeover.objects.get().outcome == "timeout"
    assert actions.next_takeover_at() is None


# -- sending --


def reply(team, talk: int, who, *, seen: int | None) -> actions.Reply:
    return actions.Reply(talk, who.pk, f"De {who.name}", [("", "marta@example.com")], seen_message_id=seen)  # fmt: skip


@pytest.mark.parametrize("what", ["inbound", "note", "reply"])
def test_send_stops_for_anything_of_others_that_was_not_seen(team, talk, what):
    seen = queries.newest_id(talk)
    if what == "inbound":
        team.write("¡Espera!", candidates=[talk], at=now())
    elif what == "note":
        actions.add_note(conversation_id=talk, agent_id=team.carla.pk, text="No", at=now())
    else:
        actions.write_reply(reply=reply(team, talk, team.carla, seen=seen), at=now())
    with pytest.raises(SomethingNewArrived) as stopped:
        actions.write_reply(reply=reply(team, talk, team.ana, seen=seen), at=now())
    assert stopped.value.params["message_id"] == queries.newest_id(talk)
    actions.write_reply(reply=reply(team, talk, team.ana, seen=queries.newest_id(talk)), at=now())


def test_what_is_ones_own_or_taken_back_stops_nobody(team, talk):
    seen = queries.newest_id(talk)
    actions.add_note(conversation_id=talk, agent_id=team.ana.pk, text="Mía", at=now())
    other = actions.write_reply(reply=reply(team, talk, team.carla, seen=None), at=now())
    Message.objects.filter(pk=other.message_id).update(is_withdrawn=True)
    actions.write_reply(reply=reply(team, talk, team.ana, seen=seen), at=now())


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_goes(team, talk):
    seen = queries.newest_id(talk)
    both, ends = threading.Barrier(2), []

    def press(who) -> None:
        try:
            both.wait(20)
            actions.write_reply(reply=reply(team, talk, who, seen=seen), at=now())
            ends.append("sent")
        except SomethingNewArrived:
            ends.append("stopped")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(who,)) for who in (team.ana, team.carla)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(ends) == ["sent", "stopped"]
    assert Message.objects.filter(direction="out").count() == 1
