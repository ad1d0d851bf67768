"""What looks like spam: held without a word, in sight, cleared by one key, blocked by another."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import eventually

PRIZE = "ganador@premios.example"


@pytest.fixture(scope="module")
def mails(product, post):
    """A mail of Marta's, and two that the provider put into its Junk folder."""
    normal = letter("Horario", "¿Abrís el sábado?", sender=MARTA, to=SHOP, at=product.now())
    post.send(normal, SHOP)
    held = letter(
        "Presupuesto de una vajilla",
        "Hola: necesito treinta platos para abril. ¿Qué me costarían?\n\nJulián Soto",
        sender=f"Julián Soto <{JULIAN}>",
        to=SHOP,
        at=product.now(),
    )
    prize = letter("HA GANADO UN PREMIO", "Pulse aquí.", sender=PRIZE, to=SHOP, at=product.now())
    for mail in (held, prize):
        post.imap.deliver("hola", mail.as_bytes(), "Junk")
    product.wait_for_look()
    eventually(lambda: len(product.export("conversations")) == 3)


def suspects(page):
    """Return the entry of the list of suspects, with its count."""
    page.locator("summary.lists-title").click()
    return page.get_by_role("link", name="Sospechosos")


def test_a_suspect_waits_in_sight_and_one_key_clears_it(product, post, visit, mails):
    assert len(post.wait_for("marta", 1)) == 1
    assert {c["subject"]: c["is_suspect"] for c in product.export("conversations")} == {
        "Horario": False,
        "Presupuesto de una vajilla": True,
        "HA GANADO UN PREMIO": True,
    }
    (promise,) = product.export("promises")
    assert promise["subject"].startswith("conversation:")
    assert post.mails_of("julian") == []

    # An hour later Ana sees that two wait there, and looks.
    product.set_clock(product.at("11:40"))
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/mias/")
    entry = suspects(ana)
    expect(entry).to_contain_text("2")
    entry.click()
    expect(ana.locator("#list")).to_contain_text("Presupuesto de una vajilla")
    expect(ana.locator("#list")).to_contain_text("HA GANADO UN PREMIO")
    expect(ana.locator("#list")).not_to_contain_text("Horario")
    ana.get_by_role("link", name="Presupuesto de una vajilla").click()
    expect(ana.locator("#thread")).to_contain_text("Parece spam")
    ana.keyboard.press("h")

    # The promise counts from when it came, at 10:40, and only now the customer is told.
    expect(ana.locator("#thread .pane-head .chip")).to_contain_text("hoy antes de las 17:30")
    (acknowledgement,) = post.wait_for("julian", 1)
    assert text_of(acknowledgement).splitlines()[0] == "Te respondemos hoy antes de las 17:30."
    _, cleared = product.export("promises")
    assert cleared["made_at"] < product.at("10:50").isoformat()
    assert cleared["due_at"] == product.at("17:30").isoformat()
    ana.goto(f"{product.url}/c/bandejas/mias/")
    expect(suspects(ana)).to_contain_text("1")

    # Who was cleared once is not suspected again for the same.
    post.imap.deliver(
        "hola",
        letter(
            "Otra cosa", "¿Y los cuencos?", sender=JULIAN, to=SHOP, at=product.now()
        ).as_bytes(),
        "Junk",
    )
    product.wait_for_look()
    eventually(lambda: len(product.export("conversations")) == 4)
    assert [c["is_suspect"] for c in product.export("conversations")][-1] is False


def test_a_blocked_sender_hears_nothing(product, post, visit, mails):
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/sospechosos/")
    ana.get_by_role("link", name="HA GANADO UN PREMIO").click()
    ana.locator("#thread .pane-head summary").first.click()
    ana.get_by_role("button", name="Bloquear al remitente").click()
    expect(ana.locator("body")).to_contain_text("Remitente bloqueado.")
    before = len(product.export("promises"))
    mails_before = len(post.sink.mails)
    again = letter("Su premio", "Responda hoy mismo.", sender=PRIZE, to=SHOP, at=product.now())
    post.send(again, SHOP)
    filed = "SELECT count(*) FROM channels_raw_mail WHERE state <> 'stored'"
    eventually(lambda: product.ask(filed)[0][0] == 5)
    assert len(product.export("promises")) == before
    assert len(post.sink.mails) == mails_before + 1, "nothing but the mail itself"
    assert product.export("conversations")[-1]["is_suspect"]
    ana.goto(f"{product.url}/c/bandejas/sospechosos/")
    row = ana.locator("#list a").filter(has_text="Su premio")
    expect(row).to_contain_text("la tienda bloqueó este remitente")
