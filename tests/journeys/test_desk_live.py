"""The desk of two agents: everything comes without a reload, nobody answers twice or unseen."""

from __future__ import annotations

import os
import re
import signal
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import eventually
from tests.journeys.screens import SIZES, beside, fits, to_thread

NO_WORKER = "delete window.SharedWorker"


LETTERS: dict[str, EmailMessage] = {}


@pytest.fixture
def ask(product, post):
    """`ask("subject")`: Marta (or another) writes, and the shop has it; returns its number."""

    def write(subject: str, who: str = "marta") -> int:
        sender = {"marta": f"Marta Ruiz <{MARTA}>", "julian": f"Julián Soto <{JULIAN}>"}[who]
        newest = "SELECT coalesce(max(id), 0) FROM conversations_conversation"
        before = product.ask(newest)[0][0]
        mail = letter(subject, "Gracias.", sender=sender, to=SHOP, at=product.now())
        LETTERS[subject] = mail
        post.send(mail, SHOP)
        query = "SELECT max(id) FROM conversations_conversation WHERE subject = %s AND id > %s"
        return int(eventually(lambda: product.ask(query, subject, before)[0][0]))

    return write


def more(product, post, subject: str, text: str) -> None:
    """Marta writes again into the conversation of that subject."""
    sender = f"Marta Ruiz <{MARTA}>"
    mail = letter(
        f"Re: {subject}", text, sender=sender, to=SHOP, at=product.now(), answers=LETTERS[subject]
    )
    post.send(mail, SHOP)


def opened(page: Page, product, number: int, where: str = "equipo") -> Page:
    page.goto(f"{product.url}/c/conversaciones/{number}/?lista={where}")
    expect(page.locator("es-arrivals")).to_have_count(1)
    connected(page)
    return page


def connected(page: Page) -> None:
    """Wait until the window hears what happens."""
    expect(page.locator("es-live")).to_have_attribute("data-state", "open")


def field(page: Page):
    return page.get_by_role("textbox", name="Texto de la respuesta")


def send(page: Page) -> None:
    page.get_by_role("button", name="Enviar y resolver").first.click()


def more_of(page: Page) -> None:
    """Open the menu of what else may be done with a conversation."""
    page.locator("#thread-head es-menu summary").last.click()


def assign(page: Page, to: str) -> None:
    more_of(page)
    page.get_by_role("link", name="Asignar").last.click()
    page.locator("dialog[open]").get_by_role("button", name=to).click()


def row(page: Page, number: int):
    return page.locator(f"#list #c-{number}")


def number_at(page: Page, place: str) -> str:
    return page.locator(f"#list [data-counted={place}] .badge").first.inner_text()


def test_a_list_lives_keeps_its_place_and_its_numbers(product, visit, ask):
    first = ask("¿Cabe en el horno?")
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/sin-dueno/")
    connected(ana)
    before = int(number_at(ana, "sin-dueno"))
    expect(row(ana, first)).to_have_count(1)
    row(ana, first).focus()
    came = ask("¿Y en el microondas?")
    expect(row(ana, came)).to_be_visible(timeout=10_000)
    assert number_at(ana, "sin-dueno") == str(before + 1)
    # Where the cursor stood it stands.
    assert ana.evaluate("document.activeElement.id") == f"c-{first}"

    bruno = opened(visit.member(product, "bruno"), product, came, "sin-dueno")
    bruno.get_by_role("button", name="Cogerla").click()
    expect(row(ana, came)).to_have_count(0, timeout=10_000)
    expect(ana.locator("#list [data-counted=sin-dueno] .badge").first).to_have_text(str(before))
    expect(bruno.locator("#rail [data-counted=inbox] .badge")).to_contain_text("1")
    bruno.goto(f"{product.url}/c/")
    expect(bruno.get_by_role("main")).to_contain_text("Marta Ruiz")
    # Today lives too.
    connected(bruno)
    assign(opened(ana, product, first), "Bruno Gil")
    expect(ana.locator("#thread-head")).to_contain_text("Bruno Gil", timeout=15_000)
    expect(bruno.locator(f"main a[href*='/conversaciones/{first}/']").first).to_be_visible(
        timeout=15_000
    )


