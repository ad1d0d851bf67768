"""Macros on one conversation, and the pages where macros, rules and the sharing out are set."""

from __future__ import annotations

import html
import re

import pytest

from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.models import Conversation, Draft, Message
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.desk.enums import Share
from esmero.desk.models import BulkJob, Macro, Rule, Trace
from esmero.desk.queries import read_acts
from esmero.kernel import dispatch
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import Role


@pytest.fixture(autouse=True)
def _fresh():
    queries.order.forget_tags()
    desk_queries.forget()


def text(answer):
    return html.unescape(answer.content.decode())


def row(pk):
    return Conversation.objects.get(pk=pk)


def made(team, *acts, name="Roto", department=None):
    raw = [{"do": do, "value": value} for do, value in acts]
    return desk.save_macro(
        name=name, acts=read_acts(raw), department_id=department, at=now(), by=team.carla.pk
    )


@pytest.fixture
def dora(team):
    pk = people.hire_agent(
        email="dora@example.com", name="Dora Ros", role=Role.ADMIN, password=None, at=now()
    )
    return people_queries.agent(pk)


def test_the_preview_says_what_it_will_do_here_and_does_nothing(team):
    tag = conversations.make_tag(name="Roto", at=now(), by=team.carla.pk)
    macro = made(
        team, ("reply", "Hola, {{ customer_name }}: {{7*7}} {{ customer_zodiac }}"),
        ("tag", str(tag)), ("assign", "me"), ("priority", "0"), ("snooze", "tomorrow"),
    )  # fmt: skip
    pk = team.write().conversation_id
    client = team.client(team.ana)
    assert "Roto" in text(client.get(f"/c/conversaciones/{pk}/macro/"))
    page = text(client.get(f"/c/conversaciones/{pk}/macro/{macro}/"))
    assert "Hola, Marta: {{7*7}} {{ customer_zodiac }}" in page
    assert "Aquí algo no tiene valor: {{ customer_zodiac }}." in page
    assert "marta@example.com" in page
    assert "Etiqueta: Roto" in page
    assert "ya está así" in page  # the priority
    assert not BulkJob.objects.exists()
    assert (row(pk).tag_ids, row(pk).owner_agent_id, row(pk).message_count) == ([], None, 1)


def test_it_replies_acts_and_is_undone(team):
    tag = conversations.make_tag(name="Roto", at=now(), by=team.carla.pk)
    macro = made(team, ("reply", "x"), ("tag", str(tag)), ("assign", "me"), ("resolve", ""))
    pk = team.write().conversation_id
    client = team.client(team.ana)
    where = f"/c/conversaciones/{pk}/macro/{macro}/"
    page = client.get(where).content.decode()
    sent = dict(re.findall(r'name="(seen|once)" value="([^"]*)"', page))
    answer = client.post(where, {"text": "Te mandamos otra hoy.", **sent})
    assert answer.status_code == 302
    reply = Message.objects.get(direction="out")
    assert (reply.text, reply.after, reply.delivery) == (
        "Te mandamos otra hoy.", "resolve", "held",
    )  # fmt: skip
    c = row(pk)
    assert (c.tag_ids, c.owner_agent_id) == ([tag], team.ana.pk)
    assert Macro.objects.get().uses == 1
    undo = re.search(
        r'action="(/c/varias/\d+/deshacer/)"', client.get(answer["Location"]).content.decode()
    )
    client.post(undo[1])
    c = row(pk)
    assert (c.tag_ids, c.owner_agent_id) == ([], None)


def test_it_stops_when_something_new_arrived(team):
    macro = made(team, ("reply", "x"), ("assign", "me"))
    found = team.write()
    pk = found.conversation_id
    team.write("¡Ya no hace falta!", candidates=[pk])
    answer = team.client(team.ana).post(
        f"/c/conversaciones/{pk}/macro/{macro}/", {"text": "Tarde", "seen": str(found.message_id)}
    )
    assert answer.status_code == 422
    assert "Tarde" in text(answer)
    assert (row(pk).owner_agent_id, Message.objects.filter(direction="out").count()) == (None, 0)


