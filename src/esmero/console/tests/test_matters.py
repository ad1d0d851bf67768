"""Merging, linking, asking and mail with others, as pages: also without a script."""

from __future__ import annotations

import pytest

from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import RelationKind
from esmero.conversations.models import (
    Consultation,
    Conversation,
    Message,
    Move,
    Participant,
    Relation,
    SideConversation,
)
from esmero.kernel.clock import now
from esmero.promises.models import Promise


@pytest.fixture
def two(team):
    first = team.write("¿Aguanta el lavavajillas?", subject="Vajilla Turia")
    second = team.write("¿Y el microondas?", subject="Re: vajilla Turia")
    team.write("Otra cosa", sender="eva@example.com", name="Eva", subject="Ruido")
    return first, second


def thread(pk: int) -> str:
    return f"/c/conversaciones/{pk}/"


def test_thread_proposes_what_is_alike_and_the_merge_is_made_and_undone_without_script(team, two):
    first, second = two
    client = team.client(team.ana)
    page = client.get(thread(first.conversation_id)).content.decode()
    asks = f"/c/conversaciones/{first.conversation_id}/unir/?lista=mias&amp;con="
    assert f"{asks}{second.conversation_id}" in page
    assert "¿Un mismo asunto?" in page

    preview = client.get(f"{thread(first.conversation_id)}unir/?con={second.conversation_id}")
    assert "¿Qué número queda?" in preview.content.decode()
    assert "Son clientes distintos." not in preview.content.decode()
    answer = client.post(
        f"{thread(first.conversation_id)}unir/",
        {"con": second.conversation_id, "queda": first.conversation_id},
    )
    assert (answer.status_code, answer["Location"]) == (
        302, f"{thread(first.conversation_id)}?lista=mias",
    )  # fmt: skip
    page = client.get(thread(first.conversation_id)).content.decode()
    assert "¿Y el microondas?" in page
    assert f"La n.º {second.conversation_id} forma parte de esta" in page
    assert 'data-key="u"' in page
    assert f"Ana Soler unió aquí la n.º {second.conversation_id}" in page

    led = client.get(thread(second.conversation_id))
    assert (led.status_code, led["Location"]) == (
        302,
        f"{thread(first.conversation_id)}?lista=mias",
    )
    jump = client.get(f"/c/buscar/?q=%23{second.conversation_id}", follow=True)
    assert "¿Aguanta el lavavajillas?" in jump.content.decode()

    client.post(f"/c/movimientos/{Move.objects.get().pk}/deshacer/")
    page = client.get(thread(second.conversation_id)).content.decode()
    assert "¿Y el microondas?" in page
    assert "forma parte de esta" not in page
    assert "¿Un mismo asunto?" not in page  # somebody has parted them


def test_a_reply_typed_on_the_merged_ones_old_page_goes_to_the_one_that_stays(team, two):
    first, second = two
    client = team.client(team.ana)
    conversations.merge_conversations(
        kept_id=first.conversation_id, merged_ids=[second.conversation_id], at=now(),
        by=team.carla.pk,
    )  # fmt: skip
    answer = client.post(
        f"{thread(second.conversation_id)}escribir/",
        {"mode": "reply", "text": "Sí, los dos.", "to": "marta@example.com", "after": "resolve",
         "seen": second.message_id},
    )  # fmt: skip
    assert answer.status_code == 302
    sent = Message.objects.get(direction="out")
    assert sent.conversation_id == first.conversation_id


