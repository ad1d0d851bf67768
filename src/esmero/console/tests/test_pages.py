"""Each page shows what is there, to whom it may be shown, with a number of queries that does not
grow.
"""

from __future__ import annotations

import pytest

PAGES = ["/c/", "/c/bandejas/mias/", "/c/bandejas/sin-dueno/", "/c/bandejas/equipo/",
         "/c/bandejas/todas/", "/c/bandejas/pospuestas/", "/c/bandejas/borradores/",
         "/c/bandejas/sospechosos/", "/c/clientes/", "/c/buscar/?q=vajilla", "/c/clientes/?q=marta"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("count", [0, 3])
def test_page_answers(team, address, count):
    for number in range(count):
        found = team.write(sender=f"c{number}@example.com")
        team.give(found.conversation_id, team.ana)
    for agent in (team.ana, team.carla):
        answer = team.client(agent).get(address)
        assert answer.status_code == 200
        assert "style=" not in answer.content.decode()


def test_thread_page_and_piece(team):
    found = team.write(text="Hola\n\n¿Aguanta?")
    team.give(found.conversation_id, team.ana)
    client = team.client(team.ana)
    whole = client.get(f"/c/conversaciones/{found.conversation_id}/?lista=mias")
    text = whole.content.decode()
    assert whole.status_code == 200
    assert "<p>¿Aguanta?</p>" in text
    assert 'id="list"' in text
    assert 'id="context"' in text
    piece = client.get(
        f"/c/conversaciones/{found.conversation_id}/?lista=mias", headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="thread"' in piece
    # What stands beside keeps its element: on a telephone that is the page's target.
    assert 'id="context" aria-label="Cliente" hx-swap-oob="innerHTML"' in piece
    assert 'id="list"' not in piece
    assert "<html" not in piece


@pytest.mark.parametrize("sheet", ["asignar", "resolver", "posponer", "prometer"])
def test_sheets_are_pages_and_pieces(team, sheet):
    found = team.write()
    client = team.client(team.ana)
    address = f"/c/conversaciones/{found.conversation_id}/{sheet}/"
    assert client.get(address).status_code == 200
    piece = client.get(address, headers={"HX-Request": "true"})
    assert piece.content.decode().count("<dialog") == 1
    assert piece["HX-Retarget"] == "#sheet"
