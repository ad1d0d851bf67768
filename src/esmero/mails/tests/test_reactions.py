"""Who is told what, when; each reaction once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest

from esmero.channels import actions as channels
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery, RawMail
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After, Chip
from esmero.conversations.models import Conversation
from esmero.kernel import clock, dispatch
from esmero.kernel.models import ReactionFailure
from esmero.mails.tests.cast import AT, MARTA, arrive, leave, mail, open_shop
from esmero.people import actions as people
from esmero.people.models import Agent
from esmero.promises import actions as promises
from esmero.promises.enums import Initiative, Kind, Stage, State
from esmero.promises.models import Promise
from tests.cast import House

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def let(monkeypatch):
    """Let time pass: watch and react at a moment, and return (template, recipient) of new mails."""
    seen: set[int] = set()

    def _let(at: datetime) -> list[tuple[str, str]]:
        monkeypatch.setattr(clock, "now", lambda: at)
        for _ in range(3):
            while promises.watch_one(at=at):
                pass
            while dispatch.dispatch_one(at=at):
                pass
        assert list(ReactionFailure.objects.values_list("error", flat=True)) == []
        fresh = Delivery.objects.exclude(pk__in=seen).order_by("id")
        new = [(d.template, d.recipients[0]) for d in fresh]
        seen.update(d.pk for d in fresh)
        return new

    return _let


def begin(let) -> tuple[House, Promise]:
    house = open_shop()
    arrive(mail())
    leave()
    assert let(AT) == [("acknowledgement", MARTA)]
    return house, Promise.objects.get()


def step(let, promise: Promise) -> tuple[datetime, list[tuple[str, str]]]:
    """Let time pass until the watch wants to look at a promise; return when, and the new mails."""
    promise.refresh_from_db()
    at = promise.next_check_at
    assert at is not None
    return at, let(at)


def until_about_to_break(let, promise: Promise) -> datetime:
    """Let time pass until just before a promise is about to break; return that moment."""
    while promise.stage < Stage.THREE_QUARTERS:
        step(let, promise)
        promise.refresh_from_db()
    assert promise.next_check_at is not None
    return promise.next_check_at


def own(house: House) -> None:
    """Give every conversation to Ana."""
    for conversation in Conversation.objects.all():
        conversations.assign_conversation(
            conversation_id=conversation.pk, agent_id=house.ana, at=AT, by=None
        )


def test_the_table_of_an_owned_promise(let):
    house, promise = begin(let)
    own(house)
    half = promise.next_check_at
    assert half is not None
    assert let(half - SECOND) == []
    assert step(let, promise)[1] == [("owner_warning", "ana@barro.example")]
    assert step(let, promise)[1] == [("supervisor_warning", "carla@barro.example")]
    at, told = step(let, promise)
    assert told == [("late_notice", MARTA)]
    assert at < promise.due_at
    old = Promise.objects.get(pk=promise.pk)
    assert (old.state, old.initiative, old.is_automatic_move) == (
        State.RENEGOTIATED.value, Initiative.OURS.value, True,
    )  # fmt: skip
    successor = Promise.objects.get(state=State.OPEN.value)
    assert old.successor_id == successor.pk
    assert successor.due_at > old.due_at
    # The successor goes the same way, but nobody puts the customer off a second time; and the same
    # stage of the same matter is not said twice in a day.
    assert step(let, successor)[1] == []
    assert step(let, successor)[1] == []
    assert step(let, successor)[1] == [("untold", "carla@barro.example")]
    assert step(let, successor)[1] == [("broken", "carla@barro.example")]
    assert Conversation.objects.get().chip == Chip.BROKEN.value
    assert not Promise.objects.filter(state=State.OPEN.value).exists()


def test_nobody_is_warned_at_half_of_what_nobody_owns(let):
    _, promise = begin(let)
    assert step(let, promise)[1] == []
    assert step(let, promise)[1] == [("supervisor_warning", "carla@barro.example")]


def test_without_a_supervisor_of_the_department_all_supervisors_answer_for_it(let):
    house, promise = begin(let)
    Promise.objects.filter(pk=promise.pk).update(department_id=house.sales)
    step(let, promise)
    assert step(let, promise)[1] == [("supervisor_warning", "carla@barro.example")]


def test_the_late_notice_says_the_new_time_and_is_told(let):
    _, promise = begin(let)
    until_about_to_break(let, promise)
    at, _ = step(let, promise)
    successor = Promise.objects.get(state=State.OPEN.value)
    sent = [message_from_bytes(m, policy=policy.default) for m in leave(at=at)]
    [notice] = [m for m in sent if str(m["To"]) == MARTA]
    number = Conversation.objects.get().pk
    assert str(notice["Subject"]) == f"Vamos con retraso en tu consulta n.º {number}"
    assert notice["Auto-Submitted"] == "auto-generated"
    text = notice.get_body(("plain",)).get_content()
    assert text.startswith("Te respondemos mañana antes de las ")
    successor.refresh_from_db()
    assert (successor.told_at, successor.told_by) == (at, "mail")


def test_a_reply_on_its_way_is_no_reason_to_apologise(let):
    house, promise = begin(let)
    at = until_about_to_break(let, promise)
    channels.send_reply(
        reply=conversations.Reply(
            conversation_id=Conversation.objects.get().pk, agent_id=house.ana, text="Sí.",
            to=[("", MARTA)], undo_seconds=60, after=After.RESOLVE,
        ),
        at=at - SECOND,
    )  # fmt: skip
    assert ("late_notice", MARTA) not in let(at)
    assert Promise.objects.get().state == State.OPEN.value
    leave(at=at + timedelta(minutes=1))
    assert Promise.objects.get().state == State.KEPT.value


def test_where_the_loop_guard_says_no_the_promise_stays_and_a_person_is_called(let):
    _, promise = begin(let)
    number = Conversation.objects.get().pk
    for _ in range(2):
        assert channels.enqueue_automatic(
            template="acknowledgement", conversation_id=number, to=("", MARTA),
            language="es", at=AT, promise_id=promise.pk,
        )  # fmt: skip
    until_about_to_break(let, promise)
    assert step(let, promise)[1] == [("untold", "carla@barro.example")]
    assert Promise.objects.get().state == State.OPEN.value


def test_after_our_own_outage_the_apology_waits_for_a_supervisor(let):
    _, promise = begin(let)
    at = promise.due_at + timedelta(hours=3)
    assert let(at) == [("late_notice", MARTA)]
    notice = Delivery.objects.get(template="late_notice")
    assert notice.state == DeliveryState.BATCH.value
    assert leave(at=at) == []
    again = Promise.objects.get(state=State.OPEN.value)
    assert (again.chain_id, again.kind) == (promise.pk, Kind.ANSWER.value)
    assert again.due_at > at
    assert notice.promise_id == again.pk
    carla = Agent.objects.get(email="carla@barro.example")
    channels.release_batch(delivery_ids=[notice.pk], at=at, by=carla.pk)
    [sent] = leave(at=at)
    text = message_from_bytes(sent, policy=policy.default).get_body(("plain",)).get_content()
    assert text.startswith("La nueva hora: mañana antes de las ")


def test_several_warnings_go_in_one_mail_and_none_twice(let):
    house, promise = begin(let)
    for number in (2, 3):
        arrive(
            mail(
                f"Hola, otra pregunta distinta, la número {number}: ¿abrís el sábado?",
                subject=f"Asunto {number}",
                sender=f"Otra <otra{number}@cliente.example>",
                message_id=f"<m{number}@cliente.example>",
            )
        )
    own(house)
    leave()
    at, told = step(let, promise)
    new = [one for one in told if one[0] == "owner_warning"]
    assert new == [("owner_warning", "ana@barro.example")]
    sent = leave(at=at + timedelta(minutes=1))
    [warning] = [message_from_bytes(m, policy=policy.default) for m in sent]
    # All three are due at one moment, so any of them may come first.
    assert re.fullmatch(r"A mitad de tiempo: n\.º \d+ · .+ y 2 más", str(warning["Subject"]))
    text = warning.get_body(("plain",)).get_content()
    assert {line for line in text.split("\r\n") if line.startswith("- n.º")} == {
        f"- n.º {c.pk} · {c.subject}" for c in Conversation.objects.all()
    }
    assert text.count("/c/conversaciones/") == 3
    # The same stage of the same matter is not said again, whoever says it.
    ana = Agent.objects.get(pk=house.ana)
    assert channels.tell_team(template="owner_warning", agents=[ana], promise=promise, at=at) == 0


def test_a_warning_names_what_became_of_it_meanwhile(let):
    house, promise = begin(let)
    own(house)
    at, _ = step(let, promise)
    conversations.settle_elsewhere(
        promise_id=promise.pk, evidence_ref="call:1", at=at, by=house.ana
    )
    [sent] = leave(at=at + timedelta(minutes=1))
    text = message_from_bytes(sent, policy=policy.default).get_body(("plain",)).get_content()
    assert "ya está resuelto" in text


def test_team_mail_does_not_count_against_the_guard_of_customers(let):
    house, promise = begin(let)
    ana = Agent.objects.get(pk=house.ana)
    for number in range(5):
        template = ("owner_warning", "supervisor_warning", "untold", "broken", "beyond_limit")
        assert (
            channels.tell_team(template=template[number], agents=[ana], promise=promise, at=AT)
            == 1
        )
    sent = leave(at=AT + timedelta(minutes=2))
    assert len(sent) == 5


def test_beyond_the_limit_supervisors_are_alarmed(let):
    open_shop()
    promises.set_standard(
        kind=Kind.ANSWER, target_minutes=600, limit_minutes=60, at=AT, actor="system"
    )
    arrive(mail())
    assert let(AT) == [("acknowledgement", MARTA), ("beyond_limit", "carla@barro.example")]


def test_an_absence_hands_the_work_on(let):
    house, _ = begin(let)
    own(house)
    people.begin_absence(
        agent_id=house.ana,
        starts_at=AT,
        ends_at=None,
        substitute_id=house.bruno,
        at=AT,
        actor="system",
    )
    assert people.announce_absence(at=AT + SECOND)
    let(AT + SECOND)
    assert Conversation.objects.get().owner_agent_id == house.bruno
    assert Promise.objects.get().owner_agent_id == house.bruno


def test_a_matter_left_open_gets_its_next_update_by_itself(let):
    house, _ = begin(let)
    number = Conversation.objects.get().pk
    channels.send_reply(
        reply=conversations.Reply(
            conversation_id=number, agent_id=house.ana, text="Lo miro.", to=[("", MARTA)],
            undo_seconds=0, after=After.KEEP,
        ),
        at=AT,
    )  # fmt: skip
    leave()
    assert not conversations.keep_updating_one(at=AT + timedelta(minutes=1))
    update = Promise.objects.get(state=State.OPEN.value)
    assert update.kind == Kind.UPDATE.value
    promises.break_promise(promise_id=update.pk, at=update.due_at + SECOND)
    at = update.due_at + 2 * SECOND
    let(at)
    assert conversations.keep_updating_one(at=at)
    following = Promise.objects.get(state=State.OPEN.value)
    assert (following.kind, following.chain_id) == (Kind.UPDATE.value, update.pk)
    assert Conversation.objects.get().chip == Chip.OPEN.value
    assert not conversations.keep_updating_one(at=at)


def test_a_matter_without_any_promise_rests_a_day_at_most(let):
    house, promise = begin(let)
    conversations.settle_elsewhere(
        promise_id=promise.pk, evidence_ref="call:1", at=AT, by=house.ana
    )
    assert not conversations.keep_updating_one(at=AT + timedelta(hours=23, minutes=59))
    assert conversations.keep_updating_one(at=AT + timedelta(hours=24))
    assert Promise.objects.get(state=State.OPEN.value).kind == Kind.UPDATE.value


def test_suspects_are_emptied_after_thirty_days(let):
    house, _ = begin(let)
    number = Conversation.objects.get().pk
    channels.mark_as_spam(conversation_id=number, at=AT, by=house.ana)
    assert not channels.empty_one_suspect(at=AT + timedelta(days=30))
    assert channels.empty_one_suspect(at=AT + timedelta(days=30, seconds=1))
    assert not Conversation.objects.exists()
    raw = RawMail.objects.get()
    assert (raw.state, raw.reason, bytes(raw.data)) == ("ignored", "suspect_emptied", b"")
    assert Promise.objects.count() == 1
