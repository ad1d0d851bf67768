"""Tags, priority, following; and what thanks do to a conversation out of sight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.conversations import actions, queries
from esmero.conversations.enums import UNTIL_REPLY, Priority
from esmero.conversations.errors import TagTaken, TooManyTags
from esmero.conversations.models import Conversation, Tag
from esmero.kernel import events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.people import queries as people
from tests import cast
from tests.cast import NOON


@pytest.fixture
def house(db):
    queries.order.forget_tags()
    yield cast.open_house()
    queries.order.forget_tags()
    cast.forget()


def received(house, *, at=NOON, **more):
    facts = {"text": "¿Cuándo llega?"} | more
    contact = actions.Contact(
        channel="mail", sender_email="marta@cliente.example", sender_name="Marta",
        subject="Pedido", received_at=at, department_id=house.care, **facts,
    )  # fmt: skip
    return actions.receive(contact=contact, at=at).conversation_id


def last_event(pk):
    return events.history_of(ref("conversation", pk))[-1]


def test_change_tags_says_what_changed_and_publishes_it(house):
    pk = received(house)
    roto = actions.make_tag(name="Roto", at=NOON, by=house.dora)
    caro = actions.make_tag(name="Caro", at=NOON, by=house.dora)
    args = {"conversation_id": pk, "at": NOON, "by": house.ana}
    assert actions.change_tags(**args, add=[roto, caro]) == ([roto, caro], [])
    assert actions.change_tags(**args, add=[roto], remove=[caro, 99]) == ([], [caro])
    event = last_event(pk)
    assert (event.kind, event.data["added"], event.data["removed"]) == (
        "conversation.tags_changed", [], [caro],
    )  # fmt: skip
    assert actions.change_tags(**args, add=[roto]) == ([], [])
    assert last_event(pk).id == event.id
    with pytest.raises(NotFound):
        actions.change_tags(**args, add=[123456])


def test_a_tag_that_another_process_has_just_made_can_be_chosen_and_put_on(house):
    pk = received(house)
    assert queries.order.tags_by_id() == {}  # what this process keeps
    made = Tag.objects.create(name="Roto", key="roto")
    assert [tag.name for tag in queries.order.tags()] == ["Roto"]
    queries.order.forget_tags()
    assert set(queries.order.tags_by_id()) == {made.pk}
    other = Tag.objects.create(name="Caro", key="caro")
    args = {"conversation_id": pk, "at": NOON, "by": house.ana}
    assert actions.change_tags(**args, add=[other.pk]) == ([other.pk], [])


def test_a_tag_is_named_once_whatever_its_accents(house):
    tag = actions.make_tag(name=" #Devolución ", at=NOON, by=house.dora)
    with pytest.raises(TagTaken):
        actions.make_tag(name="devolucion", at=NOON, by=house.dora)
    with pytest.raises(InvalidInput):
        actions.make_tag(name=" , ", at=NOON, by=house.dora)
    assert queries.order.tag_by_name("DEVOLUCION").name == "Devolución"
    actions.retire_tag(tag_id=tag, at=NOON, by=house.dora)
    assert queries.order.tags() == []
    assert actions.make_tag(name="devolución", at=NOON, by=house.dora) == tag


def test_tags_of_one_conversation_have_an_end(house):
    pk = received(house)
    many = [actions.make_tag(name=f"t{n}", at=NOON, by=house.dora) for n in range(21)]
    with pytest.raises(TooManyTags):
        actions.change_tags(conversation_id=pk, add=many, at=NOON, by=house.ana)
    assert Conversation.objects.get(pk=pk).tag_ids == []


def test_following_shows_what_one_may_see(house):
    pk, other = received(house), received(house, at=NOON)
    for agent_id in (house.ana, house.bruno):
        actions.follow_conversation(conversation_id=pk, agent_id=agent_id, at=NOON)
    ana, bruno = people.agent(house.ana), people.agent(house.bruno)
    assert [c.pk for c in queries.followed(ana, at=NOON)] == [pk]
    assert list(queries.followed(bruno, at=NOON)) == []  # of another department
    assert set(queries.order.followers_of(pk)) == {house.ana, house.bruno}
    actions.unfollow_conversation(conversation_id=pk, agent_id=house.ana, at=NOON)
    assert list(queries.followed(ana, at=NOON)) == []
    assert other != pk


def test_priority_is_said_once(house):
    pk = received(house)
    actions.set_priority(conversation_id=pk, priority=Priority.HIGH, at=NOON, by=house.ana)
    first = last_event(pk)
    assert (first.kind, first.data["priority"]) == ("conversation.priority_changed", 1)
    actions.set_priority(conversation_id=pk, priority=Priority.HIGH, at=NOON, by=house.ana)
    assert last_event(pk).id == first.id


@pytest.mark.parametrize("until", [NOON + timedelta(days=2), None])
@pytest.mark.parametrize("is_thanks", [True, False])
def test_mere_thanks_wake_nothing_while_a_question_does(house, until, is_thanks):
    pk = received(house)
    actions.snooze_conversation(conversation_id=pk, until=until, at=NOON, by=house.ana)
    later = NOON + timedelta(minutes=10)
    received(
        house, at=later, candidates=[pk], is_mere_thanks=is_thanks,
        text="¡Muchas gracias!" if is_thanks else "¿Y el tapón?",
    )  # fmt: skip
    row = Conversation.objects.get(pk=pk)
    assert row.message_count == 2
    assert row.snoozed_until == ((until or UNTIL_REPLY) if is_thanks else None)
    # What is promised ticks on in both cases.
    assert row.chip == "open"


def test_until_the_customer_writes_no_hour_wakes_it(house):
    pk = received(house)
    actions.snooze_conversation(conversation_id=pk, until=None, at=NOON, by=house.ana)
    assert not actions.wake_one(at=NOON + timedelta(days=3650))
    assert Conversation.objects.get(pk=pk).snoozed_until == UNTIL_REPLY
