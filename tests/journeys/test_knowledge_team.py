"""The team writes an article, in a real browser: pasted, looked over, published, changed, restored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import clipboard
from tests.journeys.conftest import Begin
from tests.journeys.product import Product

TITLE = "¿Cómo devuelvo una pieza rota?"


@pytest.fixture(scope="module")
def product(begin: Begin) -> Product:
    """The shop, without mail: nobody writes here but the team."""
    return begin("saber")


def paste(page: Page, html: str, text: str = "x") -> None:
    page.evaluate(clipboard.PASTE, [html, text])


def written(page: Page) -> str:
    """What stands in the editor, without what only its pictures are."""
    return page.locator("[data-page]").inner_html()


def begin_article(page: Page, product: Product, title: str) -> str:
    page.goto(f"{product.url}/c/saber/nuevo/")
    page.get_by_label("Título", exact=True).fill(title)
    page.get_by_role("button", name="Escribirlo").click()
    expect(page.locator("[data-page]")).to_be_visible()
    return page.url


def save(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Guardar")).click()
    expect(page.locator(".know-state")).to_be_visible()


def test_an_article_from_paste_to_readers_and_back(product, visit):
    ana = visit.member(product, "ana")
    where = begin_article(ana, product, TITLE)
    number = int(where.split("/")[-4])
    paste(ana, clipboard.WORD)
    assert written(ana) == clipboard.WORD_CLEAN

    # A picture of 2400 px from the clipboard: what it shows is asked for, and it is made small.
    ana.keyboard.press("Control+End")
    ana.evaluate(clipboard.PASTE_PICTURE)
    ana.get_by_label("¿Qué se ve en la imagen?").fill("La caja abierta")
    ana.keyboard.press("Enter")
    picture = ana.locator("[data-page] img")
    expect(picture).to_have_attribute("alt", "La caja abierta")
    expect(picture).to_have_attribute("width", "1600")
    assert ana.evaluate("document.querySelector('[data-page] img').decode().then(() => true)")
    expect(ana.locator("[data-saved]")).to_contain_text("Guardado a las")
    save(ana)
    expect(ana.locator(".know-state")).to_contain_text("Borrador")
    ana.get_by_role("button", name="Pedir que lo revisen").first.click()
    expect(ana.locator(".know-state")).to_contain_text("Por revisar")

    # Carla looks it over, sends it back, and publishes it the second time.
    carla = visit.member(product, "carla")
    article = f"{product.url}/c/saber/{number}/"
    carla.goto(article)
    carla.get_by_text("Devolver", exact=True).click()
    carla.get_by_label("¿Qué habría que cambiar?").fill("Di quién paga el envío.")
    carla.get_by_role("button", name="Devolver", exact=True).click()
    ana.reload()
    expect(ana.locator(".know-state")).to_contain_text("Di quién paga el envío.")
    ana.get_by_role("link", name="Escribir", exact=True).click()
    page = ana.locator("[data-page]")
    expect(page).to_be_visible()
    page.locator("p").first.click()
    ana.keyboard.press("End")
    ana.keyboard.type(" El envío lo pagamos nosotros.")
    save(ana)
    carla.goto(article)
    carla.get_by_role("button", name="Publicar", exact=True).click()
    expect(carla.locator(".know-state")).to_contain_text("Se lee así desde")

    # Another address: the old one is kept to lead here.
    carla.get_by_label("/ayuda/").fill("pieza rota")
    carla.locator("#direccion").get_by_role("button", name="Cambiar").click()
    expect(carla.locator("#direccion")).to_contain_text("/ayuda/como-devuelvo-una-pieza-rota/")

    # A change that readers do not see, what it changed, and back again.
    carla.get_by_role("link", name="Escribir", exact=True).click()
    body = carla.locator("[data-page]")
    expect(body).to_be_visible()
    before = written(carla)
    body.get_by_text("El envío lo pagamos nosotros.").dblclick()
    carla.keyboard.press("Control+A")
    carla.keyboard.press("Delete")
    carla.keyboard.type("Lo arreglamos gratis.")
    save(carla)
    expect(carla.locator(".know-state")).to_contain_text("Cambios sin publicar")
    carla.get_by_role("link", name="Ver las versiones y qué ha cambiado").click()
    carla.get_by_role("link", name=re.compile("^Versión 2")).click()
    expect(carla.locator(".changes del").first).to_be_visible()
    expect(carla.locator(".changes ins").first).to_contain_text("Lo arreglamos gratis.")
    carla.get_by_role("button", name="Volver a esta versión").click()
    expect(carla.locator(".know-state")).to_contain_text("Se lee así desde")
    carla.get_by_role("link", name="Escribir", exact=True).click()
    expect(carla.locator("[data-page]")).to_be_visible()
    assert written(carla) == before


def test_two_at_one_article_both_keep_their_words(product, visit):
    ana, bruno = visit.member(product, "ana"), visit.member(product, "bruno")
    where = begin_article(ana, product, "Formas de pago")
    bruno.goto(where)
    expect(bruno.locator("[data-page]")).to_be_visible()
    paste(bruno, "", "Con tarjeta o Bizum.")
    expect(bruno.locator("[data-saved]")).to_contain_text("Guardado a las")
    paste(ana, "", "Solo con transferencia.")
    expect(ana.locator("[data-saved]")).to_contain_text("Otra persona ha guardado")
    ana.get_by_role("button", name=re.compile("^Guardar")).click()
    expect(ana.get_by_role("heading", name="Dos textos del mismo artículo")).to_be_visible()
    for words in ("Con tarjeta o Bizum.", "Solo con transferencia."):
        expect(ana.get_by_role("main").get_by_text(words).first).to_be_visible()
    ana.get_by_role("button", name=re.compile("^Quedarme con el mío")).click()
    expect(ana.locator("#texto")).to_contain_text("Solo con transferencia.")
    ana.get_by_role("link", name="Ver las versiones y qué ha cambiado").click()
    ana.get_by_role("link", name=re.compile("^Versión 1")).click()
    expect(ana.locator("article")).to_contain_text("Con tarjeta o Bizum.")
    # Both answers with 409 are told to the console, and nothing else.
    assert all("409" in said for said in visit.said)
    visit.said.clear()


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        (clipboard.WORD, clipboard.WORD_CLEAN),
        (clipboard.GMAIL, clipboard.GMAIL_CLEAN),
        (clipboard.DOCS, clipboard.DOCS_CLEAN),
        ("<script>x()</script><p onclick=y()>a<img src=x onerror=z()></p>", "<p>a</p>"),
    ],
    ids=["word", "gmail", "docs", "hostile"],
)
def test_what_is_pasted_comes_out_clean(product, visit, html, clean):
    ana = visit.member(product, "ana")
    begin_article(ana, product, "Pegado")
    paste(ana, html)
    assert written(ana) in {clean, f"{clean}<p><br></p>"}
    if html is clipboard.GMAIL:
        expect(ana.locator("[data-said]")).to_contain_text("Una imagen de lo que has pegado")
    save(ana)


def test_the_keyboard_alone_writes_a_list_a_link_a_table_and_a_box(product, visit):
    ana = visit.member(product, "ana")
    begin_article(ana, product, "Con el teclado")
    ana.locator("[data-page]").focus()
    ana.keyboard.type("Mira esto")
    ana.keyboard.press("Shift+Control+ArrowLeft")
    ana.keyboard.press("Control+b")
    ana.keyboard.press("Control+k")
    ana.keyboard.type("barro.example/guia")
    ana.keyboard.press("Enter")
    ana.keyboard.press("End")
    ana.keyboard.press("Enter")
    ana.keyboard.press("Alt+F10")
    for _ in range(6):
        ana.keyboard.press("ArrowRight")
    expect(ana.get_by_role("button", name="Imagen")).to_be_focused()
    ana.keyboard.press("ArrowRight")
    ana.keyboard.press("Enter")
    ana.locator("[data-page] th").first.click()
    ana.keyboard.type("A")
    for word in ("B", "1", "2", "3", "4", "5"):
        ana.keyboard.press("Tab")
        ana.keyboard.type(word)
    rows = ana.locator("[data-page] tr")
    expect(rows).to_have_text(["AB", "12", "34", "5"])
    link = ana.locator("[data-page] a")
    expect(link).to_have_attribute("href", "https://barro.example/guia")
    save(ana)
    expect(ana.locator("#texto table")).to_be_visible()


def test_without_a_script_it_is_simple_text(product, visit):
    ana = visit.member(product, "ana", java_script_enabled=False)
    ana.goto(f"{product.url}/c/saber/nuevo/")
    ana.get_by_label("Título", exact=True).fill("Sin guion")
    ana.get_by_role("button", name="Escribirlo").click()
    ana.get_by_role("textbox", name="Texto", exact=True).fill("Hola\n\n- uno\n- **dos**")
    ana.get_by_role("button", name=re.compile("^Guardar")).click()
    expect(ana.locator("#texto li")).to_have_count(2)
    expect(ana.locator("#texto strong")).to_have_text("dos")
