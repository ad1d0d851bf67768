"""The customers' pages without a script, from door to door; and a manual found at its page."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from esmero.config.demo.knowing import pdf
from tests.journeys.conftest import EVA, JULIAN
from tests.journeys.post import text_of
from tests.journeys.product import eventually
from tests.journeys.test_axe import axe as axe  # a fixture
from tests.journeys.test_axe import look
from tests.journeys.test_portal_help import QUICKEST
from tests.journeys.test_portal_help import published as published  # a fixture

MANUAL = [
    ("Cafetera Brasa", ["Antes de empezar, lávala con agua tibia."]),
    ("Descalcificar", ["Cuando parpadea la luz ámbar, llena el depósito con vinagre blanco."]),
    ("Guardarla", ["Seca y sin la tapa, lejos del fuego."]),
]


def test_a_manual_is_brought_in_and_found_at_its_page(published, visit, tmp_path: Path):
    file = tmp_path / "cafetera.pdf"
    file.write_bytes(pdf(MANUAL))
    carla = visit.member(published, "carla")
    carla.goto(f"{published.url}/c/saber/nuevo/")
    carla.get_by_label("Título", exact=True).fill("Manual de la cafetera")
    carla.get_by_label(re.compile("^Manual")).check()
    carla.get_by_role("button", name="Escribirlo").click()
    number = re.search(r"/saber/(\d+)/", carla.url)
    assert number is not None
    carla.goto(f"{published.url}/c/saber/{number[1]}/")
    carla.get_by_label("PDF o imagen").set_input_files(file)
    carla.get_by_role("button", name="Ponerlo como manual").click()
    expect(carla.locator("#archivos")).to_contain_text("cafetera.pdf")

    def read() -> bool:
        carla.reload()
        return "3 páginas" in carla.locator("#archivos").inner_text()

    eventually(read)
    carla.get_by_role("button", name="Publicar", exact=True).click()
    expect(carla.locator(".know-state")).to_contain_text("Se lee así desde")

    marta = visit.window(java_script_enabled=False, viewport={"width": 320, "height": 800})

    def found() -> bool:
        marta.goto(f"{published.url}/ayuda/buscar/?q=parpadea+la+luz+ambar")
        return marta.get_by_role("link", name=re.compile("página 2")).count() == 1

    eventually(found)
    marta.get_by_role("link", name=re.compile("página 2")).click()
    expect(marta.get_by_role("heading", level=1)).to_have_text("Manual de la cafetera")
    expect(marta.get_by_role("main")).to_contain_text("Página 2 de 3")
    expect(marta.locator("mark", has_text="ámbar")).to_be_visible()
    target = marta.get_by_role("link", name="Abrir el archivo por esta página")
    address = target.get_attribute("href") or ""
    assert address.endswith("#page=2")
    sent = marta.request.get(published.url + address)
    assert (sent.status, sent.body()) == (200, file.read_bytes())
    marta.get_by_role("link", name="Página siguiente").click()
    expect(marta.get_by_role("main")).to_contain_text("lejos del fuego")


def test_nothing_serious_is_found_on_ones_own_pages_nor_in_a_manual(published, post, visit, axe):
    page = visit.window()
    page.goto(f"{published.url}/contacto/")
    shown = time.monotonic()
    page.get_by_label("Atención al cliente").check()
    page.get_by_label("Tu nombre").fill("Julián Soto")
    page.get_by_label("Tu correo electrónico").fill(JULIAN)
    page.get_by_label("Asunto").fill("La tapa")
    page.get_by_label("Tu mensaje").fill("¿Y la tapa?")
    before = len(post.mails_of("julian"))
    eventually(lambda: time.monotonic() - shown > QUICKEST)
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_url("**/contacto/recibido/**")
    found = look(page, page.url, axe)
    post.wait_for("julian", before + 1)
    page.goto(f"{published.url}/mis-consultas/")
    page.get_by_label("Tu correo electrónico").fill(JULIAN)
    page.get_by_role("button", name="Enviarme un código").click()
    page.wait_for_url("**/mis-consultas/codigo/**")
    code = re.search(r"\b\d{6}\b", text_of(post.wait_for("julian", before + 2)[-1]))
    assert code is not None
    found += look(page, page.url, axe)
    page.get_by_label("Código").fill(code[0])
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("main")).to_contain_text("Verlos, corregirlos")
    places = ["/mis-consultas/", "/mis-datos/", "/mis-datos/copia/", "/mis-datos/borrar/"]
    page.goto(f"{published.url}/ayuda/")
    shelf = page.get_by_role("link", name="Cuidados").get_attribute("href")
    page.goto(f"{published.url}/ayuda/buscar/?q=parpadea+la+luz+ambar")
    leaf = page.get_by_role("link", name=re.compile("página 2")).get_attribute("href")
    for place in (*places, str(shelf), str(leaf)):
        found += look(page, published.url + place, axe)
    assert found == []


def go(page: Page, name: str, title: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_is_reached_and_done_without_a_script(published, post, visit, width):
    box = "eva"
    page = visit.window(java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto(published.url)
    # Read: the subjects, an article that helped, another that is searched, the news, the law.
    go(page, "Ayuda", "Ayuda")
    go(page, "¿Cómo devuelvo un pedido?", "¿Cómo devuelvo un pedido?")
    page.get_by_role("button", name="Sí").click()
    expect(page.get_by_role("main")).to_contain_text("Gracias")
    go(page, "Ayuda", "Ayuda")
    page.get_by_role("searchbox").fill("curar cazuela")
    page.keyboard.press("Enter")
    go(page, "Cómo curar una cazuela", "Cómo curar una cazuela")
    page.goto(f"{published.url}/novedades/")
    go(page, "Abrimos los sábados", "Abrimos los sábados")
    go(page, "Privacidad", "Privacidad")
    # A person, on every page.
    page.get_by_role("link", name="Hablar con una persona").click()
    expect(page).to_have_url(re.compile("#person$"))
    page.locator("#person").get_by_role("link", name="Escríbenos").click()
    shown = time.monotonic()
    page.get_by_label("Atención al cliente").check()
    page.get_by_label("Tu nombre").fill("Eva Sanz")
    page.get_by_label("Tu correo electrónico").fill(EVA)
    page.get_by_label("Asunto").fill(f"El asa, {width}")
    page.get_by_label("Tu mensaje").fill("Se ha soltado.")
    before = len(post.mails_of(box))
    eventually(lambda: time.monotonic() - shown > QUICKEST)
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Te respondemos hoy antes de las")
    post.wait_for(box, before + 1)
    # Her own pages, by a code; what is known, corrected and taken along; out again.
    page.goto(f"{published.url}/mis-consultas/")
    page.get_by_label("Tu correo electrónico").fill(EVA)
    page.get_by_role("button", name="Enviarme un código").click()
    mails = post.wait_for(box, before + 2)
    code = re.search(r"\b\d{6}\b", text_of(mails[-1]))
    assert code is not None
    page.get_by_label("Código").fill(code[0])
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("link", name=f"El asa, {width}").click()
    page.get_by_label("¿Algo más?").fill("Mando una foto luego.")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Mando una foto luego.")
    page.goto(f"{published.url}/mis-datos/")
    page.get_by_label("Tu nombre").fill("Eva Sanz Gil")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_label("Tu nombre")).to_have_value("Eva Sanz Gil")
    page.get_by_role("link", name="Para leer").click()
    expect(page.get_by_role("main")).to_contain_text("Eva Sanz Gil")
    page.goto(f"{published.url}/mis-datos/")
    page.get_by_role("button", name="Salir").click()
    page.goto(f"{published.url}/mis-datos/")
    expect(page.get_by_role("main")).not_to_contain_text("Eva Sanz Gil")
    # The other language, and back.
    page.goto(published.url)
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/$"))
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(re.compile(r"[^n]/$"))
