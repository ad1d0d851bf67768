"""Search, palette and the customer's panel as pages: what they show, to whom, and what they refuse."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from esmero.console import history
from esmero.console.history.pages import history_of
from esmero.console.tests.conftest import Team
from esmero.conversations import actions as conversations
from esmero.kernel import events
from esmero.kernel.clock import now
from esmero.kernel.refs import ref
from esmero.people import actions as people
from esmero.people import queries
from esmero.people.enums import FieldKind
from esmero.people.models import Agent, Consent, CustomerAddress, CustomerNote, CustomValue
from esmero.promises import actions as promises
from esmero.promises.models import Promise


@pytest.fixture
def ana(team: Team):
    return team.client(team.ana)


def text(answer) -> str:
    return answer.content.decode()


# -- search ---------------------------------------------------------------------


def test_found_words_are_marked_and_hostile_ones_escaped(team: Team, ana) -> None:
    team.write("La <script>cafetera</script> & yo: no calienta", subject="Mi <b>cafetera</b>")
    page = text(ana.get("/c/buscar/", {"q": "cafeteras"}))
    assert "<mark>cafetera</mark>" in page
    assert "<script>cafetera" not in page
    assert "Mi <b>" not in page
    assert "Mi &lt;b&gt;<mark>cafetera</mark>&lt;/b&gt;" in page


def test_a_row_with_marks_is_never_taken_for_one_without(team: Team, ana) -> None:
    team.write("zanfona", subject="zanfona")
    plain = text(ana.get("/c/bandejas/todas/"))
    assert "<mark>zanfona</mark>" in text(ana.get("/c/buscar/", {"q": "zanfona"}))
    assert "<mark>" not in plain
    assert "<mark>" not in text(ana.get("/c/bandejas/todas/"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("color:azul", "No conozco el filtro «color:»"),
        ("estado:volando", "«volando» no es un estado"),
        ("antes:patata", "No entiendo «patata» como día"),
        ("dueño:zutano", "Nadie del equipo se llama «zutano»"),
        ("de:", "Falta algo detrás de «de:»"),
    ],
)
def test_what_is_not_understood_is_said_in_words(team: Team, ana, asked: str, said: str) -> None:
    assert said in text(ana.get("/c/buscar/", {"q": asked}))


def test_filters_are_offered_in_the_language_of_who_asks(team: Team, ana) -> None:
    found = {f["word"]: f["values"] for f in ana.get("/c/buscar/filtros/").json()["filters"]}
    assert found["estado"] == ["abierta", "esperando", "resuelta"]
    assert "Ana Soler" in found["dueño"]
    Agent.objects.update(language="en")
    words = [f["word"] for f in ana.get("/c/buscar/filtros/").json()["filters"]]
    assert words[:4] == ["from", "to", "subject", "state"]


def test_further_pages_of_a_search_go_on_where_the_first_ended(team: Team, ana) -> None:
    at = now() - timedelta(hours=40)
    ids = [
        team.write("zanfona", sender=f"c{n}@example.com", at=at + timedelta(hours=n))
        .conversation_id
        for n in range(30)
    ]  # fmt: skip
    first = text(ana.get("/c/buscar/", {"q": "zanfona"}))
    assert [f'id="c-{pk}"' in first for pk in ids] == [False] * 5 + [True] * 25
    assert "desde=%2B25" in first
    more = text(ana.get("/c/buscar/", {"q": "zanfona", "desde": "+25"}))
    assert [f'id="c-{pk}"' in more for pk in ids] == [True] * 5 + [False] * 25
    assert 'id="more"' not in more


# -- the palette ------------------------------------------------------------------


def found(client, **asked: str) -> list[dict[str, str]]:
    return client.get("/c/ir/datos/", asked).json()["found"]


def test_the_palette_knows_places_by_role(team: Team, ana) -> None:
    def names(client) -> set[str]:
        return {e["name"] for e in found(client) if e["kind"] == "setting"}

    assert names(ana) == {"Mi cuenta"}
    assert names(team.client(team.carla)) == {
        "Ausencias",
        "Etiquetas",
        "Macros",
        "Mi cuenta",
        "Remitentes",
        "Reparto",
        "Respuestas guardadas",
        "Revisión",
    }


def test_the_palette_finds_by_number_beginning_of_subject_and_customer(team: Team, ana) -> None:
    one = team.write(subject="La cafetera de émbolo", name="Marta Ruiz")
    two = team.write(subject="Otra cosa", sender="b@example.com", name="Benito Cafetal")
    foreign = team.write(subject="Cafetera ajena", sender="c@example.com", department=team.sales)

    def urls(q: str) -> list[str]:
        return [e["url"] for e in found(ana, q=q)]

    assert urls("cafet") == [
        f"/c/conversaciones/{two.conversation_id}/",
        f"/c/conversaciones/{one.conversation_id}/",
        f"/c/clientes/{two.customer_id}/",
    ] or urls("cafet") == [
        f"/c/conversaciones/{one.conversation_id}/",
        f"/c/conversaciones/{two.conversation_id}/",
        f"/c/clientes/{two.customer_id}/",
    ]
    assert urls("EMBOLO") == [f"/c/conversaciones/{one.conversation_id}/"]
    assert urls(f"#{one.conversation_id}") == [f"/c/conversaciones/{one.conversation_id}/"]
    assert urls(f"#{foreign.conversation_id}") == []
    assert f"/c/clientes/{one.customer_id}/" in urls("marta")
    assert urls("'; DROP --") == []


def test_the_palette_is_a_page_without_a_script(team: Team, ana) -> None:
    one = team.write(subject="La cafetera")
    assert "/c/bandejas/mias/" in text(ana.get("/c/ir/"))
    page = text(ana.get("/c/ir/", {"q": "cafetera"}))
    assert f"/c/conversaciones/{one.conversation_id}/" in page
    assert "/c/buscar/?q=cafetera" in page


# -- the customer's panel -----------------------------------------------------------


@pytest.fixture
def marta(team: Team) -> conversations.Received:
    return team.write()


def path(found: conversations.Received, more: str = "") -> str:
    return f"/c/clientes/{found.customer_id}/{more}"


def test_telephones_are_kept_in_one_form_and_shown_with_spaces(team, ana, marta) -> None:
    ana.post(path(marta, "direcciones/"), {"value": "600 11 12 22"})
    phone = CustomerAddress.objects.get(kind="phone")
    assert (phone.value, phone.is_verified) == ("+34600111222", False)
    assert "+34 600 11 12 22" in text(ana.get(path(marta)))
    answer = ana.post(path(marta, "direcciones/"), {"value": "no es nada"}, follow=True)
    assert "Eso no es un teléfono" in text(answer)
    assert CustomerAddress.objects.filter(kind="phone").count() == 1


def test_addresses_are_verified_made_first_and_removed(team, ana, marta) -> None:
    ana.post(path(marta, "direcciones/"), {"value": "Marta.Otra@example.org"})
    old, new = CustomerAddress.objects.filter(customer=marta.customer_id).order_by("id")
    assert (new.value, new.is_primary) == ("marta.otra@example.org", False)
    ana.post(path(marta, "direcciones/"), {"primary": new.pk})
    ana.post(path(marta, "direcciones/"), {"verify": new.pk})
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_primary, new.is_primary, new.is_verified) == (False, True, True)
    ana.post(path(marta, "direcciones/"), {"unverify": new.pk})
    ana.post(path(marta, "direcciones/"), {"remove": new.pk})
    old.refresh_from_db()
    assert old.is_primary
    answer = ana.post(path(marta, "direcciones/"), {"remove": old.pk}, follow=True)
    assert "Es la única forma de contactar" in text(answer)
    assert CustomerAddress.objects.filter(customer=marta.customer_id).count() == 1


def test_notes_are_written_and_taken_back(team, ana, marta) -> None:
    ana.post(path(marta, "notas/"), {"text": "Prefiere <b>tardes</b>"})
    assert "Prefiere &lt;b&gt;tardes" in text(ana.get(path(marta)))
    note = CustomerNote.objects.get()
    assert text(ana.get(path(marta, "conocido/"))).count("Prefiere") == 1
    ana.post(path(marta, "notas/"), {"remove": note.pk})
    assert "Prefiere" not in text(ana.get(path(marta)))
    ana.post(path(marta, "notas/"), {"text": "   "})
    assert CustomerNote.objects.count() == 1


def define(team, name: str, kind: FieldKind, *choices: str) -> int:
    return people.define_field(name=name, kind=kind, choices=choices, at=now(), by=team.carla.pk)


def test_own_fields_are_shown_edited_searched_and_refused(team, ana, marta) -> None:
    size = define(team, "Talla", FieldKind.CHOICE, "Pequeña", "Grande")
    born = define(team, "Cumpleaños", FieldKind.DATE)
    spent = define(team, "Gasto", FieldKind.NUMBER)
    member = define(team, "Socia", FieldKind.YES_NO)
    free = define(team, "Mascota", FieldKind.TEXT)
    sent = {
        f"field_{size}": "Pequeña", f"field_{born}": "3/5/1980", f"field_{spent}": "1.234,50",
        f"field_{member}": "yes", f"field_{free}": "Un loro llamado Ñusta",
    }  # fmt: skip
    assert ana.post(path(marta, "campos/"), sent).status_code == 302
    kept = dict(CustomValue.objects.values_list("field_id", "value"))
    assert kept == {
        size: "Pequeña", born: "1980-05-03", spent: "1234.5", member: "yes",
        free: "Un loro llamado Ñusta",
    }  # fmt: skip
    page = text(ana.get("/c/clientes/", {"q": "nusta"}))
    assert path(marta) in page
    assert f'id="c-{marta.conversation_id}"' in text(ana.get("/c/buscar/", {"q": "ñusta"}))
    bad = ana.post(path(marta, "campos/"), sent | {f"field_{born}": "31/2/1980"})
    assert bad.status_code == 422
    assert "Eso no es un día" in text(bad)
    known = text(ana.get(path(marta, "conocido/")))
    assert "03/05/1980" in known
    ana.post(path(marta, "campos/"), {f"field_{free}": ""})
    assert CustomValue.objects.count() == 4


def test_what_kind_of_customer_somebody_is_is_chosen_and_shown(team, ana, marta) -> None:
    about = {"name": "Marta Ruiz", "company": "", "language": "es", "note": ""}
    assert 'name="tier"' not in text(ana.get(path(marta)))
    vip = people.add_tier(name="VIP", at=now(), by=team.carla.pk)
    assert ana.post(path(marta, "cambiar/"), about | {"tier": str(vip)}).status_code == 302
    page = text(ana.get(path(marta)))
    assert f'<option value="{vip}" selected>' in page
    assert page.count("VIP") == 2  # beside her name, and in the list to choose from
    assert "VIP" in text(ana.get(path(marta, "conocido/")))
    assert ana.post(path(marta, "cambiar/"), about | {"tier": "999"}).status_code == 422
    assert ana.post(path(marta, "cambiar/"), about | {"tier": ""}).status_code == 302
    assert "VIP" not in text(ana.get(path(marta, "conocido/")))


def test_consents_are_noted_once_shown_and_withdrawn(team, ana, marta) -> None:
    sent = {"purpose": "newsletter", "how": "telephone", "text_version": "2026-11",
            "text": "Sí a las novedades", "evidence": "llamada de las 10"}  # fmt: skip
    ana.post(path(marta, "consentimientos/"), sent)
    again = ana.post(path(marta, "consentimientos/"), sent)
    assert again.status_code == 422
    assert "Ya hay un consentimiento vigente" in text(again)
    page = text(ana.get(path(marta)))
    for shown in ("Boletín", "2026-11", "por teléfono", "llamada de las 10", "Sí a las novedades"):
        assert shown in page
    consent = Consent.objects.get()
    ana.post(path(marta, "consentimientos/"), {"withdraw": consent.pk, "how": "mail"})
    consent.refresh_from_db()
    assert (consent.withdrawn_how, consent.withdrawn_by_agent_id) == ("mail", team.ana.pk)
    assert "retirado" in text(ana.get(path(marta)))
    ana.post(path(marta, "consentimientos/"), sent)
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_duplicates_are_proposed_and_dismissed_once_for_all(team, ana, marta) -> None:
    same = team.write(sender="marta.ruiz@correo.example", name="Marta Ruíz", subject="Otra")
    team.write(sender="marta@otra.example", name="Marta Gómez")
    alike = "marta@example.com"  # Marta Ruiz's own
    assert queries.sender(alike).customer_id == marta.customer_id
    page = text(ana.get(path(marta)))
    assert "Quizá la misma persona" in page
    assert f"?con={same.customer_id}" in page
    assert page.count("?con=") == 1
    ana.post(path(marta, "otra-persona/"), {"other": same.customer_id})
    assert "Quizá la misma persona" not in text(ana.get(path(marta)))
    assert "Quizá la misma persona" not in text(ana.get(path(same)))


def test_a_duplicate_of_another_department_is_not_told(team, ana, marta) -> None:
    team.write(sender="marta.ruiz@correo.example", name="Marta Ruiz", department=team.sales)
    assert "Quizá la misma persona" not in text(ana.get(path(marta)))
    assert "Quizá la misma persona" in text(team.client(team.carla).get(path(marta)))


def test_a_merge_is_previewed_and_separated_again(team, ana, marta) -> None:
    same = team.write(sender="marta.ruiz@correo.example", name="Marta R.", subject="Otra")
    preview = text(ana.get(path(marta, "unir/"), {"con": same.customer_id}))
    assert "marta@example.com, marta.ruiz@correo.example" in preview
    ana.post(path(marta, "unir/"), {"con": same.customer_id})
    page = text(ana.get(path(marta)))
    assert "marta.ruiz@correo.example" in page
    assert "Se unió a otro cliente" in page
    merge = queries.merges_of(marta.customer_id).get()
    ana.post(path(marta, f"separar/{merge.pk}/"))
    assert "marta.ruiz@correo.example" not in text(ana.get(path(marta)))


def test_the_history_is_told_by_page_and_hides_other_departments(team, ana, marta) -> None:
    team.write("Secreto", subject="De ventas", department=team.sales, sender="marta@example.com")
    people.write_customer_note(customer_id=marta.customer_id, text="x", at=now(), by=team.carla.pk)
    page = text(ana.get(path(marta, "historia/")))
    assert "Prometimos responder" in page
    assert "Nota sobre el cliente" in page
    assert f"Escribió en #{marta.conversation_id}" in page
    foreign = marta.conversation_id + 1
    assert f"#{foreign}" not in page
    assert f"#{foreign}" in text(team.client(team.carla).get(path(marta, "historia/")))


def test_the_history_is_paged_by_keyset_without_a_line_twice(team, ana, marta) -> None:
    for n in range(70):
        people.write_customer_note(
            customer_id=marta.customer_id, text=f"{n}", at=now(), by=team.ana.pk
        )
    seen: list[int] = []
    cursor, pages = 0, 0
    while True:
        listed = history_of([marta.customer_id], team.ana, before=cursor)
        seen += [m.id for m in listed.moments]
        pages += 1
        cursor = listed.following
        if not cursor:
            break
    assert pages == 3
    assert len(seen) == len(set(seen))
    assert len(seen) >= 72


def test_a_later_context_appears_by_its_own_register(team, ana, marta) -> None:
    row = events.EventRow(kind="orders.placed", at=now(), data={"order_id": 7}, actor="system")
    row.save()
    events.EventLink.objects.create(event=row, ref=ref("customer", marta.customer_id))
    assert "Pedido 7" not in text(ana.get(path(marta)))
    history.told("orders.placed")(lambda event, names: history.Line("Pedido 7"))
    try:
        assert "Pedido 7" in text(ana.get(path(marta)))
        history.gate("order")(lambda agent, ids: set())
        assert "Pedido 7" not in text(ana.get(path(marta)))
    finally:
        history._tellers.pop("orders.placed")
        history._gates.pop("order", None)


def test_the_record_of_a_customer_is_told_with_its_rate(team, ana, marta) -> None:
    assert "todavía no ha vencido nada" in text(ana.get(path(marta))).lower()
    assert Promise.objects.filter(customer_id=marta.customer_id, state="open").exists()
    promise = Promise.objects.get(customer_id=marta.customer_id)
    promises.settle_promise(promise_id=promise.pk, at=now(), by=team.ana.pk)
    page = text(ana.get(path(marta)))
    assert "100 %" in page


def test_a_company_is_its_customers(team, ana, marta) -> None:
    other = team.write(sender="b@example.com", name="Benito")
    for pk, firm in ((marta.customer_id, "Café Ibáñez"), (other.customer_id, "CAFE IBANEZ")):
        people.change_customer(
            customer_id=pk, name="", company=firm, language="", note="", at=now(), by=team.ana.pk
        )
    team.write(sender="c@example.com", name="Nadie")
    page = text(ana.get("/c/clientes/empresa/", {"nombre": "café ibáñez"}))
    assert [path(one) in page for one in (marta, other)] == [True, True]
    assert page.count("person-line") == 2


def test_json_of_the_palette_is_json(team, ana) -> None:
    answer = ana.get("/c/ir/datos/")
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["found"]
