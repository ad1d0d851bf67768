"""The numbers kept by events are those that a page counts, whatever happened."""

from __future__ import annotations

import random
from datetime import timedelta

from esmero.channels import actions as channels
from esmero.console.counts import counters
from esmero.console.live.kept import Kept
from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import OpenPromise
from esmero.conversations.models import Conversation
from esmero.kernel.clock import now
from esmero.kernel.errors import Refusal
from esmero.live.tail import Tail
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises.actions import Owner
from esmero.promises.enums import Kind


def both(team, kept: Kept, tail: Tail) -> None:
    """Take what happened, then compare for everybody."""
    fresh = tail.read()
    ids = {int(t.partition(":")[2]) for one in fresh for t in one.topics if t.startswith("conv")}
    kept.take(ids, queries.live.facts_of(ids))
    kept.take_promises(fresh, at=now())
    for agent in (team.ana, team.bruno, team.carla):
        counted = counters(agent, at=now(), with_lists=True)
        places = people_queries.department_ids_of(agent)
        assert kept.counts_of(agent.pk, places, at=now()) == counted


def test_kept_numbers_are_the_counted_ones_after_anything(team) -> None:
    dice = random.Random(7)
    for number in range(4):
        team.write(sender=f"antes{number}@example.com")
    kept, tail = Kept(), Tail()
    kept.load(at=now())
    tail.begin()
    both(team, kept, tail)
    people_ids = [team.ana.pk, team.bruno.pk, team.carla.pk]

    def reply(pk: int, at) -> None:
        conversations.write_reply(
            reply=conversations.Reply(pk, team.ana.pk, "Sí", [("", "a@example.com")]), at=at
        )

    acts = [
        lambda pk, at: conversations.assign_conversation(
            conversation_id=pk, agent_id=dice.choice([*people_ids, None]),
            department_id=dice.choice([team.support, team.sales]), at=at, by=team.carla.pk),
        lambda pk, at: conversations.resolve_conversation(
            conversation_id=pk, at=at, by=team.ana.pk, open_promise=OpenPromise.KEEP),
        lambda pk, at: conversations.reopen_conversation(
            conversation_id=pk, at=at, by=team.ana.pk),
        lambda pk, at: conversations.snooze_conversation(
            conversation_id=pk, until=at + timedelta(days=1), at=at, by=team.ana.pk),
        lambda pk, at: conversations.wake_conversation(conversation_id=pk, at=at, by=None),
        lambda pk, at: channels.mark_as_spam(conversation_id=pk, at=at, by=team.ana.pk),
        lambda pk, at: channels.clear_suspicion(conversation_id=pk, at=at, by=team.ana.pk),
        lambda pk, at: conversations.mark_waiting(conversation_id=pk, at=at, by=team.ana.pk),
        lambda pk, at: team.write(
            sender=f"{dice.random()}@example.com", is_suspect=dice.random() < 0.3,
            department=dice.choice([team.support, team.sales])),
        reply,
    ]  # fmt: skip
    done = 0
    for _ in range(120):
        pk = dice.choice(list(Conversation.objects.values_list("id", flat=True)))
        try:
            dice.choice(acts)(pk, now())
        except Refusal:
            continue
        done += 1
        both(team, kept, tail)
    assert done > 60


def test_promises_due_today_count_for_their_owner(team) -> None:
    found = team.write()
    kept, tail = Kept(), Tail()
    kept.load(at=now())
    tail.begin()
    team.give(found.conversation_id, team.ana)
    both(team, kept, tail)
    for minutes in (1, 60 * 24 * 3):
        promises.make_promise(
            kind=Kind.FOLLOW_UP, subject_ref=f"conversation:{found.conversation_id}",
            owner=Owner(agent_id=team.ana.pk), customer_id=found.customer_id, channel="mail",
            due_at=now() + timedelta(minutes=minutes), at=now(), actor="system",
        )  # fmt: skip
    both(team, kept, tail)
    team.give(found.conversation_id, team.bruno)
    both(team, kept, tail)


def test_the_door_in_memory_is_the_door_of_the_database(team) -> None:
    """`live.may_see` and `visible_to` agree for every pair of member and conversation."""
    made = [team.write(sender=f"{n}@example.com", department=d).conversation_id
            for n, d in enumerate((team.support, team.sales, team.sales))]  # fmt: skip
    team.give(made[1], team.ana)  # hers, though of another department
    nowhere = team.write(sender="n@example.com", department=0 or None)
    Conversation.objects.filter(pk=nowhere.conversation_id).update(department=None)
    everywhere = people.hire_agent(
        email="eva@example.com", name="Eva", role=Role.AGENT, password=None, department_ids=[], at=now()
    )  # fmt: skip
    facts = queries.live.facts_of([*made, nowhere.conversation_id])
    assert len(facts) == 4
    for agent in (team.ana, team.bruno, team.carla, people_queries.agent(everywhere)):
        seen = set(queries.visible_to(agent).values_list("id", flat=True))
        places = people_queries.department_ids_of(agent)
        assert {pk for pk in facts if queries.live.may_see(agent.pk, places, facts[pk])} == seen
