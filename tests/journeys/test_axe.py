"""All pages in both themes under axe-core: nothing serious that it can find; none too wide at 320 px."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, link_in

HERE = Path(__file__).resolve().parents[1] / "browser"
SCRIPT = HERE / "node_modules/axe-core/axe.min.js"
THEMES = ("light", "dark")
# As narrow as a page of 1280 px looks at 400 % (WCAG 2.2, 1.4.10).
NARROW, WIDE = {"width": 320, "height": 740}, {"width": 1280, "height": 900}
LISTS = ["mias", "sin-dueno", "equipo", "todas", "pospuestas", "borradores", "sospechosos"]
TEAM = [
    "/c/",
    *(f"/c/bandejas/{name}/" for name in LISTS),
    "/c/buscar/?q=lavar",
    "/c/buscar/?q=nada",
    "/c/conversaciones/1/",
    "/c/conversaciones/1/?modo=nota",
    *(
        f"/c/conversaciones/1/{sheet}/"
        for sheet in ("asignar", "resolver", "posponer", "prometer")
    ),
    "/c/promesas/1/",
    "/c/clientes/",
    "/c/clientes/1/",
    "/c/clientes/1/unir/",
    "/c/informes/promesas/",
    "/c/informes/promesas/incumplidas/",
    "/c/salida/",
    "/c/salida/1/",
    "/c/salida/tarde/",
    "/c/cuarentena/",
    "/c/apartados/",
    "/c/salud/",
]
SETTINGS = [
    *(
        f"/c/ajustes/{place}"
        for place in (
            "tienda/", "portal/", "portal/legal/privacidad/es/", "horarios/", "horarios/nuevo/", "departamentos/", "departamentos/nuevo/",
            "promesas/", "promesas/nueva/", "equipo/", "equipo/nuevo/", "equipo/1/", "ausencias/",
            "buzones/", "buzones/nuevo/", "buzones/1/", "textos/", "textos/acknowledgement/es/",
            "remitentes/",
        )
    ),
    "/c/yo/",
    "/cuenta/2fa/",
    "/cuenta/clave/",
]  # fmt: skip
OUTSIDE = [
    "/", "/contacto/", "/nuestra-palabra/", "/ayuda/", "/mis-consultas/", "/novedades/",
    "/legal/privacidad/", "/ayuda/buscar/?q=nada", "/en/",
    "/cuenta/login/", "/cuenta/codigo/", "/cuenta/clave/perdida/",
]  # fmt: skip
MISSING = ["/nada/", "/c/nada/"]


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core as tests/browser/package-lock.json has it, checked by its hash."""
    if not SCRIPT.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed: apt-get install npm")
        words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(words, cwd=HERE, capture_output=True, text=True, timeout=180)
        if done.returncode:
            pytest.skip(f"axe-core could not be fetched: {done.stderr.strip()[-200:]}")
    return SCRIPT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def customers_page(product, post) -> str:
    """The path of the page of a customer who has written and waits."""
    mail = letter("¿Se puede lavar?", "Gracias.", sender=MARTA, to=SHOP, at=product.now())
    post.send(mail, SHOP)
    return link_in(post.wait_for("marta", 1)[0])


def findings(page: Page, axe: str) -> list[str]:
    """Return what is serious or worse: rule, where, why."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {rule['id']} {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]


def look(page: Page, address: str, axe: str, *, status: int = 200) -> list[str]:
    """Return what is wrong with a page: in both themes, and where it is narrow."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address
    found = []
    for theme in THEMES:
        # Without motion: else a colour is looked at while it still turns into another.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {one}" for one in findings(page, axe)]
    page.set_viewport_size(NARROW)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.set_viewport_size(WIDE)
    return found if over <= 0 else [*found, f"{address}: {over} px wider than 320 px"]


@pytest.mark.parametrize("paths", [TEAM, SETTINGS], ids=["team", "settings"])
def test_nothing_serious_is_found_in_the_console(product, visit, customers_page, axe, paths):
    dora = visit.member(product, "dora")
    assert [one for path in paths for one in look(dora, product.url + path, axe)] == []


def test_nothing_serious_is_found_outside(product, visit, customers_page, axe):
    stranger = visit.window()
    paths = [*OUTSIDE, customers_page]
    assert [one for path in paths for one in look(stranger, product.url + path, axe)] == []


def test_nothing_serious_is_found_where_nothing_is(product, visit, axe):
    stranger = visit.window()
    found = [
        one for path in MISSING for one in look(stranger, product.url + path, axe, status=404)
    ]
    assert found == []
    # The browser tells its console of each; nothing else may be there.
    assert all("404" in said for said in visit.said)
    visit.said.clear()


def test_axe_finds_what_is_wrong(visit, axe):
    page = visit.window()
    page.set_content("<!doctype html><html><title>x</title><button></button></html>")
    assert any("button-name" in found for found in findings(page, axe))
