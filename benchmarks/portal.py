"""The customers' pages of a shop with 5,000 articles, as readers whom nobody knows see them.

The product runs as `esmero up` runs it. Articles go in through the public actions. Each page is
asked for one at a time (articles: a different one each time, so that most are rendered and not
taken from memory) and at 16 connections; every answer is checked. Before that the articles, which
came all at once, have got into the index. The first load is looked at in Chromium with an empty
cache, three times, and its median counts.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import parts
from benchmarks.frame import percentile
from benchmarks.http_client import Ask, Task
from benchmarks.http_client import run as read
from benchmarks.start import Up
from esmero.config.postgres import Cluster

if TYPE_CHECKING:
    from benchmarks.frame import Bench

ARTICLES, QUICK = 5000, 1500
SHELVES = 20
CONNECTIONS = 16
CHROMIUM = "/usr/bin/chromium"
_WHAT = (
    "devolver", "cambiar", "recibir", "limpiar", "montar", "reparar", "pagar", "seguir",
    "anular", "regalar",
)  # fmt: skip
_WHICH = (
    "pedido", "talla", "cazuela", "vajilla", "lámpara", "factura", "cupón", "envío",
    "garantía", "cafetera",
)  # fmt: skip
_HOW = (
    "en Canarias", "sin ticket", "por Bizum", "desde el móvil", "con tarjeta",
    "a otra dirección", "antes de navidad", "tras un mes",
)  # fmt: skip


def title_of(number: int) -> str:
    """Return the question of an article: all differ."""
    what, which = _WHAT[number % 10], _WHICH[number // 10 % 10]
    return f"¿Cómo puedo {what} mi {which} {_HOW[number // 100 % 8]}? {number}"


def body_of(dice: random.Random) -> str:
    """Return some paragraphs, a list, now and then a table."""
    said = [
        " ".join(
            dice.choice([*_WHAT, *_WHICH, "que", "la", "de", "con", "para"]) for _ in range(45)
        )
        for _ in range(dice.randint(2, 6))
    ]
    table = "<table><tr><th>Zona</th><th>Días</th></tr><tr><td>Norte</td><td>3</td></tr></table>"
    items = "".join(f"<li>{dice.choice(_WHAT)} {dice.choice(_WHICH)}</li>" for _ in range(4))
    return (
        "".join(f"<h2>Parte</h2><p>{part.capitalize()}.</p>" for part in said)
        + f"<ul>{items}</ul>"
        + (table if dice.random() < 0.2 else "")
    )


def fill(count: int, seed: int) -> list[str]:
    """Publish the articles and return their addresses."""
    from esmero.knowledge import actions as knowledge
    from esmero.knowledge.enums import Kind
    from esmero.knowledge.models import Category, CategoryText, Text

    dice = random.Random(seed)
    at = datetime.now(UTC) - timedelta(days=40)
    shelves = []
    for number in range(SHELVES):
        shelf = Category.objects.create(position=number, created_at=at)
        CategoryText.objects.create(
            category=shelf, language="es", name=f"Tema {number}", slug=f"tema-{number}"
        )
        shelves.append(shelf.pk)
    for number in range(count):
        kind = [Kind.FAQ, Kind.FAQ, Kind.FAQ, Kind.GUIDE][number % 4]
        article = knowledge.create_article(
            kind=Kind.NEWS if number % 50 == 49 else kind, language="es",
            title=title_of(number), body=body_of(dice),
            category_id=shelves[number % SHELVES], at=at, by=None,
        )  # fmt: skip
        knowledge.publish_text(article_id=article, language="es", at=at, by=None)
    return list(Text.objects.order_by("id").values_list("slug", flat=True))


def run(bench: Bench) -> None:
    """Measure."""
    folder = bench.data / "portal"
    up = Up(folder)
    try:
        up.first_page()
        os.environ |= {"ESMERO_DATA": str(folder), "DATABASE_URL": Cluster(folder).url()}
        parts.set_up_django()
        _open_shop()
        slugs = fill(QUICK if bench.is_quick else ARTICLES, bench.seed)
        bench.figure("rest_s", _rest(up), "s")
        dice = random.Random(bench.seed + 1)
        makers: dict[str, Callable[[int], Ask]] = {
            "inicio": lambda _place: Ask("/", expected=("En qué te ayudamos",)),
            "article": lambda _place: Ask(
                f"/ayuda/{dice.choice(slugs)}/", expected=("Te ha servido",)
            ),
            "category": lambda place: Ask(
                f"/ayuda/tema/tema-{place % SHELVES}/", expected=("Tema",)
            ),
            "search": lambda _place: Ask(
                "/ayuda/buscar/?q=" + urllib.parse.quote(_question(dice)), expected=("search",)
            ),
        }
        for name, make in makers.items():
            _one_at_a_time(bench, up, name, make)
        for name in ("inicio", "article"):
            _many_at_once(bench, up, name, makers[name])
        _hostile(bench, up)
        _first_load(bench, up, slugs[0])
    finally:
        up.stop()


def _rest(up: Up, *, at_most: float = 180.0) -> float:
    """Wait until thousands of articles that came at once are in the index; return the seconds."""
    begun = time.monotonic()
    while time.monotonic() - begun < at_most:
        before = parts.cpu_seconds(up.pids())
        time.sleep(2.0)
        if parts.cpu_seconds(up.pids()) - before < 0.2:
            break
    return time.monotonic() - begun


def _open_shop() -> None:
    from esmero.people import actions as people
    from esmero.promises import actions as promises
    from esmero.promises.enums import Kind
    from esmero.shop import actions as shop
    from esmero.shop.queries import the_shop

    at = datetime.now(UTC) - timedelta(days=90)
    shop.open_shop(name="Barro", country="ES", language="es", zone="Europe/Madrid", at=at)
    people.open_department(
        name="Atención al cliente", slug="atencion", is_default=True, at=at, actor="system"
    )
    promises.open_hours(
        name="Tienda", zone="Europe/Madrid", week=[[(540, 840), (990, 1140)]] * 5 + [[], []],
        is_default=True, at=at, actor="system",
    )  # fmt: skip
    promises.set_standard(kind=Kind.ANSWER, target_minutes=240, at=at, actor="system")
    shop.change_shop(at=at, actor="system", primary_colour="#1F6A4D", telephone="+34 900 000 000")
    if not the_shop(fresh=True).is_set_up:
        shop.finish_setup(at=at)


def _question(dice: random.Random) -> str:
    words = title_of(dice.randrange(ARTICLES)).strip("¿?").split()[1:6]
    return " ".join(words).replace("v", "b", 1)


def _one_at_a_time(bench: Bench, up: Up, name: str, make: Callable[[int], Ask]) -> None:
    slow = name == "search"
    count = (20 if slow else 100) if bench.is_quick else (60 if slow else 400)
    read(Task(up.port, [make(place) for place in range(8)], connections=4, seconds=1.0))
    product = up.pids()
    before = parts.cpu_seconds(product)
    found = read(Task(up.port, [make(place) for place in range(count)]))["ms"]
    bench.figure(f"{name}_p50_ms", percentile(found, 0.50), "ms")
    bench.figure(f"{name}_p95_ms", percentile(found, 0.95), "ms")
    used = parts.cpu_seconds(product) - before
    bench.figure(f"{name}_cpu_ms", used * 1000 / count, "ms")


def _many_at_once(bench: Bench, up: Up, name: str, make: Callable[[int], Ask]) -> None:
    asks = [make(place) for place in range(480)]
    product = up.pids()
    before = parts.cpu_seconds(product)
    task = Task(up.port, asks, connections=CONNECTIONS, seconds=4.0 if bench.is_quick else 10.0)
    found = read(task)
    used = parts.cpu_seconds(product) - before
    bench.figure(f"{name}_per_s", found["answered"] / found["seconds"], "/s")
    bench.figure(f"{name}_busy_cpu_ms", used * 1000 / found["answered"], "ms")


def _hostile(bench: Bench, up: Up) -> None:
    asks = [
        Ask("/ayuda/buscar/?q=" + urllib.parse.quote(query), expected=("search",))
        for query in ("a" * 6000, "%" * 400, "devolver " * 600, "_%_%_% " * 200)
    ]
    bench.figure("hostile_slowest_ms", max(read(Task(up.port, asks))["ms"]), "ms")


def _first_load(bench: Bench, up: Up, slug: str) -> None:
    """Report weight, requests and load event of a first visit (as the browser counts them)."""
    if not Path(CHROMIUM).exists():
        bench.note("no Chromium: the first load was not looked at")
        return
    from playwright.sync_api import sync_playwright

    base = f"http://127.0.0.1:{up.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, path in (("inicio", "/"), ("article", f"/ayuda/{slug}/")):
            seen: list[tuple[float, float, float]] = []
            for _ in range(4):  # the first one starts the browser's own parts
                context = browser.new_context(locale="es-ES")
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Network.enable")
                sizes: list[float] = []
                session.on(
                    "Network.loadingFinished",
                    lambda one, sizes=sizes: sizes.append(one["encodedDataLength"]),
                )
                foreign: list[str] = []
                page.on(
                    "request",
                    lambda one, foreign=foreign: (
                        foreign.append(one.url)
                        if not one.url.startswith((base, "data:"))
                        else None
                    ),
                )
                page.goto(base + path, wait_until="load")
                page.wait_for_timeout(500)
                load = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
                if foreign or context.cookies():
                    raise RuntimeError(f"{path}: {foreign} {context.cookies()}")
                seen.append((len(sizes), sum(sizes), float(load)))
                context.close()
            requests, size, load_ms = (
                statistics.median(column) for column in zip(*seen[1:], strict=True)
            )
            bench.figure(f"{name}_requests", requests)
            bench.figure(f"{name}_kb", size / 1000, "kB")
            bench.figure(f"{name}_load_ms", load_ms, "ms")
        browser.close()
