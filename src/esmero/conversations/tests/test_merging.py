"""Merging, undoing it and splitting: nothing owed is lost, nobody reads what is another's."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from esmero.conversations import actions, queries
from esmero.conversations.enums import After, State
from esmero.conversations.errors import (
    AlreadyUndone,
    CannotMergeConversations,
    CannotSplit,
)
from esmero.conversations.events import (
    ConversationMergeUndone,
    ConversationsMerged,
    ConversationSplit,
    ConversationSplitUndone,
)
from esmero.conversations.models import Conversation, Message, Move
from esmero.conversations.rules import merging as rules
from esmero.kernel.errors import NotFound
from esmero.kernel.models import EventRow
from esmero.kernel.refs import ref
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.promises.enums import State as Kept
from esmero.promises.models import Promise
from tests.cast import NOON, House, open_house

MARTA, JULIAN, EVA = "marta@correo.example", "julian@correo.example", "eva@correo.example"
TEN = timedelta(minutes=10)


@pytest.fixture
def house(db) -> House:
    house = open_house()
    write("Otra cosa", sender=EVA, subject="Noise", at=NOON - timedelta(days=1))
    return house


def write(text="¿Cuándo llega?", *, sender=MARTA, subject="Mi pedido", at=NOON, **more):
    name = sender.partition("@")[0].title()
    contact = actions.Contact(
        channel="mail", sender_email=sender, sender_name=name, subject=subject, text=text,
        received_at=at, department_id=people_queries.default_department_id(), **more,
    )  # fmt: skip
    return actions.receive(contact=contact, at=at)


def reply(house, conversation_id, *, to=MARTA, at, after=After.WAIT, text="Mañana."):
    written = actions.write_reply(
        reply=actions.Reply(
            conversation_id=conversation_id, agent_id=house.ana, text=text, to=[("", to)],
            after=after,
        ),
        at=at,
    )  # fmt: skip
    actions.note_handed_over(message_id=written.message_id, at=at)
    return written.message_id


def texts(conversation_id: int) -> list[str]:
    return [m.text for m in queries.messages_of(conversation_id)]


def row(pk: int) -> Conversation:
    return Conversation.objects.get(pk=pk)


def published(*kinds) -> list[dict]:
    wanted = [kind.kind for kind in kinds]
    return list(
        EventRow.objects.filter(kind__in=wanted).order_by("id").values_list("data", flat=True)
    )


def merge(house, kept, *gone, at=NOON + TEN, **more) -> list[int]:
    return actions.merge_conversations(
        kept_id=kept.conversation_id, merged_ids=[g.conversation_id for g in gone], at=at,
        by=house.ana, **more,
    )  # fmt: skip


# -- merging ------------------------------------------------------------------


def test_merge_brings_the_messages_and_keeps_what_is_owed_until_one_reply_keeps_it(house):
    first = write("¿Cuándo llega?")
    second = write("¿Y la factura?", subject="Re: Mi pedido", at=NOON + timedelta(minutes=2))
    (move,) = merge(house, first, second)

    assert texts(first.conversation_id) == ["¿Cuándo llega?", "¿Y la factura?"]
    assert texts(second.conversation_id) == []
    kept, gone = row(first.conversation_id), row(second.conversation_id)
    assert (kept.message_count, kept.excerpt) == (2, "¿Y la factura?")
    assert (gone.merged_into_id, gone.state) == (kept.pk, State.RESOLVED.value)
    assert kept.merged_ids == [gone.pk]
    assert (kept.chip, kept.chip_at) == ("open", Promise.objects.get(pk=first.promise_id).due_at)
    assert set(Promise.objects.filter(state="open").values_list("id", flat=True)) >= {
        first.promise_id, second.promise_id,
    }  # fmt: skip
    assert published(ConversationsMerged) == [
        {"conversation_id": kept.pk, "merged_id": gone.pk, "move_id": move}
    ]

    reply(house, kept.pk, at=NOON + 2 * TEN)
    states = dict(Promise.objects.values_list("id", "state"))
    assert states[first.promise_id] == states[second.promise_id] == Kept.KEPT.value
    assert row(kept.pk).awaits_reply_since is None


def test_number_and_mail_of_the_merged_one_lead_to_the_one_that_stays(house):
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    merge(house, first, second)

    further = write("Se me olvidaba", at=NOON + 2 * TEN, candidates=(second.conversation_id,))
    assert further.conversation_id == first.conversation_id
    assert further.promise_id in {first.promise_id, second.promise_id}
    dora = people_queries.agent(house.dora)
    assert queries.conversation_for(dora, second.conversation_id).pk == first.conversation_id
    assert queries.search(dora, f"#{second.conversation_id}", at=NOON).ids == [
        first.conversation_id
    ]
    assert second.conversation_id not in queries.everything(dora).values_list("id", flat=True)


def test_what_another_department_has_is_no_way_round(house):
    first = write()
    second = write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    actions.assign_conversation(
        conversation_id=first.conversation_id, agent_id=None, department_id=house.sales,
        at=NOON + TEN, by=house.dora,
    )  # fmt: skip
    merge(house, first, second)
    ana = people_queries.agent(house.ana)
    with pytest.raises(NotFound):
        queries.conversation_for(ana, second.conversation_id)
    assert queries.search(ana, f"#{second.conversation_id}", at=NOON).ids == []


def test_merge_undone_is_as_before_and_later_mail_stays(house):
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    before = {pk: row(pk) for pk in (first.conversation_id, second.conversation_id)}
    (move,) = merge(house, first, second)
    write("Más", at=NOON + 2 * TEN, candidates=(first.conversation_id,))

    assert actions.undo_merge(move_id=move, at=NOON + 3 * TEN, by=house.ana) == (
        second.conversation_id
    )
    assert texts(first.conversation_id) == ["¿Cuándo llega?", "Más"]
    assert texts(second.conversation_id) == ["¿Y la factura?"]
    gone = row(second.conversation_id)
    for name in ("state", "chip", "chip_at", "awaits_reply_since", "message_count", "excerpt"):
        assert getattr(gone, name) == getattr(before[gone.pk], name), name
    assert (gone.merged_into, row(first.conversation_id).merged_ids) == (None, [])
    assert published(ConversationMergeUndone) == [
        {"conversation_id": first.conversation_id, "merged_id": gone.pk, "move_id": move}
    ]
    with pytest.raises(AlreadyUndone):
        actions.undo_merge(move_id=move, at=NOON + 4 * TEN, by=house.ana)
    assert len(published(ConversationMergeUndone)) == 1


def test_undo_after_the_answer_owes_nothing_again(house):
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    (move,) = merge(house, first, second)
    reply(house, first.conversation_id, at=NOON + 2 * TEN)
    actions.undo_merge(move_id=move, at=NOON + 3 * TEN, by=house.ana)
    gone = row(second.conversation_id)
    assert (gone.chip, gone.awaits_reply_since) == ("kept", None)
    assert texts(first.conversation_id) == ["¿Cuándo llega?", "Mañana."]


def test_merges_of_merges_are_undone_in_any_order(house):
    one, two, three = (write(str(n), at=NOON + timedelta(minutes=n)) for n in range(3))
    (inner,) = merge(house, two, three)
    (outer,) = merge(house, one, two, at=NOON + 2 * TEN)
    assert texts(one.conversation_id) == ["0", "1", "2"]
    assert row(one.conversation_id).merged_ids == sorted(
        [two.conversation_id, three.conversation_id]
    )

    actions.undo_merge(move_id=inner, at=NOON + 3 * TEN, by=house.ana)
    assert texts(three.conversation_id) == ["2"]
    assert row(one.conversation_id).merged_ids == [two.conversation_id]
    actions.undo_merge(move_id=outer, at=NOON + 4 * TEN, by=house.ana)
    assert [texts(x.conversation_id) for x in (one, two, three)] == [["0"], ["1"], ["2"]]
    assert row(two.conversation_id).merged_ids == []


def test_merging_a_resolved_one_with_an_open_one_reopens_it(house):
    first = write()
    reply(house, first.conversation_id, at=NOON + timedelta(minutes=1), after=After.RESOLVE)
    second = write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    merge(house, first, second)
    kept = row(first.conversation_id)
    assert (kept.state, kept.chip) == (State.OPEN.value, "open")


def test_drafts_of_both_are_kept(house):
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    for received, text in ((first, "Empezado"), (second, "También")):
        actions.save_draft(
            conversation_id=received.conversation_id, agent_id=house.ana, mode="reply", text=text,
            at=NOON,
        )  # fmt: skip
    actions.save_draft(
        conversation_id=second.conversation_id, agent_id=house.bruno, mode="note", text="Nota",
        at=NOON,
    )  # fmt: skip
    merge(house, first, second)
    ana, bruno = people_queries.agent(house.ana), people_queries.agent(house.bruno)
    assert queries.draft_of(first.conversation_id, ana, "reply").text == "Empezado\n\nTambién"
    assert queries.draft_of(first.conversation_id, bruno, "note").text == "Nota"


@pytest.mark.parametrize("why", ["itself", "merged", "suspect", "missing"])
def test_merge_refuses_and_publishes_nothing(house, why):
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    third = write("X", at=NOON + timedelta(minutes=3))
    kept, gone = first.conversation_id, second.conversation_id
    if why == "itself":
        gone = kept
    elif why == "merged":
        merge(house, third, second)
    elif why == "suspect":
        actions.mark_as_spam(conversation_id=gone, at=NOON + TEN, by=house.ana)
    else:
        gone = 987_654
    count = EventRow.objects.count()
    with pytest.raises(NotFound if why == "missing" else CannotMergeConversations) as refused:
        actions.merge_conversations(kept_id=kept, merged_ids=[gone], at=NOON + TEN, by=house.ana)
    if why != "missing":
        assert refused.value.params["why"] == why
    assert EventRow.objects.count() == count
    assert texts(kept) == ["¿Cuándo llega?"]


def test_a_word_to_one_customer_does_not_keep_the_word_to_another(house):
    first = write()
    second = write("A mí tampoco", sender=JULIAN, at=NOON + timedelta(minutes=2))
    merge(house, first, second)
    reply(house, first.conversation_id, to=MARTA, at=NOON + 2 * TEN, after=After.RESOLVE)
    states = dict(Promise.objects.values_list("id", "state"))
    assert states[first.promise_id] == Kept.KEPT.value
    assert states[second.promise_id] == Kept.OPEN.value
    kept = row(first.conversation_id)
    assert (kept.state, kept.chip) == (State.OPEN.value, "open")
    reply(house, first.conversation_id, to=JULIAN, at=NOON + 3 * TEN, after=After.RESOLVE)
    assert Promise.objects.get(pk=second.promise_id).state == Kept.KEPT.value
    assert row(first.conversation_id).state == State.RESOLVED.value


def test_mail_of_the_other_customer_comes_in_and_goes_with_them_after_the_undo(house):
    first = write()
    second = write("A mí tampoco", sender=JULIAN, at=NOON + timedelta(minutes=2))
    (move,) = merge(house, first, second)
    joint = write("¿Y?", sender=JULIAN, at=NOON + 2 * TEN, candidates=(first.conversation_id,))
    assert joint.conversation_id == first.conversation_id
    actions.undo_merge(move_id=move, at=NOON + 3 * TEN, by=house.ana)
    # An answer to a mail that was sent while they were one carries the other's number.
    later = write("¿Sí?", sender=JULIAN, at=NOON + 4 * TEN, candidates=(first.conversation_id,))
    assert later.conversation_id == second.conversation_id
    stranger = write("Hola", sender=EVA, at=NOON + 4 * TEN, candidates=(first.conversation_id,))
    assert stranger.is_new_conversation


# -- who reads what -----------------------------------------------------------


def shown(token: str) -> list[str]:
    found = queries.seats_by_tokens([token])
    return [m.text for seat in found for m in queries.shown_messages(seat)]


def test_customers_brought_together_do_not_read_each_others_earlier_messages(house):
    first = write("De Marta")
    reply(house, first.conversation_id, at=NOON + timedelta(minutes=1), text="A Marta")
    second = write("De Julián", sender=JULIAN, subject="Lo mío", at=NOON + timedelta(minutes=2))
    (move,) = merge(house, first, second)
    kept, gone = row(first.conversation_id), row(second.conversation_id)
    assert shown(kept.token) == ["De Marta", "A Marta"]
    assert shown(gone.token) == ["De Julián"]
    (seat,) = queries.seats_by_tokens([gone.token])
    assert (seat.number, seat.subject, seat.is_own) == (gone.pk, "Lo mío", False)

    reply(house, kept.pk, to=JULIAN, at=NOON + 2 * TEN, text="A Julián")
    write("Otra de Julián", sender=JULIAN, at=NOON + 3 * TEN, candidates=(kept.pk,))
    assert shown(kept.token) == ["De Marta", "A Marta", "Otra de Julián"]
    assert shown(gone.token) == ["De Julián", "A Julián", "Otra de Julián"]

    actions.undo_merge(move_id=move, at=NOON + 4 * TEN, by=house.ana)
    assert shown(gone.token) == ["De Julián"]
    assert shown(kept.token) == ["De Marta", "A Marta", "Otra de Julián"]


def test_a_shared_merge_shows_both_all_that_was_theirs_before(house):
    first = write("De Marta")
    second = write("De Julián", sender=JULIAN, at=NOON + timedelta(minutes=2))
    merge(house, first, second, shares=True)
    assert shown(row(first.conversation_id).token) == ["De Marta", "De Julián"]
    assert shown(row(second.conversation_id).token) == ["De Marta", "De Julián"]


# -- splitting ----------------------------------------------------------------


def test_split_off_question_has_its_own_answer_due_as_the_first(house):
    first = write("¿Cuándo llega?")
    other = write("¿Y la factura?", at=NOON + TEN, candidates=(first.conversation_id,))
    due_at = Promise.objects.get(pk=first.promise_id).due_at
    new = actions.split_conversation(
        conversation_id=first.conversation_id, message_ids=[other.message_id], at=NOON + 2 * TEN,
        by=house.ana, subject="Factura",
    )  # fmt: skip
    move = Move.objects.get()
    assert (texts(first.conversation_id), texts(new)) == (["¿Cuándo llega?"], ["¿Y la factura?"])
    assert row(new).subject == "Factura"
    assert row(new).customer_id == first.customer_id
    made = Promise.objects.get(subject_ref=ref("conversation", new))
    assert (made.kind, made.due_at, made.state) == ("answer", due_at, "open")
    assert Promise.objects.get(pk=first.promise_id).state == "open"
    assert published(ConversationSplit) == [
        {
            "conversation_id": first.conversation_id,
            "new_id": new,
            "move_id": move.pk,
            "messages": 1,
        }
    ]

    reply(house, new, at=NOON + 3 * TEN)
    assert Promise.objects.get(pk=made.pk).state == "kept"
    assert Promise.objects.get(pk=first.promise_id).state == "open"

    assert actions.undo_split(move_id=move.pk, at=NOON + 4 * TEN, by=house.ana) == (
        first.conversation_id
    )
    assert texts(first.conversation_id) == ["¿Cuándo llega?", "¿Y la factura?", "Mañana."]
    assert row(new).merged_into_id == first.conversation_id
    assert published(ConversationSplitUndone) == [
        {"conversation_id": first.conversation_id, "new_id": new, "move_id": move.pk}
    ]
    assert published(ConversationsMerged) == []
    with pytest.raises(AlreadyUndone):
        actions.undo_split(move_id=move.pk, at=NOON + 5 * TEN, by=house.ana)


def test_split_of_the_only_question_takes_the_promise_along(house):
    first = write("Gracias por todo")
    reply(house, first.conversation_id, at=NOON + timedelta(minutes=1))
    other = write("¿Y la factura?", at=NOON + TEN, candidates=(first.conversation_id,))
    new = actions.split_conversation(
        conversation_id=first.conversation_id, message_ids=[other.message_id], at=NOON + 2 * TEN,
        by=house.ana,
    )  # fmt: skip
    left = Promise.objects.get(pk=other.promise_id)
    made = Promise.objects.get(subject_ref=ref("conversation", new))
    assert (left.state, left.reason, left.evidence_ref) == (
        "released", "duplicate", ref("promise", made.pk),
    )  # fmt: skip
    assert made.due_at == left.due_at
    assert row(first.conversation_id).awaits_reply_since is None
    assert row(new).awaits_reply_since == NOON + TEN


def test_split_after_the_time_breaks_the_first_and_goes_on_in_its_chain(house):
    first = write("Hola", at=NOON - timedelta(days=2))
    other = write("¿Y la factura?", at=NOON - timedelta(days=2) + TEN,
                  candidates=(first.conversation_id,))  # fmt: skip
    ids = [first.message_id, other.message_id]
    note = actions.add_note(
        conversation_id=first.conversation_id, agent_id=house.ana, text="Nota", at=NOON
    )
    later = write("Además", at=NOON - timedelta(days=2) + 2 * TEN,
                  candidates=(first.conversation_id,))  # fmt: skip
    assert note
    with pytest.raises(CannotSplit) as refused:
        actions.split_conversation(
            conversation_id=first.conversation_id, message_ids=[*ids, later.message_id], at=NOON,
            by=house.ana,
        )  # fmt: skip
    assert refused.value.params["why"] == "everything"
    new = actions.split_conversation(
        conversation_id=first.conversation_id, message_ids=ids, at=NOON, by=house.ana
    )
    made = Promise.objects.get(subject_ref=ref("conversation", new))
    assert made.due_at > NOON
    assert made.chain_id == first.promise_id
    assert Promise.objects.get(pk=first.promise_id).state == "open"  # `Además` still waits


@pytest.mark.parametrize("why", ["nothing", "moved", "leaving"])
def test_split_refuses_and_publishes_nothing(house, why):
    first = write("¿Cuándo llega?")
    other = write("¿Y la factura?", at=NOON + TEN, candidates=(first.conversation_id,))
    foreign = write("De otra", sender=JULIAN)
    held = actions.write_reply(
        reply=actions.Reply(
            conversation_id=first.conversation_id, agent_id=house.ana, text="x", to=[("", MARTA)]
        ),
        at=NOON + TEN,
    )
    ids = {
        "nothing": [],
        "moved": [other.message_id, foreign.message_id],
        "leaving": [other.message_id, held.message_id],
    }[why]
    count = EventRow.objects.count()
    with pytest.raises(CannotSplit) as refused:
        actions.split_conversation(
            conversation_id=first.conversation_id, message_ids=ids, at=NOON + TEN, by=house.ana
        )
    assert refused.value.params["why"] == why
    assert EventRow.objects.count() == count
    assert Message.objects.filter(conversation_id=first.conversation_id).count() == 3


# -- rules --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Mi pedido 4711", "Re: mi pedido 4711", True),
        ("Taza rota", "RE: Fwd: La taza está rota", True),
        ("Dos tazas rotas", "taza rota", True),
        ("Factura de octubre", "¿Cuándo llega el pedido?", False),
        ("", "", True),
        ("Hola", "Hola", True),
        ("Hola", "El pedido", False),
    ],
)
def test_alike(one, other, is_alike):
    assert (rules.alike(one, other) >= rules.ALIKE_LEAST) is is_alike


def test_suggestions_are_of_the_same_customer_and_not_what_was_parted(house):
    first = write(subject="Pedido 4711 roto")
    second = write("¿Y?", subject="pedido 4711", at=NOON + timedelta(minutes=2))
    write("¿Y?", subject="pedido 4711 roto", sender=JULIAN, at=NOON + timedelta(minutes=2))
    write("¿?", subject="Horario", at=NOON + timedelta(minutes=3))
    dora = people_queries.agent(house.dora)

    def suggested():
        seen = queries.visible_to(dora)
        return [
            c.pk
            for c in queries.matters.suggested_merges(seen, row(first.conversation_id), at=NOON)
        ]

    assert suggested() == [second.conversation_id]
    (move,) = merge(house, first, second)
    actions.undo_merge(move_id=move, at=NOON + 3 * TEN, by=house.ana)
    assert suggested() == []


# -- two at once --------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_arrives_while_it_is_merged_is_in_the_one_that_stays():
    house = open_house()
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    started, done = threading.Event(), []

    def arrives():
        started.set()
        try:
            done.append(write("Más", at=NOON + 2 * TEN, candidates=(second.conversation_id,)))
        finally:
            connection.close()

    thread = threading.Thread(target=arrives)
    with transaction.atomic():
        merge(house, first, second)
        thread.start()
        started.wait(5)
        thread.join(0.5)  # it waits for the row
    thread.join(20)
    assert [r.conversation_id for r in done] == [first.conversation_id]
    assert texts(first.conversation_id) == ["¿Cuándo llega?", "¿Y la factura?", "Más"]
    assert texts(second.conversation_id) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_each_into_the_other_leave_one():
    house = open_house()
    first, second = write(), write("¿Y la factura?", at=NOON + timedelta(minutes=2))
    outcomes = []
    barrier = threading.Barrier(2)

    def merges(kept, gone):
        try:
            barrier.wait(5)
            merge(house, kept, gone)
            outcomes.append("done")
        except CannotMergeConversations as refusal:
            outcomes.append(refusal.params["why"])
        finally:
            connection.close()

    threads = [
        threading.Thread(target=merges, args=pair) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["done", "merged"]
    assert Conversation.objects.filter(merged_into=None).count() == 1


def test_merged_people_are_one_customer(house):
    first = write("De Marta")
    second = write("De su otra cuenta", sender=JULIAN, at=NOON + timedelta(minutes=2))
    people.merge_customers(
        kept_id=first.customer_id, merged_id=second.customer_id, at=NOON + TEN, by=house.ana
    )
    merge(house, first, second)
    reply(house, first.conversation_id, to=MARTA, at=NOON + 2 * TEN)
    assert Promise.objects.get(pk=second.promise_id).state == "kept"
    assert shown(row(first.conversation_id).token) == ["De Marta", "De su otra cuenta", "Mañana."]
