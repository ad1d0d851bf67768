"""How the team orders its work: snoozing, many at once and back, a macro that is looked at first, a
view of one's own, a rule with its trace, and work that goes back to the queue; at a desk by keyboard,
and all of it once more by finger on a telephone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually
from tests.journeys.screens import (
    act,
    beside,
    fits,
    is_narrow,
    pick,
    seen,
    two_screens,  # noqa: F401  a fixture
)
from tests.journeys.test_hands import FOCUSED, tab_to

OVEN, GREEN, LID = "¿Cabe en el horno?", "¿Lo hay en verde?", "Falta la tapa"


@pytest.fixture(scope="module")
def questions(product, post):
    """Three questions, acknowledged; the mail of each by its subject."""
    sent = {}
    for who, subject in ((MARTA, OVEN), (JULIAN, GREEN), (MARTA, LID)):
        mail = letter(subject, "Hola, ¿me decís?", sender=who, to=SHOP, at=product.now())
        post.send(mail, SHOP)
        sent[subject] = mail
    post.wait_for("marta", 2)
    post.wait_for("julian", 1)
    return sent


def rows(product):
    """Return what is in the database of each conversation, by its subject."""
    found = product.ask(
        "SELECT subject, id, owner_agent_id, snoozed_until, priority, state, message_count"
        " FROM conversations_conversation"
    )
    names = ("id", "owner", "snoozed", "priority", "state", "messages")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}


def open_row(page: Page, subject: str) -> None:
    """Open a conversation from the list: j until its row has the focus, and Enter; or a tap."""
    if is_narrow(page):
        page.locator("#list .item", has_text=subject).tap()
    else:
        for _ in range(8):
            page.keyboard.press("j")
            if subject in page.evaluate(f"{FOCUSED}.innerText"):
                break
        else:
            raise AssertionError(f"j does not reach {subject!r}")
        page.keyboard.press("Enter")
    expect(page.locator("#thread h2").first).to_have_text(subject)
    page.wait_for_load_state("load")  # its scripts have run


def press(page: Page, text: str) -> None:
    """Press what says `text` in the sheet that is open: by Tab and Enter, or by a tap."""
    if is_narrow(page):
        page.get_by_role("button", name=text).tap()
        return
    tab_to(page, text)
    page.keyboard.press("Enter")


def test_snooze_without_a_mouse_sleeps_through_thanks(product, post, visit, questions, screen):
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    open_row(ana, OVEN)
    act(ana, "z", "Posponer")
    # A dialog; pressed before the scripts have seen the thread, a page of its own.
    asking = ana.locator("form", has=ana.locator("[name=own]"))
    expect(asking).to_contain_text("Mañana, 9:00")
    expect(asking).to_contain_text("sigue corriendo")
    fits(ana)
    press(ana, "Mañana, 9:00")
    head = ana.locator("#thread-head")
    expect(head).to_contain_text("pospuesta hasta mañana, 9:00; su promesa sigue corriendo")
    assert rows(product)[OVEN]["snoozed"] is not None
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    expect(ana.locator("#list")).not_to_contain_text(OVEN)
    ana.goto(f"{product.url}/c/bandejas/pospuestas/")
    row = ana.locator("#list .item", has_text=OVEN)
    expect(row).to_contain_text("mañana, 9:00")
    expect(row.locator(".chip")).to_contain_text("6 h")
    fits(ana)

    def write(text: str, messages: int) -> None:
        mail = letter(
            f"Re: {OVEN}", text, sender=MARTA, to=SHOP, at=product.now(), answers=questions[OVEN]
        )
        post.send(mail, SHOP)
        eventually(lambda: rows(product)[OVEN]["messages"] == messages)

    write("¡Muchas gracias!", 2)
    assert rows(product)[OVEN]["snoozed"] is not None
    write("¿Y en el microondas?", 3)
    assert rows(product)[OVEN]["snoozed"] is None


def test_many_at_once_and_back(product, visit, questions, screen):
    carla = visit.member(product, "carla", **screen)
    carla.goto(f"{product.url}/c/bandejas/equipo/")
    items = carla.locator("#list .item")
    if is_narrow(carla):
        for n in range(3):
            pick(carla, items.nth(n))
    else:
        items.first.focus()
        carla.keyboard.press("x")
        carla.keyboard.press("j")
        carla.keyboard.press("j")
        carla.keyboard.press("Shift+x")
    expect(carla.locator(".bulk-bar [data-count]")).to_have_text("3 elegidas")
    fits(carla)
    carla.locator(".bulk-bar").get_by_role("button", name="Asignar").click()
    expect(carla.get_by_role("heading", level=1)).to_have_text("3 conversaciones")
    fits(carla)
    carla.get_by_label("Bruno Gil").check()
    carla.get_by_role("button", name="Hacerlo con 3 conversaciones").click()
    expect(carla.locator(".toast")).to_contain_text("3 conversaciones hechas.")
    assert len({row["owner"] for row in rows(product).values()} - {None}) == 1
    carla.locator(".toast").get_by_role("button", name="Deshacer").click()
    expect(carla.locator(".toast")).to_contain_text("Deshecho.")
    assert {row["owner"] for row in rows(product).values()} == {None}

    # All of a list, with the question that a single one would ask too.
    carla.goto(f"{product.url}/c/bandejas/equipo/")
    pick(carla, items.first)
    carla.get_by_label("Toda la lista, también lo que no se ve").check()
    carla.locator(".bulk-bar").get_by_role("button", name="Resolver").click()
    expect(carla.get_by_role("main")).to_contain_text("En 3 de ellas hay una promesa abierta.")
    carla.get_by_role("button", name="Hacerlo con 3 conversaciones").click()
    expect(carla.get_by_role("alert")).to_contain_text("Di qué pasa con las promesas abiertas.")
    visit.said.clear()  # the browser notes the answer 422
    carla.get_by_label("Dejarlas abiertas").check()
    carla.get_by_role("button", name="Hacerlo con 3 conversaciones").click()
    assert {row["state"] for row in rows(product).values()} == {"resolved"}
    carla.locator(".toast").get_by_role("button", name="Deshacer").click()
    expect(carla.locator(".toast")).to_contain_text("Deshecho.")
    assert {row["state"] for row in rows(product).values()} == {"open"}
    assert {p["state"] for p in product.export("promises")} == {"open"}


def test_a_macro_is_looked_at_before_it_runs(product, post, visit, questions, screen):
    carla = visit.member(product, "carla", **screen)
    carla.goto(f"{product.url}/c/ajustes/etiquetas/")
    carla.get_by_label("Nombre").fill("Color")
    carla.get_by_role("button", name="Añadir").click()
    expect(carla.get_by_role("status")).to_be_visible()  # else the next page may come first
    fits(carla)
    carla.goto(f"{product.url}/c/ajustes/macros/nueva/")
    fits(carla)
    carla.get_by_label("Nombre").fill("Hay en todos los colores")
    carla.get_by_label("O con un texto propio").fill(
        "Hola, {{ customer_name }}: lo hay. {{7*7}}\n\n{{ agent_name }}"
    )
    carla.get_by_label("Dársela a").select_option(label="quien la use")
    carla.get_by_role("group", name="Poner etiquetas").get_by_label("Color").check()
    carla.get_by_label("Entonces").select_option(label="resolver")
    carla.get_by_role("button", name="Guardar").click()
    carla.wait_for_url(f"{product.url}/c/ajustes/macros/")
    expect(carla.get_by_role("main")).to_contain_text("Hay en todos los colores")

    ana = visit.member(product, "ana", **screen)
    ana.get_by_role("link", name=GREEN).click()
    expect(ana.locator("#thread h2").first).to_have_text(GREEN)
    ana.wait_for_load_state("load")  # its scripts have run
    act(ana, "Shift+m", "Usar una macro")
    ana.locator("dialog[open]").get_by_text("Hay en todos los colores").click()
    sheet = ana.locator("dialog[open]")
    expect(sheet).to_contain_text("Esto hará con esta conversación:")
    expect(sheet).to_contain_text("Etiqueta: Color")
    expect(sheet).to_contain_text(JULIAN)
    field = sheet.get_by_label("Texto de la respuesta")
    assert "lo hay. {{7*7}}" in field.input_value()
    assert rows(product)[GREEN]["owner"] is None
    field.fill("Hola, Julián: lo hay en verde.\n\nAna")
    fits(ana)
    sheet.get_by_role("button", name="Hacerlo y enviar").click()
    expect(ana.locator("es-hold")).to_be_visible()
    expect(ana.locator("#thread-head .tag-chip")).to_have_text("Color")
    assert rows(product)[GREEN]["owner"] is not None
    product.let_pass(seconds=16)
    post.wait_for("julian", 2)
    eventually(lambda: rows(product)[GREEN]["state"] == "resolved")


def test_a_view_of_ones_own(product, visit, questions, screen):
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/vistas/nueva/")
    fits(ana)
    ana.get_by_label("Nombre").fill("De colores")
    ana.get_by_role("group", name="Etiqueta").get_by_label("Color").check()
    ana.get_by_role("group", name="Estado").get_by_label("Resuelta").check()
    ana.get_by_role("button", name="Guardar").click()
    expect(ana.locator("#list .lists-title")).to_contain_text("De colores")
    expect(ana.locator("#list .item")).to_have_count(1)
    expect(ana.locator("#list .item")).to_contain_text(GREEN)
    if is_narrow(ana):
        ana.locator("#list .lists-title").tap()
    else:
        ana.keyboard.press("l")
    expect(ana.locator("#views a .badge")).to_have_text("1")
    seen(ana.locator("#views a", has_text="De colores"))
    fits(ana)
    for path in ("bandejas/equipo/", "ajustes/", "yo/"):
        ana.goto(f"{product.url}/c/{path}")
        fits(ana)


def test_a_rule_sorts_what_comes_and_shows_why(product, post, visit, questions, screen):
    dora = visit.member(product, "dora", **screen)
    dora.goto(f"{product.url}/c/ajustes/reglas/nueva/")
    fits(dora)
    dora.get_by_label("Nombre").fill("Tapas")
    dora.get_by_label("Palabras en el asunto o el texto").fill("tapa")
    dora.get_by_label("Prioridad").select_option(label="Alta")
    dora.get_by_label("Dársela a").select_option(label="Ventas")
    dora.get_by_role("button", name="Probarla con las últimas 100").click()
    expect(dora.locator("#tried")).to_contain_text("Se habría aplicado en 1 de las últimas 3")
    expect(dora.locator("#tried")).to_contain_text(LID)
    assert rows(product)[LID]["priority"] == 0
    dora.get_by_role("button", name="Guardar").click()
    expect(dora.get_by_role("main")).to_contain_text("Tapas")
    fits(dora)

    again = "Otra TÁPA rota"
    post.send(letter(again, "Hola.", sender=JULIAN, to=SHOP, at=product.now()), SHOP)
    eventually(lambda: rows(product).get(again, {}).get("priority") == 1)
    dora.goto(f"{product.url}/c/conversaciones/{rows(product)[again]['id']}/")
    expect(beside(dora)).to_contain_text("Ventas")
    fits(dora)
    dora.goto(f"{product.url}/c/conversaciones/{rows(product)[again]['id']}/reglas/")
    fits(dora)
    expect(dora.get_by_role("main")).to_contain_text("Palabras en el asunto o el texto")
    expect(dora.get_by_role("main")).to_contain_text("Prioridad: Alta")


def test_what_is_not_answered_by_half_goes_back_to_the_queue(product, visit, questions, screen):
    carla = visit.member(product, "carla", **screen)
    carla.goto(f"{product.url}/c/ajustes/reparto/")
    carla.get_by_role("link", name="Cambiar: Atención al cliente").click()
    carla.get_by_label("Quien no ha respondido a mitad del plazo la devuelve").check()
    carla.get_by_role("button", name="Guardar").click()
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/conversaciones/{rows(product)[LID]['id']}/")
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    product.let_pass(hours=2, minutes=10)
    eventually(lambda: rows(product)[LID]["owner"] is None)
    ana.goto(f"{product.url}/c/")
    expect(ana.get_by_role("navigation", name="De vuelta en la cola")).to_contain_text(LID)
    fits(ana)
    ana.goto(f"{product.url}/c/conversaciones/{rows(product)[LID]['id']}/")
    expect(ana.locator("#talk")).to_contain_text("no había respondido a mitad del plazo")
    states = {p["state"] for p in product.export("promises")}
    assert "broken" not in states
