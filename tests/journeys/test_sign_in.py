"""Signing in with a second step and with a passkey, in a real browser; its pages under axe."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.team import PASSWORD
from tests.journeys.test_axe import axe as axe  # a fixture
from tests.journeys.test_axe import look

TOTP_STEP = 30  # seconds (RFC 6238)


def code_of(secret: str) -> str:
    """Return the six digits that an app shows now (RFC 4226, RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // TOTP_STEP)
    mac = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def security(page: Page, product) -> Page:
    page.goto(f"{product.url}/cuenta/2fa/")
    return page


def it_is_me(page: Page) -> None:
    """Type the password once more, where that is asked for."""
    asked = page.get_by_role("heading", name="¿Eres tú?")
    page.wait_for_load_state("load")
    if asked.count():
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Seguir").click()
        expect(asked).to_have_count(0)


def refused(page: Page) -> None:
    """Fail unless the form says why it was not taken."""
    expect(page.locator(".why, [role=alert]").first).to_be_visible()


def by_password(page: Page, product, name: str) -> None:
    page.goto(f"{product.url}/c/")
    page.get_by_label("Tu correo").fill(f"{name}@barro.example")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_an_app_is_the_second_step_and_a_recovery_code_does_once(product, visit, axe):
    bruno = security(visit.member(product, "bruno"), product)
    bruno.locator("#app").get_by_role("link", name="Activar").click()
    it_is_me(bruno)
    bruno.get_by_text("¿No puede leerla?").click()
    secret = bruno.locator("details code").inner_text().strip()
    bruno.get_by_label("Código").fill("000000" if code_of(secret) != "000000" else "111111")
    bruno.get_by_role("button", name="Activar").click()
    refused(bruno)
    bruno.get_by_label("Código").fill(code_of(secret))
    bruno.get_by_role("button", name="Activar").click()
    expect(bruno.get_by_role("heading", name="Códigos de recuperación")).to_be_visible()
    codes = bruno.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    found = [
        one
        for path in ("2fa/", "2fa/codigos/", "2fa/codigos/nuevos/", "2fa/app/quitar/")
        for one in look(bruno, f"{product.url}/cuenta/{path}", axe)
    ]

    # Somewhere else: the password is not enough; a wrong code, then a recovery code, once.
    other = visit.window()
    by_password(other, product, "bruno")
    expect(other.get_by_role("heading", level=1)).to_have_text("Segundo paso")
    found += look(other, other.url, axe)
    assert found == []
    for wrong in ("123", codes[0][::-1] + "0"):
        other.get_by_label("Código").fill(wrong)
        other.get_by_role("button", name="Entrar", exact=True).click()
        refused(other)
    other.goto(f"{product.url}/c/")
    expect(other.get_by_label("Contraseña").or_(other.get_by_label("Código"))).to_be_visible()
    if other.get_by_label("Contraseña").count():
        by_password(other, product, "bruno")
    other.get_by_label("Código").fill(codes[0])
    other.get_by_role("button", name="Entrar", exact=True).click()
    other.wait_for_url(f"{product.url}/c/")
    security(other, product)
    expect(other.locator("#codes")).to_contain_text("9 códigos")

    again = visit.window()
    by_password(again, product, "bruno")
    again.get_by_label("Código").fill(codes[0])
    again.get_by_role("button", name="Entrar", exact=True).click()
    refused(again)  # it was for one time

    # Taken away again, the password alone does.
    security(bruno, product)
    bruno.locator("#app").get_by_role("link", name="Quitar").click()
    bruno.get_by_role("button", name="Quitarla").click()
    expect(bruno.locator("#app").get_by_role("link", name="Activar")).to_be_visible()
    last = visit.window()
    by_password(last, product, "bruno")
    last.wait_for_url(f"{product.url}/c/")
    # The browser tells its console of each code that was refused; nothing else may be there.
    assert all("422" in said for said in visit.said)
    visit.said.clear()


@pytest.fixture
def with_device(product, visit) -> Page:
    """Carla at a device that can keep passkeys, signed in."""
    page = visit.member(product, "carla")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_a_passkey_is_added_named_signs_in_alone_and_is_removed(product, with_device, axe):
    carla = security(with_device, product)
    carla.locator("#passkeys").get_by_role("link", name="Añadir").click()
    it_is_me(carla)
    carla.get_by_label("Nombre").fill("Mi portátil")
    carla.get_by_role("button", name="Añadir una llave de acceso").click()
    security(carla, product)
    key = carla.locator("#passkeys li", has_text="Mi portátil")
    expect(key).to_contain_text("Sin usar todavía.")
    rename, remove = (
        str(key.get_by_role("link", name=re.compile(word)).get_attribute("href"))
        for word in ("^Renombrar", "^Quitar")
    )
    found = [
        one
        for path in ("/cuenta/2fa/", "/cuenta/passkeys/nueva/", rename, remove)
        for one in look(carla, product.url + path, axe)
    ]
    assert found == []
    carla.goto(product.url + rename)
    carla.get_by_label("Nombre").fill("El portátil de casa")
    carla.get_by_role("button", name="Guardar").click()

    # Out, and in again with it alone.
    carla.context.clear_cookies()
    carla.goto(f"{product.url}/c/")
    carla.get_by_role("button", name="Entrar con llave de acceso").click()
    carla.wait_for_url(f"{product.url}/c/")
    security(carla, product)
    expect(carla.locator("#passkeys li")).to_contain_text("El portátil de casa")
    expect(carla.locator("#passkeys li")).not_to_contain_text("Sin usar todavía.")

    carla.goto(product.url + remove)
    it_is_me(carla)
    carla.get_by_role("button", name="Quitar").click()
    expect(carla.locator("#passkeys li")).to_have_count(0)