def test_further_down_new_rows_are_announced_and_nothing_moves(product, visit, ask):
    numbers = [ask(f"Consulta {n}", who="julian") for n in range(3)]
    ana = visit.member(product, "ana", viewport={"width": 1280, "height": 270})
    ana.goto(f"{product.url}/c/bandejas/equipo/?orden=reciente")
    connected(ana)
    ana.evaluate("document.querySelector('es-list').scrollTop = 90")
    ana.wait_for_timeout(200)
    place = "[...document.querySelectorAll('#list [data-item]')].map(r => r.id + Math.round(r.getBoundingClientRect().top)).join()"
    stood = ana.evaluate(place)
    came = ask("Algo nuevo")
    expect(ana.locator("es-news a")).to_have_text("1 novedad", timeout=10_000)
    assert ana.evaluate(place) == stood
    ana.locator("es-news a").click()
    expect(row(ana, came)).to_be_visible()
    expect(ana.locator("es-news a")).to_be_hidden()
    assert ana.locator("#list [data-item]").first.get_attribute("id") == f"c-{came}"
    assert len(numbers) == 3


@SIZES
def test_who_looks_and_who_writes(product, visit, ask, size):
    subject = f"¿Quién mira? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    bruno = visit.member(product, "bruno")
    bruno.goto(f"{product.url}/c/bandejas/equipo/?orden=reciente")
    connected(bruno)
    expect(row(bruno, number)).to_contain_text("Ana Luz mira", timeout=4_000)
    field(ana).press_sequentially("Hola")
    expect(row(bruno, number)).to_contain_text("Ana Luz escribe", timeout=4_000)
    opened(bruno, product, number)
    expect(bruno.locator("#here")).to_contain_text("Ana Luz escribe", timeout=4_000)
    expect(ana.locator("#here")).to_contain_text("Bruno Gil mira", timeout=4_000)
    fits(ana)
    ana.context.close()
    visit.contexts.remove(ana.context)
    expect(bruno.locator("#here")).not_to_contain_text("Ana Luz", timeout=15_000)


@SIZES
def test_an_open_thread_shows_what_comes_and_send_stops_for_it(product, post, visit, ask, size):
    subject = f"¿Lo hay en verde? {len(size)}"
    number = ask(subject)
    ana = opened(visit.member(product, "ana", **size), product, number)
    field(ana).fill("Lo hay en verde y en azul.")
    more(product, post, subject, "Perdón, lo quería en rojo.")
    expect(ana.locator("#talk")).to_contain_text("Perdón, lo quería en rojo.", timeout=10_000)
    expect(ana.locator(".arrived")).to_contain_text("Marta Ruiz ha escrito mientras tanto.")
    expect(field(ana)).to_have_value("Lo hay en verde y en azul.")
    send(ana)
    stopped = ana.locator(".stopped")
    expect(stopped).to_contain_text("No se ha enviado")
    expect(stopped).to_contain_text("Perdón, lo quería en rojo.")
    expect(field(ana)).to_have_value("Lo hay en verde y en azul.")
    visit.said.clear()  # the browser notes the 422
    assert not product.ask("SELECT 1 FROM conversations_message WHERE direction = 'out' AND text LIKE 'Lo hay en verde%%' AND conversation_id = %s", number)  # fmt: skip
    ana.get_by_role("button", name="Seguir escribiendo").or_(
        ana.get_by_role("link", name="Seguir escribiendo")
    ).click()
    expect(field(ana)).to_be_focused()
    expect(stopped).to_have_count(0)
    field(ana).fill("En rojo también.")
    send(ana)
    expect(ana.locator("es-hold").first).to_be_visible()
    product.let_pass(seconds=16)
    eventually(lambda: [m for m in post.mails_of("marta") if "En rojo también." in text_of(m)])


def test_having_read_what_came_one_sends_without_a_stop(product, post, visit, ask):
    subject = "¿Cuánto pesa?"
    number = ask(subject)
    ana = opened(visit.member(product, "ana"), product, number)
    field(ana).fill("Dos kilos.")
    more(product, post, subject, "Con la tapa.")
    ana.get_by_role("button", name="Ver y dar por leído").click(timeout=10_000)
    expect(ana.locator(".arrived")).to_be_hidden()
    send(ana)
    expect(ana.locator("es-hold").first).to_be_visible()


