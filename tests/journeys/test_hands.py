"""The agent's part of an answer with the keyboard alone, and on a narrow telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.screens import NARROW, fits

FOCUSED = "(document.activeElement.closest('a, button, textarea, input') ?? document.body)"


@pytest.fixture(scope="module")
def questions(product, post):
    """One question of Marta's and one of Julián's, both acknowledged."""
    for who, user, subject in (
        (f"Marta Ruiz <{MARTA}>", "marta", "¿Cabe en el horno?"),
        (f"Julián Soto <{JULIAN}>", "julian", "¿Lo hay en verde?"),
    ):
        post.send(letter(subject, "Gracias.", sender=who, to=SHOP, at=product.now()), SHOP)
        post.wait_for(user, 1)


def tab_to(page: Page, text: str) -> None:
    """Press Tab until something that says `text` has the focus."""
    for _ in range(40):
        if text in page.evaluate(f"{FOCUSED}.innerText"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {text!r}")


def test_an_answer_without_a_mouse(product, post, visit, questions):
    ana = visit.member(product, "ana")
    for _ in range(5):
        ana.keyboard.press("j")
        if "¿Cabe en el horno?" in ana.evaluate(f"{FOCUSED}.innerText"):
            break
    ana.keyboard.press("Enter")
    expect(ana.locator("#thread h2").first).to_have_text("¿Cabe en el horno?")
    ana.wait_for_load_state("load")  # its scripts have run
    ana.keyboard.press("a")
    expect(ana.locator("dialog[open]")).to_be_visible(timeout=20_000)
    tab_to(ana, "Ana Luz")
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    expect(ana.locator("dialog[open]")).to_have_count(0)
    ana.keyboard.press("r")
    expect(ana.get_by_role("textbox", name="Texto de la respuesta")).to_be_focused()
    ana.keyboard.type("Hasta 200 grados. ¡Que aproveche!")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("es-hold")).to_be_visible()
    # The focus did not fall out of the page: the next key works at once.
    ana.keyboard.press("g")
    ana.keyboard.press("h")
    expect(ana).to_have_url(f"{product.url}/c/")
    product.let_pass(seconds=16)
    _, answer = post.wait_for("marta", 2)
    assert text_of(answer).startswith("Hasta 200 grados. ¡Que aproveche!")


def test_an_answer_from_a_telephone_of_360_pixels(product, post, visit, questions):
    ana = visit.member(product, "ana", **NARROW)
    fits(ana)
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    fits(ana)
    ana.get_by_role("link", name="¿Lo hay en verde?").tap()
    expect(ana.locator("#thread h2").first).to_be_visible()
    fits(ana)
    ana.get_by_role("button", name="Cogerla").tap()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("En verde y en azul.")
    fits(ana)
    ana.get_by_role("button", name="Enviar y resolver").first.tap()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    _, answer = post.wait_for("julian", 2)
    assert text_of(answer).startswith("En verde y en azul.")
    for path in ("/c/", "/c/clientes/", "/c/informes/promesas/", "/c/salida/", "/c/ajustes/"):
        ana.goto(product.url + path)
        fits(ana)


def test_who_clicks_a_title_of_hoy_can_write_at_once(product, post, visit):
    subject = "¿Sirve para inducción?"
    sender = f"Marta Ruiz <{MARTA}>"
    post.send(letter(subject, "Gracias.", sender=sender, to=SHOP, at=product.now()), SHOP)
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    ana.get_by_role("link", name=subject).click()
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.goto(f"{product.url}/c/")
    ana.locator("es-today .todo").filter(has_text=subject).locator("h3 a").click()
    field = ana.get_by_role("textbox", name="Texto de la respuesta")
    expect(field).to_be_focused()
    ana.keyboard.type("Sí, en todas.")
    expect(field).to_have_value("Sí, en todas.")
