"""A word that will not hold: who hears of it, in which order, and what the record says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, link_in, text_of
from tests.journeys.product import Product, eventually

SUBJECT = "El esmalte se ha agrietado"
GATHERED = 61  # seconds for which warnings to the team are gathered into one mail


def become(product: Product, moment: datetime) -> None:
    """Let it become `moment`, a fresh look into the mailbox included: the watch waits for one."""
    product.set_clock(moment)
    product.wait_for_look()
    product.let_pass(seconds=11)


def warned(product: Product, template: str) -> None:
    """Wait until the team's warning is written, and let the time pass in which it gathers more."""
    eventually(
        lambda: product.ask("SELECT 1 FROM channels_delivery WHERE template = %s", template),
        why=f"nobody wrote {template}",
    )
    product.let_pass(seconds=GATHERED)


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


@pytest.mark.main_journey
def test_who_hears_of_a_promise_that_will_not_hold(product, post, visit):
    question = letter(
        SUBJECT,
        "Hola, ¿qué puedo hacer con la fuente?",
        sender=f"Marta Ruiz <{MARTA}>",
        to=SHOP,
        at=product.now(),
    )
    post.send(question, SHOP)
    (acknowledgement,) = post.wait_for("marta", 1)
    ana = visit.member(product, "ana")
    ana.get_by_role("link", name=SUBJECT).click()
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()

    # Promised at 10:40 for 17:30: half of the open time is gone at 12:50, and Ana hears of it.
    become(product, product.at("12:51"))
    warned(product, "owner_warning")
    (warning,) = post.wait_for("ana", 1)
    assert warning["Subject"] == f"A mitad de tiempo: n.º 1 · {SUBJECT}"
    assert f"{product.url}/c/conversaciones/1/" in text_of(warning)
    assert post.mails_of("carla") == []

    # At three quarters, her supervisor.
    become(product, product.at("13:56"))
    warned(product, "supervisor_warning")
    (warning,) = post.wait_for("carla", 1)
    assert warning["Subject"] == f"Queda poco tiempo: n.º 1 · {SUBJECT}"
    assert len(post.mails_of("marta")) == 1

    # Before it breaks, the customer: an apology, and a new time.
    become(product, product.at("17:05"))
    _, notice = post.wait_for("marta", 2)
    assert notice["Subject"] == "Vamos con retraso en tu consulta n.º 1"
    assert text_of(notice).splitlines()[:3] == [
        "Te respondemos mañana antes de las 12:00.",
        "",
        "Perdona. No llegamos a responderte a la hora que te dimos y preferimos decírtelo antes de"
        " que pase. Arriba tienes la nueva.",
    ]
    assert notice["In-Reply-To"] == question["Message-ID"]
    assert notice["Auto-Submitted"] == "auto-generated"
    first, second = product.export("promises")
    assert (first["state"], first["initiative"]) == ("renegotiated", "ours")
    assert first["due_at"] == product.at("17:30").isoformat()
    assert first["settled_at"] < first["due_at"]
    assert first["successor"] == second["id"]
    assert (second["state"], second["due_at"]) == ("open", product.at("12:00", days=1).isoformat())
    mine = visit.window()
    mine.goto(product.url + link_in(acknowledgement))
    expect(mine.get_by_role("main")).to_contain_text("Te respondemos mañana antes de las 12:00.")
    expect(mine.get_by_role("complementary")).to_contain_text("no cumplida: la aplazamos hoy")

    # No second automatic move: a person has to write.
    become(product, product.at("11:50", days=1))
    warned(product, "untold")
    _, alarm = post.wait_for("carla", 2)
    assert alarm["Subject"] == f"Escríbele ya: n.º 1 · {SUBJECT}"
    assert len(post.mails_of("marta")) == 2

    # Nobody does: it breaks, in everybody's sight.
    become(product, product.at("12:00", days=1) + timedelta(seconds=30))
    warned(product, "broken")
    *_, broken = post.wait_for("carla", 3)
    assert broken["Subject"] == f"Promesa rota: n.º 1 · {SUBJECT}"
    assert [p["state"] for p in product.export("promises")] == ["renegotiated", "broken"]
    mine.reload()
    expect(mine.get_by_role("main")).to_contain_text(
        "Vamos tarde: te prometimos respuesta hoy antes de las 12:00. Perdona."
    )

    # Carla writes herself, with a word of her own.
    carla = visit.member(product, "carla")
    carla.goto(f"{product.url}/c/bandejas/equipo/")
    expect(carla.locator("#list .chip")).to_have_attribute("data-state", "late")
    carla.get_by_role("link", name=SUBJECT).click()
    carla.get_by_role("textbox", name="Texto de la respuesta").fill(
        "Perdona, Marta. Esta tarde te digo si la cambiamos."
    )
    carla.get_by_text("Con una promesa").click()
    carla.get_by_label("Qué prometes").select_option(label="Resolverlo")
    carla.get_by_label("Para cuándo").fill("hoy 18:00")
    carla.get_by_label("Más maneras de enviar").click()
    carla.get_by_role("button", name="Enviar y seguir con ello").click()
    expect(carla.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    *_, answer = post.wait_for("marta", 3)
    assert text_of(answer).startswith("Perdona, Marta. Esta tarde te digo si la cambiamos.")
    *_, third = product.export("promises")
    assert (third["kind"], third["state"]) == ("solve", "open")
    assert third["due_at"] == product.at("18:00", days=1).isoformat()
    mine.reload()
    expect(mine.get_by_role("complementary")).to_contain_text("hoy antes de las 18:00")
    expect(mine.get_by_role("main")).not_to_contain_text("Vamos tarde")

    # The record counts both times that were told and not kept, and the report shows them.
    carla.goto(f"{product.url}/c/informes/promesas/")
    expect(carla.get_by_role("main")).to_contain_text("0,0 %")
    row = carla.get_by_role("row", name=re.compile("Ana Luz"))
    expect(row.get_by_role("cell").first).to_have_text("2")
    carla.goto(f"{product.url}/c/informes/promesas/incumplidas/")
    expect(carla.get_by_role("main")).to_contain_text("Marta Ruiz")
    assert subjects(post.mails_of("ana")) == [f"A mitad de tiempo: n.º 1 · {SUBJECT}"]
    assert len(post.mails_of("marta")) == 3
