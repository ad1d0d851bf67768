"""What customers ask becomes articles, and articles answer what they ask: by mail and in a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import ROOT, eventually

TEXT = "Texto de la respuesta"


def inside(product, code: str) -> object:
    """Run code in the shop, as a command would, and return what it leaves in `said`."""
    whole = f"""
import json
from esmero.config.cli.context import shop
with shop():
    from esmero.kernel.clock import now
    from esmero.knowledge import actions, queries
    from esmero.knowledge.enums import Audience, Kind
    said = None
    {code.strip().replace(chr(10), chr(10) + "    ")}
    print("said:" + json.dumps(said))
"""
    made = subprocess.run(
        [sys.executable, "-P", "-c", whole], env=product.environment(), cwd=ROOT,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout.rpartition("said:")[2])


def publish(product, title: str, body: str) -> int:
    return inside(product, f"""
pk = actions.create_article(kind=Kind.FAQ, language="es", title={title!r}, body={body!r}, at=now(), by=None)
actions.publish_text(article_id=pk, language="es", at=now(), by=None)
said = pk""")  # fmt: skip


def write(product, post, who: str, subject: str, text: str) -> None:
    address = {"marta": f"Marta Ruiz <{MARTA}>", "julian": f"Julián Soto <{JULIAN}>"}[who]
    there = len(post.mails_of(who))
    post.send(letter(subject, text, sender=address, to=SHOP, at=product.now()), SHOP)
    post.wait_for(who, there + 1)


def opened(page: Page, product, subject: str) -> Page:
    page.goto(f"{product.url}/c/bandejas/todas/")
    page.locator("#list").get_by_role("link", name=subject).first.click()
    expect(page.locator("#thread h2").first).to_have_text(subject, timeout=20_000)
    return page


def send(page: Page, product, post, who: str) -> str:
    """Send and let it leave; return what came."""
    there = len(post.mails_of(who))
    page.get_by_role("button", name="Enviar y resolver").first.click()
    expect(page.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    *_, answer = post.wait_for(who, there + 1)
    return text_of(answer)


def share(page: Page, product) -> int:
    """Return the coverage as the page says it, in per cent."""
    page.goto(f"{product.url}/c/saber/preguntas/cobertura/")
    return int(re.sub(r"\D", "", page.locator(".headline .word").inner_text()))


@pytest.mark.main_journey
def test_what_several_ask_becomes_an_article_and_coverage_rises(product, post, visit):
    write(
        product,
        post,
        "marta",
        "Una duda",
        "Hola, soy Marta Ruiz. ¿Puedo cambiar la talla? Gracias",
    )
    write(
        product,
        post,
        "julian",
        "Consulta",
        "Buenas: puedo cambiar la talla del pedido 12345?\nJulián",
    )
    carla = visit.member(product, "carla")
    opened(carla, product, "Una duda")
    carla.get_by_role("textbox", name=TEXT).fill(
        "Hola Marta:\n\nSí, gratis durante 30 días.\n\nCarla"
    )
    send(carla, product, post, "marta")

    # Both came together, without a name and without a number.
    def together() -> bool:
        carla.goto(f"{product.url}/c/saber/preguntas/")
        return carla.get_by_role("link", name="cambiar la talla").count() == 1

    eventually(together, every=1.0)
    expect(carla.get_by_role("main")).to_contain_text("2 personas")
    for secret in ("12345", "Marta", "Julián"):
        expect(carla.get_by_role("main")).not_to_contain_text(secret)
    before = share(carla, product)
    carla.goto(f"{product.url}/c/saber/preguntas/")
    carla.get_by_role("link", name="cambiar la talla").click()
    expect(carla.get_by_role("main")).to_contain_text("Sí, gratis durante 30 días.")
    carla.get_by_role("button", name="Borrador con esta respuesta").click()
    expect(carla.locator(".toasts")).to_contain_text("Ya está el borrador.")

    ((article,),) = product.ask(
        "SELECT id FROM knowledge_article WHERE origin_ref LIKE 'candidate:%%'"
    )
    ((body,),) = product.ask("SELECT body FROM knowledge_text WHERE article_id = %s", article)
    assert body == "<p>Sí, gratis durante 30 días.</p>"
    inside(
        product, f'actions.publish_text(article_id={article}, language="es", at=now(), by=None)'
    )
    eventually(lambda: share(carla, product) > before, every=1.0)
    assert share(carla, product) == 100
    carla.goto(f"{product.url}/c/saber/preguntas/?estado=covered")
    expect(carla.get_by_role("main")).to_contain_text("cambiar la talla")


def test_a_reply_becomes_an_article_that_is_found_within_seconds(product, post, visit):
    write(product, post, "marta", "Fuente", "¿Cómo limpio la fuente de barro? Es el pedido 77123.")
    ana = opened(visit.member(product, "ana"), product, "Fuente")
    ana.get_by_role("textbox", name=TEXT).fill(
        "Hola Marta:\n\nCon agua tibia y un paño suave.\n\nUn saludo,\nAna"
    )
    send(ana, product, post, "marta")
    opened(ana, product, "Fuente")
    ana.locator(".msg[data-kind=ours] details.details summary").last.click()
    ana.get_by_role("button", name="Hacer un artículo con esta respuesta").click()
    expect(ana.locator(".toasts")).to_contain_text("Ya hay un borrador")
    ((article, title, body),) = product.ask(
        "SELECT a.id, t.title, t.body FROM knowledge_article a JOIN knowledge_text t"
        " ON t.article_id = a.id WHERE a.origin_ref LIKE 'message:%%'"
    )
    assert (title, body) == (
        "¿Cómo limpio la fuente de barro?",
        "<p>Con agua tibia y un paño suave.</p>",
    )
    seconds = inside(
        product,
        f"""
