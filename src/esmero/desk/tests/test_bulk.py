"""Many at once: only what the agent sees, each once, stopped, undone, and what stays."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from esmero.conversations import actions as conversations
from esmero.conversations.models import Conversation
from esmero.desk import actions as desk
from esmero.desk.actions.bulk import AT_ONCE
from esmero.desk.enums import Do, JobState
from esmero.desk.errors import NothingToDo, NotWaiting
from esmero.desk.models import BulkItem, BulkJob
from esmero.desk.rules.acts import Act
from esmero.kernel.errors import NotFound
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises.models import Promise
from tests import cast
from tests.cast import NOON


def opened(department_id, number=0, **more):
    contact = conversations.Contact(
        channel="mail", sender_email=f"c{number}@cliente.example", sender_name="Cliente",
        subject=f"Asunto {number}", text="¿Cuándo llega?", received_at=NOON,
        department_id=department_id, **more,
    )  # fmt: skip
    return conversations.receive(contact=contact, at=NOON).conversation_id


def begun(*, agent_id, conversation_ids, acts, at):
    job_id = desk.plan_bulk(agent_id=agent_id, conversation_ids=conversation_ids, at=at)
    desk.begin_bulk(job_id=job_id, agent_id=agent_id, acts=acts, at=at)
    return job_id


def done(job_id, at=NOON):
    while desk.step_bulk(at=at, job_id=job_id):
        pass
    return BulkJob.objects.get(pk=job_id)


@pytest.fixture
def three(house):
    return [opened(house.care, n) for n in range(3)]


def test_each_act_is_done_and_undone(house, three):
    tag = conversations.make_tag(name="Roto", at=NOON, by=house.dora)
    acts = [
        Act(Do.ASSIGN, f"agent:{house.ana}"), Act(Do.TAG, str(tag)), Act(Do.PRIORITY, "1"),
        Act(Do.SNOOZE, "tomorrow"),
    ]  # fmt: skip
    job = done(begun(agent_id=house.ana, conversation_ids=three, acts=acts, at=NOON))
    assert (job.state, job.done, job.same, job.refused) == ("done", 3, 0, 0)
    rows = Conversation.objects.filter(pk__in=three)
    assert {(c.owner_agent_id, tuple(c.tag_ids), c.priority) for c in rows} == {
        (house.ana, (tag,), 1)
    }
    assert all(c.snoozed_until > NOON for c in rows)

    desk.undo_bulk(job_id=job.pk, agent_id=house.ana, at=NOON)
    job = done(job.pk)
    assert (job.state, job.undone, job.kept) == ("undone", 3, 0)
    assert {
        (c.owner_agent_id, tuple(c.tag_ids), c.priority, c.snoozed_until)
        for c in Conversation.objects.filter(pk__in=three)
    } == {(None, (), 0, None)}
    acted = AuditEntry.objects.filter(ref=f"bulk:{job.pk}").values_list("action", flat=True)
    assert list(acted.order_by("id")) == ["bulk.begun", "bulk.undone"]


def test_nothing_outside_the_agents_sight_is_touched(house, three):
    foreign = opened(house.sales, 9)
    job = done(
        begun(agent_id=house.ana, conversation_ids=[*three, foreign],
            acts=[Act(Do.PRIORITY, "1")], at=NOON,
        )
    )  # fmt: skip
    assert (job.done, job.refused) == (3, 1)
    assert Conversation.objects.get(pk=foreign).priority == 0
    assert BulkItem.objects.get(conversation_id=foreign).outcome == "gone"


def test_who_is_moved_meanwhile_loses_the_rest(house, three):
    job_id = begun(
        agent_id=house.ana, conversation_ids=three, acts=[Act(Do.PRIORITY, "1")], at=NOON
    )
    people.change_agent(
        agent_id=house.ana, name="Ana", role=Role.AGENT, signature="",
        department_ids=[house.sales], is_active=True, at=NOON, by=house.dora,
    )  # fmt: skip
    assert done(job_id).done == 0
    assert {c.priority for c in Conversation.objects.filter(pk__in=three)} == {0}


def test_it_is_stopped_between_two_steps_and_what_was_done_is_undone(house):
    many = [opened(house.care, n) for n in range(AT_ONCE + 5)]
    job_id = begun(agent_id=house.ana, conversation_ids=many, acts=[Act(Do.ASSIGN, "me")], at=NOON)
    assert desk.step_bulk(at=NOON)
    desk.stop_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    assert not desk.step_bulk(at=NOON)
    job = BulkJob.objects.get(pk=job_id)
    assert (job.state, job.done, job.next_index) == ("stopped", AT_ONCE, AT_ONCE)
    with pytest.raises(NotWaiting):
        desk.stop_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    desk.undo_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    assert done(job_id).undone == AT_ONCE
    assert not Conversation.objects.filter(owner_agent_id=house.ana).exists()


def test_undo_leaves_what_somebody_has_changed_since(house, three):
    job = done(
        begun(agent_id=house.ana, conversation_ids=three, acts=[Act(Do.ASSIGN, "me")], at=NOON)
    )
    conversations.assign_conversation(
        conversation_id=three[0], agent_id=house.carla, at=NOON, by=house.carla
    )
    desk.undo_bulk(job_id=job.pk, agent_id=house.ana, at=NOON)
    job = done(job.pk)
    assert (job.undone, job.kept) == (2, 1)
    assert Conversation.objects.get(pk=three[0]).owner_agent_id == house.carla


@pytest.mark.parametrize(
    ("value", "done_count", "open_after"),
    [("", 0, 3), ("keep", 3, 3), ("release:duplicate", 3, 0)],
)
def test_resolving_asks_for_the_open_promises(house, three, value, done_count, open_after):
    job = done(
        begun(agent_id=house.ana, conversation_ids=three, acts=[Act(Do.RESOLVE, value)], at=NOON)
    )
    assert (job.done, job.refused) == (done_count, 3 - done_count)
    if not done_count:
        assert set(BulkItem.objects.values_list("code", flat=True)) == {"promise_still_open"}
    assert Promise.objects.filter(state="open").count() == open_after


def test_resolved_and_spam_come_back(house, three):
    for act, undone in ((Act(Do.RESOLVE, "keep"), 3), (Act(Do.SPAM), 3)):
        job = done(begun(agent_id=house.ana, conversation_ids=three, acts=[act], at=NOON))
        assert job.done == 3
        desk.undo_bulk(job_id=job.pk, agent_id=house.ana, at=NOON + timedelta(minutes=1))
        assert done(job.pk, NOON + timedelta(minutes=1)).undone == undone
    rows = Conversation.objects.filter(pk__in=three)
    assert {(c.state, c.is_suspect) for c in rows} == {("open", False)}
    # What was released with the spam is owed again, counted from receipt.
    assert Promise.objects.filter(state="open").count() == 3


def test_another_agent_neither_stops_nor_undoes_nor_sees_it(house, three):
    job_id = begun(
        agent_id=house.ana, conversation_ids=three, acts=[Act(Do.ASSIGN, "me")], at=NOON
    )
    for act in (desk.stop_bulk, desk.undo_bulk):
        with pytest.raises(NotFound):
            act(job_id=job_id, agent_id=house.bruno, at=NOON)


def test_nothing_is_planned_without_conversations_nor_begun_without_acts_or_twice(house, three):
    with pytest.raises(NothingToDo):
        desk.plan_bulk(agent_id=house.ana, conversation_ids=[], at=NOON)
    plan = {"agent_id": house.ana, "at": NOON}
    job_id = desk.plan_bulk(conversation_ids=three, **plan)
    assert not desk.step_bulk(at=NOON)
    with pytest.raises(NothingToDo):
        desk.begin_bulk(job_id=job_id, acts=[], **plan)
    desk.begin_bulk(job_id=job_id, acts=[Act(Do.SPAM)], **plan)
    with pytest.raises(NotWaiting):
        desk.begin_bulk(job_id=job_id, acts=[Act(Do.SPAM)], **plan)
    desk.plan_bulk(conversation_ids=three, **plan)
    assert desk.forget_plans(before=NOON) == 0
    assert desk.forget_plans(before=NOON + timedelta(days=1)) == 1
    assert list(BulkJob.objects.values_list("id", flat=True)) == [job_id]


def test_a_macro_on_one_is_all_or_nothing_and_undone(house, three):
    tag = conversations.make_tag(name="Roto", at=NOON, by=house.dora)
    macro = desk.save_macro(
        name="Roto", acts=[Act(Do.TAG, str(tag)), Act(Do.ASSIGN, "me"), Act(Do.REPLY, "Hola")],
        department_id=None, at=NOON, by=house.dora,
    )  # fmt: skip
    job_id = desk.run_macro(macro_id=macro, conversation_id=three[0], agent_id=house.ana, at=NOON)
    row = Conversation.objects.get(pk=three[0])
    assert (row.tag_ids, row.owner_agent_id, row.message_count) == ([tag], house.ana, 1)
    desk.undo_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    assert done(job_id).state == JobState.UNDONE.value
    row.refresh_from_db()
    assert (row.tag_ids, row.owner_agent_id) == ([], None)


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_her_own_waits_for_the_worker_that_is_at_it():
    house = cast.open_house()
    ids = [opened(house.care, n) for n in range(2)]
    acts = [Act(Do.PRIORITY, "1")]
    job_id = begun(agent_id=house.ana, conversation_ids=ids, acts=acts, at=NOON)
    started, seen = threading.Event(), []

    def page():
        try:
            started.set()
            desk.step_bulk(at=NOON, job_id=job_id)
            seen.append(BulkJob.objects.get(pk=job_id).state)
        finally:
            connection.close()

    thread = threading.Thread(target=page)
    with transaction.atomic():
        assert desk.step_bulk(at=NOON)
        thread.start()
        started.wait(5)
        thread.join(0.5)
    thread.join(20)
    assert seen == [JobState.DONE.value]
    assert BulkItem.objects.filter(job_id=job_id).count() == 2
    cast.forget()


@pytest.mark.slow
def test_ten_thousand_are_done_stopped_and_undone(house):
    """In steps: each is a transaction of its own, after which others come in and it can stop."""
    first = Conversation.objects.get(pk=opened(house.care))
    fields = {
        f.attname: getattr(first, f.attname)
        for f in Conversation._meta.concrete_fields
        if f.attname not in {"id", "token"} and not f.generated
    }
    rows = Conversation.objects.bulk_create(
        [Conversation(**fields) for _ in range(9_999)], batch_size=500
    )
    many = [first.pk, *(row.pk for row in rows)]
    tag = conversations.make_tag(name="Aviso", at=NOON, by=house.dora)
    acts = [Act(Do.TAG, str(tag)), Act(Do.PRIORITY, "1")]
    job_id = begun(agent_id=house.ana, conversation_ids=many, acts=acts, at=NOON)
    steps = 0
    while desk.step_bulk(at=NOON, job_id=job_id):
        steps += 1
        if steps * AT_ONCE >= 2_000:
            break
    desk.stop_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    assert not desk.step_bulk(at=NOON, job_id=job_id)
    job = BulkJob.objects.get(pk=job_id)
    assert len(job.conversation_ids) == 10_000
    assert (job.state, job.done) == (JobState.STOPPED.value, steps * AT_ONCE)
    changed = Conversation.objects.filter(pk__in=many, priority=1, tag_ids=[tag])
    assert changed.count() == job.done

    desk.undo_bulk(job_id=job_id, agent_id=house.ana, at=NOON)
    job = done(job_id)
    assert (job.state, job.undone, job.kept) == (JobState.UNDONE.value, steps * AT_ONCE, 0)
    untouched = Conversation.objects.filter(pk__in=many, priority=0, tag_ids=[])
    assert untouched.count() == 10_000
