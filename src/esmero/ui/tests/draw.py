"""Draw the gallery: `python -m esmero.ui.tests.draw FOLDER [AXE]`.

Writes every page of the gallery as HTML with its static files, light and dark, and takes pictures
at 1280 and 360 px. With AXE, the path of axe-core's axe.min.js, it lists what that finds; a page
that scrolls sideways is listed too. Leaves with 1 when anything was found.
"""

import functools
import os
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.template import engines
from django.test import override_settings
from django.utils import timezone, translation
from playwright.sync_api import Browser, sync_playwright

PAGES = ("gallery", "gallery/today", "gallery/inbox", "gallery/case", "gallery/enter")
THEMES = ("light", "dark")
WIDTHS = (1280, 360, 320)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def write(folder: Path) -> None:
    from esmero.ui.tests.scene import ZONE, scene  # noqa: PLC0415 - needs django.setup()

    with override_settings(STATIC_ROOT=str(folder / "static")):
        call_command("collectstatic", interactive=False, verbosity=0)
        for page in PAGES:
            for theme in THEMES:
                with translation.override("es"), timezone.override(ZONE):
                    html = engines["jinja2"].get_template(f"ui/{page}.html").render(scene(theme))
                (folder / f"{Path(page).name}-{theme}.html").write_text(html, encoding="utf-8")


def look(browser: Browser, url: str, width: int, picture: Path, axe: str) -> list[str]:
    from esmero.ui.tests.scene import AT  # noqa: PLC0415 - needs django.setup()

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.clock.set_fixed_time(AT)
    page.goto(url)
    page.screenshot(path=picture, full_page=True)
    found = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    if axe:
        report = page.evaluate(axe + ";axe.run(document, {resultTypes: ['violations']})")
        found += [f"{v['id']} ({v['impact']}) x {len(v['nodes'])}" for v in report["violations"]]
    page.close()
    return [f"{picture.stem}: {what}" for what in found]


def main(folder: Path, axe: str) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found: list[str] = []
    with sync_playwright() as play:
        path = os.environ.get("ESMERO_CHROMIUM", "/usr/bin/chromium")
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for html in sorted(folder.glob("*-*.html")):
            url = f"http://127.0.0.1:{server.server_port}/{html.name}"
            for width in WIDTHS:
                picture = folder / f"{html.stem}-{width}.png"
                found += look(browser, url, width, picture, axe)
        browser.close()
    server.shutdown()
    sys.stdout.write("\n".join(found) + "\n" if found else "nothing found\n")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esmero.config.settings")
    django.setup()
    script = Path(sys.argv[2]).read_text(encoding="utf-8") if len(sys.argv) > 2 else ""
    sys.exit(main(Path(sys.argv[1]), script))
