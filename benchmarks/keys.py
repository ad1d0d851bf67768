"""From a key to what is seen, in Chromium, in a shop with 100,000 conversations.

One agent at her list: `j` and `k` move from row to row, Ctrl+K opens the palette, letters search
in it. Each time is the browser's own (Event Timing: from the key to the next paint after all
handlers; it reports nothing under 16 ms, which counts as 16). Source: W3C Event Timing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks import old_data, old_shop, parts
from benchmarks.desk import signed_in
from benchmarks.frame import percentile
from benchmarks.start import Up
from esmero.config.postgres import Cluster

if TYPE_CHECKING:
    from benchmarks.frame import Bench

LEAST_MS = 16.0
MOVES = 60
WORD = "cafetera"
OBSERVE = """() => {
  window.__keys = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === "keydown") __keys.push(one.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""


def run(bench: Bench) -> None:
    """Measure."""
    from playwright.sync_api import Page, sync_playwright

    size = old_data.QUICK if bench.is_quick else old_data.FULL
    folder, seconds = old_shop.filled_folder(size, bench.seed)
    for name, value in seconds.items():
        bench.figure(f"fill_{name}", value, "s")
    os.environ["ESMERO_CLOCK"] = str(old_shop.set_clock(folder))
    up = Up(folder)
    try:
        up.first_page()
        os.environ |= {"ESMERO_DATA": str(folder), "DATABASE_URL": Cluster(folder).url()}
        parts.set_up_django()
        (cookie,) = signed_in(1)
        url = f"http://127.0.0.1:{up.port}"

        def pressed(page: Page, keys: list[str], *, apart: int) -> list[float]:
            """Press these, some ms apart, and return what each took."""
            page.evaluate("window.__keys = []")
            for key in keys:
                page.keyboard.press(key)
                page.wait_for_timeout(apart)
            page.wait_for_timeout(300)
            found = [float(one) for one in page.evaluate("window.__keys")]
            return found + [LEAST_MS] * max(0, len(keys) - len(found))

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-ES")
            context.add_cookies([{"name": "esmero_team", "value": cookie, "url": url}])
            page = context.new_page()
            page.goto(f"{url}/c/bandejas/equipo/")
            page.wait_for_selector("#list [id^=c-]")
            page.evaluate(OBSERVE)
            pressed(page, ["j"] * 5, apart=150)
            moves = pressed(page, ["j"] * MOVES + ["k"] * MOVES, apart=120)
            palette, letters = [], []
            for _ in range(10):
                palette += pressed(page, ["Control+k"], apart=200)[:1]
                page.wait_for_selector("dialog[open]")
                letters += pressed(page, list(WORD), apart=120)
                page.keyboard.press("Escape")
                page.wait_for_timeout(150)
            browser.close()
    finally:
        up.stop()
    for name, found in (("move", moves), ("palette", palette), ("letter", letters)):
        bench.figure(f"{name}_p50_ms", percentile(found, 0.5), "ms")
        bench.figure(f"{name}_p95_ms", percentile(found, 0.95), "ms")
