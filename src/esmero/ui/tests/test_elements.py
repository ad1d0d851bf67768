"""The custom elements in a real browser, under the policy that production sends."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib.staticfiles import finders
from django.template.backends.jinja2 import Jinja2
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from esmero.ui.tests.scene import AT, scene

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("in_spain")]

CHROMIUM = os.environ.get("ESMERO_CHROMIUM") or shutil.which("chromium")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Site:
    """One page at /, our static files, and a draft door whose answers a test chooses."""

    def __init__(self) -> None:
        self.html = ""
        self.drafts: list[dict[str, list[str]]] = []
        self.answers: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                if not path.startswith("/static/"):
                    self.answer(200, "text/html", site.html.encode())
                    return
                with open(finders.find(path.removeprefix("/static/")), "rb") as file:
                    self.answer(200, TYPES[path.rsplit(".", 1)[1]], file.read())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = site.answers.pop(0) if site.answers else 200
                if status == 200:
                    site.drafts.append(_fields(body, self.headers["Content-Type"]))
                reply = b'{"fields": {"version": "%d"}}' % (len(site.drafts) + 1)
                self.answer(status, "application/json", reply)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def _fields(body: bytes, kind: str) -> dict[str, list[str]]:
    if "urlencoded" in kind:
        return parse_qs(body.decode())
    parts = body.decode().split("--" + kind.split("boundary=")[1])[1:-1]
    found: dict[str, list[str]] = {}
    for part in parts:
        head, _, value = part.strip("\r\n").partition("\r\n\r\n")
        found.setdefault(head.split('name="')[1].split('"')[0], []).append(value)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium: install it or set ESMERO_CHROMIUM")
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def site() -> Iterator[Site]:
    built = Site()
    yield built
    built.server.shutdown()
    built.server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport={"width": 1100, "height": 800}, locale="es-ES", timezone_id="Europe/Madrid"
    )
    yield opened
    opened.close()


@pytest.fixture
def show(engine: Jinja2, site: Site, context: BrowserContext) -> Iterator[Callable[[str], Page]]:
    """Open a page of the console with this inside; at the end nothing may have complained."""
    complaints: list[str] = []

    def opened(inside: str, **values: Any) -> Page:
        source = (
            '{% extends "ui/console.html" %}{% block title %}T{% endblock %}'
            "{% block page %}" + inside + "{% endblock %}"
        )
        site.html = engine.env.from_string(source).render(scene() | values)
        page = context.new_page()
        page.clock.install(time=AT - timedelta(seconds=30))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if _bad(told) else None)
        page.goto(site.url)
        page.clock.pause_at(AT)
        return page

    yield opened
    assert complaints == []


def _bad(told: Any) -> bool:
    refused_by_test = "Failed to load resource" in told.text
    return told.type in {"error", "warning"} and not refused_by_test


def plain(text: str | None) -> str:
    return (text or "").replace("\xa0", " ").strip()


DUE = """{% from "ui/_chip.html" import due_chip %}
{{ due_chip("ok", g.due_soon, g.made, at=g.at) }}"""


def test_due_ticks_from_ok_over_soon_to_late(show: Callable[..., Page]) -> None:
    page = show(DUE.replace("g.made", "g.at"))
    chip = page.locator("es-due")
    assert plain(chip.text_content()) == "20 min"
    page.clock.run_for(16 * 60_000 + 1000)
    assert (chip.get_attribute("data-state"), plain(chip.text_content())) == (
        "soon",
        "quedan 3 min",
    )
    page.clock.run_for(2 * 60_000)
    assert plain(chip.text_content()) == "queda 1 min"
    page.clock.run_for(3 * 60_000)
    assert (chip.get_attribute("data-state"), plain(chip.text_content())) == (
        "late",
        "hace 1 min",
    )
    assert chip.locator("use").get_attribute("href") == "#p-late"


MENU = """{% from "ui/_menu.html" import menu %}<p id="else">Elsewhere</p>
{% call menu("Más") %}<a href="#one">Uno</a><button type="button">Dos</button>{% endcall %}"""


def test_menu_is_worked_by_keys_and_closes(show: Callable[..., Page]) -> None:
    page = show(MENU)
    summary = page.locator("main summary")
    details = page.locator("main details")
    summary.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Uno"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "Dos"
    page.keyboard.press("Escape")
    assert details.get_attribute("open") is None
    assert page.evaluate("document.activeElement.textContent.trim()") == "Más"
    summary.click()
    page.locator("#else").click()
    assert details.get_attribute("open") is None


DIALOG = """{% from "ui/_dialog.html" import dialog, dismiss %}
<a class="btn" href="#d" data-dialog="d">Abrir</a>
{% call dialog("d", "¿Mover?") %}<div class="ends">{{ dismiss() }}</div>{% endcall %}"""


def test_dialog_opens_modally_and_gives_the_focus_back(show: Callable[..., Page]) -> None:
    page = show(DIALOG)
    page.locator("[data-dialog]").click()
    assert page.locator("dialog:modal").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Abrir"
    page.locator("[data-dialog]").click()
    page.locator("[data-dismiss]").click()
    assert page.locator("dialog[open]").count() == 0
    page.locator("[data-dialog]").click()
    page.mouse.click(5, 5)
    assert page.locator("dialog[open]").count() == 0


def test_menu_and_dialog_work_without_scripts(
    browser: Browser, engine: Jinja2, site: Site
) -> None:
    source = '{% extends "ui/console.html" %}{% block page %}' + MENU + DIALOG + "{% endblock %}"
    site.html = engine.env.from_string(source).render(scene())
    opened = browser.new_context(java_script_enabled=False)
    page = opened.new_page()
    page.goto(site.url)
    page.locator("main summary").click()
    assert page.locator("a[href='#one']").is_visible()
    assert not page.locator("dialog").is_visible()
    page.locator("[data-dialog]").click()
    assert page.locator("dialog").is_visible()
    page.locator("[data-dismiss]").click()
    assert not page.locator("dialog").is_visible()
    opened.close()


def test_theme_is_shown_at_once_and_kept(
    show: Callable[..., Page], context: BrowserContext
) -> None:
    page = show('{% from "ui/_theme.html" import theme_choice %}{{ theme_choice() }}')
    page.get_by_label("Oscuro").check()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert [c["value"] for c in context.cookies() if c["name"] == "esmero_theme"] == ["dark"]
    page.get_by_label("Sistema").check()
    assert page.locator("html").get_attribute("data-theme") is None
    assert [c for c in context.cookies() if c["name"] == "esmero_theme"] == []


KEYS = """<textarea data-key="r" aria-label="Texto"></textarea>
<button type="button" data-key="e" id="done">Resolver</button>
<a href="#a" data-item>A</a><a href="#b" data-item aria-current="true">B</a>
<a href="#c" data-item>C</a>"""


def test_keys_act_outside_fields_only(show: Callable[..., Page]) -> None:
    page = show(KEYS)
    page.evaluate("""() => {
      window.hits = 0;
      document.querySelector("#done").addEventListener("click", () => { window.hits += 1; });
    }""")
    page.keyboard.press("e")
    page.keyboard.press("r")
    page.keyboard.type("ere")
    assert page.locator("textarea").input_value() == "ere"
    assert page.evaluate("window.hits") == 1
    page.locator("h1, main").first.focus()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "A"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "C"
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**#chat")


def test_a_key_reaches_into_a_closed_menu_but_not_into_what_is_hidden(
    show: Callable[..., Page],
) -> None:
    menu = MENU.replace('href="#one"', 'href="#one" data-key="?"')
    page = show(menu + '<a href="#never" data-key="x" hidden>X</a>')
    page.keyboard.press("x")
    assert "#never" not in page.url
    page.keyboard.press("?")
    page.wait_for_url("**#one")


def test_keys_can_be_switched_off(show: Callable[..., Page]) -> None:
    page = show(KEYS, keys_off=True)
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"


DRAFT = """<es-autosave url="/draft/" saving="Guardando" saved="Guardado {time}"
failed="Sin guardar" restored="Recuperado"><form method="post" action="/send/">
<input type="hidden" name="version" value="1">
<textarea name="text" aria-label="Texto">Hola</textarea><span data-saved role="status"></span>
<button>Enviar</button></form></es-autosave>"""


def test_autosave_saves_at_a_pause_and_takes_the_new_version(
    show: Callable[..., Page], site: Site
) -> None:
    page = show(DRAFT)
    page.locator("textarea").fill("Hola, Ana")
    page.clock.run_for(900)
    page.get_by_text("Guardado 11:40").wait_for()
    assert [d["text"] for d in site.drafts] == [["Hola, Ana"]]
    assert page.locator("[name=version]").input_value() == "2"
    assert page.evaluate("localStorage.length") == 0
    page.clock.run_for(60_000)
    assert len(site.drafts) == 1


def test_autosave_tries_again_and_keeps_the_text_over_a_reload(
    show: Callable[..., Page], site: Site
) -> None:
    page = show(DRAFT)
    site.answers = [503, 503]
    page.locator("textarea").fill("Largo y caro")
    page.clock.run_for(900)
    page.get_by_text("Sin guardar").wait_for()
    assert page.evaluate("localStorage.length") == 1
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    assert page.locator("textarea").input_value() == "Largo y caro"
    assert page.get_by_text("Recuperado").is_visible()
    for _ in range(20):
        if site.drafts:
            break
        page.clock.run_for(1000)
        page.wait_for_timeout(50)
    assert [d["text"] for d in site.drafts] == [["Largo y caro"]]


def test_autosave_stops_when_somebody_else_wrote(show: Callable[..., Page], site: Site) -> None:
    page = show(DRAFT)
    page.evaluate(
        "document.addEventListener('es-autosave:conflict', () => { window.conflict = true; })"
    )
    site.answers = [409]
    page.locator("textarea").fill("Mío")
    page.clock.run_for(900)
    page.wait_for_function("window.conflict")
    page.locator("textarea").fill("Mío otra vez")
    page.clock.run_for(5000)
    assert site.drafts == []


FILES = """{% from "ui/_message.html" import file_field %}<form method="post">
{{ file_field(max_bytes=1000, max_count=2) }}</form>"""


def file(name: str, size: int) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/plain", "buffer": b"x" * size}


def test_files_add_up_are_limited_and_taken_out(show: Callable[..., Page]) -> None:
    page = show(FILES)
    field = page.locator("input[type=file]")
    field.set_input_files([file("uno.txt", 10), file("grande.txt", 2000)])
    assert page.locator("[data-why]").text_content() == "grande.txt pasa de 1 kB."
    field.set_input_files([file("dos.txt", 20)])
    assert page.locator(".file > span").all_text_contents() == ["uno.txt", "dos.txt"]
    field.set_input_files([file("tres.txt", 20)])
    assert page.locator("[data-why]").text_content() == "Como mucho 2 archivos."
    page.get_by_label("Quitar uno.txt").click()
    names = page.evaluate(
        "[...document.querySelector('input[type=file]').files].map((f) => f.name)"
    )
    assert names == ["dos.txt"]


def test_files_can_be_pasted_where_one_writes(show: Callable[..., Page]) -> None:
    page = show(FILES.replace("</form>", '<textarea aria-label="t"></textarea></form>'))
    page.evaluate("""() => {
      const carrier = new DataTransfer();
      carrier.items.add(new File(["x"], "foto.png", { type: "image/png" }));
      document.querySelector("textarea").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: carrier, bubbles: true, cancelable: true }));
    }""")
    assert page.locator(".file > span").all_text_contents() == ["foto.png"]


def test_toasts_go_away_but_bad_news_stays(show: Callable[..., Page]) -> None:
    page = show("<p>.</p>")
    page.evaluate("""() => {
      for (const detail of [{ text: "Guardado" }, { text: "No salió", kind: "bad" }])
        document.dispatchEvent(new CustomEvent("es-toast", { detail }));
    }""")
    assert page.locator(".toast > span").all_text_contents() == ["Guardado", "No salió"]
    page.clock.run_for(7000)
    assert page.locator(".toast > span").all_text_contents() == ["No salió"]
    page.get_by_label("Cerrar").click()
    assert page.locator(".toast").count() == 0


def test_undo_counts_down(show: Callable[..., Page]) -> None:
    page = show("<p>.</p>")
    page.evaluate("""() => {
      const toast = document.createElement("div");
      toast.className = "toast";
      toast.dataset.seconds = "15";
      toast.innerHTML = "Enviado <button>Deshacer<span data-countdown></span></button>";
      document.querySelector("es-toast").append(toast);
    }""")
    page.clock.run_for(4000)
    assert page.locator(".toast button").text_content() == "Deshacer (12 s)"
    page.clock.run_for(12_000)
    assert page.locator(".toast").count() == 0


def test_fold_remembers_within_the_visit(show: Callable[..., Page]) -> None:
    page = show(
        '<es-fold name="past"><details id="f"><summary>Antes</summary>x</details></es-fold>'
    )
    page.locator("#f summary").click()
    page.wait_for_function("sessionStorage.getItem('esmero-fold:past') === 'open'")
    page.reload()
    assert page.locator("#f").get_attribute("open") is not None


def test_elements_leave_nothing_behind(show: Callable[..., Page]) -> None:
    page = show(DUE + MENU + DRAFT)
    page.evaluate("document.querySelector('main').replaceChildren()")
    page.clock.run_for(120_000)
    page.mouse.click(5, 5)
    page.keyboard.press("Escape")
