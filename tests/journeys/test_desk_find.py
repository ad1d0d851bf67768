"""Finding: search with filters and slips, the palette, the keyboard; and one customer's panel."""

from __future__ import annotations

import re
import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually
from tests.journeys.screens import NARROW, fits
from tests.journeys.test_hands import FOCUSED

OTHER = "marta.ruiz@taller.example"

# From the key press to the second frame after it: what was changed is painted by then.
PAINT = """(key) => new Promise((done) => {
  document.addEventListener("keydown", () => {
    const begun = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  }, { once: true, capture: true });
})"""


@pytest.fixture(scope="module")
def letters(product, post):
    """Three questions: two of Marta's (one from her work), one of Julián's."""
    for who, subject, body in (
        (f"Marta Ruiz <{MARTA}>", "La cafetera no calienta", "Quiero una devolución, por favor."),
        (f"Marta Ruíz <{OTHER}>", "Factura de octubre", "Soy Marta, del taller."),
        (f"Julián Soto <{JULIAN}>", "¿Lo hay en verde?", "Busco la olla exprés."),
    ):
        post.send(letter(subject, body, sender=who, to=SHOP, at=product.now()), SHOP)
    eventually(lambda: product.ask("SELECT count(*) FROM conversations_conversation")[0][0] == 3)
    # The vocabulary is learned once a minute; a wish wakes its loop now.
    product.ask("SELECT pg_notify('esmero_wake', 'words')")
    eventually(lambda: product.ask("SELECT 1 FROM conversations_word WHERE word = 'devolucion'"))


def painted(page: Page, key: str) -> float:
    """Press a key; return the milliseconds until what it did is painted."""
    waiting = page.evaluate_handle(f"({{ took: ({PAINT})({key!r}) }})")
    page.keyboard.press(key)
    return float(waiting.evaluate("async (one) => await one.took"))


def subjects(page: Page) -> list[str]:
    return page.locator("#list .item-line").all_inner_texts()


def test_search_forgives_and_filters(product, visit, letters):
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/todas/")
    ana.keyboard.press("/")
    field = ana.get_by_role("combobox", name="Buscar conversaciones")
    expect(field).to_be_focused()
    ana.keyboard.type("devulucion")  # a slip, and no accent
    ana.keyboard.press("Enter")
    expect(ana.locator("#list [data-item]")).to_have_count(1)
    expect(ana.locator("#list mark")).to_have_text("devolución")
    expect(ana.get_by_text("También con palabras parecidas.")).to_be_visible()

    # A filter is completed while one types, by keyboard.
    field = ana.get_by_role("combobox", name="Buscar conversaciones")
    field.fill("")
    field.press_sequentially("est")
    expect(ana.get_by_role("option", name="estado:")).to_be_visible()
    ana.keyboard.press("Tab")
    expect(field).to_have_value("estado:")
    field.press_sequentially("ab")
    ana.keyboard.press("ArrowDown")
    ana.keyboard.press("Enter")
    expect(field).to_have_value("estado:abierta ")
    field.press_sequentially('de:"Marta Ruiz"')
    ana.keyboard.press("Enter")
    expect(ana.locator("#list [data-item]")).to_have_count(2)
    field = ana.get_by_role("combobox", name="Buscar conversaciones")
    field.fill("color:azul cafetera")
    field.press("Enter")
    expect(ana.get_by_text("No conozco el filtro «color:»")).to_be_visible()


def test_everything_by_keyboard_quickly(product, visit, letters):
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/clientes/")
    ana.keyboard.press("?")
    expect(ana.locator("dialog#keys")).to_be_visible()
    ana.keyboard.press("Escape")
    expect(ana.locator("dialog#keys")).not_to_be_visible()
    # Open Today, read: with the keyboard alone.
    ana.keyboard.press("g")
    ana.keyboard.press("h")
    ana.wait_for_url(f"{product.url}/c/")
    for _ in range(6):
        ana.keyboard.press("j")
        if "cafetera" in ana.evaluate(f"{FOCUSED}.innerText"):
            break
    ana.keyboard.press("Enter")
    expect(ana.locator("#thread h2").first).to_have_text("La cafetera no calienta")
    ana.wait_for_load_state()  # the keys are heard once the page's scripts are there
    ana.keyboard.press("f")
    expect(ana.locator("#list")).not_to_be_visible()
    ana.keyboard.press("f")
    expect(ana.locator("#list")).to_be_visible()
    # Letters that are typed are no shortcuts; Escape leaves the field.
    ana.keyboard.press("r")
    expect(ana.get_by_role("textbox", name="Texto de la respuesta")).to_be_focused()
    ana.keyboard.type("jkean")
    expect(ana.get_by_role("textbox", name="Texto de la respuesta")).to_have_value("jkean")
    ana.keyboard.press("Escape")
    expect(ana.get_by_role("textbox", name="Texto de la respuesta")).not_to_be_focused()

    ana.goto(f"{product.url}/c/bandejas/todas/")
    moves = [painted(ana, key) for key in "jjkjkjjkkjjk"]
    assert statistics.median(moves) <= 100, moves

    took = painted(ana, "Control+k")
    palette = ana.get_by_role("dialog", name="Ir a…")
    expect(palette).to_be_visible()
    typed = [took, *(painted(ana, key) for key in "informe")]
    assert statistics.median(typed) <= 100, typed
    expect(palette.get_by_role("option").first).to_contain_text("Informes")
    ana.keyboard.press("Enter")
    ana.wait_for_url(re.compile("/c/informes/"))
    # What only the server knows comes below what was there: a customer without her accent.
    ana.keyboard.press("Control+k")
    ana.keyboard.type("julian")
    expect(palette.get_by_role("option", name=re.compile("Julián Soto")).first).to_be_visible()
    ana.keyboard.press("Escape")
    expect(palette).not_to_be_visible()


