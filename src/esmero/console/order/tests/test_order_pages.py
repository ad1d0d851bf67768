"""What orders the work, through its pages: snooze, next, tags, views, many at once."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import UNTIL_REPLY, OpenPromise, Priority
from esmero.conversations.models import Conversation, Message
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.desk.enums import After
from esmero.desk.models import BulkJob, SavedView
from esmero.kernel.clock import now

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture(autouse=True)
def _fresh():
    queries.order.forget_tags()
    desk_queries.forget()


def text(answer):
    return html.unescape(answer.content.decode())


def ids(answer):
    return [int(pk) for pk in re.findall(r'id="c-(\d+)"', answer.content.decode())]


def row(pk):
    return Conversation.objects.get(pk=pk)


@pytest.fixture
def three(team):
    made = [
        team.write(
            sender=f"c{n}@example.com", name=f"Cliente {n}", subject=f"Asunto {n}",
            at=now() - timedelta(minutes=30 - n),
        ).conversation_id
        for n in range(3)
    ]  # fmt: skip
    for pk in made:
        team.give(pk, team.ana)
    return made


# -- snooze -------------------------------------------------------------------


def test_snooze_offers_times_and_until_the_customer_writes(team, three):
    client = team.client(team.ana)
    where = f"/c/conversaciones/{three[0]}/posponer/"
    page = text(client.get(where))
    values = re.findall(r'name="when" value="([^"]+)"', page)
    assert values[0] == "in:3h"
    assert values[-1] == "reply"
    assert "sigue corriendo" in page or "corre" in page  # its promise ticks on
    client.post(where, {"when": "in:3h"})
    until = row(three[0]).snoozed_until
    assert timedelta(hours=2, minutes=59) < until - now() <= timedelta(hours=3)
    client.post(where, {"when": "reply"})
    assert row(three[0]).snoozed_until == UNTIL_REPLY
    assert ids(client.get("/c/bandejas/pospuestas/")) == [three[0]]
    head = text(client.get(f"/c/conversaciones/{three[0]}/"))
    assert "pospuesta hasta que escriba el cliente" in head
    assert "su promesa sigue corriendo" in head


@pytest.mark.parametrize("asked", [{"when": "{{7*7}}"}, {"own": "ayer a las mil"}, {}])
def test_snooze_says_what_it_cannot_read(team, three, asked):
    answer = team.client(team.ana).post(f"/c/conversaciones/{three[0]}/posponer/", asked)
    assert answer.status_code == 422
    assert row(three[0]).snoozed_until is None


# -- where next ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "place", "goes"),
    [
        (After.STAY, "?lista=mias", "/c/conversaciones/{1}/?lista=mias"),
        (After.LIST, "?lista=mias", "/c/bandejas/mias/"),
        (After.NEXT, "?lista=mias", "/c/conversaciones/{2}/?lista=mias"),
        (After.NEXT, "?lista=mias&orden=reciente", "/c/conversaciones/{0}/?lista=mias&orden=reciente"),
    ],
)  # fmt: skip
def test_one_goes_where_one_has_chosen(team, three, after, place, goes):
    desk.set_after(agent_id=team.ana.pk, after=after)
    client = team.client(team.ana)
    where = f"/c/conversaciones/{three[1]}/posponer/{place}"
    answer = client.post(where, {"when": "in:3h"})
    assert answer["Location"] == goes.format(*three)
    piece = client.post(where, {"when": "in:3h"}, headers={"HX-Request": "true"})
    if after is After.STAY:
        assert piece.status_code == 302
    else:
        assert (piece.status_code, "HX-Redirect" in piece) == (204, True)


def test_after_the_last_one_comes_the_first_and_then_the_list(team, three):
    desk.set_after(agent_id=team.ana.pk, after=After.NEXT)
    client = team.client(team.ana)
    goes = []
    for pk in (three[2], three[0], three[1]):
        answer = client.post(f"/c/conversaciones/{pk}/posponer/?lista=mias", {"when": "in:3h"})
        goes.append(answer["Location"])
    assert goes == [
        f"/c/conversaciones/{three[0]}/?lista=mias",
        f"/c/conversaciones/{three[1]}/?lista=mias",
        "/c/bandejas/mias/",
    ]


def test_sending_goes_on_and_offers_to_undo(team, three):
    desk.set_after(agent_id=team.ana.pk, after=After.NEXT)
    client = team.client(team.ana)
    answer = client.post(
        f"/c/conversaciones/{three[0]}/escribir/?lista=mias",
        {
            "mode": "reply",
            "text": "Sale hoy.",
            "to": "c0@example.com",
            "after": "resolve",
            "seen": str(10**12),
        },
    )
    assert answer["Location"] == f"/c/conversaciones/{three[1]}/?lista=mias"
    sent = Message.objects.get(direction="out")
    page = client.get(answer["Location"]).content.decode()
    assert f'action="/c/mensajes/{sent.pk}/deshacer/"' in page
    client.post(f"/c/mensajes/{sent.pk}/deshacer/")
    assert row(three[0]).state == "open"


def test_where_next_is_said_on_my_account(team):
    client = team.client(team.ana)
    assert client.post("/c/yo/despues/", {"after": "next"}).status_code == 302
    assert 'value="next" checked' in client.get("/c/yo/").content.decode()
    assert client.post("/c/yo/despues/", {"after": "moon"}).status_code == 302
    assert desk_queries.work_of(team.ana.pk).after == "next"


# -- tags, following, priority ------------------------------------------------


def test_tags_are_put_on_made_taken_off_and_filter_the_list(team, three):
    client = team.client(team.ana)
    where = f"/c/conversaciones/{three[0]}/etiquetas/"
    client.post(where, {"named": f"Roto, {HOSTILE}"})
    roto, hostile = row(three[0]).tag_ids
    page = client.get("/c/bandejas/mias/").content.decode()
    assert 'class="tag-chip"' in page
    assert "<img src=x" not in page
    assert "{{7*7}}" in html.unescape(page)
    assert ids(client.get(f"/c/bandejas/mias/?etiqueta={roto}")) == [three[0]]
    assert ids(client.get("/c/bandejas/mias/?etiqueta=999999")) == []
    thread = text(client.get(f"/c/conversaciones/{three[0]}/?lista=mias"))
    assert f"/c/bandejas/mias/?etiqueta={roto}" in thread
    client.post(where, {"tag": str(roto)})
    assert row(three[0]).tag_ids == [roto]
    answer = client.post(where, {"tag": str(roto), "named": "  ,  #"})
    assert answer.status_code == 422
    assert "Etiquetada: " in text(client.get(f"/c/conversaciones/{three[0]}/"))
    assert hostile != roto


def test_following_and_priority(team, three):
    client = team.client(team.carla)
    client.post(f"/c/conversaciones/{three[1]}/seguir/")
    assert ids(client.get("/c/bandejas/seguidas/")) == [three[1]]
    client.post(f"/c/conversaciones/{three[1]}/seguir/")
    assert ids(client.get("/c/bandejas/seguidas/")) == []
    client.post(f"/c/conversaciones/{three[1]}/prioridad/", {"priority": "1"})
    client.post(f"/c/conversaciones/{three[1]}/prioridad/", {"priority": "9"})
    assert row(three[1]).priority == 1
    assert "data-high" in client.get("/c/bandejas/equipo/").content.decode()


# -- views --------------------------------------------------------------------


def test_a_view_is_ones_own_until_it_is_shared(team, three):
    conversations.set_priority(conversation_id=three[2], priority=Priority.HIGH, at=now(), by=None)
    ana, carla, bruno = (team.client(who) for who in (team.ana, team.carla, team.bruno))
    form = {"name": "Urgentes", "priority": "1", "order": "reciente"}
    answer = ana.post("/c/vistas/nueva/", form)
    where = answer["Location"]
    assert ids(ana.get(where)) == [three[2]]
    assert "Urgentes" in text(ana.get(where))
    assert [c.get(where).status_code for c in (carla, bruno)] == [404, 404]
    view = SavedView.objects.get()
    assert (view.order, view.conditions) == ("reciente", {"priority": ["1"]})
    # A supervisor sees what is shared only.
    view.owner_id, view.department_id = team.carla.pk, None
    view.save()
    assert ana.get(where).status_code == 404
    assert "Urgentes" not in text(ana.get(f"/c/conversaciones/{three[0]}/?lista=v-{view.pk}"))
    view.department_id = team.support
    view.save()
    assert ids(ana.get(where)) == [three[2]]
    assert bruno.get(where).status_code == 404
    assert '<span class="badge" data-kind="quiet">1</span>' in text(ana.get("/c/vistas/cuentas/"))
    assert "Urgentes" not in text(bruno.get("/c/vistas/cuentas/"))


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"owner": "nobody"}, []),
        ({"owner": "me"}, [0, 1, 2]),
        ({"state": "resolved"}, [3]),
        ({"due": "today", "state": "open"}, None),
        ({"snoozed": "yes"}, [4]),
        ({"unanswered": "yes", "channel": "mail"}, [0, 1, 2]),
    ],
)
def test_conditions_find_what_they_say(team, three, conditions, found):
    done = team.write(sender="d@example.com").conversation_id
    asleep = team.write(sender="e@example.com").conversation_id
    for pk in (done, asleep):
        team.give(pk, team.ana)
    conversations.resolve_conversation(
        conversation_id=done, at=now(), by=team.ana.pk, open_promise=OpenPromise.KEEP
    )
    conversations.snooze_conversation(conversation_id=asleep, until=None, at=now(), by=team.ana.pk)
    all_of = [*three, done, asleep]
    client = team.client(team.ana)
    answer = client.post("/c/vistas/nueva/", {"name": "v", "order": "plazo", **conditions})
    shown = ids(client.get(answer["Location"]))
    if found is not None:
        assert sorted(shown) == [all_of[n] for n in found]


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "priority": "1", "order": "plazo"},
        {"name": "x", "order": "plazo"},
        {"name": "x", "priority": "7", "order": "plazo"},
        {"name": "x", "priority": "1", "order": "random()"},
        {"name": "x", "priority": "1", "order": "plazo", "shared": "999"},
    ],
)
def test_a_view_that_says_nothing_or_too_much_comes_back(team, form):
    assert team.client(team.ana).post("/c/vistas/nueva/", form).status_code == 422
    assert not SavedView.objects.exists()


# -- many at once -------------------------------------------------------------


def test_chosen_ones_are_counted_told_and_undone(team, three):
    foreign = team.write(sender="v@example.com", department=team.sales).conversation_id
    client = team.client(team.ana)
    answer = client.post(
        "/c/varias/",
        {"id": [three[0], three[2], foreign, 987654], "do": "priority", "place": "?lista=mias"},
    )
    where = answer["Location"]
    page = text(client.get(where))
    assert "2 conversaciones" in page
    assert row(three[0]).priority == 0
    answer = client.post(where, {"do": "priority", "priority": "1"})
    assert answer["Location"] == "/c/bandejas/mias/"
    assert [row(pk).priority for pk in (*three, foreign)] == [1, 0, 1, 0]
    page = client.get(answer["Location"]).content.decode()
    undo = re.search(r'action="(/c/varias/\d+/deshacer/)"', page)[1]
    assert team.client(team.bruno).post(undo).status_code == 404
    client.post(undo)
    assert [row(pk).priority for pk in three] == [0, 0, 0]


def test_all_of_a_list_goes_to_the_worker_is_stopped_and_undone(team):
    made = [
        team.write(sender=f"m{n}@example.com", at=now() - timedelta(minutes=n)).conversation_id
        for n in range(60)
    ]
    hidden = team.write(sender="v@example.com", department=team.sales).conversation_id
    client = team.client(team.ana)
    form = {"all": "1", "do": "tag", "place": "?lista=sin-dueno"}
    where = client.post("/c/varias/", form)["Location"]
    assert "60 conversaciones" in text(client.get(where))
    conversations.make_tag(name="Campaña", at=now(), by=team.carla.pk)
    queries.order.forget_tags()
    answer = client.post(where, {"do": "tag", "named": "campana"})
    assert answer["Location"] == where.replace("&hacer=tag", "")
    assert desk.step_bulk(at=now())
    page = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "25 de 60" in page
    assert 'hx-trigger="every 1s"' in page
    job = BulkJob.objects.get()
    client.post(f"/c/varias/{job.pk}/parar/")
    assert "Parado tras 25 de 60." in text(client.get(f"/c/varias/{job.pk}/"))
    assert Conversation.objects.exclude(tag_ids=[]).count() == 25
    client.post(f"/c/varias/{job.pk}/deshacer/")
    while desk.step_bulk(at=now()):
        pass
    assert Conversation.objects.exclude(tag_ids=[]).count() == 0
    assert row(hidden).tag_ids == []
    assert len(made) == 60


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "resolve"}, "Di qué pasa con las promesas abiertas."),
        ({"do": "resolve", "open_promise": "answered"}, "Di qué lo demuestra"),
        ({"do": "resolve", "open_promise": "release"}, "Elige por qué"),
        ({"do": "assign", "to": "customer:1"}, "Elige quién se las queda."),
        ({"do": "snooze", "own": "ayer"}, "Elige una hora o escríbela."),
        ({"do": "tag", "named": "no existe"}, "Elige una etiqueta"),
        ({"do": "delete"}, "Elige qué hacer."),
    ],
)
def test_what_is_missing_is_said(team, three, form, said):
    client = team.client(team.ana)
    where = client.post("/c/varias/", {"id": three, "place": "?lista=mias"})["Location"]
    answer = client.post(where, form)
    assert answer.status_code == 422
    assert said in text(answer)
    assert BulkJob.objects.get().state == "planned"


def test_what_was_not_possible_is_listed(team, three):
    conversations.mark_as_spam(conversation_id=three[1], at=now(), by=team.carla.pk)
    client = team.client(team.ana)
    where = client.post("/c/varias/", {"id": three, "place": "?lista=mias"})["Location"]
    conversations.assign_conversation(
        conversation_id=three[1], agent_id=team.bruno.pk, department_id=team.sales, at=now(),
        by=team.carla.pk,
    )  # fmt: skip
    client.post(where, {"do": "priority", "priority": "-1"})
    page = text(client.get(where))
    assert "Ya no puedes verla." in page
    assert [row(pk).priority for pk in three] == [-1, 0, -1]
