"""The composer in a real browser: saved answers, promises in words, mentions, shared drafts, the
check, sending later; by keyboard alone, and on a telephone of 360 pixels.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import ROOT
from tests.journeys.screens import NARROW, fits
from tests.journeys.test_hands import FOCUSED

SAVED = "Hola, {{ customer_name }}:\n\nAguanta el lavavajillas. {{7*7}}\n\nGracias por escribir."
TEXT = "Texto de la respuesta"


@pytest.fixture(scope="module")
def desk(product, post):
    """Two questions and one saved answer."""
    for who, user, subject in (
        (f"Marta Ruiz <{MARTA}>", "marta", "¿Va al lavavajillas?"),
        (f"Julián Soto <{JULIAN}>", "julian", "¿Cuándo llega?"),
    ):
        post.send(letter(subject, "¿Sí o no?", sender=who, to=SHOP, at=product.now()), SHOP)
        post.wait_for(user, 1)
    code = f"""
from esmero.config.cli.context import shop
with shop():
    from esmero.conversations import actions
    from esmero.kernel.clock import now
    from esmero.people import queries
    by = queries.agent_by_email("carla@barro.example").pk
    actions.save_answer(answer_id=None, title="Lavavajillas", text={json.dumps(SAVED)},
        department_id=None, language="es", tags="lavar", at=now(), by=by)
"""
    made = subprocess.run(
        [sys.executable, "-P", "-c", code], env=product.environment(), cwd=ROOT,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return product


def monday(desk) -> datetime:
    """Return the Monday after the shop's today."""
    today = desk.now()
    return today + timedelta(days=7 - today.weekday())


def opened(page: Page, product, subject: str) -> Page:
    page.goto(f"{product.url}/c/bandejas/todas/")
    page.locator("#list").get_by_role("link", name=subject).first.click()
    expect(page.locator("#thread h2").first).to_have_text(subject, timeout=20_000)
    return page


def test_saved_answer_promise_send_and_undo_without_a_mouse(desk, post, visit):
    ana = opened(visit.member(desk, "ana"), desk, "¿Va al lavavajillas?")
    ana.keyboard.press("r")
    expect(ana.get_by_role("textbox", name=TEXT)).to_be_focused()
    ana.keyboard.type("/lav")
    option = ana.get_by_role("option", name="Lavavajillas")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_contain_text("Hola, Marta:")
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("textbox", name=TEXT)).to_have_value(
        "Hola, Marta:\n\nAguanta el lavavajillas. {{7*7}}\n\nGracias por escribir."
    )
    # A promise in words: what is told goes into the text, what is kept into its fields.
    ana.keyboard.type(" Te llamo :lunes 10:00")
    expect(ana.locator(".offers [role=option]").first).to_contain_text(
        "Llamar: el lunes antes de las 10:00"
    )
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("textbox", name=TEXT)).to_have_value(
        "Hola, Marta:\n\nAguanta el lavavajillas. {{7*7}}\n\nGracias por escribir."
        " Te llamo el lunes antes de las 10:00"
    )
    expect(ana.get_by_label("Para cuándo")).to_have_value(f"{monday(desk):%d/%m/%Y} 10:00")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("es-hold")).to_be_visible()
    # Undo, by keyboard too.
    for _ in range(60):
        if ana.evaluate(f"{FOCUSED}.innerText").strip() == "Deshacer":
            break
        ana.keyboard.press("Tab")
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("textbox", name=TEXT)).to_have_value(
        "Hola, Marta:\n\nAguanta el lavavajillas. {{7*7}}\n\nGracias por escribir."
        " Te llamo el lunes antes de las 10:00"
    )
    expect(ana.get_by_label("Para cuándo")).to_have_value(f"{monday(desk):%d/%m/%Y} 10:00")
    assert len(post.mails_of("marta")) == 1
    ana.get_by_role("textbox", name=TEXT).focus()
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("es-hold")).to_be_visible()
    desk.let_pass(seconds=16)
    _, answer = post.wait_for("marta", 2)
    said = text_of(answer)
    assert "Te llamo el lunes antes de las 10:00" in said
    assert "{{7*7}}" in said
    assert "Habrá una llamada" not in said  # said once
    kinds = {p["kind"]: p["state"] for p in desk.export("promises")}
    assert kinds["call"] == "open"