def test_list_offers_to_mark_several_and_merges_them(team, two):
    first, second = two
    client = team.client(team.ana)
    page = client.get("/c/conversaciones/unir/?lista=equipo").content.decode()
    assert f'value="{first.conversation_id}"' in page
    one = client.get(f"/c/conversaciones/unir/?lista=equipo&id={first.conversation_id}")
    assert one.status_code == 422
    assert "Elige al menos dos conversaciones." in one.content.decode()
    ids = [first.conversation_id, second.conversation_id]
    both = client.get("/c/conversaciones/unir/", {"lista": "equipo", "id": ids})
    assert "¿Qué número queda?" in both.content.decode()
    answer = client.post(
        "/c/conversaciones/unir/?lista=equipo", {"id": ids, "queda": second.conversation_id}
    )
    assert answer["Location"] == f"{thread(second.conversation_id)}?lista=equipo"
    assert Conversation.objects.get(pk=first.conversation_id).merged_into_id == (
        second.conversation_id
    )


def test_nobody_merges_with_what_she_may_not_see(team, two):
    first, _ = two
    foreign = team.write("Secreto de Ventas", subject="Vajilla Turia", department=team.sales)
    client = team.client(team.ana)
    unseen = f"{thread(first.conversation_id)}unir/?con={foreign.conversation_id}"
    assert client.get(unseen).status_code == 404
    for words in ("Secreto", str(foreign.conversation_id), f"#{foreign.conversation_id}"):
        found = client.get(f"{thread(first.conversation_id)}unir/", {"busca": words})
        assert "Secreto de Ventas" not in found.content.decode()
        assert f"con={foreign.conversation_id}" not in found.content.decode()
    answer = client.post(f"{thread(first.conversation_id)}unir/", {"con": foreign.conversation_id})
    assert answer.status_code in (404, 422)
    several = client.post(
        "/c/conversaciones/unir/", {"id": [first.conversation_id, foreign.conversation_id]}
    )
    assert several.status_code in (404, 422)
    linked = client.post(
        f"{thread(first.conversation_id)}enlazar/",
        {"numero": foreign.conversation_id, "tipo": "related"},
    )
    assert linked.status_code == 422
    assert (Move.objects.count(), Relation.objects.count()) == (0, 0)


def test_different_customers_are_told_apart_in_the_preview(team, two):
    first, _ = two
    other = team.write("A mí también", sender="julian@example.com", name="Julián")
    client = team.client(team.ana)
    page = client.get(
        f"{thread(first.conversation_id)}unir/?con={other.conversation_id}"
    ).content.decode()
    assert "Son clientes distintos." in page
    assert "julian@example.com" in page
    client.post(f"{thread(first.conversation_id)}unir/", {"con": other.conversation_id})
    page = client.get(thread(first.conversation_id)).content.decode()
    assert "También participan" in page


def test_split_sends_chosen_messages_to_a_new_one_and_back(team, two):
    first, _ = two
    other = team.write("¿Y la factura?", candidates=(first.conversation_id,))
    client = team.client(team.ana)
    page = client.get(f"{thread(first.conversation_id)}dividir/").content.decode()
    assert f'value="{other.message_id}"' in page
    none = client.post(f"{thread(first.conversation_id)}dividir/", {})
    assert none.status_code == 422
    assert "Elige al menos un mensaje de un cliente." in none.content.decode()
    answer = client.post(
        f"{thread(first.conversation_id)}dividir/",
        {"mensaje": other.message_id, "asunto": "Factura"},
    )
    new = Conversation.objects.get(subject="Factura")
    assert answer["Location"] == f"{thread(new.pk)}?lista=mias"
    assert Promise.objects.filter(subject_ref=f"conversation:{new.pk}", state="open").count() == 1
    page = client.get(thread(new.pk)).content.decode()
    assert f"Separada de la n.º {first.conversation_id}" in page
    assert f"Se separó la n.º {new.pk}" in (
        client.get(thread(first.conversation_id)).content.decode()
    )
    client.post(f"/c/movimientos/{Move.objects.get().pk}/deshacer/")
    assert "¿Y la factura?" in client.get(thread(first.conversation_id)).content.decode()
    assert client.get(thread(new.pk)).status_code == 302


