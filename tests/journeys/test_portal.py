"""The customers' pages, without a script: write, follow, answer with a file, open again."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MARTA
from tests.journeys.post import link_in, text_of
from tests.journeys.product import eventually

SUBJECT = "La fuente llegó con una grieta"
# A form that comes back faster than this was filled by a machine.
QUICKEST = 2.5
# A JPEG as far as its header, which says 320 x 240: enough to be taken for a picture.
PHOTO = (
    (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xc0\x00\x0b\x08\x00\xf0\x01\x40\x01\x01\x11\x00"
    )
    + bytes(range(256)) * 80
    + b"\xff\xd9"
)


@pytest.mark.main_journey
def test_a_customer_writes_follows_and_opens_it_again_without_a_script(product, post, visit):
    marta = visit.window(java_script_enabled=False, viewport={"width": 390, "height": 800})
    marta.goto(f"{product.url}/contacto/")
    shown = time.monotonic()
    marta.get_by_label("Atención al cliente").check()
    marta.get_by_label("Tu nombre").fill("Marta Ruiz")
    marta.get_by_label("Tu correo electrónico").fill(MARTA)
    marta.get_by_label("Asunto").fill(SUBJECT)
    marta.get_by_label("Tu mensaje").fill("Se ve al trasluz. ¿Me mandáis otra?")
    eventually(lambda: time.monotonic() - shown > QUICKEST)
    marta.get_by_role("button", name="Enviar").click()
    expect(marta.get_by_role("main")).to_contain_text("Te respondemos hoy antes de las 17:30.")

    # The link to the page comes by mail alone, and the time in it is the same.
    (acknowledgement,) = post.wait_for("marta", 1)
    assert text_of(acknowledgement).splitlines()[0] == "Te respondemos hoy antes de las 17:30."
    page = product.url + link_in(acknowledgement)
    marta.goto(page)
    expect(marta.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    (conversation,) = product.export("conversations")
    assert (conversation["channel"], conversation["department_name"]) == (
        "form",
        "Atención al cliente",
    )

    # Ana answers and closes it.
    ana = visit.member(product, "ana")
    ana.get_by_role("link", name=SUBJECT).click()
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("Claro, sale hoy.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    _, answer = post.wait_for("marta", 2)
    assert text_of(answer).startswith("Claro, sale hoy.")
    eventually(lambda: product.export("promises")[0]["state"] == "kept")
    marta.reload()
    expect(marta.get_by_role("main")).to_contain_text("Tu consulta está resuelta.")
    expect(marta.get_by_role("main")).to_contain_text("Ana cumplió")

    # It was not the end: Marta writes with a photo, and gets a new time.
    product.set_clock(product.at("11:30"))
    marta.get_by_label("¿Al final no está resuelto?").fill("La segunda también está rota.")
    marta.locator("input[type=file]").set_input_files(
        {"name": "grieta de lado.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    )
    marta.get_by_role("button", name="Enviar y volver a abrir").click()
    main = marta.get_by_role("main")
    expect(main).to_contain_text("Tu mensaje ha llegado.")
    expect(main).to_contain_text("Te respondemos hoy antes de las 18:30.")
    expect(main).to_contain_text("Abierta de nuevo")
    expect(main).to_contain_text("grieta de lado.jpg")
    with marta.expect_download() as download:
        marta.get_by_role("link", name="grieta de lado.jpg").click()
    assert download.value.path().read_bytes() == PHOTO
    kinds = [(p["kind"], p["state"]) for p in product.export("promises")]
    assert kinds == [("answer", "kept"), ("answer", "open")]
    (conversation,) = product.export("conversations")
    assert conversation["state"] == "open"
    *_, added = product.export("messages")
    assert added["files"] == [
        {"name": "grieta de lado.jpg", "content_type": "image/jpeg", "size": len(PHOTO)}
    ]
    ana.goto(f"{product.url}/c/conversaciones/{conversation['id']}/")
    expect(ana.locator("#talk")).to_contain_text("La segunda también está rota.")
    expect(ana.locator("#talk")).to_contain_text("grieta de lado.jpg")
    post.wait_for("marta", 3)  # the new time by mail, too

    # The same page in English; a changed link opens nothing.
    marta.get_by_role("button", name="English").or_(
        marta.get_by_role("link", name="English")
    ).click()
    expect(main).to_contain_text("We will answer you today before 18:30.")
    expect(main).to_contain_text("La segunda también está rota.")
    forged = page[:-2] + ("a" if page[-2] != "a" else "b") + "/"
    assert product.answers(forged.removeprefix(product.url)) == 404
    assert product.answers(page.removeprefix(product.url)) == 200
