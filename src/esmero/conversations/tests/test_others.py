"""Further customers and asked colleagues: let in by name, seen until they are let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from esmero.conversations import actions, queries
from esmero.conversations.enums import RelationKind
from esmero.conversations.errors import (
    AlreadyLinked,
    AskedAlready,
    CannotLink,
    EmptyMessage,
    NotAsked,
    OwnCustomerStays,
    TakesPartAlready,
)
from esmero.conversations.events import (
    ColleagueConsulted,
    ConsultationAnswered,
    ConsultationEnded,
    ConversationsLinked,
    ConversationsUnlinked,
    ParticipantAdded,
    ParticipantRemoved,
)
from esmero.conversations.models import Conversation, Participant
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.models import EventRow
from esmero.people import queries as people_queries
from tests.cast import NOON, House, open_house

MARTA, JULIAN = "marta@correo.example", "julian@correo.example"
TEN = timedelta(minutes=10)


@pytest.fixture
def house(db) -> House:
    return open_house()


def write(house, text="¿Cuándo llega?", *, sender=MARTA, at=NOON, **more):
    contact = actions.Contact(
        channel="mail", sender_email=sender, sender_name=sender.partition("@")[0].title(),
        subject="Mi pedido", text=text, received_at=at, department_id=house.care, **more,
    )  # fmt: skip
    return actions.receive(contact=contact, at=at)


def published(event) -> list[dict]:
    return list(
        EventRow.objects.filter(kind=event.kind).order_by("id").values_list("data", flat=True)
    )


def add(house, received, email=JULIAN, **more) -> int:
    return actions.add_participant(
        conversation_id=received.conversation_id, email=email, at=NOON + TEN, by=house.ana, **more
    )


def page_of(customer_id: int) -> list[str]:
    (token,) = Participant.objects.filter(customer_id=customer_id).values_list("token", flat=True)
    return [
        m.text for seat in queries.seats_by_tokens([token]) for m in queries.shown_messages(seat)
    ]


# -- customers ----------------------------------------------------------------


def test_added_customer_writes_in_and_reads_from_then_on(house):
    first = write(house)
    customer_id = add(house, first)
    assert published(ParticipantAdded) == [
        {"conversation_id": first.conversation_id, "customer_id": customer_id, "tells": True}
    ]
    further = write(
        house, "Somos dos", sender=JULIAN, at=NOON + 2 * TEN, candidates=(first.conversation_id,)
    )
    assert further.conversation_id == first.conversation_id
    assert page_of(customer_id) == ["Somos dos"]
    (own,) = queries.seats_by_tokens([Conversation.objects.get().token])
    assert [m.text for m in queries.shown_messages(own)] == ["¿Cuándo llega?", "Somos dos"]


def test_who_may_read_all_reads_all(house):
    customer_id = add(house, write(house), reads_all=True)
    assert page_of(customer_id) == ["¿Cuándo llega?"]


def test_a_reply_to_the_customer_alone_is_not_shown_to_the_other(house):
    first = write(house)
    customer_id = add(house, first)
    for to, text in ((MARTA, "Solo a Marta"), (JULIAN, "Solo a Julián")):
        written = actions.write_reply(
            reply=actions.Reply(
                conversation_id=first.conversation_id, agent_id=house.ana, text=text, to=[("", to)]
            ),
            at=NOON + 2 * TEN,
        )
        actions.note_handed_over(message_id=written.message_id, at=NOON + 2 * TEN)
    actions.add_note(
        conversation_id=first.conversation_id, agent_id=house.ana, text="Nota", at=NOON + 3 * TEN
    )
    assert page_of(customer_id) == ["Solo a Julián"]


def test_removed_customer_reads_and_writes_nothing_more(house):
    first = write(house)
    customer_id = add(house, first)
    actions.remove_participant(
        conversation_id=first.conversation_id, customer_id=customer_id, at=NOON + 2 * TEN,
        by=house.ana,
    )  # fmt: skip
    assert published(ParticipantRemoved) == [
        {"conversation_id": first.conversation_id, "customer_id": customer_id}
    ]
    assert page_of(customer_id) == []
    later = write(
        house, "¿Y?", sender=JULIAN, at=NOON + 3 * TEN, candidates=(first.conversation_id,)
    )
    assert later.is_new_conversation
    with pytest.raises(NotFound):
        actions.remove_participant(
            conversation_id=first.conversation_id, customer_id=customer_id, at=NOON, by=house.ana
        )
    # Added again, the old link stays dead.
    old = Participant.objects.get(customer_id=customer_id, conversation=first.conversation_id)
    add(house, first)
    assert Participant.objects.get(pk=old.pk).token != old.token
    assert queries.seats_by_tokens([old.token]) == []


@pytest.mark.parametrize(("refusal", "email"), [(TakesPartAlready, MARTA), (InvalidInput, "x")])
def test_adding_refuses_and_publishes_nothing(house, refusal, email):
    first = write(house)
    add(house, first)
    count = EventRow.objects.count()
    with pytest.raises(refusal):
        add(house, first, email=email)
    assert EventRow.objects.count() == count


def test_whose_conversation_it_is_stays(house):
    first = write(house)
    count = EventRow.objects.count()
    with pytest.raises(OwnCustomerStays):
        actions.remove_participant(
            conversation_id=first.conversation_id, customer_id=first.customer_id, at=NOON,
            by=house.ana,
        )  # fmt: skip
    assert EventRow.objects.count() == count


# -- colleagues ---------------------------------------------------------------


def ask(house, received, **more) -> int:
    who = more or {"agent_id": house.bruno}
    return actions.consult(
        conversation_id=received.conversation_id, question="¿Lo sabes?", at=NOON + TEN,
        by=house.ana, **who,
    )  # fmt: skip


def test_asked_colleague_sees_it_answers_and_is_let_go(house):
    first, other = write(house), write(house, "Otra")
    ana, bruno = people_queries.agent(house.ana), people_queries.agent(house.bruno)
    with pytest.raises(NotFound):
        queries.conversation_for(bruno, first.conversation_id)
    pk = ask(house, first)
    assert published(ColleagueConsulted) == [
        {"conversation_id": first.conversation_id, "consultation_id": pk, "agent_id": house.bruno,
         "department_id": None, "is_referral": False}
    ]  # fmt: skip
    assert queries.conversation_for(bruno, first.conversation_id).pk == first.conversation_id
    with pytest.raises(NotFound):
        queries.conversation_for(bruno, other.conversation_id)
    assert [one.pk for one in queries.matters.asked_of(bruno)] == [pk]
    assert list(queries.matters.asked_of(ana)) == []
    with pytest.raises(AskedAlready):
        ask(house, first)

    actions.add_note(
        conversation_id=first.conversation_id, agent_id=house.ana, text="Es urgente",
        at=NOON + 2 * TEN,
    )  # fmt: skip
    assert published(ConsultationAnswered) == []
    actions.add_note(
        conversation_id=first.conversation_id, agent_id=house.bruno, text="Sí", at=NOON + 3 * TEN
    )
    assert published(ConsultationAnswered) == [
        {"conversation_id": first.conversation_id, "consultation_id": pk}
    ]
    assert list(queries.matters.asked_of(bruno)) == []
    assert queries.conversation_for(bruno, first.conversation_id)
    actions.end_consultation(consultation_id=pk, at=NOON + 4 * TEN, by=house.ana)
    assert published(ConsultationEnded) == [
        {"conversation_id": first.conversation_id, "consultation_id": pk}
    ]
    with pytest.raises(NotFound):
        queries.conversation_for(bruno, first.conversation_id)
    with pytest.raises(NotAsked):
        actions.end_consultation(consultation_id=pk, at=NOON, by=house.ana)
    assert Conversation.objects.get(pk=first.conversation_id).owner_agent_id is None


def test_asked_department_is_answered_by_any_of_it(house):
    pk = ask(house, write(house), department_id=house.sales)
    bruno, carla = people_queries.agent(house.bruno), people_queries.agent(house.carla)
    assert [one.pk for one in queries.matters.asked_of(bruno)] == [pk]
    assert list(queries.matters.asked_of(carla)) == []


def test_asking_goes_on_where_the_conversation_was_merged(house):
    first, second = write(house), write(house, "Otra", at=NOON + timedelta(minutes=1))
    pk = ask(house, second)
    actions.merge_conversations(
        kept_id=first.conversation_id, merged_ids=[second.conversation_id], at=NOON + 2 * TEN,
        by=house.ana,
    )  # fmt: skip
    bruno = people_queries.agent(house.bruno)
    assert queries.conversation_for(bruno, second.conversation_id).pk == first.conversation_id
    assert [one.pk for one in queries.matters.asked_of(bruno)] == [pk]
    actions.add_note(
        conversation_id=first.conversation_id, agent_id=house.bruno, text="Sí", at=NOON + 3 * TEN
    )
    assert len(published(ConsultationAnswered)) == 1


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (EmptyMessage, {"question": " "}),
        (InvalidInput, {"agent_id": None}),
        (InvalidInput, {"department_id": 1}),
        (NotFound, {"agent_id": 987_654}),
    ],
)
def test_asking_refuses_and_publishes_nothing(house, refusal, changes):
    first = write(house)
    count = EventRow.objects.count()
    wanted = {"question": "¿?", "agent_id": house.bruno} | changes
    with pytest.raises(refusal):
        actions.consult(conversation_id=first.conversation_id, at=NOON, by=house.ana, **wanted)
    assert EventRow.objects.count() == count


def test_nobody_asks_herself(house):
    with pytest.raises(InvalidInput):
        ask(house, write(house), agent_id=house.ana)


# -- links --------------------------------------------------------------------


def test_link_is_one_for_both_and_goes_away(house):
    first, second = write(house), write(house, "Otra", at=NOON + timedelta(minutes=1))
    one, two = first.conversation_id, second.conversation_id
    pk = actions.link_conversations(
        first_id=one, second_id=two, kind=RelationKind.CAUSED_BY, at=NOON + TEN, by=house.ana
    )
    assert published(ConversationsLinked) == [
        {"conversation_id": one, "other_id": two, "relation": "caused_by", "relation_id": pk}
    ]
    dora = people_queries.agent(house.dora)
    seen = queries.visible_to(dora)

    def linked(conversation_id):
        row = Conversation.objects.get(pk=conversation_id)
        return [(x.kind, x.other.pk) for x in queries.matters.linked_to(seen, row)]

    assert (linked(one), linked(two)) == ([("caused_by", two)], [("causes", one)])
    count = EventRow.objects.count()
    for pair in ((one, two), (two, one)):
        with pytest.raises(AlreadyLinked):
            actions.link_conversations(
                first_id=pair[0], second_id=pair[1], kind=RelationKind.RELATED, at=NOON,
                by=house.ana,
            )  # fmt: skip
    with pytest.raises(CannotLink):
        actions.link_conversations(
            first_id=one, second_id=one, kind=RelationKind.RELATED, at=NOON, by=house.ana
        )
    assert EventRow.objects.count() == count
    actions.unlink_conversations(relation_id=pk, at=NOON + 2 * TEN, by=house.ana)
    assert published(ConversationsUnlinked) == [
        {"conversation_id": one, "other_id": two, "relation_id": pk}
    ]
    assert (linked(one), linked(two)) == ([], [])
    with pytest.raises(NotFound):
        actions.unlink_conversations(relation_id=pk, at=NOON, by=house.ana)