import time
begun = time.monotonic()
actions.publish_text(article_id={article}, language="es", at=now(), by=None)
while {article} not in [
    hit.article_id
    for hit in queries.search("como se limpia el barro", language="es", reader=Audience.PUBLIC).hits
]:
    time.sleep(0.1)
said = time.monotonic() - begun""",
    )
    assert seconds < 5


def test_two_question_marks_or_one_key_answer_from_an_article_and_count(product, post, visit):
    article = publish(product, "¿Aguanta el lavavajillas?", "<p>Sí, hasta 60 grados.</p>")
    write(product, post, "marta", "Tazas", "Hola, ¿las tazas aguantan el lavavajillas?")
    write(product, post, "julian", "Platos", "Hola, ¿los platos aguantan el lavavajillas?")
    ana = opened(visit.member(product, "ana"), product, "Tazas")
    field = ana.get_by_role("textbox", name=TEXT)
    field.click()
    ana.keyboard.type("Hola, Marta. ??lavavajillas")
    option = ana.get_by_role("option", name="¿Aguanta el lavavajillas?")
    expect(option).to_have_attribute("aria-selected", "true")
    ana.keyboard.press("Enter")
    link = f"{product.url}/ayuda/aguanta-el-lavavajillas/"
    expect(field).to_have_value(
        f"Hola, Marta. Sí, hasta 60 grados.\n\nAquí lo tienes completo: {link}"
    )
    assert link in send(ana, product, post, "marta")

    def counted() -> int:
        rows = product.ask(
            "SELECT answers FROM knowledge_read_count WHERE article_id = %s", article
        )
        return rows[0][0] if rows else 0

    eventually(lambda: counted() == 1)
    # One key from the first suggestion beside the thread.
    opened(ana, product, "Platos")
    beside = ana.locator("#answers")
    expect(beside).to_contain_text("¿Aguanta el lavavajillas?")
    expect(beside).to_contain_text("usado en 1 respuesta")
    ana.keyboard.press("i")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"Sí, hasta 60 grados.\n\nAquí lo tienes completo: {link}")
    send(ana, product, post, "julian")
    eventually(lambda: counted() == 2)
