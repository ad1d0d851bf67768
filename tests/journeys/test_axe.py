"""The main pages in both themes under axe-core: nothing serious that it can find."""

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
TEAM = [
    "/c/",
    "/c/bandejas/todas/",
    "/c/conversaciones/1/",
    "/c/conversaciones/1/prometer/",
    "/c/clientes/",
    "/c/clientes/1/",
    "/c/informes/promesas/",
    "/c/salida/",
    "/c/ajustes/",
    "/c/ajustes/horarios/",
    "/c/ajustes/equipo/",
    "/c/ajustes/buzones/",
    "/c/yo/",
]
OUTSIDE = ["/", "/contacto/", "/cuenta/login/"]


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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found(product, visit, customers_page, axe, theme):
    dora = visit.member(product, "dora", color_scheme=theme)
    stranger = visit.window(color_scheme=theme)
    found = []
    for page, paths in ((dora, TEAM), (stranger, [*OUTSIDE, customers_page])):
        for path in paths:
            answer = page.goto(product.url + path)
            assert answer is not None
            assert answer.status == 200, path
            found += findings(page, axe)
    assert found == []


def test_axe_finds_what_is_wrong(visit, axe):
    page = visit.window()
    page.set_content("<!doctype html><html><title>x</title><button></button></html>")
    assert any("button-name" in found for found in findings(page, axe))