def test_check_tells_while_one_writes_and_stops_once(desk, visit):
    ana = opened(visit.member(desk, "ana"), desk, "¿Cuándo llega?")
    field = ana.get_by_role("textbox", name=TEXT)
    field.fill("Hola, Julián: lo enbiamos, te llamo mañana y te adjunto la etiqueta.")
    strip = ana.locator("ul.check")
    expect(strip).to_contain_text("Dices «te adjunto» y no hay ningún archivo.")
    expect(strip).to_contain_text("«mañana» no está en ninguna promesa.")
    # The dictionaries load when they are first needed.
    field.press_sequentially(" ")
    expect(strip).to_contain_text("«enbiamos»: ¿querías decir «enviamos»?", timeout=30_000)
    strip.get_by_role("button", name="Cambiar").click()
    expect(field).to_have_value(
        "Hola, Julián: lo enviamos, te llamo mañana y te adjunto la etiqueta. "
    )
    strip.get_by_role("button", name="Prometerlo").click()
    expect(ana.get_by_label("Para cuándo")).to_have_value("mañana")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.get_by_role("button", name="Enviar así")).to_be_visible()
    expect(field).to_have_value(
        "Hola, Julián: lo enviamos, te llamo mañana y te adjunto la etiqueta. "
    )
    assert desk.ask(
        "SELECT count(*) FROM conversations_message m JOIN conversations_conversation c "
        "ON c.id = m.conversation_id WHERE direction = 'out' AND c.subject = '¿Cuándo llega?'"
    ) == [(0,)]
    # The browser notes the answer 422 by itself.
    assert all("422" in said for said in visit.said)
    visit.said.clear()
    # A file, dropped anywhere on the composer, and the finding is gone.
    ana.evaluate(
        """() => {
          const carrier = new DataTransfer();
          carrier.items.add(new File(["%PDF-1.4"], "etiqueta.pdf", { type: "application/pdf" }));
          const field = document.querySelector("#f-text");
          field.dispatchEvent(new DragEvent("drop", { dataTransfer: carrier, bubbles: true, cancelable: true }));
        }"""
    )
    expect(ana.locator("#draft-files")).to_contain_text("etiqueta.pdf")
    with ana.expect_response("**/borrador/"):
        field.press("Control+End")
        ana.keyboard.type(".")
    expect(ana.locator("#check")).not_to_contain_text("te adjunto")
    # Reload, and a draft is whole.
    ana.reload()
    expect(field).to_have_value(
        "Hola, Julián: lo enviamos, te llamo mañana y te adjunto la etiqueta. ."
    )
    expect(ana.get_by_label("Para cuándo")).to_have_value("mañana")
    expect(ana.locator("#draft-files")).to_contain_text("etiqueta.pdf")


def test_draft_shown_to_a_colleague_and_a_mention(desk, visit):
    ana = opened(visit.member(desk, "ana"), desk, "¿Cuándo llega?")
    ana.get_by_role("button", name="Enseñar el borrador").first.click()
    ana.locator("dialog[open]").get_by_role("button", name="Bruno Gil").click()
    expect(ana.locator(".toasts")).to_contain_text("Bruno Gil ya ve tu borrador.")
    bruno = visit.member(desk, "bruno")
    bruno.get_by_role("link", name="Ana Luz te enseña un borrador").click()
    expect(bruno.locator("#composer")).to_contain_text("Borrador de Ana Luz, compartido contigo.")
    field = bruno.get_by_role("textbox", name=TEXT)
    with bruno.expect_response("**/borrador/"):
        field.fill("Hola, Julián: sale mañana. Va la etiqueta.")
    ana.reload()
    expect(ana.get_by_role("textbox", name=TEXT)).to_have_value(
        "Hola, Julián: sale mañana. Va la etiqueta."
    )
    expect(ana.locator("#composer")).to_contain_text("Lo último es de Bruno Gil.")
    # A note names Carla; Dora and the others are offered, who may not see is not.
    ana.keyboard.press("n")
    note = ana.get_by_role("textbox", name="Texto de la nota")
    note.press_sequentially("Mira esto, @car")
    expect(ana.get_by_role("option", name="Carla Paz")).to_be_visible()
    note.press("Enter")
    expect(note).to_have_value("Mira esto, @Carla Paz ")
    note.press("Control+Enter")
    expect(ana.locator("#talk")).to_contain_text("Mira esto, @Carla Paz")
    carla = visit.member(desk, "carla")
    expect(carla.get_by_role("main")).to_contain_text("Ana Luz te menciona")
    carla.goto(f"{desk.url}/c/bandejas/menciones/")
    carla.locator("#list").get_by_role("link", name="¿Cuándo llega?").click()
    carla.get_by_role("button", name="Visto").click()
    expect(carla.locator("#composer")).not_to_contain_text("te menciona aquí")