def test_of_two_who_press_send_at_once_one_goes_and_the_other_is_told(product, visit, ask):
    number = ask("¿Abrís el sábado?")
    ana = opened(visit.member(product, "ana"), product, number)
    bruno = opened(visit.member(product, "bruno"), product, number)
    texts = {"Ana": "Sí, por la mañana.", "Bruno": "No, el sábado no."}
    field(ana).fill(texts["Ana"])
    field(bruno).fill(texts["Bruno"])
    # Both requests are on their way before either is answered.
    press = "setTimeout(() => document.querySelector('[data-send]').click(), 700)"
    wrote = "**/escribir/**"
    with ana.expect_response(wrote) as hers, bruno.expect_response(wrote) as his:
        ana.evaluate(press)
        bruno.evaluate(press)
    assert sorted([hers.value.status, his.value.status]) == [302, 422]
    stopped = [ana if hers.value.status == 422 else bruno]
    expect(stopped[0].locator(".stopped")).to_be_visible()
    visit.said.clear()
    loser = "Ana" if stopped[0] is ana else "Bruno"
    expect(field(stopped[0])).to_have_value(texts[loser])
    expect(stopped[0].locator(".stopped")).to_contain_text("Ana Luz" if loser == "Bruno" else "Bruno Gil")  # fmt: skip
    sent = product.ask("SELECT text FROM conversations_message WHERE conversation_id = %s AND direction = 'out'", number)  # fmt: skip
    assert sent == [(texts["Bruno" if loser == "Ana" else "Ana"],)]
    # One click sends it anyway.
    with stopped[0].expect_response(wrote) as anyway:
        stopped[0].get_by_role("button", name="Enviar de todas formas").click()
    assert anyway.value.status == 302
    assert len(product.ask("SELECT 1 FROM conversations_message WHERE conversation_id = %s AND direction = 'out' AND NOT is_withdrawn", number)) == 2  # fmt: skip


@SIZES
def test_what_stands_beside_is_renewed_and_stays_open(product, visit, ask, size):
    number = ask(f"¿Sois mayoristas? {len(size)}")
    carla = opened(visit.member(product, "carla", **size), product, number)
    expect(beside(carla)).to_contain_text("Atención al cliente")
    dora = visit.member(product, "dora")
    for place in ("Ventas", "Atención al cliente"):
        assign(opened(dora, product, number), place)
        expect(carla.locator("#context")).to_contain_text(place, timeout=15_000)
        expect(carla.locator("#context")).to_be_visible()
        expect(carla.locator("#context")).to_be_in_viewport()
    to_thread(carla)
    expect(field(carla)).to_be_visible()


def take_over(page: Page) -> None:
    more_of(page)
    page.get_by_role("button", name="Tomar el relevo").click()


@pytest.fixture
def writing(product, visit, ask) -> tuple[Page, Page, int]:
    """Ana owns a conversation and writes in it; Bruno has it open too."""
    number = ask("¿Me lo cambiáis?")
    ana = opened(visit.member(product, "ana"), product, number)
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    field(ana).press_sequentially("Claro que")
    bruno = opened(visit.member(product, "bruno"), product, number)
    expect(bruno.locator("#here")).to_contain_text("Ana Luz escribe", timeout=5_000)
    return ana, bruno, number


def test_taking_over_asks_who_writes_and_she_may_refuse_or_yield(product, writing):
    ana, bruno, number = writing
    take_over(bruno)
    expect(bruno.locator("#wish")).to_contain_text("Se la has pedido a Ana Luz.")
    expect(ana.locator("#wish")).to_contain_text("Bruno Gil pide", timeout=5_000)
    ana.get_by_role("button", name="Ahora no").click()
    expect(bruno.locator("#wish")).to_be_empty(timeout=5_000)
    expect(bruno.locator("#talk")).to_contain_text("Ana Luz se la queda de momento")
    expect(field(ana)).to_have_value("Claro que")
    field(ana).fill("Claro que sí")
    expect(bruno.locator("#here")).to_contain_text("Ana Luz escribe", timeout=5_000)
    take_over(bruno)
    ana.get_by_role("button", name="Pasársela").click(timeout=10_000)
    expect(bruno.get_by_role("link", name="tú", exact=True)).to_be_visible(timeout=5_000)
    expect(field(ana)).to_have_value("Claro que sí")
    outcomes = product.ask("SELECT outcome FROM conversations_takeover WHERE conversation_id = %s ORDER BY id", number)  # fmt: skip
    assert outcomes == [("refused",), ("yielded",)]


