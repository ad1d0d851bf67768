"""The links of one's enquiries, sent again: to their address alone, and nobody learns of whom."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

from esmero.channels import actions as channels
from esmero.channels.models import Delivery, WebForm
from esmero.channels.rules import repeating
from esmero.conversations.models import Conversation
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.portal.tests.conftest import MARTA, write_in
from tests.cast import NOON


def sent() -> list[str]:
    texts = []
    while handover := channels.claim_delivery(at=NOON, has_default=True):
        channels.note_handed_over(
            delivery_id=handover.delivery_id, at=NOON, accepted=handover.recipients
        )
        message = message_from_bytes(handover.data, policy=policy.default)
        body = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        texts.append(f"{message['Subject']}\n{body}")
    return texts


def test_they_go_to_the_address_and_open_its_enquiries(house, client):
    first, second = write_in(), write_in(text="Otra pregunta.", minutes=1)
    write_in(email="otra@cliente.example", text="De otra persona.")
    sent()
    response = client.post("/enlaces/", {"email": f" {MARTA.upper()} "})
    assert (response.status_code, response.url) == (302, "/mis-consultas/?enviado#follow")
    assert "Si hay consultas de esa dirección" in client.get(response.url).content.decode()
    [text] = sent()
    assert text.startswith("Tus consultas en Barro\n")
    links = re.findall(r"/consulta/\S+/", text)
    assert len(links) == 2
    pages = [client.get(link).content.decode() for link in links]
    assert f"Consulta {second.pk}" in pages[0]
    assert f"Consulta {first.pk}" in pages[1]
    assert Delivery.objects.get(template="links").recipients == [MARTA]


def test_an_unknown_address_is_answered_alike_and_gets_nothing(house, client):
    write_in()
    known = client.post("/enlaces/", {"email": MARTA})
    unknown = client.post("/enlaces/", {"email": "nadie@cliente.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert list(Delivery.objects.filter(template="links").values_list("recipients")) == [
        ([MARTA],)
    ]


def test_a_subject_is_repeated_only_to_who_is_known_to_read_there(house, client):
    Conversation.objects.filter(pk=write_in().pk).update(subject="COMPRA en malo.example")
    sent()
    client.post("/enlaces/", {"email": MARTA})
    [text] = sent()
    assert "malo" not in text
    known = people_queries.sender(MARTA)
    people.verify_address(address_id=known.address_id)
    client.post("/enlaces/", {"email": MARTA})
    [text] = sent()
    assert "COMPRA en malo.example" in text


def test_what_is_no_address_comes_back(house, client):
    response = client.post("/enlaces/", {"email": "marta"})
    assert response.status_code == 422
    assert 'value="marta"' in response.content.decode()
    assert client.get("/enlaces/").status_code == 405


def test_nobody_is_flooded(house, client):
    write_in()
    for _ in range(repeating.FORMS_OF_ONE_ADDRESS - 1):
        assert client.post("/enlaces/", {"email": MARTA}).status_code == 302
    assert client.post("/enlaces/", {"email": MARTA}).status_code == 429
    # The acknowledgement and two more: never above three automatic mails in a day.
    assert Delivery.objects.filter(counted_to=MARTA).count() == 3
    assert WebForm.objects.exclude(state="filed").count() == repeating.FORMS_OF_ONE_ADDRESS - 1
