"""Help as customers use it: find, read, say that it did not do, ask, follow, be forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import EVA, JULIAN, MARTA
from tests.journeys.post import link_in, text_of
from tests.journeys.product import ROOT, eventually
from tests.journeys.test_axe import axe as axe  # a fixture
from tests.journeys.test_axe import look

QUICKEST = 2.5
NOWHERE = "/nada/"
PLACES = [
    "/", "/ayuda/", "/ayuda/{back}/", "/ayuda/{pot}/", "/ayuda/buscar/?q=devolver",
    "/ayuda/buscar/?q=xzqv", "/novedades/", "/contacto/", "/mis-consultas/", "/legal/privacidad/",
    NOWHERE, "/ayuda/{back}/?opinion=no",
]  # fmt: skip


@pytest.fixture(scope="module")
def published(product):
    """Let the shop have its articles, beside the drafts that it began with."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.journeys.articles"],
        env=product.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return product


@pytest.fixture(scope="module")
def places(published):
    """Return the addresses to look at: a draft of the same title may have the first one."""
    rows = published.ask(
        "SELECT v.title, t.slug FROM knowledge_text t JOIN knowledge_version v"
        " ON v.id = t.published_id WHERE t.language = 'es'"
    )
    slugs = dict(rows)
    names = {"back": slugs["¿Cómo devuelvo un pedido?"], "pot": slugs["Cómo curar una cazuela"]}
    return [place.format(**names) for place in PLACES]


def _send(page: Page, shown: float) -> None:
    eventually(lambda: time.monotonic() - shown > QUICKEST)
    page.get_by_role("button", name="Enviar", exact=True).click()


@pytest.mark.parametrize(
    ("script", "address", "box"), [(False, MARTA, "marta"), (True, JULIAN, "julian")]
)
def test_from_misspelt_words_to_a_conversation_with_its_promise(
    published, post, visit, script, address, box
):
    before = len(published.export("conversations"))
    marta = visit.window(java_script_enabled=script, viewport={"width": 320, "height": 800})
    marta.goto(published.url)
    marta.get_by_role("searchbox").fill("como debuelvo mi pedio")
    marta.get_by_role("button", name="Buscar").click()
    marta.get_by_role("link", name="¿Cómo devuelvo un pedido?").first.click()
    expect(marta.get_by_role("heading", level=1)).to_have_text("¿Cómo devuelvo un pedido?")
    marta.get_by_role("button", name="No del todo").click()
    marta.get_by_label("Falta algo").check()
    marta.get_by_label("¿Quieres contarnos algo más?").fill("¿Y los portes?")
    marta.get_by_role("button", name="Enviar", exact=True).click()
    expect(marta.get_by_role("main")).to_contain_text("Gracias: lo arreglaremos.")
    marta.get_by_role("link", name="Preguntar a una persona").click()
    shown = time.monotonic()
    expect(marta.get_by_label("Tu mensaje")).to_have_value("como debuelvo mi pedio")
    marta.get_by_label("Atención al cliente").check()
    marta.get_by_label("Tu nombre").fill("Marta Ruiz")
    marta.get_by_label("Tu correo electrónico").fill(address)
    _send(marta, shown)
    expect(marta.get_by_role("main")).to_contain_text("Te respondemos hoy antes de las")
    (mail,) = post.wait_for(box, 1)
    assert text_of(mail).startswith("Te respondemos hoy antes de las")
    assert marta.context.cookies() == []
    (conversation,) = published.export("conversations")[before:]
    assert conversation["channel"] == "form"
    over = marta.evaluate("document.documentElement.scrollWidth - innerWidth") if script else 0
    assert over == 0


def test_suggestions_come_while_typing_and_the_keyboard_is_enough(published, visit):
    page = visit.window(viewport={"width": 1280, "height": 800})
    page.goto(published.url)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("formas de pago", delay=20)
    expect(page.locator(".offered a").first).to_contain_text("Formas de pago")
    page.keyboard.press("Escape")
    expect(page.locator(".offered")).to_have_count(0)
    page.keyboard.type(" hoy", delay=20)
    expect(page.locator(".offered a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Formas de pago")


def test_likely_answers_stay_out_of_the_way_of_the_form(published, visit):
    page = visit.window(viewport={"width": 1280, "height": 800})
    page.goto(f"{published.url}/contacto/")
    page.get_by_label("Asunto").fill("Cómo devuelvo un pedido")
    offer = page.get_by_role("region", name="Quizá esto ya lo resuelve")
    expect(offer.get_by_role("link")).to_contain_text(["¿Cómo devuelvo un pedido?"])
    expect(page.get_by_label("Asunto")).to_be_focused()
    page.get_by_label("Asunto").fill("zzzz qqqq wwww")
    expect(offer).to_be_hidden()


def test_erase_my_data(published, post, visit):
    page = visit.window(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(f"{published.url}/contacto/")
    shown = time.monotonic()
    page.get_by_label("Atención al cliente").check()
    page.get_by_label("Tu nombre").fill("Marta Ruiz")
    page.get_by_label("Tu correo electrónico").fill(EVA)
    page.get_by_label("Asunto").fill("Mi talla")
    page.get_by_label("Tu mensaje").fill("Vivo en la calle Secreta 7.")
    _send(page, shown)
    post.wait_for("eva", 1)

    page.goto(f"{published.url}/mis-consultas/")
    page.get_by_label("Tu correo electrónico").fill(EVA)
    page.get_by_role("button", name="Enviarme un código").click()
    _, mail = post.wait_for("eva", 2)
    code = re.search(r"\b\d{6}\b", text_of(mail))
    assert code is not None
    page.get_by_label("Código").fill(code[0])
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("main")).to_contain_text("Mi talla")
    page.get_by_role("link", name="Verlos, corregirlos").click()
    expect(page.get_by_role("main")).to_contain_text(EVA)
    page.get_by_role("link", name="Qué se borra y qué queda").click()
    page.get_by_label("Sí, borrar todo").check()
    page.get_by_role("button", name="Borrar mis datos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tus datos están borrados")
    (customer,) = [one for one in published.export("customers") if one["erased_at"]]
    assert customer["name"] == ""
    left = published.ask(
        "SELECT count(*), count(*) FILTER (WHERE m.text <> '') FROM conversations_message m"
        " JOIN conversations_conversation c ON c.id = m.conversation_id WHERE c.customer_id = %s",
        customer["id"],
    )
    assert left == [(1, 0)]
    owed = published.ask(
        "SELECT state FROM promises_promise WHERE customer_id = %s", customer["id"]
    )
    assert owed == [("released",)]
    assert link_in(post.wait_for("eva", 1)[0])


@pytest.mark.parametrize("width", [320, 640])
def test_every_page_fits(published, places, visit, width):
    page = visit.window(viewport={"width": width, "height": 800})
    for place in places:
        answer = page.goto(published.url + place)
        assert (place, answer.status) == (place, 404 if place == NOWHERE else 200)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (place, over) == (place, 0)
    missing = [one for one in visit.said if "404 (Not Found)" in one]
    assert len(missing) == 1, "the browser says once that there is no such page"
    visit.said.remove(missing[0])


def test_nothing_serious_is_found_on_any_page(published, places, visit, axe):
    stranger = visit.window()
    found = [
        one
        for place in places
        for one in look(
            stranger, published.url + place, axe, status=404 if place == NOWHERE else 200
        )
    ]
    assert found == []
    visit.said.clear()
