"""Writing: saved answers, promises in words, mentions, shared drafts, the check, sending later."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from esmero.channels import actions as channels
from esmero.channels.models import Delivery
from esmero.console.thread.named import named_in
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Check, Level
from esmero.conversations.errors import DraftChanged, MayNotSee
from esmero.conversations.models import (
    CheckLevel,
    Conversation,
    Draft,
    DraftTurn,
    KnownWord,
    Mention,
    Message,
    SavedAnswer,
)
from esmero.kernel.clock import now
from esmero.kernel.models import EventRow
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.promises import actions as promises

HX = {"HX-Request": "true"}
GOOD = "Hola, Marta: sí que aguanta el lavavajillas. Gracias por escribir."


@pytest.fixture
def talk(team):
    found = team.write()
    team.give(found.conversation_id, team.ana)
    return found


def base(talk):
    return f"/c/conversaciones/{talk.conversation_id}"


def form(client, talk, **more):
    page = client.get(f"{base(talk)}/").content.decode()
    once = re.search(r'name="once" value="(\w+)"', page)[1]
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    return {
        "mode": "reply", "once": once, "seen": seen, "to": "Marta Ruiz <marta@example.com>",
        "text": GOOD, "after": "keep", **more,
    }  # fmt: skip


def send(client, talk, **more):
    return client.post(f"{base(talk)}/escribir/", form(client, talk, **more))


def answer_of(team, **more):
    facts = {
        "answer_id": None, "title": "Lavavajillas", "text": "Hola, {{ customer_name }}: {{7*7}} {{ shop_telephone }}",
        "department_id": None, "language": "es", "tags": "lavar, horno lavar", "at": now(),
        "by": team.carla.pk,
    }  # fmt: skip
    return conversations.save_answer(**{**facts, **more})


# -- saved answers ------------------------------------------------------------


def test_saved_answers_are_offered_filled_and_what_is_empty_is_marked(team, talk):
    pk = answer_of(team)
    answer_of(team, title="Envíos", tags="gastos")
    client = team.client(team.ana)
    offered = client.get(f"{base(talk)}/respuestas/?q=hor", headers=HX).content.decode()
    assert "Hola, Marta: {{7*7}} <mark>{{ shop_telephone }}</mark>" in offered
    assert "Envíos" not in offered
    used = client.post(f"{base(talk)}/respuestas/{pk}/", headers={"Accept": "application/json"})
    assert used.json() == {"text": "Hola, Marta: {{7*7}} {{ shop_telephone }}"}
    assert SavedAnswer.objects.get(pk=pk).uses == 1
    assert SavedAnswer.objects.get(pk=pk).tags == "lavar horno"


def test_saved_answer_without_a_script_goes_below_what_is_typed(team, talk):
    pk = answer_of(team, text="Un saludo de {{ agent_name }}.")
    client = team.client(team.ana)
    kept = client.post(f"{base(talk)}/respuestas/", {"mode": "reply", "text": "Hola."})
    assert kept.status_code == 302
    page = client.get(kept["Location"]).content.decode()
    assert "Un saludo de Ana." in page
    client.post(f"{base(talk)}/respuestas/{pk}/", {"mode": "reply"})
    assert Draft.objects.get().text == "Hola.\n\nUn saludo de Ana."


def test_saved_answers_of_another_department_are_not_hers(team, talk):
    pk = answer_of(team, department_id=team.sales)
    client = team.client(team.ana)
    assert (
        "Lavavajillas" not in client.get(f"{base(talk)}/respuestas/", headers=HX).content.decode()
    )
    assert client.post(f"{base(talk)}/respuestas/{pk}/").status_code == 404
    assert SavedAnswer.objects.get().uses == 0


def test_supervisor_writes_answers_and_unknown_variables_are_refused(team):
    client = team.client(team.carla)
    data = {
        "title": "Plazos",
        "text": "{{ customer_nme }}",
        "department": "",
        "language": "",
        "tags": "",
    }
    refused = client.post("/c/ajustes/respuestas/nueva/", data)
    assert refused.status_code == 422
    assert "customer_nme" in refused.content.decode()
    assert not SavedAnswer.objects.exists()
    assert (
        client.post("/c/ajustes/respuestas/nueva/", {**data, "text": "{{7*7}}"}).status_code == 302
    )
    row = SavedAnswer.objects.get()
    client.post(
        f"/c/ajustes/respuestas/{row.pk}/", {**data, "title": "Plazo", "text": "Dos días."}
    )
    assert SavedAnswer.objects.get().text == "Dos días."
    client.post(f"/c/ajustes/respuestas/{row.pk}/quitar/")
    assert not SavedAnswer.objects.exists()


# -- promises in words --------------------------------------------------------


def test_words_become_a_promise_with_its_told_time(team, talk):
    client = team.client(team.ana)
    found = client.get(
        f"{base(talk)}/prometer/leer/?q=en dos horas&antes=Te llamo ", headers=HX
    ).content.decode()
    assert re.findall(r'data-kind="(\w+)"', found)[0] == "call"
    typed = re.search(r'data-when="([^"]+)"', found)[1]
    told = re.search(r'data-insert="([^"]+)"', found)[1]
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", typed)
    assert told.startswith(("hoy antes de", "mañana antes de", "el "))
    nothing = client.get(f"{base(talk)}/prometer/leer/?q=pronto", headers=HX).content.decode()
    assert 'role="option"' not in nothing


def test_promise_outside_the_hours_warns_with_a_proposal(team, talk):
    promises.open_hours(
        name="Tienda",
        zone="Europe/Madrid",
        week=[[(540, 1140)]] * 5 + [[], []],
        is_default=True,
        at=now(),
        actor="system",
    )
    client = team.client(team.ana)
    sunday = client.get(
        f"{base(talk)}/prometer/leer/?q=el domingo 12:00", headers=HX
    ).content.decode()
    assert "Entonces no hay nadie" in sunday
    offered = re.findall(r'data-when="([^"]+)"', sunday)
    better = datetime.strptime(offered[0], "%d/%m/%Y %H:%M")  # noqa: DTZ007  a wall clock
    # Friday's closing, or on a weekend the first hour of Monday.
    assert ((better.weekday(), better.hour), len(offered)) in [((4, 19), 6), ((0, 10), 6)]
    stopped = send(client, talk, promise_kind="solve", promise_when="el domingo 12:00")
    assert stopped.status_code == 422
    assert "entonces no hay nadie. Mejor:" in stopped.content.decode()
    passed = re.search(r'name="passed" value="([^"]+)"', stopped.content.decode())[1]
    kept = send(client, talk, promise_kind="solve", promise_when="el domingo 12:00", passed=passed)
    assert kept.status_code == 302


# -- mentions -----------------------------------------------------------------


def test_note_mentions_only_who_may_see_and_ends_when_she_writes(team, talk):
    conversation = Conversation.objects.get()
    text = "@Carla ¿lo ves? @Bruno no, correo@carla.example tampoco. @Carla Vidal"
    assert named_in(text, conversation, team.ana) == [team.carla.pk]
    ana, carla = team.client(team.ana), team.client(team.carla)
    ana.post(f"{base(talk)}/escribir/", {"mode": "note", "text": text})
    mention = Mention.objects.get()
    assert (mention.agent, mention.by_agent, mention.ended_at) == (team.carla, team.ana, None)
    assert EventRow.objects.filter(kind="conversation.mentioned").count() == 1
    assert "Vajilla Turia" in carla.get("/c/bandejas/menciones/").content.decode()
    assert "Ana Soler te menciona" in carla.get("/c/").content.decode()
    assert "Vajilla Turia" not in ana.get("/c/bandejas/menciones/").content.decode()
    carla.post(f"{base(talk)}/escribir/", {"mode": "note", "text": "Lo veo."})
    assert Mention.objects.get().ended_at is not None
    assert "te menciona" not in carla.get("/c/").content.decode()


def test_seen_takes_a_mention_off_the_list(team, talk):
    conversations.add_note(
        conversation_id=talk.conversation_id, agent_id=team.ana.pk, text="@Carla",
        mentions=[team.carla.pk], at=now(),
    )  # fmt: skip
    team.client(team.carla).post(f"{base(talk)}/menciones/vistas/")
    assert Mention.objects.get().ended_at is not None


def test_who_may_not_see_is_not_mentioned_and_nothing_is_written(team, talk):
    with pytest.raises(MayNotSee):
        conversations.add_note(
            conversation_id=talk.conversation_id, agent_id=team.ana.pk, text="@Bruno",
            mentions=[team.bruno.pk], at=now(),
        )  # fmt: skip
    assert not Mention.objects.exists()
    offered = team.client(team.ana).get(f"{base(talk)}/colegas/?q=", headers=HX).content.decode()
    assert ("Carla Vidal" in offered, "Bruno" in offered) == (True, False)


# -- shared drafts ------------------------------------------------------------


def test_shared_draft_is_seen_written_on_and_sent_by_the_colleague(team, talk):
    ana, carla = team.client(team.ana), team.client(team.carla)
    ana.post(
        f"{base(talk)}/borrador/",
        {"mode": "reply", "text": "Hola, Marta: creo que", "to": "marta@example.com"},
    )
    ana.post(f"{base(talk)}/compartir/?modo=respuesta", {"with": str(team.carla.pk)})
    assert "Ana Soler te enseña un borrador" in carla.get("/c/").content.decode()
    page = carla.get(f"{base(talk)}/").content.decode()
    assert "Hola, Marta: creo que" in page
    assert "Borrador de Ana Soler, compartido contigo." in page
    draft = Draft.objects.get()
    saved = carla.post(f"{base(talk)}/borrador/", {
        "mode": "reply", "text": GOOD, "to": "marta@example.com", "draft": draft.pk, "version": "0",
    })  # fmt: skip
    assert saved.json() == {"fields": {"version": "1"}}
    assert Draft.objects.count() == 1
    assert [(t.agent, t.text) for t in DraftTurn.objects.all()] == [
        (team.ana, "Hola, Marta: creo que")
    ]
    assert "Lo último es de Carla Vidal." in ana.get(f"{base(talk)}/").content.decode()
    turns = carla.get(f"{base(talk)}/borrador/{draft.pk}/turnos/").content.decode()
    assert "Hola, Marta: creo que" in turns
    # Ana writes on from what she had: she is told, and nothing is written over.
    late = ana.post(f"{base(talk)}/borrador/", {"mode": "reply", "text": "x", "version": "0"})
    assert late.status_code == 409
    assert Draft.objects.get().text == GOOD
    assert send(carla, talk, draft=draft.pk, version="1").status_code == 302
    assert Message.objects.get(direction="out").author_agent == team.carla
    assert not Draft.objects.exists()


def test_draft_is_shared_only_with_who_may_see(team, talk):
    ana = team.client(team.ana)
    ana.post(f"{base(talk)}/borrador/", {"mode": "reply", "text": "Hola"})
    answer = ana.post(f"{base(talk)}/compartir/?modo=respuesta", {"with": str(team.bruno.pk)})
    assert answer.status_code == 422
    assert "no puede ver esta conversación" in answer.content.decode()
    # Not shared: whoever names its number writes in her own.
    draft = Draft.objects.get()
    team.client(team.carla).post(
        f"{base(talk)}/borrador/", {"mode": "reply", "text": "Yo", "draft": draft.pk}
    )
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Hola", "Yo"]


def test_only_anothers_writing_is_a_conflict(team, talk):
    facts = {
        "conversation_id": talk.conversation_id,
        "agent_id": team.ana.pk,
        "mode": "reply",
        "at": now(),
    }
    conversations.save_draft(text="uno", **facts)
    conversations.save_draft(text="dos", version=0, **facts)
    pk = conversations.save_draft(text="tres", version=0, **facts)
    conversations.share_draft(
        conversation_id=talk.conversation_id, agent_id=team.ana.pk, mode="reply",
        with_agent_id=team.carla.pk, at=now(),
    )  # fmt: skip
    conversations.save_draft(text="cuatro", draft_id=pk, **{**facts, "agent_id": team.carla.pk})
    with pytest.raises(DraftChanged):
        conversations.save_draft(text="cinco", version=2, **facts)
    conversations.save_draft(text="seis", version=3, **facts)
    assert Draft.objects.get().text == "seis"


# -- the check ----------------------------------------------------------------


def test_send_is_stopped_once_with_the_reason_and_goes_the_second_time(team, talk):
    client = team.client(team.ana)
    stopped = send(client, talk, text="Hola, Marta: te adjunto la factura.")
    assert stopped.status_code == 422
    page = stopped.content.decode()
    assert "Dices «te adjunto» y no hay ningún archivo." in page
    assert "Enviar así" in page
    assert Draft.objects.get().text == "Hola, Marta: te adjunto la factura."
    assert not Delivery.objects.exists()
    passed = re.search(r'name="passed" value="([^"]+)"', page)[1]
    assert (
        send(client, talk, text="Hola, Marta: te adjunto la factura.", passed=passed).status_code
        == 302
    )
    assert Delivery.objects.count() == 1


def test_what_is_only_told_stops_nothing_unless_the_shop_wants_it(team, talk):
    client = team.client(team.ana)
    strip = client.post(
        f"{base(talk)}/revisar/", form(client, talk, text="SÍ QUE AGUANTA EL HORNO Y MÁS")
    )
    assert "se lee como un grito" in strip.content.decode()
    assert not Draft.objects.exists()
    conversations.set_check(code=Check.CAPITALS, level=Level.STOP, at=now(), by=team.carla.pk)
    assert send(client, talk, text="SÍ QUE AGUANTA EL HORNO Y MÁS").status_code == 422
    conversations.set_check(code=Check.CAPITALS, level=Level.OFF, at=now(), by=team.carla.pk)
    assert send(client, talk, text="SÍ QUE AGUANTA EL HORNO Y MÁS").status_code == 302


def test_another_customer_among_the_recipients_stops(team, talk):
    team.write(sender="julian@example.com", name="Julián Soto", subject="Otra cosa")
    client = team.client(team.ana)
    stopped = send(client, talk, cc="julian@example.com")
    assert stopped.status_code == 422
    assert "Julián Soto (julian@example.com) es de otra conversación" in stopped.content.decode()
    assert send(client, talk, cc="nueva@example.com").status_code == 302


def test_many_copies_move_to_bcc(team, talk):
    many = ", ".join(f"c{n}@tienda{n}.example" for n in range(6))
    client = team.client(team.ana)
    assert send(client, talk, cc=many).status_code == 422
    client.post(f"{base(talk)}/revisar/copias/", form(client, talk, cc=many))
    draft = Draft.objects.get()
    assert (draft.to, draft.cc, len(draft.bcc)) == ([["Marta Ruiz", "marta@example.com"]], [], 6)


def test_levels_and_words_are_set_by_supervisors(team, talk):
    carla = team.client(team.carla)
    carla.post(
        "/c/ajustes/revision/", {"spelling": "off", "variable": "stop", "capitals": "nonsense"}
    )
    assert list(CheckLevel.objects.values_list("code", "level")) == [("spelling", "off")]
    carla.post("/c/ajustes/revision/", {"spelling": "tell"})
    assert not CheckLevel.objects.exists()
    carla.post("/c/ajustes/revision/palabras/", {"word": "Pladur"})
    carla.post("/c/ajustes/revision/palabras/", {"word": "<b>1"})
    assert list(KnownWord.objects.values_list("word", flat=True)) == ["pladur"]
    team.client(team.ana).post(f"{base(talk)}/revisar/palabra/", {"word": "albufera"}, headers=HX)
    assert queries.words_known() == {"pladur", "albufera"}
    assert team.client(team.ana).post("/c/ajustes/revision/", {}).status_code == 403


# -- later --------------------------------------------------------------------


def test_scheduled_reply_waits_and_is_a_draft_again_when_the_customer_writes(team, talk):
    client = team.client(team.ana)
    assert (
        send(
            client, talk, after="schedule", later="en 2 horas", then="resolve", passed=""
        ).status_code
        == 302
    )
    delivery = Delivery.objects.get()
    assert delivery.not_before - now() > timedelta(minutes=119)
    assert Message.objects.get(direction="out").delivery == "scheduled"
    page = client.get(f"{base(talk)}/").content.decode()
    assert "si el cliente no escribe antes" in page
    assert channels.claim_delivery(at=now() + timedelta(minutes=30), has_default=False) is None
    team.write("¿Y bien?", candidates=[talk.conversation_id], at=now())
    assert channels.stop_scheduled(conversation_id=talk.conversation_id, at=now()) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("cancelled", "customer_wrote")
    draft = Draft.objects.get()
    assert (draft.text, draft.stopped_at is not None) == (GOOD, True)
    assert "no salió: escribió antes" in client.get("/c/").content.decode()
    assert "No salió: el cliente escribió antes." in client.get(f"{base(talk)}/").content.decode()
    assert EventRow.objects.filter(kind="conversation.reply_stopped").count() == 1
    client.post(f"{base(talk)}/borrador/", {"mode": "reply", "text": "Otra vez"})
    assert "no salió" not in client.get("/c/").content.decode()


def test_scheduling_beyond_the_answer_stops_once_and_without_a_time_asks_for_one(team, talk):
    client = team.client(team.ana)
    assert "Di cuándo" in send(client, talk, after="schedule").content.decode()
    late = send(client, talk, after="schedule", later="en 9 semanas")
    assert late.status_code == 422
    assert "la promesa se rompe" in late.content.decode()
    assert not Delivery.objects.exists()


def test_send_and_snooze_and_undo_brings_it_back(team, talk):
    client = team.client(team.ana)
    assert send(client, talk, after="snooze", later="en 3 horas").status_code == 302
    assert Conversation.objects.get().snoozed_until is not None
    message = Message.objects.get(direction="out")
    client.post(f"/c/mensajes/{message.pk}/deshacer/")
    assert Conversation.objects.get().snoozed_until is None
    assert Draft.objects.get().text == GOOD


def test_undo_time_is_each_members_own(team, talk):
    client = team.client(team.ana)
    facts = {
        "name": "Ana Soler",
        "language": "es",
        "theme": "",
        "signature": "",
        "has_shortcuts": "on",
    }
    assert client.post("/c/yo/", {**facts, "undo_seconds": "90"}).status_code == 422
    assert client.post("/c/yo/", {**facts, "undo_seconds": "40"}).status_code == 302
    assert "40 s para deshacer" in client.get(f"{base(talk)}/").content.decode()
    send(client, talk)
    assert Delivery.objects.get().not_before - now() > timedelta(seconds=30)


def test_signature_that_says_most_holds(team):
    for inbox, language, text in (
        ("", "en", "Cheers"),
        ("mailbox:1", "", "Taller"),
        ("mailbox:1", "en", "Workshop"),
    ):
        people.sign_with(agent_id=team.ana.pk, inbox_ref=inbox, language=language, text=text)
    team.ana.signature = "Ana"
    found = [
        people_queries.signature_for(team.ana, inbox_ref=inbox, language=language)
        for inbox, language in (
            ("mailbox:1", "en"),
            ("mailbox:1", "es"),
            ("mailbox:2", "en"),
            ("", "es"),
        )
    ]
    assert found == ["Workshop", "Taller", "Cheers", "Ana"]


def test_quoted_part_and_promise_of_the_draft_survive(team, talk):
    client = team.client(team.ana)
    client.post(f"{base(talk)}/borrador/", {
        "mode": "reply", "text": GOOD, "promise_kind": "call", "promise_when": "lunes 10:00",
        "quotes": "part", "quoted": "¿Aguanta?",
    })  # fmt: skip
    page = client.get(f"{base(talk)}/").content.decode()
    assert 'value="lunes 10:00"' in page
    assert "¿Aguanta?</textarea>" in page
    send(client, talk, quotes="part", quoted="¿Aguanta?")
    message = Message.objects.get(direction="out")
    assert (message.quotes, message.quoted) == ("part", "¿Aguanta?")