def test_scheduled_reply_is_cancelled_when_the_customer_writes_first(desk, post, visit):
    ana = opened(visit.member(desk, "ana"), desk, "¿Cuándo llega?")
    ana.get_by_text("A otra hora", exact=True).click()
    ana.get_by_label("Cuándo", exact=True).fill("hoy 14:00")
    ana.get_by_role("button", name="Enviar entonces").click()
    if ana.get_by_role("button", name="Enviar así").count():
        ana.get_by_role("button", name="Enviar entonces").click()
    expect(ana.locator("#talk .hold")).to_contain_text("si el cliente no escribe antes")
    first = post.mails_of("julian")[0]
    again = letter(
        "Re: ¿Cuándo llega?", "¿Y bien?", sender=f"Julián Soto <{JULIAN}>", to=SHOP, at=desk.now()
    )
    again["In-Reply-To"] = again["References"] = first["Message-ID"]
    post.send(again, SHOP)
    home = visit.member(desk, "ana")
    for _ in range(30):
        home.reload()
        if "no salió: escribió antes" in home.get_by_role("main").inner_text():
            break
        home.wait_for_timeout(1000)
    home.get_by_role("link", name="Tu respuesta a Julián Soto no salió: escribió antes").click()
    expect(home.locator("#composer")).to_contain_text("No salió: el cliente escribió antes.")
    expect(home.get_by_role("textbox", name=TEXT)).to_have_value(
        "Hola, Julián: sale mañana. Va la etiqueta."
    )


def test_writing_on_a_telephone_of_360_pixels(desk, visit):
    ana = visit.member(desk, "ana", **NARROW)
    ana.goto(f"{desk.url}/c/bandejas/todas/")
    ana.locator("#list").get_by_role("link", name="¿Cuándo llega?").first.tap()
    field = ana.get_by_role("textbox", name=TEXT)
    field.fill("")
    ana.get_by_role("button", name="Respuestas guardadas").tap()
    expect(ana.get_by_role("option", name="Lavavajillas")).to_be_visible()
    fits(ana)
    ana.get_by_role("option", name="Lavavajillas").tap()
    expect(field).to_have_value(
        "Hola, Julián:\n\nAguanta el lavavajillas. {{7*7}}\n\nGracias por escribir."
    )
    field.press_sequentially(" Sale :el domingo 12:00")
    expect(ana.locator("[data-form=reply] .offers")).to_contain_text("Entonces no hay nadie")
    fits(ana)
    field.press("Escape")
    expect(ana.locator("[data-form=reply] .offers")).to_be_hidden()
    ana.get_by_text("Lo citado debajo").tap()
    fits(ana)
    for path in ("/c/yo/firmas/", "/c/bandejas/menciones/"):
        ana.goto(desk.url + path)
        fits(ana)
    carla = visit.member(desk, "carla", **NARROW)
    for path in ("respuestas/", "respuestas/nueva/", "revision/"):
        carla.goto(f"{desk.url}/c/ajustes/{path}")
        fits(carla)