def test_link_shows_in_both_with_its_direction_and_goes_away(team, two):
    first, second = two
    client = team.client(team.ana)
    client.post(
        f"{thread(first.conversation_id)}enlazar/",
        {"numero": f"#{second.conversation_id}", "tipo": "causes"},
    )
    relation = Relation.objects.get()
    assert (relation.kind, relation.first_id, relation.second_id) == (
        RelationKind.CAUSED_BY.value, second.conversation_id, first.conversation_id,
    )  # fmt: skip
    assert "Ha causado" in client.get(thread(first.conversation_id)).content.decode()
    assert "Causada por" in client.get(thread(second.conversation_id)).content.decode()
    again = client.post(
        f"{thread(second.conversation_id)}enlazar/",
        {"con": first.conversation_id, "tipo": "related"},
    )
    assert "Estas dos ya están enlazadas." in again.content.decode()
    gone = client.post(f"/c/enlaces/{relation.pk}/quitar/", {"de": first.conversation_id})
    assert gone["Location"].startswith(thread(first.conversation_id))
    assert "Ha causado" not in client.get(thread(first.conversation_id)).content.decode()


def test_link_to_what_she_may_not_see_is_not_shown(team, two):
    first, _ = two
    foreign = team.write("Secreto", subject="De Ventas", department=team.sales)
    conversations.link_conversations(
        first_id=first.conversation_id, second_id=foreign.conversation_id,
        kind=RelationKind.RELATED, at=now(), by=team.carla.pk,
    )  # fmt: skip
    assert "De Ventas" not in (
        team.client(team.ana).get(thread(first.conversation_id)).content.decode()
    )
    assert "De Ventas" in (
        team.client(team.carla).get(thread(first.conversation_id)).content.decode()
    )


def test_copy_is_offered_and_grants_nothing_until_somebody_lets_them(team):
    received = team.write(cc=[("Pau", "pau@example.com")])
    client = team.client(team.ana)
    assert Participant.objects.count() == 1
    page = client.get(thread(received.conversation_id)).content.decode()
    assert "solo en copia" in page
    assert "correo=pau%40example.com" in page
    bad = client.post(f"{thread(received.conversation_id)}participantes/", {"correo": "nadie"})
    assert bad.status_code == 422
    client.post(f"{thread(received.conversation_id)}participantes/", {"correo": "pau@example.com"})
    page = client.get(thread(received.conversation_id)).content.decode()
    assert "solo en copia" not in page
    assert "Ana Soler añadió a pau@example.com a la conversación" in page
    customer_id = Participant.objects.exclude(token="").get().customer_id
    composer = client.get(thread(received.conversation_id)).content.decode()
    assert "pau@example.com" in composer.partition('id="f-cc"')[2][:200]
    client.post(f"{thread(received.conversation_id)}participantes/{customer_id}/quitar/")
    composer = client.get(thread(received.conversation_id)).content.decode()
    assert "pau@example.com" not in composer.partition('id="f-cc"')[2][:200]


def test_asked_colleague_of_another_department_sees_it_until_it_is_ended(team, two):
    first, second = two
    ana, bruno = team.client(team.ana), team.client(team.bruno)
    assert bruno.get(thread(first.conversation_id)).status_code == 404
    empty = ana.post(
        f"{thread(first.conversation_id)}consultar/",
        {"a": f"agent:{team.bruno.pk}", "pregunta": " "},
    )
    assert empty.status_code == 422
    assert "Escribe qué quieres saber." in empty.content.decode()
    ana.post(
        f"{thread(first.conversation_id)}consultar/",
        {"a": f"agent:{team.bruno.pk}", "pregunta": "¿Tú lo sabes?"},
    )
    today = bruno.get("/c/").content.decode()
    assert "Te preguntan" in today
    assert "¿Tú lo sabes?" in today
    assert bruno.get(thread(first.conversation_id)).status_code == 200
    assert bruno.get(thread(second.conversation_id)).status_code == 404
    assert Conversation.objects.get(pk=first.conversation_id).owner_agent_id is None

    bruno.post(
        f"{thread(first.conversation_id)}escribir/", {"mode": "note", "text": "Sí: aguanta."}
    )
    assert Consultation.objects.get().answered_by_agent_id == team.bruno.pk
    assert "Te preguntan" not in bruno.get("/c/").content.decode()
    page = ana.get(thread(first.conversation_id)).content.decode()
    assert "Contestó Bruno Gil" in page
    ana.post(f"/c/consultas/{Consultation.objects.get().pk}/terminar/")
    assert bruno.get(thread(first.conversation_id)).status_code == 404


