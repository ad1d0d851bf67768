"""The first visit: a shop set up in the browser, by keyboard alone, and without a script."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import MARTA, SHOP, Visitor
from tests.journeys.post import SECRET, Post, letter, link_in
from tests.journeys.product import Product

PASSWORD = "tres tazas de barro"
# A browser notes every answer of 4xx on its console, also those that a form is meant to give.
EXPECTED = re.compile(r"status of (422|404)")


@pytest.fixture(scope="module")
def fresh(workshop: Path) -> Iterator[Product]:
    """An installation that nobody has set up yet."""
    folder = Path(tempfile.mkdtemp(prefix="wizard-", dir=workshop))
    folder.chmod(0o711)
    product = Product(folder / "data")
    product.set_clock(product.at("10:40"))
    yield product.begin()
    product.end()
    shutil.rmtree(folder, ignore_errors=True)


def link_of(product: Product) -> str:
    """Return the address that `up` printed."""
    found = re.findall(r"http://\S+/instalar/\S+/", product.said())
    assert found, product.tail()
    return str(found[-1])


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until something that fits the selector has the focus."""
    for _ in range(150):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted} on {page.url}")


def write(page: Page, name: str, text: str) -> None:
    """Go to a field by keyboard and write into it, over what stands there."""
    tab_to(page, f'[name="{name}"]')
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def press(page: Page, label: str) -> None:
    """Go to a button by keyboard and press it."""
    for _ in range(150):
        if page.evaluate("document.activeElement.innerText?.trim()") == label:
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"the keyboard does not reach {label!r} on {page.url}")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_every_screen_works_without_a_script_on_a_telephone(
    fresh: Product, visit: Visitor
) -> None:
    page = visit.window(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(link_of(fresh))
    seen = []

    def look(*, and_press: str) -> None:
        seen.append(heading(page))
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{seen[-1]} is {wide} wide"
        with page.expect_navigation():
            page.get_by_role("button", name=and_press, exact=True).click()

    page.get_by_label("Nombre de la tienda").fill("Barro de Prueba")
    page.get_by_label("País").select_option("CL")
    page.get_by_role("button", name="Ver las regiones").click()
    assert page.get_by_label("Zona horaria").input_value() == "America/Santiago"
    look(and_press="Seguir")
    look(and_press="Saltar")  # the account
    look(and_press="Saltar")  # the mailbox
    page.get_by_role("button", name="Partida y sábado").click()
    assert page.locator("[name=d5_0_from]").input_value() == "10:00"
    look(and_press="Seguir")
    page.get_by_label("Nombre").first.fill("Ventas")
    look(and_press="Seguir")
    page.reload()
    assert "Barro de Prueba · Chile · America/Santiago" in page.inner_text("main")
    assert "Ventas (24 h)" in page.inner_text("main")
    # Without an account it does not close.
    assert page.get_by_role("button", name="Abrir la tienda").count() == 0
    assert seen == [
        "Tu tienda", "Tu cuenta", "El buzón de la tienda", "El horario", "Quién contesta",
    ]  # fmt: skip


@pytest.mark.main_journey
def test_a_shop_is_set_up_by_keyboard_and_answers_its_first_mail(
    fresh: Product, post: Post, visit: Visitor
) -> None:
    link = link_of(fresh)
    path = link.removeprefix(fresh.url)
    assert fresh.answers("/instalar/no-es-este/") == 404
    page = visit.window()
    page.goto(link)
    write(page, "name", "Barro Vivo")
    tab_to(page, '[name="region"]')
    page.keyboard.type("Comunidad de M")
    press(page, "Seguir")

    write(page, "name", "Dora Paz")
    write(page, "email", "dora@barro.example")
    write(page, "password", "corta")
    press(page, "Seguir")
    assert "demasiado corta" in page.inner_text("main")
    write(page, "password", PASSWORD)
    press(page, "Seguir")

    # What the real server says to a wrong password, and what to do about it.
    assert heading(page) == "El buzón de la tienda"
    write(page, "address", SHOP)
    write(page, "password", "no es esta")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    write(page, "username", "hola")
    for kind, port in (("imap", post.imap.port), ("smtp", post.sink.port)):
        write(page, f"{kind}_host", "127.0.0.1")
        write(page, f"{kind}_port", str(port))
        tab_to(page, f'[name="{kind}_security"]')
        page.keyboard.type("sin p")
    press(page, "Probar y conectar")
    told = page.inner_text("#result")
    assert "Todavía no funciona: Entrar a recoger el correo." in told
    assert "Authentication failed" in told
    assert "Revisa" in told
    write(page, "password", SECRET)
    press(page, "Probar otra vez")
    assert "Funciona." in page.inner_text("#result"), page.inner_text("main")
    press(page, "Seguir")

    assert heading(page) == "El horario"
    assert page.locator("[name=d0_1_from]").input_value() == "16:30"
    # Enter goes on; it does not press the first of the usual weeks.
    tab_to(page, '[name="d0_0_from"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == "Quién contesta"
    write(page, "name_1", "Soporte técnico")
    tab_to(page, '[name="limit_1"]')
    page.keyboard.type("en 1")
    press(page, "Seguir")
    main = page.inner_text("main")
    assert "Barro Vivo · España · Europe/Madrid" in main
    assert "Atención al cliente (24 h), Soporte técnico (1 h)" in main
    assert SHOP in main
    press(page, "Abrir la tienda")

    assert page.url == f"{fresh.url}/c/"
    assert "Dora" in page.inner_text("h1")
    visit.said[:] = [line for line in visit.said if not EXPECTED.search(line)]
    for closed in (path, f"{path}tienda/", f"{path}listo/", "/instalar/otra/"):
        assert fresh.answers(closed) == 404

    # It really works: the first customer holds a promise within seconds.
    mail = letter(
        "¿Hacéis envíos a Canarias?", "Hola:\n\n¿Enviáis a Tenerife?\n\nMarta",
        sender=f"Marta Ruiz <{MARTA}>", to=SHOP, at=fresh.now(),
    )  # fmt: skip
    post.send(mail, SHOP)
    (answer,) = post.wait_for("marta", 1)
    assert answer["From"].startswith("Barro Vivo <hola@barro.example>")
    assert link_in(answer)

    # And the next day one comes in with the account made here.
    other = visit.window()
    other.goto(f"{fresh.url}/c/yo/")
    other.get_by_label("Tu correo").fill("dora@barro.example")
    other.get_by_label("Contraseña").fill(PASSWORD)
    other.get_by_role("button", name="Entrar", exact=True).click()
    other.wait_for_url(f"{fresh.url}/c/yo/")
