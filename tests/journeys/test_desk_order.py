"""How the team orders its work: snoozing by keyboard alone, many at once and back, a macro that is
looked at first, a view of one's own, a rule with its trace, and work that goes back to the queue.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually
from tests.journeys.test_hands import FOCUSED, fits, tab_to

OVEN, GREEN, LID = "¿Cabe en el horno?", "¿Lo hay en verde?", "Falta la tapa"
NARROW = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


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


def to_row(page: Page, subject: str) -> None:
    """Move through the list with j until a row has the focus."""
    for _ in range(8):
        page.keyboard.press("j")
        if subject in page.evaluate(f"{FOCUSED}.innerText"):
            return
    raise AssertionError(f"j does not reach {subject!r}")


def test_snooze_by_keyboard_alone_sleeps_through_thanks(product, post, visit, questions):
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    to_row(ana, OVEN)
    ana.keyboard.press("Enter")
    expect(ana.locator("#thread h2").first).to_have_text(OVEN)
    ana.keyboard.press("z")
    # A dialog; pressed before the scripts have seen the thread, a page of its own.
    asking = ana.locator("form", has=ana.locator("[name=own]"))
    expect(asking).to_contain_text("Mañana, 9:00")
    expect(asking).to_contain_text("sigue corriendo")
    tab_to(ana, "Mañana, 9:00")
    ana.keyboard.press("Enter")
    head = ana.locator("#thread-head")
    expect(head).to_contain_text("pospuesta hasta mañana, 9:00; su promesa sigue corriendo")
    assert rows(product)[OVEN]["snoozed"] is not None
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    expect(ana.locator("#list")).not_to_contain_text(OVEN)
    ana.goto(f"{product.url}/c/bandejas/pospuestas/")
    row = ana.locator("#list .item", has_text=OVEN)
    expect(row).to_contain_text("mañana, 9:00")
    expect(row.locator(".chip")).to_contain_text("6 h")

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


def test_many_at_once_and_back(product, visit, questions):
    carla = visit.member(product, "carla")
    carla.goto(f"{product.url}/c/bandejas/equipo/")
    carla.locator("#list .item").first.focus()
    carla.keyboard.press("x")
    carla.keyboard.press("j")
    carla.keyboard.press("j")
    carla.keyboard.press("Shift+x")
    expect(carla.locator(".bulk-bar [data-count]")).to_have_text("3 elegidas")
    carla.locator(".bulk-bar").get_by_role("button", name="Asignar").click()
    expect(carla.get_by_role("heading", level=1)).to_have_text("3 conversaciones")
    carla.get_by_label("Bruno Gil").check()
    carla.get_by_role("button", name="Hacerlo con 3 conversaciones").click()
    expect(carla.locator(".toast")).to_contain_text("3 conversaciones hechas.")
    assert len({row["owner"] for row in rows(product).values()} - {None}) == 1
    carla.locator(".toast").get_by_role("button", name="Deshacer").click()
    expect(carla.locator(".toast")).to_contain_text("Deshecho.")
    assert {row["owner"] for row in rows(product).values()} == {None}

    # All of a list, with the question that a single one would ask too.
    carla.goto(f"{product.url}/c/bandejas/equipo/")
    carla.locator(".pick input").first.check()
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


def test_a_macro_is_looked_at_before_it_runs(product, post, visit, questions):
    carla = visit.member(product, "carla")
    carla.goto(f"{product.url}/c/ajustes/etiquetas/")
    carla.get_by_label("Nombre").fill("Color")
    carla.get_by_role("button", name="Añadir").click()
    expect(carla.get_by_role("status")).to_be_visible()  # else the next page may come first
    carla.goto(f"{product.url}/c/ajustes/macros/nueva/")
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

    ana = visit.member(product, "ana")
    ana.get_by_role("link", name=GREEN).click()
    expect(ana.locator("#thread h2").first).to_have_text(GREEN)
    ana.wait_for_load_state("load")  # its scripts have run
    ana.keyboard.press("Shift+m")
    ana.locator("dialog[open]").get_by_text("Hay en todos los colores").click()
    sheet = ana.locator("dialog[open]")
    expect(sheet).to_contain_text("Esto hará con esta conversación:")
    expect(sheet).to_contain_text("Etiqueta: Color")
    expect(sheet).to_contain_text(JULIAN)
    field = sheet.get_by_label("Texto de la respuesta")
    assert "lo hay. {{7*7}}" in field.input_value()
    assert rows(product)[GREEN]["owner"] is None
    field.fill("Hola, Julián: lo hay en verde.\n\nAna")
    sheet.get_by_role("button", name="Hacerlo y enviar").click()
    expect(ana.locator("es-hold")).to_be_visible()
    expect(ana.locator("#thread-head .tag-chip")).to_have_text("Color")
    assert rows(product)[GREEN]["owner"] is not None
    product.let_pass(seconds=16)
    post.wait_for("julian", 2)
    eventually(lambda: rows(product)[GREEN]["state"] == "resolved")


def test_a_view_of_ones_own(product, visit, questions):
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/vistas/nueva/")
    ana.get_by_label("Nombre").fill("De colores")
    ana.get_by_role("group", name="Etiqueta").get_by_label("Color").check()
    ana.get_by_role("group", name="Estado").get_by_label("Resuelta").check()
    ana.get_by_role("button", name="Guardar").click()
    expect(ana.locator("#list .lists-title")).to_contain_text("De colores")
    expect(ana.locator("#list .item")).to_have_count(1)
    expect(ana.locator("#list .item")).to_contain_text(GREEN)
    ana.keyboard.press("l")
    expect(ana.locator("#views a .badge")).to_have_text("1")
    narrow = visit.member(product, "ana", **NARROW)
    for path in ("vistas/nueva/", "bandejas/equipo/", "ajustes/", "yo/"):
        narrow.goto(f"{product.url}/c/{path}")
        fits(narrow)
    narrow.goto(f"{product.url}/c/bandejas/equipo/")
    narrow.locator(".pick input").first.check()
    expect(narrow.locator(".bulk-bar")).to_be_visible()
    fits(narrow)


def test_a_rule_sorts_what_comes_and_shows_why(product, post, visit, questions):
    dora = visit.member(product, "dora")
    dora.goto(f"{product.url}/c/ajustes/reglas/nueva/")
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
    expect(dora.locator("#context")).to_contain_text("Ventas")
    dora.goto(f"{product.url}/c/conversaciones/{rows(product)[again]['id']}/reglas/")
    expect(dora.get_by_role("main")).to_contain_text("Palabras en el asunto o el texto")
    expect(dora.get_by_role("main")).to_contain_text("Prioridad: Alta")


def test_what_is_not_answered_by_half_goes_back_to_the_queue(product, visit, questions):
    carla = visit.member(product, "carla")
    carla.goto(f"{product.url}/c/ajustes/reparto/")
    carla.get_by_role("link", name="Cambiar: Atención al cliente").click()
    carla.get_by_label("Quien no ha respondido a mitad del plazo la devuelve").check()
    carla.get_by_role("button", name="Guardar").click()
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/conversaciones/{rows(product)[LID]['id']}/")
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    product.let_pass(hours=2, minutes=10)
    eventually(lambda: rows(product)[LID]["owner"] is None)
    ana.goto(f"{product.url}/c/")
    expect(ana.get_by_role("navigation", name="De vuelta en la cola")).to_contain_text(LID)
    ana.goto(f"{product.url}/c/conversaciones/{rows(product)[LID]['id']}/")
    expect(ana.locator("#talk")).to_contain_text("no había respondido a mitad del plazo")
    states = {p["state"] for p in product.export("promises")}
    assert "broken" not in states
