"""Writing: replies leave once, drafts survive, what arrived meanwhile stops the send."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from esmero.channels import actions as channels
from esmero.channels.models import Delivery, SenderRule
from esmero.conversations import actions as conversations
from esmero.conversations.models import Conversation, Draft, DraftFile, Message
from esmero.kernel.clock import now
from esmero.promises.models import Promise


@pytest.fixture
def talk(team):
    found = team.write()
    team.give(found.conversation_id, team.ana)
    team.write(sender="noise@example.com", name="Ruido", subject="Otra cosa")
    return found


def form_of(client, pk, **changed):
    """Return what the page's own form would send."""
    html = client.get(f"/c/conversaciones/{pk}/").content.decode()
    form = html[html.index('data-form="reply"') : html.index('data-form="note"')]
    values = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', form))
    values = {name: v.replace("&lt;", "<").replace("&gt;", ">") for name, v in values.items()}
    values.pop("csrfmiddlewaretoken", None)
    return {**values, "text": "Sí, en el programa suave.", "after": "resolve", **changed}


def send(client, pk, data, **more):
    return client.post(f"/c/conversaciones/{pk}/escribir/?lista=equipo", data, **more)


def test_reply_is_held_and_leads_back_to_the_same_list(team, talk):
    client = team.client(team.ana)
    answer = send(client, talk.conversation_id, form_of(client, talk.conversation_id))
    assert answer.status_code == 302
    assert answer["Location"] == f"/c/conversaciones/{talk.conversation_id}/?lista=equipo"
    message = Message.objects.get(direction="out")
    assert (message.text, message.delivery, message.after) == (
        "Sí, en el programa suave.", "held", "resolve",
    )  # fmt: skip
    assert message.to == [["Marta Ruiz", "marta@example.com"]]
    assert Delivery.objects.get(message=message).state == "queued"
    assert not Draft.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert f'action="/c/mensajes/{message.pk}/deshacer/' in page
    assert "<es-hold" in page


