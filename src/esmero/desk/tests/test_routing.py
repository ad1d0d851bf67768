"""By itself: rules on arrival with their trace, the queue shared out, work given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from esmero.conversations import actions as conversations
from esmero.conversations.models import Conversation
from esmero.desk import actions as desk
from esmero.desk import queries
from esmero.desk.enums import Do, Share
from esmero.desk.errors import NothingToDo
from esmero.desk.models import Returned, Rule, Trace
from esmero.desk.rules.acts import Act
from esmero.kernel import dispatch, events
from esmero.kernel.errors import InvalidInput
from esmero.kernel.models import EventRow
from esmero.kernel.refs import ref
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises import actions as promising
from esmero.promises.models import Promise
from tests.cast import NOON

NIGHT = datetime(2026, 11, 19, 22, tzinfo=UTC)


def opened(
    department_id, text="¿Cuándo llega?", *, at=NOON, sender="marta@cliente.example", **more
):
    contact = conversations.Contact(
        channel="mail", sender_email=sender, sender_name="Marta", subject="Pedido", text=text,
        received_at=at, department_id=department_id, **more,
    )  # fmt: skip
    return conversations.receive(contact=contact, at=at).conversation_id


def react(at=NOON):
    while dispatch.dispatch_one(at=at):
        pass


def row(pk):
    return Conversation.objects.get(pk=pk)


def saved(house, conditions, *acts, name="Regla", **more):
    facts = {"ends": False, "is_on": True} | more
    return desk.save_rule(
        name=name, conditions=conditions, acts=acts, at=NOON, by=house.dora, **facts
    )


def test_a_rule_routes_what_arrives_and_leaves_its_trace(house):
    tag = conversations.make_tag(name="Devolución", at=NOON, by=house.dora)
    rule = saved(
        house, {"text": "devolver, devolución"}, Act(Do.ASSIGN, f"department:{house.sales}"),
        Act(Do.TAG, str(tag)), Act(Do.PRIORITY, "1"),
    )  # fmt: skip
    saved(house, {"has_files": "yes"}, Act(Do.PRIORITY, "-1"), name="Con archivos")
    fits = opened(house.care, "Quiero DEVOLVER la fuente")
    other = opened(house.care, "¿Tenéis rojo?", sender="julian@cliente.example")
    react()
    c = row(fits)
    assert (c.department_id, c.tag_ids, c.priority) == (house.sales, [tag], 1)
    trace = Trace.objects.get(conversation_id=fits)
    assert not trace.is_stopped
    assert [(s["rule_id"], s["fired"], s["why"]) for s in trace.steps][:2] == [
        (rule, True, ["text"]), (rule + 1, False, ["has_files"]),
    ]  # fmt: skip
    c = row(other)
    assert (c.department_id, c.tag_ids, c.priority) == (house.care, [], 0)
    assert not any(step["fired"] for step in Trace.objects.get(conversation_id=other).steps)
    # The promise went with it, at its own time.
    promise = Promise.objects.get(subject_ref=ref("conversation", fits))
    assert (promise.department_id, promise.state) == (house.sales, "open")


def test_rules_in_a_circle_decide_nothing_and_are_marked(house):
    first = saved(house, {"department": [house.care]}, Act(Do.ASSIGN, f"department:{house.sales}"))
    second = saved(
        house, {"department": [house.sales]}, Act(Do.ASSIGN, f"department:{house.care}")
    )
    pk = opened(house.care)
    react()
    assert row(pk).department_id == house.care
    trace = Trace.objects.get(conversation_id=pk)
    assert trace.is_stopped
    assert {r.pk for r in Rule.objects.exclude(looped_at=None)} == {first, second}
    kinds = [e.kind for e in events.history_of(ref("conversation", pk))]
    assert "desk.rules_applied" in kinds
    assert "conversation.assigned" not in kinds


def test_without_rules_a_mail_leaves_nothing_to_react_to(house):
    queries.forget()
    opened(house.care)
    opened_rows = EventRow.objects.filter(kind="conversation.opened")
    assert [r.is_pending for r in opened_rows] == [False]


def test_suspected_mail_is_routed_once_it_is_cleared(house):
    saved(house, {}, Act(Do.PRIORITY, "1"))
    pk = opened(house.care, is_suspect=True, suspicion=["pitch"])
    react()
    assert row(pk).priority == 0
    conversations.clear_suspicion(conversation_id=pk, at=NOON, by=house.carla)
    react()
    assert row(pk).priority == 1


def test_history_is_not_routed(house):
    saved(house, {}, Act(Do.PRIORITY, "1"))
    pk = opened(house.care, is_history=True)
    react()
    assert row(pk).priority == 0


def test_a_rule_asks_for_hours_and_newcomers(house):
    saved(house, {"open_hours": "no", "new": "yes"}, Act(Do.PRIORITY, "1"))
    by_day = opened(house.care, sender="a@cliente.example")
    at_night = opened(house.care, at=NIGHT, sender="b@cliente.example")
    again = opened(house.care, at=NIGHT, sender="a@cliente.example")
    react(NIGHT)
    assert [row(pk).priority for pk in (by_day, at_night, again)] == [0, 1, 0]


def test_a_rule_needs_a_known_condition_and_an_act(house):
    with pytest.raises(InvalidInput):
        saved(house, {"password": "x"}, Act(Do.PRIORITY, "1"))
    with pytest.raises(NothingToDo):
        saved(house, {}, Act(Do.RESOLVE, ""))
    assert not Rule.objects.exists()


# -- sharing out --------------------------------------------------------------


@pytest.fixture
def shared(house):
    """Ana, Elena and Fina share the queue of care; Carla, its supervisor, takes nothing."""
    more = [
        people.hire_agent(
            email=f"{name.lower()}@barro.example", name=name, role=Role.AGENT, password=None,
            department_ids=[house.care], at=NOON,
        )
        for name in ("Elena", "Fina")
    ]  # fmt: skip
    work(house.carla, house, capacity=0)
    desk.set_department_work(
        department_id=house.care, share=Share.LEAST, gives_back=True, at=NOON, by=house.dora
    )
    return [house.ana, *more]


def work(agent_id, house, **more):
    facts = {
        "languages": [],
        "line_ids": [],
        "writes": True,
        "speaks": True,
        "capacity": 20,
    } | more
    desk.set_agent_work(agent_id=agent_id, at=NOON, by=house.dora, **facts)


def share_all(at=NOON):
    count = 0
    while desk.distribute_one(at=at):
        count += 1
    return count


def test_the_queue_goes_to_whoever_has_least(house, shared):
    made = [opened(house.care, sender=f"c{n}@cliente.example") for n in range(6)]
    assert share_all() == 6
    owners = [row(pk).owner_agent_id for pk in made]
    assert sorted(owners) == sorted(shared * 2)
    assigned = events.history_of(ref("conversation", made[0]))[-1]
    assert (assigned.kind, assigned.data["why"]) == ("conversation.assigned", "share_least")


def test_in_turn_and_never_above_capacity(house, shared):
    desk.set_department_work(
        department_id=house.care, share=Share.TURN, gives_back=False, at=NOON, by=house.dora
    )
    for pk in shared:
        work(pk, house, capacity=2)
    made = [opened(house.care, sender=f"c{n}@cliente.example") for n in range(8)]
    assert share_all() == 6
    assert [row(pk).owner_agent_id for pk in made] == [*shared, *shared, None, None]


def test_who_is_away_or_off_hours_is_skipped(house, shared):
    people.begin_absence(
        agent_id=house.ana, starts_at=NOON - timedelta(hours=1), ends_at=None,
        substitute_id=None, note="", at=NOON, actor="system",
    )  # fmt: skip
    made = [opened(house.care, sender=f"c{n}@cliente.example") for n in range(4)]
    assert share_all(NIGHT) == 0
    assert share_all() == 4
    assert house.ana not in {row(pk).owner_agent_id for pk in made}


def test_a_skill_comes_before_a_lighter_load(house, shared):
    work(shared[1], house, languages=["en"])
    for n in range(3):
        pk = opened(house.care, sender=f"x{n}@cliente.example")
        conversations.assign_conversation(
            conversation_id=pk, agent_id=shared[1], at=NOON, by=house.carla
        )
    english = opened(house.care, sender="john@cliente.example", language="en")
    share_all()
    assert row(english).owner_agent_id == shared[1]


def test_departments_that_do_not_share_and_suspects_stay_in_the_queue(house, shared):
    made = [
        opened(house.sales, sender="v@cliente.example"),
        opened(house.care, sender="s@cliente.example", is_suspect=True, suspicion=["pitch"]),
    ]
    assert share_all() == 0
    assert [row(pk).owner_agent_id for pk in made] == [None, None]


# -- giving back --------------------------------------------------------------


def watch_until(at):
    while promising.watch_one(at=at):
        pass
    react(at)


def halfway(pk):
    promise = Promise.objects.get(subject_ref=ref("conversation", pk), state="open")
    return promise.next_check_at + timedelta(seconds=1)


def test_an_owner_who_has_not_answered_by_half_gives_it_back(house, shared):
    pk = opened(house.care)
    conversations.assign_conversation(
        conversation_id=pk, agent_id=house.ana, at=NOON, by=house.carla
    )
    at = halfway(pk)
    watch_until(at)
    assert row(pk).owner_agent_id is None
    returned = Returned.objects.get()
    assert (returned.agent_id, returned.conversation_id) == (house.ana, pk)
    told = [e for e in events.history_of(ref("conversation", pk)) if e.kind.startswith("desk.")]
    assert [(e.kind, e.data["agent_id"]) for e in told] == [("desk.work_returned", house.ana)]
    # It does not come back to her, and is not taken twice.
    share_all(at)
    assert row(pk).owner_agent_id in shared[1:]
    owner = row(pk).owner_agent_id
    watch_until(halfway(pk))
    assert row(pk).owner_agent_id == owner


def test_who_is_writing_or_took_it_late_keeps_it(house, shared):
    writing, late = opened(house.care), opened(house.care, sender="b@cliente.example")
    conversations.assign_conversation(
        conversation_id=writing, agent_id=house.ana, at=NOON, by=house.carla
    )
    at = halfway(writing)
    conversations.save_draft(
        conversation_id=writing, agent_id=house.ana, mode="reply", text="Ho", to=(), cc=(), bcc=(),
        seen_message_id=None, at=at - timedelta(minutes=2),
    )  # fmt: skip
    conversations.assign_conversation(
        conversation_id=late, agent_id=house.ana, at=at + timedelta(minutes=30), by=house.ana
    )
    promise = Promise.objects.get(subject_ref=ref("conversation", late))
    watch_until(at)
    assert not desk.give_back_unanswered(promise_id=promise.pk, at=at + timedelta(minutes=40))
    assert row(writing).owner_agent_id == row(late).owner_agent_id == house.ana


def test_a_department_that_does_not_wish_it_takes_nothing_back(house):
    pk = opened(house.care)
    conversations.assign_conversation(
        conversation_id=pk, agent_id=house.ana, at=NOON, by=house.carla
    )
    watch_until(halfway(pk))
    assert row(pk).owner_agent_id == house.ana
    assert not Returned.objects.exists()
