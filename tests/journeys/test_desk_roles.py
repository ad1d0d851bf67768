"""Who may do what: somebody is invited and comes in, each role finds its own settings, a changed role
holds at once, the record tells who did what, and sessions end: one's own elsewhere, and those of
whoever left.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.product import eventually
from tests.journeys.screens import SIZES, fits, is_narrow, seen
from tests.journeys.team import PASSWORD
from tests.journeys.test_desk_live import (  # noqa: F401  ask is a fixture
    NO_WORKER,
    ask,
    connected,
    field,
    opened,
)

SUPERVISORS = ["Ausencias", "Reparto", "Etiquetas", "Macros", "Respuestas guardadas",
               "Revisión", "Remitentes", "Mi cuenta"]  # fmt: skip
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def by_name(product, name: str) -> int:
    return int(product.ask("SELECT id FROM people_agent WHERE name = %s", name)[0][0])


def hired(dora: Page, product, name: str, *, password: str = "", department: str = "") -> str:
    """Add somebody to the team as an agent, by the form; return her address."""
    address = f"{name.lower().replace(' ', '.')}@barro.example"
    dora.goto(f"{product.url}/c/ajustes/equipo/")
    dora.get_by_role("link", name="Añadir a alguien").click()
    dora.get_by_label("Nombre", exact=True).fill(name)
    dora.get_by_label("Correo", exact=True).fill(address)
    dora.get_by_label("Primera contraseña").fill(password)
    if department:
        dora.get_by_role("group", name="Departamentos").get_by_label(department).check()
    fits(dora)
    dora.get_by_role("button", name="Añadir al equipo").click()
    expect(dora.get_by_role("status")).to_contain_text(name)
    return address


def enter(page: Page, product, address: str) -> Page:
    """Sign in at the door."""
    if "/cuenta/login/" not in page.url:
        page.goto(f"{product.url}/c/")
    page.get_by_label("Tu correo").fill(address)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    return page


def to_section(page: Page, name: str) -> None:
    """Go to a section by the rail; a telephone has the last ones behind "Más"."""
    there = page.locator("#rail > ul > li:not(.near)").get_by_role("link", name=name)
    if there.count():
        there.click()
        return
    page.locator("#rail .near summary").tap()
    page.locator("#rail .near").get_by_role("link", name=name).tap()


def my_account(page: Page, name: str) -> None:
    """Choose something of one's own: below one's picture, or on a telephone behind "Más"."""
    place = page.locator("#rail .near" if is_narrow(page) else "#rail .rail-me")
    place.locator("summary").click()
    place.get_by_role("link", name=name).or_(place.get_by_role("button", name=name)).click()


def settings_of(page: Page) -> list[str]:
    """Return the names of the places of the settings that one is offered."""
    if is_narrow(page):
        page.locator(".settings-open").tap()
    places = page.locator("#settings-places")
    expect(places).to_be_visible()
    fits(page)
    names = places.get_by_role("link").all_inner_texts()
    if is_narrow(page):
        page.keyboard.press("Escape")
    return [name.strip() for name in names]


def status_of(page: Page, product, path: str) -> int:
    answer = page.goto(f"{product.url}/c/ajustes/{path}")
    assert answer is not None
    return answer.status


def forget(visit, *codes: str) -> None:
    """Let go of what the browser notes of answers that are meant to be refusals."""
    visit.said[:] = [said for said in visit.said if not any(code in said for code in codes)]


@SIZES
def test_an_invitation_is_copied_and_lets_in_with_its_role_and_departments(
    product,
    visit,
    ask,  # noqa: F811
    size,
):
    subject = f"¿Hacéis asas? {len(size)}"
    number = ask(subject)
    name = f"Nora Sanz {len(size)}"
    allowed = ["clipboard-read", "clipboard-write"]
    dora = visit.member(product, "dora", permissions=allowed, **size)
    address = hired(dora, product, name, department="Ventas")
    card = dora.locator("#invite")
    expect(card).to_contain_text("Todavía no ha entrado")
    card.get_by_role("button", name="Hacer un enlace para copiar").click()
    link = dora.get_by_label(f"El enlace para {name}")
    seen(link)
    fits(dora)
    dora.get_by_role("button", name="Copiar").click()
    expect(dora.get_by_role("button", name="Copiado")).to_be_visible()
    copied = dora.evaluate("navigator.clipboard.readText()")
    assert copied == link.input_value()
    assert copied.startswith(f"{product.url}/cuenta/invitacion/")
    dora.goto(f"{product.url}/c/ajustes/equipo/")
    row = dora.locator("main li", has_text=name)
    expect(row).to_contain_text("con invitación")
    expect(row).to_contain_text("Agente · Ventas")
    fits(dora)

    # In another browser, where nobody was before.
    nora = visit.window(**size)
    nora.goto(copied)
    expect(nora.get_by_role("heading", level=1)).to_have_text(f"Hola, {name}")
    expect(nora.get_by_role("main")).to_contain_text(address)
    fits(nora)
    nora.get_by_label("Tu contraseña").fill("corta")
    nora.get_by_label("Otra vez").fill("corta")
    nora.get_by_role("button", name="Entrar").click()
    expect(nora.get_by_label("Otra vez")).to_have_attribute("aria-invalid", "true")
    fits(nora)
    forget(visit, "422")
    nora.get_by_label("Tu contraseña").fill(PASSWORD)
    nora.get_by_label("Otra vez").fill(PASSWORD)
    nora.get_by_role("button", name="Entrar").click()
    nora.wait_for_url(f"{product.url}/c/")
    # An agent of Ventas: what is of Atención is not there for her, and what is hers is.
    to_section(nora, "Ajustes")
    expect(nora).to_have_url(f"{product.url}/c/yo/")
    nora.goto(f"{product.url}/c/bandejas/equipo/")
    expect(nora.locator("#list")).not_to_contain_text(subject)
    gone = nora.goto(f"{product.url}/c/conversaciones/{number}/")
    assert gone is not None
    assert gone.status == 404
    forget(visit, "404")
    product.ask(
        "UPDATE conversations_conversation SET department_id = "
        "(SELECT id FROM people_department WHERE slug = 'ventas') WHERE id = %s RETURNING 1",
        number,
    )
    opened(nora, product, number)

    # The link lets in once, and says so.
    again = visit.window(**size)
    answer = again.goto(copied)
    assert answer is not None
    assert answer.status == 410
    expect(again.get_by_role("alert").or_(again.get_by_role("status"))).to_contain_text(
        "Esta invitación ya se usó."
    )
    fits(again)
    forget(visit, "410")
    dora.reload()
    expect(row).not_to_contain_text("con invitación")


@SIZES
def test_an_invitation_is_withdrawn_and_says_so(product, visit, size):
    name = f"Lola Mir {len(size)}"
    dora = visit.member(product, "dora", **size)
    hired(dora, product, name)
    dora.get_by_role("button", name="Hacer un enlace para copiar").click()
    link = dora.get_by_label(f"El enlace para {name}").input_value()
    lola = visit.window(**size)
    lola.goto(link)
    expect(lola.get_by_role("heading", level=1)).to_have_text(f"Hola, {name}")
    dora.get_by_role("button", name="Retirarla").click()
    expect(dora.locator("#invite")).to_contain_text("Todavía no ha entrado")
    expect(dora.get_by_role("button", name="Hacer un enlace para copiar")).to_be_visible()
    # Also for whoever has the page open already.
    lola.get_by_label("Tu contraseña").fill(PASSWORD)
    lola.get_by_label("Otra vez").fill(PASSWORD)
    lola.get_by_role("button", name="Entrar").click()
    expect(lola.get_by_role("main")).to_contain_text("Esta invitación se retiró.")
    fits(lola)
    forget(visit, "410")
    assert product.ask("SELECT last_login FROM people_agent WHERE name = %s", name) == [(None,)]


@SIZES
def test_each_role_finds_its_own_settings_and_no_other(product, visit, size):
    ana = visit.member(product, "ana", **size)
    to_section(ana, "Ajustes")
    expect(ana).to_have_url(f"{product.url}/c/yo/")
    fits(ana)
    carla = visit.member(product, "carla", **size)
    to_section(carla, "Ajustes")
    assert settings_of(carla) == SUPERVISORS
    dora = visit.member(product, "dora", **size)
    to_section(dora, "Ajustes")
    all_of_them = settings_of(dora)
    assert set(SUPERVISORS) < set(all_of_them)
    assert {"Equipo", "Registro de cambios", "Promesas"} <= set(all_of_them) - set(SUPERVISORS)
    for path, statuses in (
        ("equipo/", (403, 403, 200)),
        (f"equipo/{by_name(product, 'Dora Ros')}/", (403, 403, 200)),
        ("registro/", (403, 403, 200)),
        ("registro/csv/", (403, 403, None)),
        ("etiquetas/", (403, 200, 200)),
        ("equipo/99999/", (403, 403, 404)),
    ):
        for page, status in zip((ana, carla, dora), statuses, strict=True):
            assert status is None or status_of(page, product, path) == status, (page.url, status)
    ana.goto(f"{product.url}/c/ajustes/registro/")
    expect(ana.get_by_role("main")).to_contain_text("Tu rol en el equipo no incluye esta página.")
    fits(ana)
    forget(visit, "403", "404")


@SIZES
def test_a_changed_role_holds_at_the_next_click_and_is_on_record(product, visit, size):
    bruno = visit.member(product, "bruno", **size)
    to_section(bruno, "Ajustes")
    expect(bruno).to_have_url(f"{product.url}/c/yo/")
    dora = visit.member(product, "dora", **size)

    def becomes(role: str) -> None:
        dora.goto(f"{product.url}/c/ajustes/equipo/{by_name(product, 'Bruno Gil')}/")
        dora.get_by_role("radio", name=role).check()
        fits(dora)
        dora.get_by_role("button", name="Guardar").click()
        expect(dora.locator("main li", has_text="Bruno Gil")).to_contain_text(role)

    becomes("Supervisión")
    to_section(bruno, "Ajustes")
    assert settings_of(bruno) == SUPERVISORS
    assert status_of(bruno, product, "etiquetas/") == 200
    becomes("Agente")
    bruno.reload()
    expect(bruno.get_by_role("main")).to_contain_text(
        "Tu rol en el equipo no incluye esta página."
    )
    forget(visit, "403")

    # The record: who, what, about whom, from where; when, in words.
    to_section(dora, "Ajustes")
    dora.goto(f"{product.url}/c/ajustes/registro/")
    fits(dora)
    search = dora.get_by_role("search").last
    search.get_by_label("Quién").select_option(label="Dora Ros")
    search.get_by_label("Sobre").select_option(label="Equipo")
    search.get_by_role("button", name="Buscar").click()
    lines = dora.locator("main tbody tr")
    newest = lines.first
    for words in ("hoy, 10:4", "Dora Ros", "Cambió a alguien del equipo", "rol: agente",
                  "Bruno Gil", "127.0.0.1"):  # fmt: skip
        expect(newest).to_contain_text(words)
    expect(lines.nth(1)).to_contain_text("rol: supervisión")
    assert not [line for line in lines.all_inner_texts() if "Dora Ros" not in line]
    fits(dora)
    newest.get_by_role("link", name="Bruno Gil").click()
    expect(dora.get_by_role("heading", level=1)).to_have_text("Bruno Gil")
    dora.go_back()
    expect(search.get_by_label("Quién")).to_have_value(f"agent:{by_name(product, 'Dora Ros')}")
    search.get_by_label("Dirección de red").fill("203.0.113.9")
    search.get_by_role("button", name="Buscar").click()
    expect(dora.get_by_role("main")).to_contain_text("Ninguna línea encaja con esta búsqueda.")
    dora.get_by_role("link", name="Mostrar todo").click()
    expect(lines.filter(has_text="Entró").first).to_be_visible()
    with dora.expect_download() as taking:
        dora.get_by_role("link", name="Descargar CSV").click()
    taken = taking.value.path().read_text(encoding="utf-8-sig")
    assert "agent.changed" in taken
    assert "127.0.0.1" in taken


def test_nothing_in_the_record_can_be_altered_from_the_screen(product, visit):
    dora = visit.member(product, "dora")
    dora.goto(f"{product.url}/c/ajustes/registro/")
    lines = dora.locator("main tbody tr")
    expect(lines.first).to_be_visible()
    assert dora.locator("main form").count() == 1
    expect(dora.locator("main form")).to_have_attribute("method", "get")
    assert dora.locator("main tbody :is(form, button, input, [contenteditable])").count() == 0
    count = "SELECT count(*), max(id) FROM kernel_audit"
    before = product.ask(count)
    # What her browser may send, it may not do.
    asked = """async ([path, method]) => {
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
      return (await fetch(path, { method, headers: { "X-CSRFToken": token } })).status;
    }"""
    for path in ("/c/ajustes/registro/", "/c/ajustes/registro/csv/", "/c/ajustes/registro/1/"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status = dora.evaluate(asked, [path, method])
            assert status == (404 if path.endswith("/1/") else 405), (path, method)
    assert product.ask(count) == before
    forget(visit, "404", "405")


@SIZES
def test_signing_out_everywhere_else_ends_the_other_browser_and_keeps_its_draft(
    product,
    visit,
    ask,  # noqa: F811
    size,
):
    number = ask(f"¿Se puede pintar? {len(size)}")
    name = f"Pia Ros {len(size)}"
    dora = visit.member(product, "dora")
    address = hired(dora, product, name, password=PASSWORD)
    here = enter(visit.window(**size), product, address)
    here.wait_for_url(f"{product.url}/c/")
    there = visit.window(user_agent=IPHONE, **size)
    # It hears nothing by itself: what ends it is the next click.
    there.context.add_init_script(NO_WORKER)
    there.context.route(re.compile(r"/c/vivo/\?"), lambda route: route.abort())
    there.on("dialog", lambda dialog: dialog.accept())
    enter(there, product, address).wait_for_url(f"{product.url}/c/")
    there.goto(f"{product.url}/c/conversaciones/{number}/?lista=equipo")
    field(there).press_sequentially("Hola, Marta: sí, ")
    draft = "SELECT text FROM conversations_draft WHERE conversation_id = %s"
    eventually(
        lambda: "".join(row[0] for row in product.ask(draft, number)).startswith("Hola, Marta: sí")
    )

    my_account(here, "Acceso y seguridad")
    sessions = here.locator("#sessions li")
    expect(sessions).to_have_count(2)
    expect(sessions.filter(has_text="Safari, iPhone")).to_contain_text("127.0.0.1")
    expect(sessions.filter(has_text="Safari, iPhone")).not_to_contain_text("esta")
    expect(sessions.filter(has_text="Chrome")).to_contain_text("esta")
    fits(here)
    here.get_by_role("button", name="Cerrar todas las demás").click()
    expect(sessions).to_have_count(1)
    expect(sessions).to_contain_text("esta")

    # What is still written there is not taken for saved.
    field(there).press_sequentially("con esmalte.")
    expect(there.locator("#composer")).to_contain_text("Sin guardar todavía")
    to_section(there, "Bandejas")
    there.wait_for_url("**/cuenta/login/**")
    enter(there, product, address)
    there.wait_for_url(f"{product.url}/c/bandejas/**")
    there.goto(f"{product.url}/c/conversaciones/{number}/?lista=equipo")
    expect(field(there)).to_have_value("Hola, Marta: sí, con esmalte.")
    eventually(lambda: product.ask(draft, number) == [("Hola, Marta: sí, con esmalte.",)])
    here.reload()
    expect(sessions).to_have_count(2)
    dora.goto(f"{product.url}/c/ajustes/registro/?who=agent:{by_name(product, name)}")
    expect(dora.get_by_role("main")).to_contain_text("Cerró todas las demás sesiones")

    # And this one is closed by its own door.
    my_account(here, "Salir")
    expect(here.get_by_label("Tu correo")).to_be_visible()
    forget(visit, "net::ERR_FAILED")


@SIZES
def test_whoever_is_switched_off_is_out_at_once(product, visit, size):
    name = f"Gil Paz {len(size)}"
    dora = visit.member(product, "dora", **size)
    address = hired(dora, product, name, password=PASSWORD)
    gil = enter(visit.window(**size), product, address)
    gil.wait_for_url(f"{product.url}/c/")
    connected(gil)
    dora.goto(f"{product.url}/c/ajustes/equipo/{by_name(product, name)}/")
    dora.get_by_label("Puede entrar").uncheck()
    dora.get_by_role("button", name="Guardar").click()
    expect(dora.locator("main li", has_text=name)).to_contain_text("ya no está")
    # Without a click of his: the open window knows.
    gil.wait_for_url("**/cuenta/login/**", timeout=30_000)
    enter(gil, product, address)
    expect(gil.get_by_role("main")).to_contain_text("Esta cuenta está desactivada")
    fits(gil)
    # Switched on again he signs in; the old session does not come to life.
    gil.goto(f"{product.url}/c/")
    assert "/cuenta/login/" in gil.url
    dora.goto(f"{product.url}/c/ajustes/equipo/{by_name(product, name)}/")
    dora.get_by_label("Puede entrar").check()
    dora.get_by_role("button", name="Guardar").click()
    expect(dora.locator("main li", has_text=name)).not_to_contain_text("ya no está")
    gil.goto(f"{product.url}/c/")
    assert "/cuenta/login/" in gil.url
    enter(gil, product, address)
    gil.wait_for_url(f"{product.url}/c/")
