"""One's own pages: a code from the mail, what is known, and being forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.test import Client

from esmero.channels.models import Delivery, RawMail, WebForm
from esmero.channels.ports import ToRender, renderer
from esmero.config import wiring
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.kernel.models import AuditEntry, EventRow
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import How, Purpose
from esmero.people.models import Consent, Customer, CustomerAddress, CustomerSession, SignIn
from esmero.portal.tests import library
from esmero.portal.tests.conftest import MARTA, page_of, write_in
from esmero.promises.models import Promise
from tests.cast import NOON, forget

JULIAN = "julian@cliente.example"


@pytest.fixture(autouse=True)
def _wired() -> None:
    wiring.wire()


def ask(client: Client, email: str = MARTA) -> str:
    """Ask for a code; return the address where it is typed."""
    answer = client.post("/mis-consultas/", {"email": email})
    assert answer.status_code == 302, answer.content
    return str(answer.url)


def code_in_mail() -> str:
    sign_in = SignIn.objects.latest("id")
    found = people_queries.signin.code_to_send(sign_in.pk)
    assert found is not None
    return found[0]


def come_in(client: Client, email: str = MARTA) -> None:
    place = ask(client, email)
    assert client.post(place, {"code": code_in_mail()}).status_code == 302


def test_a_code_opens_ones_enquiries_and_nobody_elses(house, client):
    write_in()
    write_in(email=JULIAN, text="Lo de Julián.")
    Conversation.objects.filter(customer=people_queries.sender(JULIAN).customer_id).update(
        subject="Un secreto de Julián"
    )
    come_in(client)
    page = client.get("/mis-consultas/")
    assert "La fuente" in page.content.decode()
    assert "Julián" not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    cookie = client.cookies["esmero_reader"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not CustomerSession.objects.filter(token_digest=cookie.value).exists()


def test_known_and_unknown_addresses_are_answered_alike(house, client):
    write_in()
    said = set()
    for email in (MARTA, "nadie@cliente.example"):
        place = ask(Client(HTTP_ACCEPT_LANGUAGE="es"), email)
        page = Client(HTTP_ACCEPT_LANGUAGE="es").get(place).content.decode()
        said.add(
            re.sub(
                r'codigo/[^/"]+/|value="[^"]*"| data-now="[^"]*"|"X-CSRFToken": "\w+"', "", page
            )
        )
    assert len(said) == 1
    assert list(Delivery.objects.filter(template="code").values_list("recipients", flat=True)) == [
        [MARTA]
    ]


def test_the_mail_brings_the_code_and_the_database_has_it_nowhere(house, client):
    write_in()
    place = ask(client)
    delivery = Delivery.objects.get(template="code")
    code = code_in_mail()
    mail = _rendered(delivery)
    assert mail["Subject"] == f"{code} es tu código para Barro"
    text = mail.get_body(("plain",)).get_content()
    assert f"{place}?c={code}" in text
    row = SignIn.objects.get()
    kept = " ".join(str(value) for value in row.__dict__.values()) + str(delivery.context)
    assert code not in kept


def _rendered(delivery: Delivery) -> EmailMessage:
    data = renderer().render(
        ToRender(
            delivery_id=delivery.pk, template=delivery.template, context=delivery.context,
            language="es", conversation_id=None, message_id=None, promise_id=None,
            message_header="<x@barro.example>", mail_from=("Barro", "hola@barro.example"),
            reply_to="", to=[("", MARTA)], cc=[], in_reply_to="", references=[],
            is_automatic=True, at=NOON,
        )
    )  # fmt: skip
    return message_from_bytes(data, policy=policy.default)


def test_opening_the_link_uses_nothing_up_and_typing_it_does(house, client):
    write_in()
    place = ask(client)
    code = code_in_mail()
    for _ in range(3):
        page = Client(HTTP_ACCEPT_LANGUAGE="es").get(f"{place}?c={code}").content.decode()
        assert f'value="{code}"' in page
    assert client.post(place, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    other = Client(HTTP_ACCEPT_LANGUAGE="es")
    assert other.post(place, {"code": code}).status_code == 422
    assert "esmero_reader" not in other.cookies


def test_a_code_is_tried_five_times_and_then_never(house, client):
    write_in()
    place = ask(client)
    code = code_in_mail()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert client.post(place, {"code": wrong}).status_code == 422
    assert client.post(place, {"code": code}).status_code == 422


def test_a_code_is_over_after_twenty_minutes(house, client, at):
    write_in()
    place = ask(client)
    code = code_in_mail()
    at(NOON + timedelta(minutes=20))
    assert client.post(place, {"code": code}).status_code == 422


def test_codes_are_not_sent_without_end(house, client):
    write_in()
    for _ in range(4):
        ask(client)
    assert client.post("/mis-consultas/", {"email": MARTA}).status_code == 429
    assert Delivery.objects.filter(template="code").count() == 4
    for number in range(8):
        ask(client, f"c{number}@cliente.example")
    assert client.post("/mis-consultas/", {"email": JULIAN}).status_code == 429
    assert client.post("/mis-consultas/", {"email": "x"}).status_code == 422


def test_codes_do_not_use_up_the_acknowledgements(house, client):
    write_in()
    for _ in range(3):
        ask(client)
    write_in(minutes=5)
    assert Delivery.objects.filter(template="acknowledgement").count() == 2


def test_a_session_ends_by_itself_and_by_leaving(house, client, at):
    write_in()
    come_in(client)
    assert client.get("/mis-datos/").status_code == 200
    at(NOON + timedelta(days=15))
    assert client.get("/mis-datos/").status_code == 302
    at(NOON)
    assert client.get("/mis-datos/").status_code == 200
    kept = client.cookies["esmero_reader"].value
    client.post("/mis-consultas/salir/")
    client.cookies["esmero_reader"] = kept
    assert client.get("/mis-datos/").status_code == 302


def test_nobody_writes_with_anothers_session_from_a_foreign_page(house):
    write_in()
    client = Client(HTTP_ACCEPT_LANGUAGE="es", enforce_csrf_checks=True)
    place = ask(client)
    page = client.get(place).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    said = {"code": code_in_mail(), "csrfmiddlewaretoken": token[1]}
    assert client.post(place, {"code": code_in_mail()}).status_code == 403
    assert client.post(place, said).status_code == 302
    for where in ("/mis-datos/", "/mis-datos/borrar/", "/mis-consultas/salir/"):
        assert client.post(where, {"seguro": "si", "name": "X"}).status_code == 403
    assert Customer.objects.filter(erased_at=None).count() == 1


def test_name_and_language_are_corrected(house, client):
    write_in()
    come_in(client)
    assert client.post("/mis-datos/", {"name": "", "language": "es"}).status_code == 422
    assert client.post("/mis-datos/", {"name": "Marta R.", "language": "en"}).status_code == 302
    row = Customer.objects.get()
    assert (row.name, row.language) == ("Marta R.", "en")
    assert EventRow.objects.get(kind="people.customer_corrected").data == {
        "customer_id": row.pk, "fields": ["name", "language"],
    }  # fmt: skip


def test_consents_are_shown_with_their_words_and_withdrawn(house, client):
    write_in()
    write_in(email=JULIAN)
    mine, other = (people_queries.sender(one).customer_id for one in (MARTA, JULIAN))
    consents = [
        people.record_consent(
            customer_id=pk, purpose=Purpose.NEWSLETTER, text_version="2026-1",
            text="Quiero recibir novedades.", how=How.FORM, given_at=NOON, at=NOON, by=None,
        )
        for pk in (mine, other)
    ]  # fmt: skip
    come_in(client)
    page = client.get("/mis-datos/").content.decode()
    assert "Quiero recibir novedades." in page
    assert "con un formulario, texto 2026-1" in page
    assert client.post(f"/mis-datos/consentimientos/{consents[1]}/").status_code == 404
    assert client.post(f"/mis-datos/consentimientos/{consents[0]}/").status_code == 302
    assert sorted(Consent.objects.filter(withdrawn_at=None).values_list("pk", flat=True)) == [
        consents[1]
    ]


def test_the_export_holds_all_of_hers_and_nothing_of_others(house, client):
    write_in(text="Llegó con una grieta.")
    write_in(email=JULIAN, text="Lo de Julián.")
    come_in(client)
    found = client.get("/mis-datos/copia/?forma=json")
    assert found["Content-Disposition"].startswith("attachment")
    data = found.json()
    (talk,) = data["conversations"]
    assert [m["text"] for m in talk["messages"]] == ["Llegó con una grieta."]
    assert [p["kind"] for p in talk["promises"]] == ["answer"]
    assert data["customer"]["addresses"][0]["value"] == MARTA
    assert "Julián" not in found.content.decode()
    assert "Llegó con una grieta." in client.get("/mis-datos/copia/").content.decode()


def test_what_kind_of_customer_she_is_taken_for_is_hers_to_know(house, client):
    write_in()
    come_in(client)
    assert "Tipo de cliente" not in client.get("/mis-datos/").content.decode()
    found = people_queries.sender(MARTA)
    assert found is not None
    vip = people.add_tier(name="Mayorista", at=NOON, by=house.dora)
    people.set_tier(customer_id=found.customer_id, tier_id=vip, at=NOON, by=house.dora)
    for place in ("/mis-datos/", "/mis-datos/copia/", "/mis-datos/copia/?forma=json"):
        assert "Mayorista" in client.get(place).content.decode(), place


def test_erasing_takes_the_person_and_leaves_the_record(house, client, at):
    mine = write_in(text="Mi calle es Calle Secreta 7")
    other = write_in(email=JULIAN, text="Lo de Julián.")
    for model, field in ((Customer, "name"), (Message, "from_name")):
        where = {"pk": other.customer_id} if model is Customer else {"conversation": other}
        model.objects.filter(**where).update(**{field: "Julián Sanz"})
    WebForm.objects.filter(email=JULIAN).update(data={})
    Delivery.objects.filter(conversation=other).update(context={})
    people.write_customer_note(
        customer_id=mine.customer_id, text="Prefiere tardes", at=NOON, by=house.ana
    )
    client.post(page_of(mine), {"text": "Y el portal 4.", "once": "x" * 30})
    come_in(client)
    assert client.post("/mis-datos/borrar/", {}).status_code == 422
    said = client.get("/mis-datos/borrar/").content.decode()
    assert "Aún tienes 1 consulta abierta." in said
    before = list(Promise.objects.order_by("id").values_list("id", "due_at", "made_at"))
    answer = client.post("/mis-datos/borrar/", {"seguro": "si"})
    assert answer.url == "/mis-datos/borrado/"
    assert "borrados" in client.get(answer.url).content.decode()
    assert list(Promise.objects.order_by("id").values_list("id", "due_at", "made_at")) == before
    states = dict(Promise.objects.values_list("subject_ref", "state"))
    assert states[f"conversation:{mine.pk}"] == "released"
    assert states[f"conversation:{other.pk}"] == "open"
    row = Customer.objects.get(pk=mine.customer_id)
    assert (row.name, row.erased_at) == ("", NOON)
    assert list(CustomerAddress.objects.values_list("value", flat=True)) == [JULIAN]
    assert Message.objects.filter(conversation=mine).count() == 2
    left = _everything()
    for word in ("Calle Secreta", "portal 4", "Marta", "marta@", "tardes"):
        assert word not in left, word
    assert "Lo de Julián." in left
    assert client.get("/mis-datos/").status_code == 302
    assert AuditEntry.objects.filter(action="customer.erased").count() == 1
    again = write_in(text="Hola otra vez.", minutes=9)
    assert again.customer_id != mine.customer_id


def _everything() -> str:
    """Return all that the tables of people, talk and mail hold, as text."""
    tables = (Customer, CustomerAddress, Consent, SignIn, CustomerSession, Conversation, Message,
              Attachment, RawMail, WebForm, Delivery, EventRow, AuditEntry)  # fmt: skip
    return "\n".join(str(row) for table in tables for row in table.objects.values_list())


def test_what_is_for_customers_is_read_with_a_code_alone(house, client):
    article = library.put("Descuento", "Es el diez.", audience=library.Audience.CUSTOMERS)
    write_in()
    place = f"/ayuda/{library.slug(article)}/"
    assert client.get(place).status_code == 404
    come_in(client)
    page = client.get(place)
    assert "Es el diez." in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "Descuento" in client.get("/ayuda/").content.decode()
    stranger = Client(HTTP_ACCEPT_LANGUAGE="es")
    forget()
    assert stranger.get(place).status_code == 404
    assert "Descuento" not in stranger.get("/ayuda/").content.decode()
