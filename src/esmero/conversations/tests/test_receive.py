"""The table of promises, row by row, and what a message may and may not join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from esmero.conversations import actions, queries
from esmero.conversations.actions import Contact, Reply
from esmero.conversations.enums import After, Chip, State
from esmero.conversations.models import Conversation, Message
from esmero.kernel.models import EventRow
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind
from esmero.promises.enums import State as PromiseState
from esmero.promises.models import Promise
from tests.cast import NOON, House, open_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_house()


def contact(**changes: object) -> Contact:
    base = Contact(
        channel="mail",
        sender_email="marta@correo.example",
        sender_name="Marta Ruiz",
        subject="La fuente llegó con una grieta",
        text="Ayer me llegó la fuente y tiene una grieta. ¿Podéis mandarme otra?",
        received_at=NOON,
        language="es",
        message_id="<m1@correo.example>",
    )
    return replace(base, **changes)


def write(house: House, conversation_id: int, after: After, at=NOON + timedelta(minutes=20)):
    """Let Ana answer and the mail server take it at once."""
    written = actions.write_reply(
        reply=Reply(
            conversation_id=conversation_id,
            agent_id=house.ana,
            text="Hola, Marta: hoy te digo algo.",
            to=[("Marta Ruiz", "marta@correo.example")],
            after=after,
        ),
        at=at,
    )
    actions.note_handed_over(message_id=written.message_id, at=at)


@dataclass(frozen=True)
class Row:
    """One row of the table: what was before, what comes, and what it makes."""

    name: str
    before: str  # nothing, open, waiting, resolved
    changes: dict[str, object]
    promise: str  # new, same, none
    acknowledges: bool
    apologises: bool = False
    late: bool = False
    state: State = State.OPEN


LATER = NOON + timedelta(hours=1)
TABLE = [
    Row("new question", "nothing", {}, "new", True),
    Row("reopens what waited", "waiting", {}, "new", True),
    Row("reopens what was resolved", "resolved", {}, "new", True),
    Row("further message", "open", {}, "same", False),
    Row(
        "thanks while we owe an answer", "open", {"is_mere_thanks": True}, "same", False
    ),
    Row(
        "mere thanks on a closed matter", "resolved", {"is_mere_thanks": True}, "none", False,
        state=State.RESOLVED,
    ),
    Row(
        "mere thanks on an answered matter", "waiting", {"is_mere_thanks": True}, "none", False,
        state=State.WAITING,
    ),
    Row("mere thanks out of the blue", "nothing", {"is_mere_thanks": True}, "new", True),
    Row("automatic mail", "nothing", {"is_automatic": True}, "none", False),
    Row(
        "automatic mail on a closed matter", "resolved", {"is_automatic": True}, "none", False,
        state=State.RESOLVED,
    ),
    Row("suspected spam", "nothing", {"is_suspect": True}, "none", False),
    Row(
        "past mail taken over", "nothing", {"is_history": True}, "none", False,
        state=State.RESOLVED,
    ),
    Row(
        "waited while we could not reach it", "nothing",
        {"waited_since": LATER - timedelta(hours=9)}, "new", True, apologises=True, late=True,
    ),
    Row(
        "waited for exactly 14 days", "nothing",
        {"waited_since": LATER - timedelta(days=14)}, "new", True, apologises=True, late=True,
    ),
    Row(
        "waited for more than 14 days", "nothing",
        {"waited_since": LATER - timedelta(days=14, seconds=1)}, "new", False, late=True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_receive_follows_the_table(house: House, row: Row) -> None:
    noise = actions.receive(
        contact=contact(sender_email="otra@correo.example", message_id="<n@correo.example>"),
        at=NOON,
    )
    candidates: list[int] = []
    before: Promise | None = None
    if row.before != "nothing":
        first = actions.receive(contact=contact(), at=NOON)
        candidates = [first.conversation_id]
        after = {"waiting": After.WAIT, "resolved": After.RESOLVE}.get(row.before)
        if after:
            write(house, first.conversation_id, after)
        before = promise_queries.open_answer_of(f"conversation:{first.conversation_id}")

    received = actions.receive(
        contact=contact(
            candidates=candidates,
            received_at=LATER,
            message_id="<m2@correo.example>",
            **row.changes,
        ),
        at=LATER,
    )

    answer = promise_queries.open_answer_of(f"conversation:{received.conversation_id}")
    made = "none" if answer is None else "same" if before and answer.pk == before.pk else "new"
    assert (made, received.acknowledges, received.apologises) == (
        row.promise,
        row.acknowledges,
        row.apologises,
    )
    assert (answer.is_late_on_arrival if answer else False) is row.late
    if answer is not None and made == "new":
        assert answer.made_at == LATER
        assert answer.due_at > LATER
    conversation = Conversation.objects.get(pk=received.conversation_id)
    assert conversation.state == row.state.value
    assert received.is_new_conversation is (row.before == "nothing")
    assert conversation.chip == (Chip.OPEN.value if answer else conversation.chip)
    # The others are untouched.
    assert promise_queries.open_answer_of(f"conversation:{noise.conversation_id}") is not None


def test_receive_publishes_what_happened(house: House) -> None:
    received = actions.receive(contact=contact(), at=NOON)
    assert list(EventRow.objects.order_by("id").values_list("kind", "data")) == [
        (
            "promise.made",
            {
                "promise_id": received.promise_id,
                "promise_kind": "answer",
                "subject_ref": f"conversation:{received.conversation_id}",
                "due_at": received.due_at.isoformat(),
                "is_late_on_arrival": False,
                "exceeds_limit": False,
            },
        ),
        (
            "conversation.opened",
            {
                "conversation_id": received.conversation_id,
                "channel": "mail",
                "department_id": None,
            },
        ),
        (
            "conversation.message_received",
            {
                "conversation_id": received.conversation_id,
                "message_id": received.message_id,
                "is_suspect": False,
                "is_history": False,
                "is_first": True,
            },
        ),
    ]


def test_receive_stranger_with_the_right_reference_gets_a_conversation_of_his_own(house) -> None:
    first = actions.receive(contact=contact(), at=NOON)
    stranger = actions.receive(
        contact=contact(sender_email="ladron@otra.example", candidates=[first.conversation_id]),
        at=LATER,
    )
    assert stranger.conversation_id != first.conversation_id
    assert queries.messages_of(first.conversation_id).count() == 1


def test_receive_second_address_of_a_merged_customer_joins(house: House) -> None:
    first = actions.receive(contact=contact(), at=NOON)
    other = actions.receive(contact=contact(sender_email="marta.trabajo@firma.example"), at=NOON)
    people.merge_customers(
        kept_id=first.customer_id, merged_id=other.customer_id, at=NOON, by=house.ana
    )
    joined = actions.receive(
        contact=contact(
            sender_email="marta.trabajo@firma.example", candidates=[first.conversation_id]
        ),
        at=LATER,
    )
    assert joined.conversation_id == first.conversation_id
    assert people_queries.group_of(other.customer_id)[0] == first.customer_id


def test_reply_that_keeps_on_promises_an_update_in_time(house: House) -> None:
    received = actions.receive(contact=contact(), at=NOON)
    write(house, received.conversation_id, After.KEEP)
    kinds = promise_queries.promises_of(f"conversation:{received.conversation_id}").values_list(
        "kind", "state"
    )
    assert list(kinds) == [
        (Kind.ANSWER.value, PromiseState.KEPT.value),
        (Kind.UPDATE.value, PromiseState.OPEN.value),
    ]


def test_reply_after_the_hour_is_a_broken_promise(house: House) -> None:
    received = actions.receive(contact=contact(), at=NOON)
    late = received.due_at + timedelta(seconds=1)
    write(house, received.conversation_id, After.RESOLVE, at=late)
    answer = Promise.objects.get(pk=received.promise_id)
    assert (answer.state, answer.settled_at) == (PromiseState.BROKEN.value, late)


def test_waiting_stops_what_pauses_and_the_customer_starts_it_again(house: House) -> None:
    received = actions.receive(contact=contact(), at=NOON)
    subject = f"conversation:{received.conversation_id}"
    write(house, received.conversation_id, After.KEEP)
    solve = actions.promise_something(
        conversation_id=received.conversation_id,
        kind=Kind.SOLVE,
        due_at=NOON + timedelta(days=4),
        at=NOON + timedelta(minutes=21),
        by=house.ana,
    )
    actions.mark_waiting(
        conversation_id=received.conversation_id, at=NOON + timedelta(minutes=30), by=house.ana
    )
    paused = Promise.objects.get(pk=solve)
    assert (paused.state, paused.reason) == (PromiseState.RELEASED.value, "waiting")
    assert paused.remaining_minutes > 0
    actions.receive(
        contact=contact(
            candidates=[received.conversation_id],
            message_id="<m3@correo.example>",
            received_at=NOON + timedelta(days=3),
        ),
        at=NOON + timedelta(days=3),
    )
    paused.refresh_from_db()
    assert paused.successor is not None
    assert paused.successor.chain_id == paused.pk
    assert paused.successor.due_at > paused.due_at
    assert [p.kind for p in promise_queries.open_promises_of(subject).order_by("kind")] == [
        "answer",
        "solve",
        "update",
    ]


def test_message_that_came_while_a_reply_was_held_is_promised_an_answer(house: House) -> None:
    received = actions.receive(contact=contact(), at=NOON)
    at = NOON + timedelta(minutes=10)
    written = actions.write_reply(
        reply=Reply(
            conversation_id=received.conversation_id,
            agent_id=house.ana,
            text="Te escribo luego.",
            to=[("Marta", "marta@correo.example")],
            after=After.RESOLVE,
        ),
        at=at,
    )
    actions.receive(
        contact=contact(
            candidates=[received.conversation_id],
            message_id="<m4@correo.example>",
            received_at=at + timedelta(seconds=5),
        ),
        at=at + timedelta(seconds=5),
    )
    actions.note_handed_over(message_id=written.message_id, at=at + timedelta(seconds=15))
    assert Promise.objects.get(pk=received.promise_id).state == PromiseState.KEPT.value
    again = promise_queries.open_answer_of(f"conversation:{received.conversation_id}")
    assert again is not None
    assert again.pk != received.promise_id
    assert Conversation.objects.get(pk=received.conversation_id).state == State.OPEN.value


def test_hostile_text_is_stored_without_what_a_database_cannot_hold(house: House) -> None:
    received = actions.receive(
        contact=contact(subject="a\x00b\r\nBcc: x", text="uno\x00dos\ud800"), at=NOON
    )
    message = Message.objects.get(pk=received.message_id)
    assert (message.subject, message.text) == ("ab Bcc: x", "unodos?")


def test_customer_of_a_tier_is_promised_what_was_set_for_it(house: House) -> None:
    vip = people.add_tier(name="VIP", at=NOON, by=house.dora)
    promises.set_standard(
        kind=Kind.ANSWER, tier_id=vip, target_minutes=30, at=NOON, actor="system"
    )
    marta = people.know_sender(
        email="marta@correo.example", name="Marta Ruiz", language="es", at=NOON
    )
    people.set_tier(customer_id=marta.customer_id, tier_id=vip, at=NOON, by=house.dora)
    hers = actions.receive(contact=contact(), at=NOON)
    others = actions.receive(
        contact=contact(sender_email="eva@correo.example", message_id="<m2@correo.example>"),
        at=NOON,
    )
    assert hers.due_at is not None
    assert others.due_at is not None
    assert hers.due_at < others.due_at
    # What comes later in the same matter is promised by the same standard: once answered, the
    # next question of hers again, though it was asked in a conversation that was there.
    write(house, hers.conversation_id, After.KEEP)
    later = NOON + timedelta(minutes=40)
    again = actions.receive(
        contact=contact(
            candidates=[hers.conversation_id], received_at=later, message_id="<m3@correo.example>"
        ),
        at=later,
    )
    assert again.conversation_id == hers.conversation_id
    assert again.due_at is not None
    assert again.due_at <= later + timedelta(minutes=45)  # 30, rounded up to a human time