def test_shortcuts_can_be_switched_off(product, visit, letters):
    bruno = visit.member(product, "bruno")
    bruno.goto(f"{product.url}/c/yo/")
    bruno.get_by_role("checkbox", name="Atajos de teclado").uncheck()
    mine = bruno.locator("form", has=bruno.get_by_label("Atajos de teclado"))
    mine.get_by_role("button", name="Guardar").click()
    expect(bruno.get_by_role("status")).to_be_visible()  # else the next page may come first
    bruno.goto(f"{product.url}/c/bandejas/todas/")
    bruno.keyboard.press("j")
    assert bruno.evaluate("document.activeElement === document.body")
    bruno.keyboard.press("Control+k")
    expect(bruno.get_by_role("dialog", name="Ir a…")).to_be_visible()


def test_one_customer(product, visit, letters):
    dora = visit.member(product, "dora")
    dora.goto(f"{product.url}/c/ajustes/campos/nuevo/")
    dora.get_by_label("Nombre").fill("Talla")
    dora.get_by_label("Tipo").select_option(label="Elección")
    dora.get_by_label("Opciones, una por línea").fill("Pequeña\nGrande")
    dora.get_by_role("button", name="Guardar").click()
    expect(dora.get_by_text("Pequeña, Grande")).to_be_visible()

    carla = visit.member(product, "carla")
    carla.goto(f"{product.url}/c/clientes/?q=marta@")
    carla.get_by_role("link", name="Marta Ruiz").click()
    expect(carla.get_by_text("Quizá la misma persona")).to_be_visible()
    carla.get_by_label("Talla").select_option("Grande")
    carla.locator("#campos").get_by_role("button", name="Guardar").click()
    expect(carla.get_by_label("Talla")).to_have_value("Grande")
    carla.get_by_label("Dirección o teléfono").fill("600 11 12 22")
    carla.get_by_role("button", name="Añadir").click()
    expect(carla.get_by_text("+34 600 11 12 22")).to_be_visible()

    carla.get_by_role("link", name="Ver los dos").click()
    expect(carla.get_by_text(f"{MARTA}, +34600111222, {OTHER}")).to_be_visible()
    carla.get_by_role("button", name="Unir").click()
    expect(carla.get_by_text("Factura de octubre")).to_be_visible()
    expect(carla.get_by_text("Se unió a otro cliente").first).to_be_visible()
    expect(carla.get_by_text("Quizá la misma persona")).to_have_count(0)
    carla.keyboard.press("u")
    expect(carla.get_by_text("Se separó de otro cliente").first).to_be_visible()
    expect(carla.get_by_text("Factura de octubre")).to_have_count(0)
    carla.get_by_role("button", name="No es la misma").click()
    expect(carla.get_by_text("Quizá la misma persona")).to_have_count(0)
    # The telephone finds her, in whatever spacing.
    carla.goto(f"{product.url}/c/buscar/?q=%2B34+600-111-222")
    expect(carla.locator("#list [data-item]")).to_have_count(1)
    found = [one for one in product.export("customers") if one["fields"]]
    assert [one["fields"] for one in found] == [{"Talla": "Grande"}]


def test_all_of_it_on_360_pixels(product, visit, letters):
    ana = visit.member(product, "ana", **NARROW)
    for path in (
        "/c/buscar/?q=devulucion", "/c/buscar/?q=estado:abierta+color:azul", "/c/ir/?q=marta",
        "/c/clientes/?q=marta", "/c/clientes/1/", "/c/clientes/1/historia/",
        "/c/clientes/1/unir/?con=2", "/c/clientes/empresa/?nombre=x",
    ):  # fmt: skip
        answer = ana.goto(product.url + path)
        assert answer is not None
        assert answer.status == 200, path
        fits(ana)
    ana.keyboard.press("Control+k")
    expect(ana.get_by_role("dialog", name="Ir a…")).to_be_visible()
    fits(ana)
