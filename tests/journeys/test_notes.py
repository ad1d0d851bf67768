"""What the team writes for itself stays with the team."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, link_in, text_of
from tests.journeys.product import eventually

SUBJECT = "¿Me hacéis un descuento?"
SECRET = "Le damos el quince, pero que no lo sepa: es la cuñada de Dora."


def test_a_note_never_reaches_the_customer(product, post, visit):
    question = letter(
        SUBJECT, "Son doce tazas.", sender=f"Marta Ruiz <{MARTA}>", to=SHOP, at=product.now()
    )
    post.send(question, SHOP)
    (acknowledgement,) = post.wait_for("marta", 1)

    # Bruno writes a note; Ana reads it and answers.
    bruno = visit.member(product, "bruno")
    bruno.get_by_role("link", name=SUBJECT).click()
    bruno.get_by_role("link", name="Nota", exact=True).click()
    note = bruno.get_by_role("textbox", name="Texto de la nota")
    note.fill(SECRET)
    bruno.get_by_role("button", name="Guardar la nota").click()
    expect(bruno.locator("#talk")).to_contain_text(SECRET)
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/conversaciones/1/")
    expect(ana.locator("#talk")).to_contain_text("Nota de Bruno Gil")
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("Claro, Marta: un quince.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    post.wait_for("marta", 2)

    # Marta answers once more, so that a mail quotes and a page shows everything there is.
    again = letter(
        f"Re: {SUBJECT}", "¡Gracias! ¿Y el envío?", sender=f"Marta Ruiz <{MARTA}>", to=SHOP,
        at=product.now(), answers=post.mails_of("marta")[1],
    )  # fmt: skip
    post.send(again, SHOP)
    post.wait_for("marta", 3)
    ana.goto(f"{product.url}/c/conversaciones/1/")
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("El envío va incluido.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    post.wait_for("marta", 4)

    directions = [m["direction"] for m in product.export("messages")]
    assert directions == ["in", "note", "out", "in", "out"]
    for mail in post.mails_of("marta"):
        assert "cuñada" not in text_of(mail)
        assert "cuñada" not in mail.get_body(("html",)).get_content()
        assert "cuñada" not in str(mail["Subject"])
    marta = visit.window()
    page = product.url + link_in(acknowledgement)
    for where in (page, f"{page}?todo"):
        marta.goto(where)
        expect(marta.get_by_role("main")).to_contain_text("El envío va incluido.")
        assert "cuñada" not in marta.content()
        assert "Bruno" not in marta.content()
    # Events, which leave the house by webhooks, hold no text of anybody.
    eventually(lambda: product.export("promises")[-1]["state"] == "kept")
    assert "cuñada" not in product.run("export", "events")
    assert "descuento" not in product.run("export", "events")
    assert "cuñada" not in product.said()
