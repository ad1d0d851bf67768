"""Several conversations, several people: merged and parted by keyboard (by finger on a telephone),
asked inside and outside, and never told to whom it is not meant for.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import EVA, JULIAN, MARTA, RUTA, SHOP
from tests.journeys.post import letter, link_in, text_of
from tests.journeys.product import eventually
from tests.journeys.screens import (
    act,
    beside,
    fits,
    is_narrow,
    seen,
    to_thread,
    two_screens,  # noqa: F401  a fixture
)

MARTA_RUIZ = f"Marta Ruiz <{MARTA}>"
SECRET = "Rompéis una de cada tres cajas nuestras."


def writes(post, product, subject, text, *, sender=MARTA_RUIZ, **more):
    mail = letter(subject, text, sender=sender, to=SHOP, at=product.now(), **more)
    post.send(mail, SHOP)
    return mail


def number_of(product, subject: str) -> int:
    found = eventually(
        lambda: [c["id"] for c in product.export("conversations") if c["subject"] == subject]
    )
    return found[0]


def press(page: Page, what) -> None:
    """Press it: by Tab and Enter, or by a tap."""
    if is_narrow(page):
        what.tap()
        return
    for _ in range(8):
        if what.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def states(product) -> list[str]:
    return sorted(p["state"] for p in product.export("promises") if p["kind"] == "answer")


def test_two_mails_of_one_matter_are_merged_answered_and_parted_without_a_mouse(
    product, post, visit, screen
):
    writes(post, product, "Fuente 4711 rota", "La fuente llegó rota.")
    (first_word,) = post.wait_for("marta", 1)
    writes(post, product, "fuente 4711", "Os mando la foto de la fuente.")
    _, second_word = post.wait_for("marta", 2)
    first, second = number_of(product, "Fuente 4711 rota"), number_of(product, "fuente 4711")

    # The thread proposes it; `m`, the choice and Enter merge, without a mouse.
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/conversaciones/{first}/")
    expect(beside(ana).locator("#merged")).to_contain_text("¿Un mismo asunto?")
    expect(ana.locator("#merged")).to_contain_text(f"N.º {second}")
    fits(ana)
    to_thread(ana)
    act(ana, "m", "Unir")
    expect(ana.get_by_role("dialog")).to_contain_text("Unir con otra conversación")
    choice = ana.get_by_role("dialog").get_by_role("link", name=f"n.º {second}")
    press(ana, seen(choice))
    expect(ana.get_by_role("dialog")).to_contain_text("¿Qué número queda?")
    fits(ana)
    press(ana, ana.get_by_role("dialog").get_by_role("button", name="Unir"))
    expect(ana.locator("#talk")).to_contain_text("Os mando la foto")
    expect(beside(ana).locator("#merged")).to_contain_text(f"La n.º {second} forma parte de esta")
    assert states(product) == ["open", "open"]

    # `u` parts them, and `m` again makes them one.
    if is_narrow(ana):
        ana.locator("#merged").get_by_role("button", name="Deshacer").tap()
    else:
        ana.keyboard.press("u")
    expect(ana.locator("#talk")).not_to_contain_text("Os mando la foto")
    ana.goto(f"{product.url}/c/conversaciones/{second}/")
    expect(ana.locator("#talk")).to_contain_text("Os mando la foto")
    ana.goto(f"{product.url}/c/conversaciones/{first}/unir/?con={second}")
    fits(ana)
    ana.get_by_role("button", name="Unir", exact=True).click()
    expect(ana.locator("#talk")).to_contain_text("Os mando la foto")

    # The number and the link of the second lead to the first; so does an answer to its mail.
    ana.goto(f"{product.url}/c/buscar/?q=%23{second}")
    ana.wait_for_url(f"**/c/conversaciones/{first}/**")
    marta = visit.window()
    marta.goto(product.url + link_in(second_word))
    expect(marta.get_by_role("main")).to_contain_text("La fuente llegó rota.")
    writes(post, product, "Re: fuente 4711", "¿La veis?", answers=second_word)
    eventually(lambda: len(product.export("messages")) == 3)
    ana.goto(f"{product.url}/c/conversaciones/{first}/")
    expect(ana.locator("#talk")).to_contain_text("¿La veis?")

    # One answer keeps both words, and what Marta reads is one talk.
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("Te mandamos otra mañana.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    post.wait_for("marta", 3)
    eventually(lambda: states(product) == ["kept", "kept"])
    for word in (first_word, second_word):
        marta.goto(product.url + link_in(word))
        expect(marta.get_by_role("main")).to_contain_text("Te mandamos otra mañana.")


def test_the_carrier_is_asked_inside_and_the_customer_sees_nothing_of_it(
    product, post, visit, screen
):
    writes(post, product, "Caja mojada", "La caja llegó mojada.")
    word = post.wait_for("marta", 4)[-1]
    pk = number_of(product, "Caja mojada")
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/conversaciones/{pk}/lateral/")
    fits(ana)
    ana.get_by_label("Para").fill(f"Ruta <{RUTA}>")
    ana.get_by_label("Asunto").fill("Caja 4711")
    ana.get_by_label("Texto").fill(SECRET)
    ana.get_by_label("Volver a mirarlo").fill("hoy 18:30")
    ana.get_by_role("button", name="Enviar").click()
    ana.wait_for_url("**/c/laterales/**")
    fits(ana)
    product.let_pass(seconds=16)
    (asked,) = post.wait_for("ruta", 1)
    assert SECRET in text_of(asked)
    assert "/consulta/" not in text_of(asked)
    assert "llegó mojada" not in text_of(asked)
    eventually(lambda: "follow_up" in [p["kind"] for p in product.export("promises")])

    # The carrier answers: it comes back into the side conversation, and onto Today of its owner.
    ana.goto(f"{product.url}/c/conversaciones/{pk}/")
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    back = letter("Re: Caja 4711", "Abrimos incidencia 88.", sender=f"Ruta <{RUTA}>", to=SHOP,
                  at=product.now(), answers=asked)  # fmt: skip
    before = len(post.sink.mails)
    post.send(back, SHOP)
    eventually(lambda: "Abrimos incidencia 88." in [m["text"] for m in product.export("messages")])
    ana.goto(f"{product.url}/c/")
    expect(ana.locator("#from-outside")).to_contain_text("Caja 4711")
    ana.locator("#from-outside").get_by_role("link", name="Caja 4711").click()
    expect(ana.locator("#talk")).to_contain_text("Abrimos incidencia 88.")
    fits(ana)
    ana.get_by_role("button", name="Cerrarlo").click()
    expect(ana.get_by_role("main")).to_contain_text("cerrado")
    eventually(
        lambda: (
            [p["state"] for p in product.export("promises") if p["kind"] == "follow_up"]
            == ["kept"]
        )
    )

    # Nobody was acknowledged, and Marta's page and mail hold none of it.
    assert len(post.sink.mails) == before + 1, "the carrier's own mail alone"
    marta = visit.window()
    marta.goto(f"{product.url}{link_in(word)}?todo")
    for secret in ("una de cada tres", "incidencia 88", "Caja 4711", RUTA):
        assert secret not in marta.content()
        assert all(secret not in text_of(mail) for mail in post.mails_of("marta"))
    assert "incidencia" not in product.run("export", "events")


def test_a_colleague_is_brought_in_and_a_second_customer_takes_part(product, post, visit, screen):
    writes(post, product, "Esmalte alimentario", "¿Es apto para bebés?", sender=f"Eva Mas <{EVA}>")
    post.wait_for("eva", 1)
    pk = number_of(product, "Esmalte alimentario")
    ana = visit.member(product, "ana", **screen)
    ana.goto(f"{product.url}/c/conversaciones/{pk}/")
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.goto(f"{product.url}/c/conversaciones/{pk}/consultar/")
    fits(ana)
    ana.get_by_label("¿A quién preguntas?").select_option(label="Bruno Gil")
    ana.get_by_label("¿Qué quieres saber?").fill("Bruno, ¿tenemos el certificado?")
    ana.get_by_label("Decir al cliente quién ayuda").check()
    ana.get_by_role("button", name="Preguntar").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    expect(beside(ana).locator("#asked")).to_contain_text("Bruno Gil")
    fits(ana)
    _, told = post.wait_for("eva", 2)
    assert "Bruno nos ayuda con tu consulta" in str(told["Subject"])
    assert "Ana sigue llevando tu consulta" in text_of(told)
    assert "certificado" not in text_of(told)

    bruno = visit.member(product, "bruno", **screen)
    expect(bruno.locator("#asks-me")).to_contain_text("¿tenemos el certificado?")
    bruno.locator("#asks-me").get_by_role("link", name="Contestar").click()
    bruno.get_by_role("textbox", name="Texto de la nota").fill("Sí, del 2025.")
    bruno.get_by_role("button", name="Guardar la nota").click()
    expect(bruno.locator("#talk")).to_contain_text("Sí, del 2025.")
    ana.reload()
    expect(ana.locator("#asked")).to_contain_text("Contestó Bruno Gil")
    expect(ana.locator("#asked")).to_contain_text("el cliente lo sabe")

    # Julián is let in; what was before he does not read, and his mail arrives here.
    ana.goto(f"{product.url}/c/conversaciones/{pk}/participantes/")
    fits(ana)
    ana.locator("#f-correo").fill(JULIAN)
    ana.get_by_role("button", name="Añadir").click()
    expect(beside(ana).locator("#taking-part")).to_contain_text(JULIAN)
    fits(ana)
    (invited,) = post.wait_for("julian", 1)
    julian = visit.window()
    julian.goto(product.url + link_in(invited))
    expect(julian.get_by_role("heading", level=1)).to_have_text("Esmalte alimentario")
    assert "apto para bebés" not in julian.content()
    product.let_pass(minutes=1)
    writes(post, product, "Re: consulta", "Somos dos en casa.", sender=JULIAN, answers=invited)
    eventually(lambda: "Somos dos en casa." in [m["text"] for m in product.export("messages")])
    assert number_of(product, "Esmalte alimentario") == pk
    ana.goto(f"{product.url}/c/conversaciones/{pk}/")
    expect(ana.locator("#talk")).to_contain_text("Somos dos en casa.")
    for secret in ("certificado", "del 2025", "apto para bebés"):
        julian.goto(f"{product.url}{link_in(invited)}?todo")
        assert secret not in julian.content()
    eva = visit.window()
    eva.goto(product.url + link_in(told))
    expect(eva.get_by_role("main")).to_contain_text("Somos dos en casa.")

    beside(ana).locator("#taking-part").get_by_role("button", name="Quitar").click()
    expect(ana.locator("#taking-part")).to_have_count(0)
    assert product.answers(link_in(invited)) == 404
