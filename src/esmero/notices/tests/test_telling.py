"""Who is told of what, and who is not; together, later, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from esmero.channels import actions as channels
from esmero.channels.models import Delivery, Mailbox
from esmero.console.counts import counters
from esmero.conversations import actions as conversations
from esmero.conversations.enums import Doing
from esmero.conversations.models import Conversation, Message
from esmero.desk import actions as desk
from esmero.desk.enums import Share
from esmero.kernel import audit, dispatch, events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.models import EventRow
from esmero.kernel.refs import ref
from esmero.notices import actions, queries
from esmero.notices.enums import Channel, Kind, Mutes, Quiet
from esmero.notices.errors import LinkNotValid
from esmero.notices.models import Notice
from esmero.notices.reads import whom
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.people.models import Agent
from esmero.promises import actions as promising
from esmero.promises.models import Promise
from tests.cast import NOON

NIGHT = datetime(2026, 11, 19, 22, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)  # 9:00 in Madrid: the shop opens


def react(at=NOON):
    while dispatch.dispatch_one(at=at):
        pass


def opened(
    department_id, text="¿Cuándo llega?", *, at=NOON, sender="marta@cliente.example", **more
):
    contact = conversations.Contact(
        channel="mail", sender_email=sender, sender_name="Marta", subject="Pedido", text=text,
        received_at=at, department_id=department_id, **more,
    )  # fmt: skip
    return conversations.receive(contact=contact, at=at).conversation_id


def again(pk, text="¿Y bien?", *, at=NOON):
    """Marta writes again in the same conversation."""
    first = Message.objects.filter(conversation_id=pk).order_by("id").first()
    contact = conversations.Contact(
        channel="mail", sender_email=first.from_address, sender_name="Marta", subject="Re: Pedido",
        text=text, received_at=at, candidates=[pk],
    )  # fmt: skip
    return conversations.receive(contact=contact, at=at)


def owned(house, by=None, *, at=NOON):
    """A conversation that Ana owns since an hour ago, nothing told of it."""
    pk = opened(house.care, at=at - timedelta(hours=1))
    conversations.assign_conversation(
        conversation_id=pk,
        agent_id=by or house.ana,
        at=at - timedelta(hours=1),
        by=by or house.ana,
    )
    react(at)
    assert not Notice.objects.exists()
    return pk


def told():
    return [
        (n.agent_id, n.kind, n.count)
        for n in Notice.objects.filter(seen_at=None).order_by("agent_id", "kind")
    ]


def chose(who, *, at=NOON, quiet=Quiet.NEVER, **matrix):
    chosen = dict(queries.matrix.DEFAULTS)
    for kind, letters in matrix.items():
        chosen[Kind(kind)] = frozenset(Channel(one) for one in letters)
    actions.set_preferences(
        agent_id=who, channels=chosen, mail_minutes=15, hides_names=False, quiet=quiet, at=at,
        quiet_days=range(7),
    )  # fmt: skip
    whom.forget()


# -- who ------------------------------------------------------------------------


def test_assigned_tells_the_new_owner_and_nobody_else(house):
    pk = opened(house.care)
    conversations.assign_conversation(
        conversation_id=pk, agent_id=house.ana, at=NOON, by=house.carla
    )
    react()
    assert told() == [(house.ana, "assigned", 1)]
    row = Notice.objects.get()
    assert (row.by_agent_id, row.conversation_id, row.on_screen) == (house.carla, pk, True)
    assert row.mail_at is None
    assert row.push_at == NOON + timedelta(seconds=5)


def test_nobody_is_told_of_her_own_act(house):
    pk = opened(house.care)
    conversations.assign_conversation(
        conversation_id=pk, agent_id=house.ana, at=NOON, by=house.ana
    )
    conversations.follow_conversation(conversation_id=pk, agent_id=house.ana, at=NOON)
    conversations.add_note(conversation_id=pk, agent_id=house.ana, text="Nota", at=NOON)
    react()
    assert told() == []


def test_a_message_tells_the_owner_and_who_follows_and_is_one_row(house):
    pk = owned(house)
    conversations.follow_conversation(conversation_id=pk, agent_id=house.carla, at=NOON)
    conversations.follow_conversation(conversation_id=pk, agent_id=house.ana, at=NOON)
    for minutes in (1, 2, 3):
        again(pk, at=NOON + timedelta(minutes=minutes))
    react()
    assert told() == [(house.ana, "message", 3), (house.carla, "followed", 3)]
    assert Notice.objects.get(agent_id=house.ana).last_at == NOON + timedelta(minutes=3)


def test_what_has_just_come_is_news_for_whom_wants_it_alone(house):
    quiet = opened(house.care)
    opening = EventRow.objects.filter(kind="conversation.opened")
    assert not opening.filter(is_pending=True).exists()  # nobody wants to hear of it
    react()
    assert told() == []
    chose(house.ana, unowned="sp")
    chose(house.bruno, unowned="s")
    pk = opened(house.care, sender="julian@cliente.example")
    react()
    assert told() == [(house.ana, "unowned", 1)]  # Bruno works elsewhere
    assert Notice.objects.get().conversation_id == pk != quiet


def test_a_suspect_and_history_tell_nobody(house):
    chose(house.ana, unowned="sp")
    opened(house.care, is_suspect=True)
    opened(house.care, is_history=True, sender="julian@cliente.example")
    react()
    assert told() == []


def test_a_mention_and_a_question_tell_who_is_named(house):
    pk = opened(house.care)
    conversations.add_note(
        conversation_id=pk, agent_id=house.ana, text="@Carla mira", at=NOON, mentions=[house.carla]
    )
    consultation = conversations.consult(
        conversation_id=pk, question="¿Qué horno?", agent_id=house.bruno, at=NOON, by=house.ana
    )
    react()
    assert told() == [(house.bruno, "consulted", 1), (house.carla, "mention", 1)]
    later = NOON + timedelta(minutes=5)
    conversations.add_note(conversation_id=pk, agent_id=house.bruno, text="El grande", at=later)
    react(later)
    assert (house.ana, "side", 1) in told()
    # What only the question let him see he is not told of when it is over.
    conversations.end_consultation(consultation_id=consultation, at=later, by=house.ana)
    assert queries.listed(Agent.objects.get(pk=house.bruno)) == []


def test_a_promise_near_its_end_and_broken_tells_its_owner(house):
    pk = owned(house)
    promise = Promise.objects.get(subject_ref=ref("conversation", pk), state="open")
    for _ in range(20):
        due = promising.next_check_at()
        if due is None or due > promise.due_at + timedelta(minutes=5):
            break
        while promising.watch_one(at=due):
            pass
        react(due)
    kinds = {(n.agent_id, n.kind) for n in Notice.objects.all()}
    assert kinds == {(house.ana, "promise")}
    assert Notice.objects.get().count >= 2


def test_work_of_who_is_away_tells_who_gets_it(house):
    owned(house)
    people.begin_absence(
        agent_id=house.ana, starts_at=NOON, ends_at=None, substitute_id=house.carla,
        actor="system", at=NOON,
    )  # fmt: skip
    people.announce_absence(at=NOON)
    react()
    assert told() == [(house.carla, "returned", 1)]


def test_work_that_leaves_unanswered_tells_who_had_it(house):
    desk.set_department_work(
        department_id=house.care, share=Share.OFF, gives_back=True, at=NOON, by=house.dora
    )
    pk = owned(house)
    promise = Promise.objects.get(subject_ref=ref("conversation", pk), state="open")
    desk.give_back_unanswered(promise_id=promise.pk, at=NOON + timedelta(hours=1))
    react(NOON + timedelta(hours=1))
    assert told() == [(house.ana, "returned", 1)]
    assert Notice.objects.get().event_kind == "desk.work_returned"


def test_a_mailbox_that_fails_tells_administrators_until_it_is_back(house):
    box = channels.connect_mailbox(
        address="hola@barro.example", imap_host="imap.barro.example", password="x", at=NOON
    )
    channels.note_failing(mailbox_id=box, error="no", at=NOON)
    react()
    assert told() == [(house.dora, "mailbox", 1)]
    channels.note_reached(mailbox_id=box, at=NOON + timedelta(minutes=1), got_mail=False)
    react(NOON + timedelta(minutes=1))
    assert told() == []


# -- who not --------------------------------------------------------------------


def test_what_she_may_not_see_she_is_not_told(house):
    pk = owned(house)
    conversations.follow_conversation(
        conversation_id=pk, agent_id=house.bruno, at=NOON
    )  # of sales
    again(pk)
    react()
    assert told() == [(house.ana, "message", 1)]


def test_who_loses_sight_of_it_forgets_it(house):
    pk = opened(house.care)
    conversations.add_note(
        conversation_id=pk, agent_id=house.carla, text="@Ana", at=NOON, mentions=[house.ana]
    )
    react()
    agent = Agent.objects.get(pk=house.ana)
    assert [card.kind for card in queries.listed(agent)] == [Kind.MENTION]
    waiting = Notice.objects.get()
    conversations.assign_conversation(
        conversation_id=pk, agent_id=None, department_id=house.sales, at=NOON, by=house.carla
    )
    # Before the reaction has run: neither shown nor sent.
    assert queries.listed(agent) == []
    assert queries.cards(house.ana, [waiting.pk]) == []
    react()
    assert not Notice.objects.exists()


def test_who_reads_it_now_or_has_read_it_is_not_told(house):
    pk = owned(house)
    conversations.note_presence(
        agent_id=house.ana, line="linea-de-ana", tab="ventana-1", conversation_id=pk,
        doing=Doing.LOOKS, at=NOON,
    )  # fmt: skip
    again(pk)
    react()
    assert told() == []
    conversations.leave_line(line="linea-de-ana", at=NOON + timedelta(minutes=1))
    later = NOON + timedelta(minutes=2)
    again(pk, "¿Hola?", at=later)
    # She looks before the reaction runs.
    actions.look(
        agent_id=house.ana, conversation_ids=[pk], at=later + timedelta(seconds=1), keeps=True
    )
    react(later)
    assert told() == []
    again(pk, "¿Nada?", at=later + timedelta(minutes=1))
    react(later)
    assert told() == [(house.ana, "message", 1)]


def test_opening_it_settles_what_was_told(house):
    pk = owned(house)
    again(pk)
    react()
    assert actions.look(agent_id=house.carla, conversation_ids=[pk], at=NOON) == 0
    assert actions.look(agent_id=house.ana, conversation_ids=[pk], at=NOON) == 1
    row = Notice.objects.get()
    assert (row.seen_at, row.mail_at, row.push_at) == (NOON, None, None)
    assert actions.look(agent_id=house.ana, conversation_ids=[pk], at=NOON) == 0


def test_a_silenced_conversation_tells_only_what_asks_by_name(house):
    pk = owned(house)
    assert actions.mute_conversation(agent_id=house.ana, conversation_id=pk, at=NOON)
    assert not actions.mute_conversation(agent_id=house.ana, conversation_id=pk, at=NOON)
    again(pk)
    conversations.add_note(
        conversation_id=pk, agent_id=house.carla, text="@Ana", at=NOON, mentions=[house.ana]
    )
    react()
    assert told() == [(house.ana, "mention", 1)]
    assert actions.unmute_conversation(agent_id=house.ana, conversation_id=pk, at=NOON)
    again(pk, at=NOON + timedelta(minutes=1))
    react()
    assert (house.ana, "message", 1) in told()
    with pytest.raises(NotFound):
        actions.mute_conversation(agent_id=house.bruno, conversation_id=pk, at=NOON)
    assert [line.action for line in audit.lines(audit.Wanted(topic="notices"))] == [
        "notices.unmuted", "notices.muted",
    ]  # fmt: skip


def test_a_kind_that_is_off_everywhere_leaves_no_row(house):
    chose(house.ana, message="")
    pk = owned(house)
    again(pk)
    react()
    assert told() == []


def test_the_same_event_twice_tells_once(house):
    pk = owned(house)
    again(pk)
    row = EventRow.objects.filter(kind="conversation.message_received").order_by("-id").first()
    react()
    whose = actions.tell(
        event=events.read_row(row), kind=Kind.MESSAGE, agent_ids=[house.ana],
        subject=ref("conversation", pk),
    )  # fmt: skip
    assert whose == []
    assert told() == [(house.ana, "message", 1)]


# -- the bell -------------------------------------------------------------------


def test_the_bell_costs_no_query_of_its_own(house):
    pk = owned(house)
    again(pk)
    react()
    agent = Agent.objects.get(pk=house.ana)
    queries_before = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = counters(agent, at=NOON, with_lists=False)
        queries_before.append(len(seen))
        assert found["bell"] >= 1
        for _n in range(5):
            other = opened(house.care, sender=f"c{_n}{len(queries_before)}@cliente.example")
            conversations.assign_conversation(
                conversation_id=other, agent_id=house.ana, at=NOON, by=house.carla
            )
        react()
    assert queries_before[0] >= queries_before[1]
    assert counters(agent, at=NOON, with_lists=False)["bell"] == 11
    assert queries.bells_of([house.ana, house.bruno], most=5) == {house.ana: 5, house.bruno: 0}
    with CaptureQueriesContext(connection) as few:
        queries.listed(agent)
    assert len(few) <= 4


# -- the digest -----------------------------------------------------------------


def digests():
    return list(Delivery.objects.filter(template="notices").order_by("id"))


def run_mail(at):
    while actions.mail_one(at=at):
        pass


def test_a_burst_comes_as_one_mail_when_its_time_has_come(house):
    chose(house.ana, message="sm", assigned="sm")
    first, second = owned(house), opened(house.care, sender="julian@cliente.example")
    conversations.assign_conversation(
        conversation_id=second, agent_id=house.ana, at=NOON, by=house.carla
    )
    for minute in range(10):
        again(first, at=NOON + timedelta(minutes=minute))
    react()
    run_mail(NOON + timedelta(minutes=14, seconds=59))
    assert digests() == []
    assert actions.next_mail_at() == NOON + timedelta(minutes=15)
    run_mail(NOON + timedelta(minutes=15))
    (mail,) = digests()
    assert mail.recipients == ["ana@barro.example"]
    assert len(mail.context["notices"]) == 2
    run_mail(NOON + timedelta(minutes=40))
    assert len(digests()) == 1


def test_what_was_seen_silenced_or_hidden_meanwhile_is_not_mailed(house):
    chose(house.ana, message="sm", mention="sm")
    pks = [owned(house)]
    for n in range(2):
        pks.append(opened(house.care, sender=f"c{n}@cliente.example"))
    again(pks[0])
    for pk in pks[1:]:
        conversations.add_note(
            conversation_id=pk, agent_id=house.carla, text="@Ana", at=NOON, mentions=[house.ana]
        )
    react()
    actions.mute_conversation(agent_id=house.ana, conversation_id=pks[0], at=NOON)
    actions.look(agent_id=house.ana, conversation_ids=[pks[1]], at=NOON)
    Conversation.objects.filter(pk=pks[2]).update(department_id=house.sales)
    run_mail(NOON + timedelta(minutes=15))
    assert digests() == []
    assert not Notice.objects.filter(mail_at__isnull=False).exists()


def test_at_night_it_waits_for_the_opening_and_comes_as_one(house):
    chose(house.ana, message="sm", mention="sm", quiet=Quiet.WORK)
    pk = owned(house)
    for hour in range(3):
        at = NIGHT + timedelta(hours=hour)
        again(pk, at=at)
        react(at)
        run_mail(at + timedelta(minutes=20))
    assert digests() == []
    assert told() == [(house.ana, "message", 3)]  # the list goes on
    assert actions.next_mail_at() == MORNING
    run_mail(MORNING)
    (mail,) = digests()
    assert mail.context["all"] == 1


def test_what_is_read_before_the_quiet_ends_is_not_told(house):
    chose(house.ana, message="sm", quiet=Quiet.WORK)
    pk = owned(house)
    again(pk, at=NIGHT)
    react(NIGHT)
    run_mail(NIGHT + timedelta(minutes=20))
    actions.look(agent_id=house.ana, conversation_ids=[pk], at=NIGHT + timedelta(hours=1))
    run_mail(MORNING)
    assert digests() == []


def test_a_pause_holds_back_and_its_end_lets_go(house):
    chose(house.ana, message="sm")
    pk = owned(house)
    with pytest.raises(InvalidInput):
        actions.pause(agent_id=house.ana, until=NOON, at=NOON)
    actions.pause(agent_id=house.ana, until=NOON + timedelta(hours=1), at=NOON)
    again(pk)
    react()
    run_mail(NOON + timedelta(minutes=15))
    assert (digests(), actions.next_mail_at()) == ([], NOON + timedelta(hours=1))
    early = NOON + timedelta(minutes=30)
    actions.pause(agent_id=house.ana, until=None, at=early)
    run_mail(early)
    assert len(digests()) == 1


def test_who_is_away_is_not_mailed(house):
    chose(house.carla, mention="sm")
    pk = opened(house.care)
    people.begin_absence(
        agent_id=house.carla, starts_at=NOON, ends_at=NOON + timedelta(days=2),
        substitute_id=None, actor="system", at=NOON,
    )  # fmt: skip
    conversations.add_note(
        conversation_id=pk, agent_id=house.ana, text="@Carla", at=NOON, mentions=[house.carla]
    )
    react()
    run_mail(NOON + timedelta(minutes=15))
    assert digests() == []
    run_mail(NOON + timedelta(days=2, hours=1))
    assert len(digests()) == 1


# -- links ----------------------------------------------------------------------


def test_a_link_silences_a_kind_in_one_channel_for_whom_it_was_made(house):
    link = queries.link_of(house.ana, Mutes.MAIL, ["mention", "consulted"], at=NOON)
    actions.obey_link(link, at=NOON)
    actions.obey_link(link, at=NOON)
    chosen = queries.preferences_of(house.ana).channels
    assert chosen == {"mention": "sp", "consulted": "sp"}
    assert queries.preferences_of(house.carla).channels == {}
    lines = list(audit.lines(audit.Wanted(topic="notices")))
    assert [line.action for line in lines] == ["notices.silenced"]
    assert lines[0].data["kinds"] == ["mention", "consulted"]


def test_a_link_that_is_forged_or_old_does_nothing(house):
    link = queries.link_of(house.ana, Mutes.PUSH, ["mention"], at=NOON)
    said, _, signature = link.rpartition(".")
    other = said.replace(f"{house.ana}.", f"{house.bruno}.", 1)
    for bad in ("", "a.b.c.d.e", f"{other}.{signature}", f"{said}.{'a' * 26}", said, "x" * 999):
        with pytest.raises(LinkNotValid):
            actions.obey_link(bad, at=NOON)
    with pytest.raises(LinkNotValid):
        actions.obey_link(link, at=NOON + timedelta(days=61))
    assert queries.preferences_of(house.ana).channels == {}
    assert actions.obey_link(link, at=NOON + timedelta(days=60)).what is Mutes.PUSH


@pytest.mark.parametrize(
    "wrong",
    [{"mail_minutes": 0}, {"mail_minutes": 241}, {"zone": "Marte/Olimpo"}, {"quiet_days": [7]},
     {"quiet_starts": 1440}, {"quiet_ends": -1}],
)  # fmt: skip
def test_preferences_out_of_bounds_are_refused(house, wrong):
    given = {
        "agent_id": house.ana, "channels": queries.matrix.DEFAULTS, "mail_minutes": 15,
        "hides_names": False, "quiet": Quiet.NEVER, "at": NOON,
    } | wrong  # fmt: skip
    with pytest.raises(InvalidInput):
        actions.set_preferences(**given)
    assert list(audit.lines(audit.Wanted(topic="notices"))) == []


def test_old_ones_go(house):
    pk = owned(house)
    again(pk)
    react()
    actions.look(agent_id=house.ana, conversation_ids=[pk], at=NOON)
    assert actions.forget_old(before=NOON) == 0
    assert actions.forget_old(before=NOON + timedelta(seconds=1)) == 1
    assert Mailbox.objects.count() == 0
    assert Role.ADMIN
