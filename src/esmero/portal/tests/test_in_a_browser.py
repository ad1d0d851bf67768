"""The customers' pages in a real browser: light, narrow, dark, and without scripts or cookies."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from esmero.channels import actions as channels
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.portal.tests.conftest import page_of, write_in
from tests.cast import NOON

CHROMIUM = os.environ.get("ESMERO_CHROMIUM") or shutil.which("chromium")
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed: apt-get install chromium"),
    pytest.mark.django_db(transaction=True),
]
FIRST_LOAD_MOST = 60_000
"""Bytes of a first visit, compressed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop in this thread; the tests' own queries are not inside it. The
    # database is emptied after the last test's own fixtures are gone, so it is said here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def url(browser, house, live_server, settings) -> str:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return live_server.url


def visit(browser: Browser, address: str, *, width: int, dark: bool = False) -> tuple[Page, list]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="es-ES",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page, said


@pytest.mark.parametrize("where", ["/", "/contacto/", "enquiry"])
def test_no_page_scrolls_sideways_or_breaks_the_policy(browser, url, where):
    conversation = write_in(text="palabra" * 60 + " y " + "https://cliente.example/" + "a" * 200)
    address = url + (page_of(conversation) if where == "enquiry" else where)
    for width, dark in ((1280, False), (360, True), (320, False)):
        page, said = visit(browser, address, width=width, dark=dark)
        assert said == []
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert (width, over) == (width, 0)
        page.context.close()


@pytest.mark.parametrize("where", ["/", "/contacto/", "enquiry"])
def test_a_first_visit_is_light(browser, url, where):
    address = url + (page_of(write_in()) if where == "enquiry" else where)
    context = browser.new_context(locale="es-ES")
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: len(gzip.compress(r.body()))}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert len(sizes) >= 4
    assert all(found.startswith(url) for found in sizes)
    assert sum(sizes.values()) <= FIRST_LOAD_MOST, sizes
    context.close()


def test_from_the_form_to_the_answer_without_scripts_and_cookies(browser, url, at, tmp_path):
    picture = tmp_path / "grieta.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, locale="es-ES", java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{url}/contacto/")
    page.get_by_label("Atención al cliente").check()
    page.get_by_label("Tu nombre").fill("Marta Ruiz")
    page.get_by_label("Tu correo electrónico").fill("marta@cliente.example")
    page.get_by_label("Asunto").fill("La fuente llegó con una grieta")
    page.get_by_label("Tu mensaje").fill("¿Me mandáis otra?")
    context.clear_cookies()
    page.get_by_role("button", name="Enviar").click()
    assert "Te respondemos hoy antes de las 18:30." in page.inner_text("main")
    # The link comes by mail alone.
    handover = channels.claim_delivery(at=NOON, has_default=True)
    assert handover is not None
    text = message_from_bytes(handover.data, policy=policy.default).get_body(("plain",))
    link = re.search(r"/consulta/\S+/", text.get_content())
    assert link is not None
    page.goto(url + link[0])
    assert page.get_by_role("heading", level=1).inner_text() == "La fuente llegó con una grieta"
    page.get_by_label("¿Algo más?").fill("Os mando la foto.")
    page.locator("input[type=file]").set_input_files(picture)
    context.clear_cookies()
    page.get_by_role("button", name="Enviar").click()
    assert "Tu mensaje ha llegado." in page.inner_text("main")
    assert "grieta.png" in page.inner_text("main")
    assert Message.objects.count() == 2
    assert Attachment.objects.get().size == 8
    at(NOON + timedelta(minutes=1))
    page.get_by_role("button", name="Ya está resuelto").click()
    assert "Tu consulta está resuelta." in page.inner_text("main")
    assert Conversation.objects.get().state == "resolved"
    context.close()
