"""All pages in both themes under axe-core: nothing serious that it can find; none too wide at 320 px.

The pages of the team are found by the addresses of the house, so that none can be forgotten.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Page

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, link_in
from tests.journeys.product import ROOT

HERE = Path(__file__).resolve().parents[1] / "browser"
SCRIPT = HERE / "node_modules/axe-core/axe.min.js"
THEMES = ("light", "dark")
# As narrow as a page of 1280 px looks at 400 % (WCAG 2.2, 1.4.10).
NARROW, WIDE = {"width": 320, "height": 740}, {"width": 1280, "height": 900}
LISTS = (
    "mias", "sin-dueno", "equipo", "todas", "menciones", "pospuestas", "seguidas", "borradores",
    "sospechosos",
)  # fmt: skip
# What an address shows is also decided by what is asked behind it.
ASKED = {
    "thread": ["", "?modo=nota"],
    "search": ["?q=lavar", "?q=nada"],
    "go": ["", "?q=marta"],
    "remote": ["?u=http://127.0.0.1/x.png&s=forged"],
    "company": ["?q=barro"],
    "live_rows": ["?lista=equipo&ids=1"],
}
# Addresses that show nothing to look at in this shop, and why.
NOTHING = {
    "remote": "a picture from outside, and this link to it is forged",
    "original": "this message came by a form: there is no mail of it",
    "frame": "this message came by a form: it has no HTML",
    "whole": "text of a message that was too long to show, which this one is not",
    "file": "a file that waits with a draft is not yet anybody's to open",
    "image": "a file that waits with a draft is not yet anybody's to open",
    "know_file": "a file that waits with a draft belongs to no article",
    "delivery_html": "it has not been made yet",
    "delivery_raw": "it has not been made yet",
    "quarantine_raw": "nothing lies in quarantine",
    "settings_mailbox_consented": "comes from a provider, with its code",
    "company": "people of a company that has customers",
    "merge": "chosen on the page before",
    "merge_several": "chosen in the list before",
    "earlier": "older pages of a long thread",
    "turns": "of a draft that two have written in",
    "account_reset_password_from_key": "from a mail",
    "mfa_edit_webauthn": "there is no passkey here (test_sign_in looks)",
    "mfa_remove_webauthn": "there is no passkey here (test_sign_in looks)",
    "mfa_view_recovery_codes": "there is no second step here (test_sign_in looks)",
    "mfa_generate_recovery_codes": "there is no second step here (test_sign_in looks)",
    "mfa_download_recovery_codes": "there is no second step here (test_sign_in looks)",
    "mfa_deactivate_totp": "there is no second step here (test_sign_in looks)",
}
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth
  const found = wide > 0 ? [...document.querySelectorAll('body *')].filter((element) => {
    const { right, width } = element.getBoundingClientRect()
    return width > 0 && right > window.innerWidth + 0.5
  }) : []
  const said = (element) => `${element.localName}.${element.className} ${element.innerText ?? ''}`
  return [wide, found.slice(0, 8).map((one) => said(one).trim().slice(0, 60)).join(' | ')]
}"""
"""How many pixels a page is too wide, and which elements stick out."""
OUTSIDE = [
    "/", "/contacto/", "/nuestra-palabra/", "/ayuda/", "/mis-consultas/", "/novedades/",
    "/legal/privacidad/", "/ayuda/buscar/?q=nada", "/en/",
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
    over, wide = page.evaluate(TOO_WIDE)
    page.set_viewport_size(WIDE)
    return found if over <= 0 else [*found, f"{address}: {over} px wider than 320 px: {wide}"]


@pytest.fixture(scope="module")
def ours(product, customers_page) -> dict[str, object]:
    """The number of one of everything, by the name that addresses have for it."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.journeys.one_of_each"],
        env=product.environment(), cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def addresses(prefix: str) -> list[tuple[str, str]]:
    """Return every route under a prefix (`c/`) by its name, from the addresses of the house."""

    def walk(patterns, before: str):
        for one in patterns:
            path = before + str(one.pattern).lstrip("^").rstrip("$")
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, path)
            elif path.startswith(prefix):
                yield path, str(one.name)

    return list(walk(get_resolver().url_patterns, ""))


def filled(path: str, ours: dict[str, object]) -> list[str]:
    """Return the addresses that a route stands for."""
    first = path.split("/")[1]
    if "<slug:slug>" in path:
        return [f"/{path}".replace("<slug:slug>", name) for name in LISTS]
    path = path.replace("<slug:key>", "acknowledgement").replace("<str:language>", "es")
    path = path.replace("<slug:legal>", "privacidad")
    path = path.replace("<str:on>", "2026-11-19")
    path = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<str:\1>", path)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return str(ours.get(first if name == "pk" else name, ours.get(name, 1)))

    return ["/" + re.sub(r"<\w+:(\w+)>", value, path)]


def walk(page: Page, product, ours, axe: str, routes: list[tuple[str, str]]) -> list[str]:
    """Look at each address that is a page; return what is wrong. Acts (405), pieces of pages,
    files and what leads elsewhere are none.
    """
    found, looked = [], 0
    for path, name in routes:
        for address in [a + more for a in filled(path, ours) for more in ASKED.get(name, [""])]:
            answer = page.request.get(product.url + address, max_redirects=0)
            if answer.status in {301, 302, 303, 405}:
                continue
            if answer.status != 200:
                if name not in NOTHING:
                    found.append(f"{name} {address}: {answer.status}")
                continue
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            if "sandbox" in answer.headers.get("content-security-policy", ""):
                continue  # a mail in a frame of its page: no script of anybody runs in it
            if is_html and "<html" in answer.text()[:2000] and name not in NOTHING:
                looked += 1
                found += look(page, product.url + address, axe)
    assert looked, "nothing was looked at"
    return found


CONVERSATION, SETTINGS = "c/conversaciones/", "c/ajustes/"


@pytest.mark.parametrize("part", ["conversation", "settings", "rest", "account"])
def test_nothing_serious_is_found_in_the_console(product, visit, ours, axe, part):
    routes = {
        "conversation": addresses(CONVERSATION),
        "settings": addresses(SETTINGS),
        "rest": [
            (path, name)
            for path, name in [*addresses("c/"), *addresses("app/"), *addresses("avisos/")]
            if not path.startswith((CONVERSATION, SETTINGS))
        ],
        "account": [one for one in addresses("cuenta/") if one[1] != "account_logout"],
    }[part]
    dora = visit.member(product, "dora")
    assert walk(dora, product, ours, axe, routes) == []


def test_nothing_serious_is_found_at_the_door(product, visit, ours, axe):
    assert walk(visit.window(), product, ours, axe, addresses("cuenta/")) == []


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
