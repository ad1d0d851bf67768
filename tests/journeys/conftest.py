"""What journeys share: a prepared shop to copy, the product, its mail, a browser.

A missing program skips the journey with its name, which `-ra` and `esmero test` show.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.post import Post
from tests.journeys.product import ROOT, Product, copy_of
from tests.journeys.screens import WIDE, Screen
from tests.journeys.team import PASSWORD
from tests.servers import WHY_NOT, has_dovecot

CHROMIUM = os.environ.get("ESMERO_CHROMIUM") or shutil.which("chromium")
SHOP = "hola@barro.example"
MARTA = "marta@cliente.example"
JULIAN = "julian@cliente.example"
EVA = "eva@cliente.example"
RUTA = "ruta@transporte.example"
ADDRESSES = {
    SHOP: "hola",
    MARTA: "marta",
    JULIAN: "julian",
    EVA: "eva",
    RUTA: "ruta",
    **{f"{name}@barro.example": name for name in ("ana", "bruno", "carla", "dora")},
}
# A browser that never leaves this machine.
ARGUMENTS = [
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder that the database's user may walk through."""
    folder = Path(tempfile.mkdtemp(prefix="esmero-journeys-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared(workshop: Path) -> Path:
    """A shop that is set up, with its team, and stopped: `esmero setup` and the actions."""
    shop = Product(workshop / "prepared")
    shop.set_clock(shop.at("08:00"))
    shop.run(
        "setup", "--no-input", "--shop", "Barro Vivo", "--country", "ES", "--language", "es",
        "--admin-email", "dora@barro.example", "--admin-name", "Dora Ros",
        "--hours", "L-V 9:00-14:00,16:30-19:00",
        ESMERO_ADMIN_PASSWORD=PASSWORD,
    )  # fmt: skip
    hired = subprocess.run(
        [sys.executable, "-P", "-m", "tests.journeys.team"],
        env=shop.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert hired.returncode == 0, hired.stderr
    return shop.data


Begin = Callable[..., Product]


@pytest.fixture(scope="module")
def begin(workshop: Path, prepared: Path) -> Iterator[Begin]:
    """`begin("name", at="10:40")` starts a copy of the prepared shop on its Thursday."""
    begun: list[Product] = []

    def start(name: str, *, at: str = "10:40", **variables: str) -> Product:
        data = copy_of(prepared, Path(tempfile.mkdtemp(prefix=f"{name}-", dir=workshop)) / "data")
        data.parent.chmod(0o711)
        begun.append(Product(data, **variables))
        begun[-1].set_clock(begun[-1].at(at))
        return begun[-1].begin()

    yield start
    for product in begun:
        product.end()
        shutil.rmtree(product.data.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def screen() -> Screen:
    """The screen of the team. A module whose journeys go on from each other gives it two values
    (`two_screens`), and each has a shop and mailboxes of its own.
    """
    return WIDE


@pytest.fixture(scope="module")
def post(screen: Screen) -> Iterator[Post]:
    """Mailboxes for the shop, its team and two customers."""
    if not has_dovecot():
        pytest.skip(WHY_NOT)
    with Post(dict(ADDRESSES)) as running:
        yield running


@pytest.fixture(scope="module")
def product(begin: Begin, post: Post, screen: Screen) -> Iterator[Product]:
    """The shop on a Thursday at 10:40, its mailbox connected."""
    running = begin("barro")
    running.connect(SHOP, imap=post.imap.port, smtp=post.sink.port, user="hola", name="Barro Vivo")
    yield running
    running.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed: apt-get install chromium")
    # Playwright keeps a loop in this thread, in which Django would refuse other modules' queries.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Opens windows: of customers, and of the team, who sign in once.

    What a page says on its console (errors, breaches of the policy) fails the test.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._signed_in: dict[tuple[str, str], object] = {}
        self.contexts: list[BrowserContext] = []
        self.said: list[str] = []

    def window(self, **choices: object) -> Page:
        """Return a page of somebody who was never here before."""
        chosen = {"viewport": {"width": 1280, "height": 900}, "locale": "es-ES"} | choices
        context = self._browser.new_context(timezone_id="Europe/Madrid", **chosen)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page

    def member(self, product: Product, name: str, **choices: object) -> Page:
        """Return a page of somebody of the team, signed in, on Today."""
        key = (product.url, name)
        if key not in self._signed_in:
            page = self.window()
            page.goto(f"{product.url}/c/")
            page.get_by_label("Tu correo").fill(f"{name}@barro.example")
            page.get_by_label("Contraseña").fill(PASSWORD)
            page.get_by_role("button", name="Entrar", exact=True).click()
            page.wait_for_url(f"{product.url}/c/")
            self._signed_in[key] = page.context.storage_state()
            page.context.close()
        page = self.window(storage_state=self._signed_in[key], **choices)
        page.goto(f"{product.url}/c/")
        return page

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


@pytest.fixture(scope="module")
def visitors(browser: Browser) -> Visitor:
    """Whoever opens windows, for the whole module (so that each signs in once)."""
    return Visitor(browser)


@pytest.fixture
def visit(visitors: Visitor) -> Iterator[Visitor]:
    """Windows of this test alone."""
    visitors.said.clear()
    yield visitors
    visitors.close()
    assert visitors.said == []