def test_without_an_answer_it_passes_on_after_a_minute(product, writing):
    ana, bruno, _number = writing
    take_over(bruno)
    expect(ana.locator("#wish")).to_contain_text("Bruno Gil pide", timeout=5_000)
    product.let_pass(seconds=61)
    product.ask("SELECT pg_notify('esmero_wake', 'takeovers')")
    expect(bruno.get_by_role("link", name="tú", exact=True)).to_be_visible(timeout=15_000)
    expect(ana.locator("#thread-head")).to_contain_text("Bruno Gil", timeout=5_000)
    expect(field(ana)).to_have_value("Claro que")


@pytest.mark.parametrize("worker", ["shared", "leader"])
def test_windows_share_a_stream_and_a_restart_in_mid_typing_loses_nothing(
    product, post, visit, ask, worker
):
    subject = f"¿Y si se cae? {worker}"
    number = ask(subject)
    ana = visit.member(product, "ana")
    if worker == "leader":
        ana.context.add_init_script(NO_WORKER)
    opened(ana, product, number)
    beside = ana.context.new_page()
    beside.goto(f"{product.url}/c/bandejas/equipo/?orden=reciente")
    connected(beside)
    field(ana).press_sequentially("Se escribe esto")
    lines = product.ask("SELECT DISTINCT line FROM conversations_presence p JOIN people_agent a ON a.id = p.agent_id WHERE a.name = 'Ana Luz' AND conversation_id = %s", number)  # fmt: skip
    assert len(lines) == 1
    for pid in product.pids()["web"]:
        os.kill(pid, signal.SIGKILL)
    field(ana).press_sequentially(" mientras el servidor vuelve")
    more(product, post, subject, "Vuelve pronto.")
    expect(ana.locator("#talk")).to_contain_text("Vuelve pronto.", timeout=40_000)
    expect(row(beside, number)).to_contain_text("Vuelve pronto.", timeout=40_000)
    text = "Se escribe esto mientras el servidor vuelve"
    expect(field(ana)).to_have_value(text)
    draft = "SELECT text FROM conversations_draft WHERE conversation_id = %s AND mode = 'reply'"
    eventually(lambda: product.ask(draft, number) == [(text,)], why="the draft is not saved")
    expect(ana.locator("#talk article").filter(has_text="Vuelve pronto.")).to_have_count(1)
    visit.said[:] = [s for s in visit.said if not re.search("Failed to load resource", s)]


def test_one_of_another_department_hears_nothing_and_loses_what_is_taken(product, visit, ask):
    number = ask("¿Es para mayoristas?")
    care, sales = (product.ask("SELECT id FROM people_department WHERE slug = %s OR is_default = %s ORDER BY is_default DESC", "ventas", True)[n][0] for n in (0, 1))  # fmt: skip
    ana = visit.member(product, "ana")
    ana.goto(f"{product.url}/c/bandejas/equipo/?orden=reciente")
    connected(ana)
    expect(row(ana, number)).to_be_visible()
    dora = opened(visit.member(product, "dora"), product, number)
    assign(dora, "Ventas")
    expect(row(ana, number)).to_have_count(0, timeout=10_000)
    membership = "UPDATE people_membership SET department_id = %s WHERE agent_id = (SELECT id FROM people_agent WHERE name = 'Ana Luz') RETURNING 1"  # fmt: skip
    product.ask(membership, sales)
    try:
        # Nothing of her old department is left, and that of the new one has come.
        expect(row(ana, number)).to_be_visible(timeout=30_000)
        expect(ana.locator("#list [data-item]")).to_have_count(1, timeout=30_000)
    finally:
        product.ask(membership, care)
