"""What an owner who is away or has left keeps: nothing that ticks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from esmero.conversations import actions, queries
from esmero.conversations.enums import OpenPromise
from esmero.conversations.models import Conversation
from esmero.conversations.tests.test_receive import contact
from esmero.kernel import dispatch
from esmero.kernel.models import EventRow, ReactionFailure
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises.enums import Reason
from esmero.promises.models import Promise
from tests.cast import NOON, House, open_house

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> House:
    return open_house()


def receive(number: int, owner: int | None = None) -> int:
    """Let somebody write, and give it to an owner."""
    received = actions.receive(
        contact=contact(
            sender_email=f"c{number}@correo.example", message_id=f"<{number}@correo.example>"
        ),
        at=NOON,
    )
    if owner is not None:
        actions.assign_conversation(
            conversation_id=received.conversation_id, agent_id=owner, at=NOON, by=None
        )
    return received.conversation_id


def resolve(conversation_id: int, by: int) -> None:
    actions.resolve_conversation(
        conversation_id=conversation_id,
        at=NOON + MINUTE,
        by=by,
        open_promise=OpenPromise.RELEASE,
        reason=Reason.NOT_A_CONTACT,
    )


def away(agent_id: int, substitute_id: int | None = None, at: datetime = NOON) -> int:
    return people.begin_absence(
        agent_id=agent_id,
        starts_at=at,
        ends_at=at + timedelta(days=7),
        substitute_id=substitute_id,
        at=at,
        actor="system",
    )


def react(at: datetime) -> None:
    while people.announce_absence(at=at):
        pass
    while dispatch.dispatch_one(at=at):
        pass
    assert list(ReactionFailure.objects.values_list("error", flat=True)) == []


def owners() -> dict[int, int | None]:
    return dict(Conversation.objects.order_by("id").values_list("id", "owner_agent_id"))


def given() -> list[tuple[int, int | None, list[int]]]:
    return [
        (g.agent_id, g.taker_id, g.conversation_ids)
        for g in reversed(queries.given_back(since=NOON - MINUTE))
    ]


def test_absence_without_substitute_gives_to_the_queue(house):
    mine, done, other = receive(1, house.ana), receive(2, house.ana), receive(3, house.bruno)
    resolve(done, house.ana)
    away(house.ana)
    react(NOON + MINUTE)
    assert owners() == {mine: None, done: house.ana, other: house.bruno}
    promise = Promise.objects.get(subject_ref=f"conversation:{mine}")
    assert (promise.owner_agent_id, promise.department_id) == (None, house.care)
    assert given() == [(house.ana, None, [mine])]


@pytest.mark.parametrize("why", ["away", "left"])
def test_a_substitute_who_is_not_there_gets_nothing(house, why):
    mine = receive(1, house.ana)
    if why == "away":
        away(house.carla)
    else:
        leave(house, house.carla, Role.SUPERVISOR)
    away(house.ana, house.carla)
    react(NOON + MINUTE)
    assert owners() == {mine: None}


def test_a_substitute_who_is_there_gets_it(house):
    mine = receive(1, house.ana)
    away(house.ana, house.carla)
    react(NOON + MINUTE)
    assert owners() == {mine: house.carla}
    assert given() == [(house.ana, house.carla, [mine])]


def leave(house: House, agent_id: int, role: Role) -> None:
    people.change_agent(
        agent_id=agent_id,
        name="X",
        role=role,
        signature="",
        department_ids=[],
        is_active=False,
        at=NOON,
        by=house.dora,
    )


def test_who_leaves_gives_everything_back(house):
    mine, other = receive(1, house.ana), receive(2, house.bruno)
    leave(house, house.ana, Role.AGENT)
    react(NOON + MINUTE)
    assert owners() == {mine: None, other: house.bruno}
    assert given() == [(house.ana, None, [mine])]


def reopen(conversation_id: int) -> None:
    actions.receive(
        contact=contact(
            sender_email="c1@correo.example",
            message_id="<again@correo.example>",
            candidates=[conversation_id],
            received_at=NOON + timedelta(hours=1),
        ),
        at=NOON + timedelta(hours=1),
    )


@pytest.mark.parametrize("substitute", [True, False])
def test_what_reopens_while_its_owner_is_away_is_handed_on(house, substitute):
    mine = receive(1, house.ana)
    resolve(mine, house.ana)
    away(house.ana, house.carla if substitute else None)
    react(NOON + MINUTE)
    reopen(mine)
    react(NOON + timedelta(hours=1))
    taker = house.carla if substitute else None
    assert owners() == {mine: taker}
    owed = Promise.objects.get(subject_ref=f"conversation:{mine}", state="open")
    assert owed.owner_agent_id == taker


def test_what_reopens_for_an_owner_who_is_there_stays_hers(house):
    mine = receive(1, house.ana)
    resolve(mine, house.ana)
    reopen(mine)
    react(NOON + timedelta(hours=1))
    assert owners() == {mine: house.ana}
    assert given() == []


def test_given_to_somebody_away_it_is_taken_at_half_of_the_way(house):
    away(house.ana)
    react(NOON)
    mine = receive(1, house.ana)
    react(NOON + MINUTE)
    assert owners() == {mine: house.ana}  # somebody may have meant it
    half_at = Promise.objects.get().next_check_at
    assert half_at is not None
    assert promises.watch_one(at=half_at)
    react(half_at)
    assert owners() == {mine: None}


def test_hand_on_publishes_nothing_where_there_is_nothing_to_hand_on(house):
    mine, nobodys = receive(1, house.ana), receive(2)
    before = EventRow.objects.count()
    assert not actions.hand_on_if_away(conversation_id=mine, at=NOON)
    assert not actions.hand_on_if_away(conversation_id=nobodys, at=NOON)
    assert EventRow.objects.count() == before


def test_taker_of_follows_one_substitute_only(house):
    assert people_queries.taker_of(house.ana, at=NOON) == house.ana
    away(house.ana, house.bruno)
    assert people_queries.taker_of(house.ana, at=NOON) == house.bruno
    assert people_queries.taker_of(house.ana, at=NOON - MINUTE) == house.ana
    assert people_queries.taker_of(house.ana, at=NOON + timedelta(days=7)) == house.ana
    away(house.bruno, house.carla)
    assert people_queries.taker_of(house.ana, at=NOON) is None