def test_only_into_the_draft_below_what_was_begun(team):
    macro = made(team, ("reply", "x"), ("assign", "me"), ("resolve", ""))
    pk = team.write().conversation_id
    conversations.save_draft(
        conversation_id=pk, agent_id=team.ana.pk, mode="reply", text="Hola:", to=(), cc=(), bcc=(),
        seen_message_id=None, at=now(),
    )  # fmt: skip
    team.client(team.ana).post(
        f"/c/conversaciones/{pk}/macro/{macro}/", {"text": "Va hoy.", "draft": "1"}
    )
    assert Draft.objects.get().text == "Hola:\n\nVa hoy."
    assert (row(pk).state, row(pk).owner_agent_id) == ("open", team.ana.pk)


def test_a_macro_that_would_resolve_an_open_promise_does_nothing(team):
    macro = made(team, ("assign", "me"), ("resolve", ""))
    pk = team.write().conversation_id
    where = f"/c/conversaciones/{pk}/macro/{macro}/"
    client = team.client(team.ana)
    assert "Aquí hay una promesa abierta." in text(client.get(where))
    assert client.post(where).status_code == 422
    assert (row(pk).state, row(pk).owner_agent_id) == ("open", None)


def test_a_macro_of_another_department_is_not_there(team):
    macro = made(team, ("priority", "1"), department=team.sales)
    pk = team.write().conversation_id
    client = team.client(team.ana)
    assert "Roto" not in text(client.get(f"/c/conversaciones/{pk}/macro/"))
    assert client.post(f"/c/conversaciones/{pk}/macro/{macro}/").status_code == 404
    assert row(pk).priority == 0


def test_macros_are_made_changed_and_removed_in_the_settings(team):
    client = team.client(team.carla)
    tag = conversations.make_tag(name="Roto", at=now(), by=team.carla.pk)
    form = {"name": "Pedir foto", "reply": "¿Nos mandas una foto?", "add": str(tag),
            "to": "me", "then": "wait"}  # fmt: skip
    assert client.post("/c/ajustes/macros/nueva/", form).status_code == 302
    macro = Macro.objects.get()
    assert [(a["do"], a["value"]) for a in macro.acts] == [
        ("assign", "me"), ("tag", str(tag)), ("reply", "¿Nos mandas una foto?"), ("wait", ""),
    ]  # fmt: skip
    page = client.get(f"/c/ajustes/macros/{macro.pk}/").content.decode()
    assert 'value="wait" selected' in page
    assert client.post("/c/ajustes/macros/nueva/", {"name": "Vacía"}).status_code == 422
    client.post(f"/c/ajustes/macros/{macro.pk}/quitar/")
    assert "Pedir foto" not in text(client.get("/c/ajustes/macros/"))
    acted = AuditEntry.objects.filter(action__startswith="macro.").order_by("id")
    assert [one.action for one in acted] == ["macro.saved", "macro.retired"]


