"""What the desk does at the same time, at a desk and on a telephone: a list that lives while one
chooses in it, Send stopped by what is new and by the check, undo and sending later seen by a
colleague, and a full head.
"""

from __future__ import annotations

import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.journeys.product import ROOT
from tests.journeys.screens import SIZES, fits, is_narrow, pick
from tests.journeys.test_desk_live import (  # noqa: F401  ask is a fixture
    ask,
    connected,
    field,
    more,
    more_of,
    opened,
    row,
    send,
)

CHOSEN = (
    "[...document.querySelectorAll('.pick > input:checked')].map(box => box.value).sort().join()"
)
LOST = "document.querySelectorAll('.pick-row:not(:has([data-item])), nav > [data-item], .pick-row > .pick-row').length"


def ordered(product, code: str) -> None:
    """Do something in the shop that takes many clicks."""
    said = f"""
from esmero.config.cli.context import shop
with shop():
    from esmero.conversations import actions
    from esmero.conversations.enums import Priority
    from esmero.kernel.clock import now
    from esmero.people import queries as people
    dora = people.agent_by_email("dora@barro.example").pk
{code}
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", said], env=product.environment(), cwd=ROOT,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def chosen(page: Page) -> list[str]:
    return page.evaluate(CHOSEN).split(",")


@SIZES
def test_what_is_chosen_stays_chosen_while_the_list_lives(product, post, visit, ask, size):  # noqa: F811
    first, second, third = (ask(f"Lote {n} {len(size)}") for n in "ABC")
    ana = visit.member(product, "ana", **size)
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/?orden=reciente")
    connected(ana)
    for number in (third, first):
        pick(ana, row(ana, number))
    bar = ana.locator(".bulk-bar")
    expect(bar.locator("[data-count]")).to_have_text("2 elegidas")
    # The one chosen last (under the cursor, where there is one) moves to the top: chosen still.
    more(product, post, f"Lote A {len(size)}", "Lo de antes, en rojo.")
    expect(row(ana, first)).to_contain_text("Lo de antes, en rojo.", timeout=10_000)
    expect(ana.locator("#list [data-item]").first).to_have_id(f"c-{first}")
    if not is_narrow(ana):
        assert ana.evaluate("document.activeElement.id") == f"c-{first}"
    assert chosen(ana) == sorted(map(str, (first, third)))
    expect(bar.locator("[data-count]")).to_have_text("2 elegidas")
    # A new one comes with its own box; Shift+x reaches from the last chosen to it.
    came = ask(f"Lote D {len(size)}")
    expect(row(ana, came)).to_be_visible(timeout=10_000)
    assert chosen(ana) == sorted(map(str, (first, third)))
    if not is_narrow(ana):
        ana.keyboard.press("k")
        assert ana.evaluate("document.activeElement.id") == f"c-{came}"
    pick(ana, row(ana, came), up_to=True)
    assert chosen(ana) == sorted(map(str, (first, third, came)))
    fits(ana)
    # What a colleague takes leaves list and choice.
    bruno = opened(visit.member(product, "bruno", **size), product, third, "sin-dueno")
    bruno.get_by_role("button", name="Cogerla").click()
    expect(row(ana, third)).to_have_count(0, timeout=10_000)
    expect(bar.locator("[data-count]")).to_have_text("2 elegidas")
    assert ana.evaluate(LOST) == 0
    assert ana.locator(".pick-row").count() == ana.locator("#list [data-item]").count()
    bar.get_by_role("button", name="Asignar").click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("2 conversaciones")
    assert second


@SIZES
def test_check_and_something_new_stop_one_after_the_other(product, post, visit, ask, size):  # noqa: F811
    subject = f"¿Y la etiqueta? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    field(ana).fill("Hola, Marta: gracias. Te adjunto la etiqueta.")
    more(product, post, subject, "¿Y el precio?")
    notice = ana.locator(".arrived")
    expect(notice).to_contain_text("Marta Ruiz ha escrito mientras tanto.", timeout=10_000)
    send(ana)
    expect(ana.get_by_role("button", name="Enviar así")).to_be_visible()
    # The form came back for the file, and what came is still to be read.
    expect(notice).to_contain_text("Marta Ruiz ha escrito mientras tanto.")
    ana.get_by_role("button", name="Enviar así").click()
    stopped = ana.locator(".stopped")
    expect(stopped).to_contain_text("¿Y el precio?")
    expect(ana.get_by_role("button", name="Enviar así")).to_have_count(0)
    expect(notice).to_be_hidden()
    expect(field(ana)).to_have_value("Hola, Marta: gracias. Te adjunto la etiqueta.")
    fits(ana)
    stopped.get_by_role("button", name="Enviar de todas formas").click()
    expect(ana.locator("#talk es-hold").first).to_be_visible()
    assert all("422" in said for said in visit.said)
    visit.said.clear()


@SIZES
def test_sending_later_stopped_keeps_its_time_and_a_colleague_sees_it_come_and_go(
    product,
    post,
    visit,
    ask,  # noqa: F811
    size,
):
    subject = f"¿Cuándo abrís? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    bruno = opened(visit.member(product, "bruno", **size), product, number)
    text = "Hola, Marta: abrimos el sábado. Gracias por escribir."
    field(ana).fill(text)
    ana.get_by_text("A otra hora", exact=True).click()
    ana.get_by_label("Cuándo", exact=True).fill("hoy 13:00")
    ana.get_by_label("y resolver cuando salga").check()
    more(product, post, subject, "¿Y el domingo?")
    expect(ana.locator(".arrived")).to_be_visible(timeout=10_000)
    later = ana.get_by_role("button", name="Enviar entonces")
    later.click()
    if ana.get_by_role("button", name="Enviar así").count():
        ana.get_by_role("button", name="Enviar así").click()
    anyway = ana.locator(".stopped").get_by_role("button", name="Enviar de todas formas")
    expect(anyway).to_be_visible()
    expect(ana.get_by_label("Cuándo", exact=True)).to_have_value("hoy 13:00")
    expect(ana.get_by_label("y resolver cuando salga")).to_be_checked()
    anyway.click()
    if ana.get_by_role("button", name="Enviar así").count():
        ana.get_by_role("button", name="Enviar así").click()
    words = "hoy, 13:00, si el cliente no escribe antes"
    expect(ana.locator("#talk .hold")).to_contain_text(words)
    expect(bruno.locator("#talk .hold")).to_contain_text(words, timeout=10_000)
    # Taken back: gone for both, and a draft again for her alone.
    ana.get_by_role("button", name="No enviar").click()
    expect(field(ana)).to_have_value(text)
    expect(bruno.locator("#talk .hold")).to_have_count(0, timeout=10_000)
    expect(bruno.locator("#talk")).not_to_contain_text("abrimos el sábado")
    expect(field(bruno)).to_have_value("")
    assert all("422" in said for said in visit.said)
    visit.said.clear()


@SIZES
def test_undo_of_a_reply_is_undone_before_all_eyes(product, post, visit, ask, size):  # noqa: F811
    subject = f"¿Pesa mucho? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    bruno = opened(visit.member(product, "bruno", **size), product, number)
    field(ana).fill("Hola, Marta: dos kilos. Gracias.")
    send(ana)
    expect(ana.locator("#talk es-hold")).to_be_visible()
    expect(bruno.locator("#talk")).to_contain_text("dos kilos", timeout=10_000)
    if is_narrow(ana):
        ana.locator("#talk .hold").get_by_role("button", name="Deshacer").tap()
    else:
        ana.keyboard.press("u")
    expect(field(ana)).to_have_value("Hola, Marta: dos kilos. Gracias.")
    expect(ana.locator("#talk")).not_to_contain_text("dos kilos")
    expect(bruno.locator("#talk")).not_to_contain_text("dos kilos", timeout=10_000)
    # Nobody is told that something came, and it may be sent again without a stop.
    expect(bruno.locator(".arrived")).to_be_hidden()
    expect(ana.locator(".arrived")).to_be_hidden()
    send(ana)
    expect(ana.locator("#talk es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    expect(bruno.locator("#thread-head")).to_contain_text("resuelta", timeout=20_000)


@SIZES
def test_customer_writes_first_and_the_open_thread_gives_the_text_back(
    product,
    post,
    visit,
    ask,  # noqa: F811
    size,
):
    subject = f"¿Hay tapa? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    field(ana).fill("Hola, Marta: la hay. Gracias.")
    ana.get_by_text("A otra hora", exact=True).click()
    ana.get_by_label("Cuándo", exact=True).fill("hoy 13:30")
    ana.get_by_role("button", name="Enviar entonces").click()
    if ana.get_by_role("button", name="Enviar así").count():
        ana.get_by_role("button", name="Enviar así").click()
    expect(ana.locator("#talk .hold")).to_contain_text("si el cliente no escribe antes")
    more(product, post, subject, "¿La hay en azul?")
    expect(ana.locator("#talk")).to_contain_text("¿La hay en azul?", timeout=10_000)
    expect(ana.locator("#talk .hold")).to_have_count(0)
    expect(ana.locator("#composer")).to_contain_text("No salió: el cliente escribió antes.")
    expect(field(ana)).to_have_value("Hola, Marta: la hay. Gracias.")
    visit.said[:] = [said for said in visit.said if "422" not in said]


@SIZES
def test_a_full_head_fits(product, visit, ask, size):  # noqa: F811
    subject = f"Una fuente grande cuyo asunto no cabe en una línea {len(size)}"
    number = ask(subject)
    ordered(
        product,
        f"""
    names = (("Reparto del transportista {len(size)}", 1), ("Roto {len(size)}", 4), ("Navidad {len(size)}", 3))
    tags = [actions.make_tag(name=name, hue=hue, at=now(), by=dora) for name, hue in names]
    actions.change_tags(conversation_id={number}, add=tags, at=now(), by=dora)
    actions.set_priority(conversation_id={number}, priority=Priority.HIGH, at=now(), by=dora)
    actions.snooze_conversation(conversation_id={number}, until=None, at=now(), by=dora)
""",
    )
    bruno = opened(visit.member(product, "bruno"), product, number)
    carla = opened(visit.member(product, "carla"), product, number)
    ana = opened(visit.member(product, "ana", **size), product, number)
    field(bruno).press_sequentially("Hola")
    expect(ana.locator("#here")).to_contain_text("Bruno Gil escribe", timeout=10_000)
    expect(ana.locator("#here")).to_contain_text("Carla Paz mira", timeout=10_000)
    head = ana.locator("#thread-head")
    expect(head.locator(".tag-chip")).to_have_count(3)
    expect(head.locator(".prio")).to_contain_text("alta")
    fits(ana)
    cut = """[...document.querySelectorAll('#thread-head :is(.chip, .tag, .tag-chip, .prio, .seen, .btn, h2)')]
      .filter(one => one.checkVisibility()).filter(one => {
        const box = one.getBoundingClientRect();
        return box.left < 0 || box.right > innerWidth || one.scrollWidth > one.clientWidth + 1;
      }).map(one => one.textContent.trim())"""
    assert ana.evaluate(cut) == []
    more_of(ana)
    fits(ana)
    assert carla
