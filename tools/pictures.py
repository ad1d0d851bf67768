"""Makes the pictures in docs/pictures anew: `python -m tools.pictures` (minutes; needs Chromium).

Fills the demo into a folder of its own as it is on a working Thursday at 11:40, so that the
pictures do not depend on the day they are made, and looks at its main pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, Page, sync_playwright

from esmero.config.postgres import Cluster
from tests.journeys.product import MADRID, ROOT, madrid, working_thursday
from tests.servers import free_port

PICTURES = ROOT / "docs/pictures"
CHROMIUM = os.environ.get("ESMERO_CHROMIUM") or shutil.which("chromium")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 760}
BIGGEST = 250_000
"""Bytes: a picture is looked at on a page, with others."""
PATIENCE = 400.0


def numbers(data: Path) -> dict[str, int]:
    """Return the numbers of what the pictures show, by the demo's own words for it."""
    subjects = {"late": "Otra vez sin avisar", "calm": "Media guirnalda apagada y vienen a cenar"}
    with psycopg.connect(Cluster(data).url(), autocommit=True) as connection:
        found = {}
        for name, subject in subjects.items():
            (found[name], found[f"{name}_customer"]) = connection.execute(
                "SELECT id, customer_id FROM conversations_conversation WHERE subject = %s",
                [subject],
            ).fetchone()  # type: ignore[misc]
        (found["mail"],) = connection.execute(
            "SELECT id FROM channels_delivery WHERE conversation_id = %s AND state = 'sent'"
            " ORDER BY id LIMIT 1",
            [found["calm"]],
        ).fetchone()  # type: ignore[misc]
    return found


def signed_in(browser: Browser, url: str, email: str, password: str) -> dict[str, object]:
    """Return the state of a browser in which a member of the demo has signed in."""
    page = browser.new_page(locale="es-ES")
    page.goto(f"{url}/c/")
    page.get_by_label("Tu correo").fill(email)
    page.get_by_label("Contraseña").fill(password)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(f"{url}/c/")
    state = page.context.storage_state()
    page.context.close()
    return dict(state)


def take(page: Page, address: str, name: str) -> None:
    """Take one picture."""
    page.goto(address)
    page.wait_for_timeout(1500)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > BIGGEST:
        raise RuntimeError(f"{path.name} has {size} bytes, more than {BIGGEST}")


def make(url: str, data: Path, said: str) -> None:
    """Take them all. `said` is what `up --demo` has printed: who may sign in."""
    words = dict(re.findall(r"^  (\S+@\S+)\s+(\S+)", said, re.MULTILINE))
    team = {email.partition("@")[0]: (email, word) for email, word in words.items()}
    known = numbers(data)
    late, calm = f"/c/conversaciones/{known['late']}/", f"/c/conversaciones/{known['calm']}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        states = {who: signed_in(browser, url, *team[who]) for who in ("lola", "irene", "reme")}

        def shoot(who: str, path: str, name: str, *, size=WIDE, dark: bool = False) -> None:
            context = browser.new_context(
                viewport=size, locale="es-ES", timezone_id="Europe/Madrid",
                color_scheme="dark" if dark else "light", storage_state=states.get(who),
            )  # fmt: skip
            take(context.new_page(), url + path, name)
            context.close()

        for suffix, size in (("", WIDE), ("-360", NARROW)):
            shoot("lola", "/c/", f"today{suffix}", size=size)
            shoot("lola", late, f"thread{suffix}", size=size)
            shoot("irene", f"{calm}?modo=respuesta", f"composer{suffix}", size=size)
            shoot("lola", f"/c/clientes/{known['late_customer']}/", f"customer{suffix}", size=size)
            shoot("lola", "/c/campana/", f"notices{suffix}", size=size)
            shoot("reme", "/c/informes/promesas/", f"reports{suffix}", size=size)
        shoot("lola", "/c/bandejas/equipo/", "inbox-360", size=NARROW)
        shoot("lola", late, "thread-dark", dark=True)
        page = browser.new_context(storage_state=states["reme"]).new_page()
        mail = page.request.get(f"{url}/c/salida/{known['mail']}/").text()
        link = re.search(r"/consulta/[^/\s\"'<&]+/", mail)
        if link is None:
            raise RuntimeError("no mail leads to a customer's page")
        for suffix, size in (("", WIDE), ("-360", NARROW)):
            shoot("", link[0], f"enquiry{suffix}", size=size)
        browser.close()


def main() -> int:
    """Start the demo, take the pictures, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="esmero-pictures-"))
    folder.chmod(0o711)
    noon = madrid(working_thursday(datetime.now(MADRID).date()), "11:40")
    clock, log = folder / "clock", folder / "up.log"
    clock.write_text(f"{(noon - datetime.now(UTC)).total_seconds():.3f}", encoding="ascii")
    port = free_port()
    variables = {
        "ESMERO_DATA": str(folder / "data"), "ESMERO_CLOCK": str(clock), "PORT": str(port),
    }  # fmt: skip
    with log.open("wb") as output:
        up = subprocess.Popen(
            [sys.executable, "-P", "-m", "esmero", "up", "--demo"],
            env=os.environ | variables, cwd=ROOT, stdout=output, stderr=output,
        )  # fmt: skip
    url, limit = f"http://localhost:{port}", time.monotonic() + PATIENCE
    try:
        while f"{port} (" not in log.read_text():
            if up.poll() is not None or time.monotonic() > limit:
                sys.stderr.write(log.read_text())
                return 1
            time.sleep(0.5)
        make(url, folder / "data", log.read_text())
    finally:
        up.terminate()
        up.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
