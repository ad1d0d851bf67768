"""From a customer's mail to the answer in time, in everybody's eyes and in the record."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, link_in, text_of
from tests.journeys.product import eventually
from tests.journeys.team import PEOPLE

SUBJECT = "¿Dónde está mi pedido?"
ANSWER = "Hola, Marta:\n\nSale hoy y te llega mañana. Perdona la espera.\n\nAna"


@pytest.mark.main_journey
def test_a_mail_is_answered_within_the_promised_time(product, post, visit):
    question = letter(
        SUBJECT,
        "Hola:\n\nPedí una fuente hace diez días y no ha llegado.\n\nMarta",
        sender=f"Marta Ruiz <{MARTA}>",
        to=SHOP,
        at=product.now(),
    )
    post.send(question, SHOP)

    # The customer holds an honest time: four business hours after 10:40, with the siesta between.
    (acknowledgement,) = post.wait_for("marta", 1)
    assert text_of(acknowledgement).splitlines()[0] == "Te respondemos hoy antes de las 17:30."
    assert acknowledgement["In-Reply-To"] == question["Message-ID"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    mine = visit.window()
    mine.goto(product.url + link_in(acknowledgement))
    expect(mine.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    expect(mine.get_by_role("main")).to_contain_text("Te respondemos hoy antes de las 17:30.")

    # The team sees it tick.
    ana = visit.member(product, "ana")
    unowned = ana.get_by_role("navigation", name="Sin dueño")
    expect(unowned).to_contain_text(SUBJECT)
    expect(unowned.locator(".chip")).to_contain_text("6 h 4")
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    expect(ana.locator("#list .chip")).to_contain_text("6 h 4")
    ana.get_by_role("link", name=SUBJECT).click()
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.goto(f"{product.url}/c/")
    todo = ana.get_by_role("listitem").filter(has_text="Responder a Marta Ruiz")
    expect(todo).to_contain_text("17:30")
    expect(todo.locator(".chip")).to_contain_text("6 h 4")
    todo.get_by_role("link", name="Responder", exact=True).click()

    # Ana answers; within the undo time nothing leaves.
    ana.get_by_role("textbox", name="Texto de la respuesta").fill(ANSWER)
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    assert len(post.mails_of("marta")) == 1
    (promise,) = product.export("promises")
    assert (promise["kind"], promise["state"]) == ("answer", "open")
    product.let_pass(seconds=16)

    # The customer receives it in the thread.
    _, answer = post.wait_for("marta", 2)
    assert answer["From"] == "Barro Vivo <hola@barro.example>"
    assert answer["To"] == f"Marta Ruiz <{MARTA}>"
    assert answer["Subject"] == f"Re: {SUBJECT}"
    assert answer["In-Reply-To"] == question["Message-ID"]
    assert question["Message-ID"] in answer["References"].split()
    assert answer["Auto-Submitted"] is None
    said, _, quoted = text_of(answer).partition("escribió:\n")
    assert said.startswith(ANSWER)
    assert quoted.startswith("> Hola:\n>\n> Pedí una fuente hace diez días y no ha llegado.\n")
    assert link_in(answer) == link_in(acknowledgement)

    # The word is kept: on the agent's page, on the customer's, on Today, in the record.
    expect(ana.locator("#thread .pane-head .chip")).to_have_text("cumplida", timeout=60_000)
    expect(ana.locator("#talk")).to_contain_text("Promesa cumplida: responder")
    mine.reload()
    expect(mine.get_by_role("main")).to_contain_text("Ana cumplió, 6 h")
    expect(mine.get_by_role("complementary")).to_contain_text("cumplida hoy, 10:4")
    ana.goto(f"{product.url}/c/")
    expect(ana.get_by_role("main")).to_contain_text("1 de 1")
    (promise,) = product.export("promises")
    assert promise["state"] == "kept"
    assert promise["settled_at"] < promise["due_at"]
    assert promise["told_by"] == "mail"
    agents = dict(product.ask("SELECT name, id FROM people_agent"))
    assert promise["owner"] == agents[PEOPLE["ana"]]
    kinds = [m["direction"] for m in product.export("messages")]
    assert kinds == ["in", "out"]
    # Our own mails that lie in nobody's way made nothing: one conversation, one acknowledgement.
    eventually(lambda: product.ask("SELECT count(*) FROM channels_delivery") == [(2,)])
    assert len(product.export("conversations")) == 1


def test_a_click_that_comes_too_early_loses_and_doubles_nothing(product, post, visit):
    question = letter("¿Y el tapón?", "Falta el tapón.", sender=JULIAN, to=SHOP, at=product.now())
    post.send(question, SHOP)
    post.wait_for("julian", 1)
    ana = visit.member(product, "ana")
    ana.get_by_role("link", name="¿Y el tapón?").click()
    field = ana.get_by_role("textbox", name="Texto de la respuesta")

    # A slow line: Ana takes the conversation, writes and sends before its answer is there.
    ana.route("**/tomar/**", lambda route: (ana.wait_for_timeout(1500), route.continue_()))
    with ana.expect_response("**/tomar/**"):
        ana.get_by_role("button", name="Cogerla").click()
        field.fill("Te mandamos el tapón mañana.")
        ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    expect(field).to_have_value("Te mandamos el tapón mañana.")
    ana.get_by_role("button", name="Enviar y resolver").first.dblclick()
    expect(ana.locator("es-hold")).to_be_visible()
    expect(field).to_have_value("")
    product.let_pass(seconds=16)
    post.wait_for("julian", 2)
    expect(ana.locator("#thread .pane-head .chip")).to_have_text("cumplida", timeout=60_000)
    assert len(post.mails_of("julian")) == 2
    texts = [m["text"] for m in product.export("messages") if m["direction"] == "out"]
    assert texts.count("Te mandamos el tapón mañana.") == 1