def test_a_rule_is_tried_saved_ordered_switched_and_shows_its_trace(team, dora):
    client = team.client(dora)
    old = team.write("Quiero devolverla", at=now()).conversation_id
    form = {"name": "Devoluciones", "text": "devolver*, devolución", "priority": "1",
            "to": f"department:{team.sales}", "is_on": "on"}  # fmt: skip
    tried = client.post("/c/ajustes/reglas/nueva/", {**form, "do": "try"})
    assert "Se habría aplicado en 1 de las últimas 1" in text(tried)
    assert not Rule.objects.exists()
    assert (row(old).priority, row(old).department_id) == (0, team.support)
    assert client.post("/c/ajustes/reglas/nueva/", form).status_code == 302
    client.post("/c/ajustes/reglas/nueva/", {**form, "name": "Otra"})
    first, second = Rule.objects.order_by("position")
    client.post(f"/c/ajustes/reglas/{second.pk}/mover/", {"up": "1"})
    assert [r.name for r in Rule.objects.order_by("position")] == ["Otra", "Devoluciones"]
    client.post(f"/c/ajustes/reglas/{second.pk}/encender/", {"on": "0"})
    page = client.get(f"/c/ajustes/reglas/{first.pk}/").content.decode()
    assert 'value="devolver*, devolución"' in html.unescape(page)

    pk = team.write("¿Puedo devolverla?", sender="x@example.com").conversation_id
    while dispatch.dispatch_one(at=now()):
        pass
    assert (row(pk).priority, row(pk).department_id) == (1, team.sales)
    assert Trace.objects.get().conversation_id == pk
    shown = text(team.client(team.bruno).get(f"/c/conversaciones/{pk}/reglas/"))
    assert "Devoluciones" in shown
    assert "Palabras en el asunto o el texto" in shown
    assert "Dársela a Ventas" in shown
    thread = text(team.client(team.bruno).get(f"/c/conversaciones/{pk}/"))
    assert "Se aplicaron reglas de entrada" in thread
    assert team.client(team.ana).get(f"/c/conversaciones/{pk}/reglas/").status_code == 404
    client.post(f"/c/ajustes/reglas/{first.pk}/quitar/")
    assert [r.pk for r in Rule.objects.all()] == [second.pk]


@pytest.mark.parametrize("form", [{"name": "x"}, {"name": "", "priority": "1"},
                                  {"name": "x", "priority": "7"}, {"name": "x", "to": "customer:1"}])  # fmt: skip
def test_a_rule_without_sense_comes_back(team, dora, form):
    assert team.client(dora).post("/c/ajustes/reglas/nueva/", form).status_code == 422
    assert not Rule.objects.exists()


def test_the_sharing_out_is_set_by_supervisors(team):
    client = team.client(team.carla)
    where = f"/c/ajustes/reparto/departamentos/{team.support}/"
    assert client.post(where, {"share": "least", "gives_back": "on"}).status_code == 302
    work = desk_queries.department_work(team.support)
    assert (work.share, work.gives_back) == ("least", True)
    assert client.post(where, {"share": "everything"}).status_code == 422
    where = f"/c/ajustes/reparto/equipo/{team.ana.pk}/"
    form = {"capacity": "7", "languages": ["es", "en"], "writes": "on"}
    assert client.post(where, form).status_code == 302
    work = desk_queries.work_of(team.ana.pk)
    assert (work.capacity, work.languages, work.writes, work.speaks) == (
        7, ["es", "en"], True, False,
    )  # fmt: skip
    assert client.post(where, {"capacity": "-1"}).status_code == 422
    page = text(client.get("/c/ajustes/reparto/"))
    assert "0 abiertas de 7 · ES, EN" in page


def test_tags_are_renamed_and_taken_out_of_use_in_the_settings(team):
    client = team.client(team.carla)
    assert client.post("/c/ajustes/etiquetas/", {"name": "Roto", "hue": "4"}).status_code == 302
    again = client.post("/c/ajustes/etiquetas/", {"name": "ROTO", "hue": "1"})
    assert again.status_code == 422
    assert "Ya hay una etiqueta con ese nombre." in text(again)
    tag = queries.order.tags()[0]
    form = {"name": "Llegó roto", "hue": "2", "is_line": "on"}
    client.post(f"/c/ajustes/etiquetas/{tag.id}/", form)
    tag = queries.order.tags()[0]
    assert (tag.name, tag.hue, tag.is_line) == ("Llegó roto", 2, True)
    client.post(f"/c/ajustes/etiquetas/{tag.id}/quitar/")
    assert queries.order.tags() == []


def test_returned_work_shows_on_today(team):
    desk.set_department_work(
        department_id=team.support, share=Share.OFF, gives_back=True, at=now(),
        by=team.carla.pk,
    )  # fmt: skip
    found = team.write(subject="La vuelta")
    team.give(found.conversation_id, team.ana)
    assert desk.give_back_unanswered(promise_id=found.promise_id, at=now())
    for who, sees in ((team.ana, True), (team.carla, True), (team.bruno, False)):
        page = text(team.client(who).get("/c/"))
        assert ("De vuelta en la cola" in page and "La vuelta" in page) is sees