def test_side_conversation_is_begun_read_answered_and_closed(team, two):
    first, _ = two
    client = team.client(team.ana)
    team.give(first.conversation_id, team.ana)
    form = {
        "to": "Ruta <ruta@transporte.example>", "subject": "Envío 4711", "text": "¿Dónde está?",
        "once": "abcdefghij1234",
    }  # fmt: skip
    to_customer = client.post(
        f"{thread(first.conversation_id)}lateral/", {**form, "to": "marta@example.com"}
    )
    assert to_customer.status_code == 422
    assert "marta@example.com participa en la conversación" in to_customer.content.decode()
    assert SideConversation.objects.count() == 0
    answer = client.post(f"{thread(first.conversation_id)}lateral/", form)
    client.post(f"{thread(first.conversation_id)}lateral/", form)  # a double click
    side = SideConversation.objects.get()
    assert answer["Location"] == f"/c/laterales/{side.thread_id}/?lista=mias"
    assert Message.objects.filter(conversation_id=side.thread_id).count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert "¿Dónde está?" in page
    assert "El cliente no ve nada." in page
    assert "Envío 4711" in client.get(thread(first.conversation_id)).content.decode()
    # In no list and no search; its number leads to it whoever sees the conversation it is for.
    assert client.get(thread(side.thread_id))["Location"].startswith("/c/laterales/")
    for path in ("", "escribir/", "asignar/", "unir/"):
        foreign = team.client(team.bruno)
        assert foreign.post(thread(side.thread_id) + path).status_code in (404, 405)
    assert foreign.get(thread(side.thread_id)).status_code == 404
    assert foreign.get(f"/c/laterales/{side.thread_id}/").status_code == 404
    assert client.post(f"{thread(side.thread_id)}asignar/", {"to": "nobody"}).status_code == 404
    for where in ("/c/bandejas/todas/", "/c/bandejas/mias/", "/c/buscar/?q=Envío"):
        assert f"/c/conversaciones/{side.thread_id}/" not in client.get(where).content.decode()

    Message.objects.filter(conversation_id=side.thread_id).update(delivery="sent")
    team.write(
        "Mañana llega.", sender="ruta@transporte.example", candidates=(side.thread_id,), at=now()
    )
    today = client.get("/c/").content.decode()
    assert "De fuera" in today
    assert "Mañana llega." in today
    assert "hay novedades" in client.get(thread(first.conversation_id)).content.decode()
    assert "Mañana llega." not in client.get(thread(first.conversation_id)).content.decode()
    client.post(f"/c/laterales/{side.thread_id}/estado/", {"hacer": "cerrar"})
    assert "De fuera" not in client.get("/c/").content.decode()
    closed = client.post(f"/c/laterales/{side.thread_id}/", {**form, "once": "zbcdefghij1234"})
    assert closed.status_code == 422
    client.post(f"/c/laterales/{side.thread_id}/estado/", {"hacer": "abrir"})
    again = client.post(
        f"/c/laterales/{side.thread_id}/",
        {**form, "once": "zbcdefghij1234", "seen": queries.newest_inbound_id(side.thread_id)},
    )
    assert again.status_code == 302
    assert Message.objects.filter(conversation_id=side.thread_id, direction="out").count() == 2