def test_double_click_sends_once_and_leaves_no_draft(team, talk):
    client = team.client(team.ana)
    data = form_of(client, talk.conversation_id)
    assert [send(client, talk.conversation_id, data).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.filter(direction="out").count() == 1
    assert Delivery.objects.count() == 1
    assert not Draft.objects.exists()


def test_undo_brings_the_draft_back_and_it_can_be_sent_again(team, talk):
    client = team.client(team.ana)
    data = form_of(client, talk.conversation_id)
    send(client, talk.conversation_id, data)
    message = Message.objects.get(direction="out")
    assert client.post(f"/c/mensajes/{message.pk}/deshacer/").status_code == 302
    assert Draft.objects.get().text == "Sí, en el programa suave."
    send(client, talk.conversation_id, data)  # the very same form, as after going back
    assert Message.objects.filter(direction="out", is_withdrawn=False).count() == 1


def test_undo_after_it_left_says_so(team, talk):
    client = team.client(team.ana)
    send(client, talk.conversation_id, form_of(client, talk.conversation_id))
    Delivery.objects.update(state="sent")
    message = Message.objects.get(direction="out")
    answer = client.post(f"/c/mensajes/{message.pk}/deshacer/", follow=True)
    assert "Demasiado tarde" in answer.content.decode()
    assert not Draft.objects.exists()


def test_something_new_stops_the_send_shows_it_and_keeps_the_text(team, talk):
    client = team.client(team.ana)
    data = form_of(client, talk.conversation_id)
    team.write("¡Espera! Ya lo encontré.", candidates=[talk.conversation_id], at=now())
    answer = send(client, talk.conversation_id, data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "¡Espera! Ya lo encontré." in html
    assert html.count("new-mark") == 1
    assert "Sí, en el programa suave." in html
    assert not Message.objects.filter(direction="out").exists()
    assert Draft.objects.get().text == "Sí, en el programa suave."
    # Having seen it, the same text may leave.
    again = form_of(client, talk.conversation_id)
    assert int(again["seen"]) > int(data["seen"])
    assert send(client, talk.conversation_id, again).status_code == 302


@pytest.mark.parametrize(
    "changed",
    [{"text": "  "}, {"to": ""}, {"to": "no-es-correo"}, {"cc": "a@b.example, x"},
     {"promise_when": "nunca"}, {"promise_when": "hoy 0:00"}, {"after": "fly"}],
)  # fmt: skip
def test_what_cannot_be_sent_comes_back_with_the_text(team, talk, changed):
    client = team.client(team.ana)
    answer = send(client, talk.conversation_id, form_of(client, talk.conversation_id, **changed))
    assert answer.status_code == 422
    assert not Message.objects.filter(direction="out").exists()
    if changed.get("text") != "  ":
        assert "Sí, en el programa suave." in answer.content.decode()


def test_reply_to_all_names_everybody_once_and_never_ourselves(team):
    found = team.write(
        to=[("Tienda", "tienda@example.com"), ("Pilar", "pilar@example.org")],
        cc=[("Marta otra vez", "MARTA@example.com"), ("Pilar", "Pilar@example.org")],
    )
    channels.connect_mailbox(address="tienda@example.com", at=now())
    data = form_of(team.client(team.ana), found.conversation_id)
    assert data["to"] == "Marta Ruiz <marta@example.com>"
    assert data["cc"] == "Pilar <pilar@example.org>"


def test_bcc_is_kept_and_promise_goes_with_the_reply(team, talk):
    client = team.client(team.ana)
    data = form_of(
        client, talk.conversation_id, bcc="jefa@example.com", promise_kind="solve",
        promise_when="en 3 días hábiles", after="keep",
    )  # fmt: skip
    assert send(client, talk.conversation_id, data).status_code == 302
    message = Message.objects.get(direction="out")
    assert message.bcc == [["", "jefa@example.com"]]
    assert message.promise_kind == "solve"
    assert message.promise_due_at - now() > timedelta(days=2, hours=23)


def test_note_never_becomes_a_mail(team, talk):
    client = team.client(team.ana)
    send(client, talk.conversation_id, {"mode": "note", "text": "Ojo: <b>VIP</b>"})
    note = Message.objects.get(direction="note")
    assert note.text == "Ojo: <b>VIP</b>"
    assert not Delivery.objects.exists()
    html = client.get(f"/c/conversaciones/{talk.conversation_id}/").content.decode()
    assert "Ojo: &lt;b&gt;VIP&lt;/b&gt;" in html


def test_draft_is_saved_at_each_pause_and_files_at_once(team, talk):
    client = team.client(team.ana)
    base = f"/c/conversaciones/{talk.conversation_id}"
    half = {"mode": "reply", "text": "Hola Mar", "to": "marta@example.com, a@", "seen": "1"}
    assert client.post(f"{base}/borrador/", half).json() == {"fields": {"version": "0"}}
    draft = Draft.objects.get()
    assert (draft.text, draft.to) == ("Hola Mar", [["", "marta@example.com"]])
    upload = SimpleUploadedFile("../etiqueta <1>.pdf", b"%PDF-1.4", "application/pdf")
    answer = client.post(f"{base}/archivos/", {"files": upload}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    kept = DraftFile.objects.get()
    assert "etiqueta &lt;1&gt;.pdf" in answer.content.decode()
    client.post(f"{base}/archivos/{kept.token}/quitar/", headers={"HX-Request": "true"})
    assert not DraftFile.objects.exists()
    assert "Hola Mar" in client.get(f"{base}/").content.decode()


def test_files_of_the_draft_leave_with_the_reply(team, talk):
    client = team.client(team.ana)
    data = form_of(client, talk.conversation_id)
    data["files"] = SimpleUploadedFile("etiqueta.pdf", b"%PDF-1.4", "application/pdf")
    send(client, talk.conversation_id, data)
    message = Message.objects.get(direction="out")
    assert message.has_files
    html = client.get(f"/c/conversaciones/{talk.conversation_id}/").content.decode()
    assert "etiqueta.pdf" in html


def test_too_large_a_file_is_refused_and_the_text_kept(team, talk, monkeypatch):
    monkeypatch.setattr("esmero.console.thread.compose.FILE_MOST", 10)
    client = team.client(team.ana)
    data = form_of(client, talk.conversation_id)
    data["files"] = SimpleUploadedFile("grande.bin", b"x" * 11)
    answer = send(client, talk.conversation_id, data)
    assert answer.status_code == 422
    assert "Sí, en el programa suave." in answer.content.decode()


def act(client, pk, name, **data):
    return client.post(f"/c/conversaciones/{pk}/{name}/", data)


def test_acts_change_what_they_say(team, talk):
    client, pk = team.client(team.ana), talk.conversation_id

    def row():
        return Conversation.objects.get(pk=pk)

    act(client, pk, "asignar", to=f"agent:{team.carla.pk}")
    assert row().owner_agent_id == team.carla.pk
    act(client, pk, "asignar", to="nobody")
    assert row().owner_agent_id is None
    act(client, pk, "tomar")
    assert row().owner_agent_id == team.ana.pk
    act(client, pk, "tipo", kind="complaint")
    assert row().kind == "complaint"
    act(client, pk, "posponer", when="en 2 horas")
    assert row().snoozed_until > now() + timedelta(minutes=110)
    act(client, pk, "despertar")
    assert row().snoozed_until is None
    act(client, pk, "resolver", open_promise="keep")
    assert row().state == "resolved"
    act(client, pk, "reabrir")
    assert row().state == "open"
    act(client, pk, "prometer", kind="call", own="en 2 días")
    assert Promise.objects.filter(kind="call", state="open").count() == 1


def test_resolving_asks_about_an_open_promise(team, talk):
    client, pk = team.client(team.ana), talk.conversation_id
    assert act(client, pk, "resolver").status_code == 422
    assert act(client, pk, "resolver", open_promise="answered").status_code == 422
    assert act(client, pk, "resolver", open_promise="release").status_code == 422
    assert Conversation.objects.get(pk=pk).state == "open"
    done = act(client, pk, "resolver", open_promise="answered", evidence="Llamada 12:30")
    assert done.status_code == 302
    promise = Promise.objects.get(pk=talk.promise_id)
    assert (promise.state, promise.evidence_ref) == ("kept", "Llamada 12:30")


@pytest.mark.parametrize("when", ["", "algún día", "2020-01-01 10:00"])
def test_snooze_refuses_what_is_no_time_to_come(team, talk, when):
    answer = act(team.client(team.ana), talk.conversation_id, "posponer", own=when)
    assert answer.status_code == 422
    assert Conversation.objects.get(pk=talk.conversation_id).snoozed_until is None


def test_promise_is_moved_settled_and_released_by_hand(team, talk):
    client = team.client(team.ana)
    address = f"/c/promesas/{talk.promise_id}/"
    assert client.get(address).status_code == 200
    theirs = {"act": "move", "initiative": "customer", "own": "en 4 días"}
    assert client.post(address, theirs).status_code == 422
    other = team.write(sender="noise2@example.com")
    assert client.post(address, {**theirs, "evidence": other.message_id}).status_code == 422
    assert client.post(address, {**theirs, "evidence": talk.message_id}).status_code == 302
    moved = Promise.objects.get(pk=talk.promise_id)
    assert (moved.state, moved.initiative) == ("renegotiated", "customer")
    successor = f"/c/promesas/{moved.successor_id}/"
    assert client.post(successor, {"act": "release", "reason": "waiting"}).status_code == 422
    assert client.post(successor, {"act": "release", "reason": "withdrawn"}).status_code == 302
    assert Promise.objects.get(pk=moved.successor_id).state == "released"
    assert Conversation.objects.get(pk=talk.conversation_id).chip == "released"
    assert client.post(successor, {"act": "settle", "shown": "x"}).status_code == 422


def test_suspected_is_cleared_or_blocked(team):
    found = team.write(is_suspect=True, suspicion=["pitch"], sender="seo@spam.test")
    client, pk = team.client(team.ana), found.conversation_id
    html = client.get(f"/c/conversaciones/{pk}/").content.decode()
    assert "se lee como una oferta no pedida" in html
    act(client, pk, "spam", block="domain")
    assert SenderRule.objects.get().pattern == "@spam.test"
    act(client, pk, "no-es-spam")
    assert not Conversation.objects.get(pk=pk).is_suspect
    assert Promise.objects.filter(subject_ref=f"conversation:{pk}").count() == 1
    conversations.discard_draft(conversation_id=pk, agent_id=team.ana.pk, mode="reply")


def test_once_a_reply_has_left_the_messages_bring_the_new_head_along(team, talk):
    client = team.client(team.ana)
    where = f"/c/conversaciones/{talk.conversation_id}/mensajes/"
    send(client, talk.conversation_id, form_of(client, talk.conversation_id))
    held = client.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "es-hold" in held
    assert "thread-head" not in held
    later = now() + timedelta(seconds=20)
    handover = channels.claim_delivery(at=later, has_default=True)
    channels.note_handed_over(
        delivery_id=handover.delivery_id, at=later, accepted=handover.recipients
    )
    settled = client.get(where, headers={"HX-Request": "true"}).content.decode()
    head = settled[settled.index('id="thread-head" hx-swap-oob="true"') :]
    assert "kept" in head[: head.index("</h2>") + 400]
    assert 'id="context"' in head
    assert 'id="composer"' not in settled
