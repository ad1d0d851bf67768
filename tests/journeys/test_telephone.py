"""A small shop answers from its telephone: the reply in the Sent folder counts."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, link_in, text_of
from tests.journeys.product import eventually

SUBJECT = "Una taza rota"
REPLY = "Hola, Marta:\n\nMañana te mandamos otra.\n\nDora"


def from_the_telephone(question: EmailMessage, *, at: datetime) -> EmailMessage:
    """Return what the mail program of a telephone files under Sent."""
    return letter(
        f"Re: {question['Subject']}",
        REPLY,
        sender=f"Barro Vivo <{SHOP}>",
        to=f"Marta Ruiz <{MARTA}>",
        at=at,
        answers=question,
    )


@pytest.mark.main_journey
def test_a_reply_from_a_telephone_keeps_the_promise_without_a_warning(product, post, visit):
    question = letter(
        SUBJECT,
        "Hola, la taza azul llegó rota.",
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

    # Half of the time goes by at 12:50. Dora has answered from her telephone before that, at a
    # moment at which we cannot look into the mailbox.
    asleep = product.pids()["mail"]
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    try:
        reply = from_the_telephone(question, at=product.at("12:44"))
        half = product.ask("SELECT next_check_at FROM promises_promise")
        product.set_clock(product.at("12:52"))
        sent_at = datetime.now(UTC) - timedelta(minutes=8)
        post.imap.append("hola", reply.as_bytes(), "Sent", flags="(\\Seen)", at=sent_at)
        eventually(
            lambda: product.ask("SELECT next_check_at FROM promises_promise") != half,
            why="the watch does not wait for a look",
        )
    finally:
        for pid in asleep:
            os.kill(pid, signal.SIGCONT)

    # It joins the thread and settles the promise at the hour at which it was sent.
    eventually(lambda: _sees_reply(ana))
    talk = ana.locator("#talk")
    expect(talk).to_contain_text("Promesa cumplida: responder")
    expect(talk).to_contain_text("enviado desde otro programa")
    expect(talk).to_contain_text("Mañana te mandamos otra.")
    expect(talk).not_to_contain_text("El jueves, la tienda escribió")
    promise, following = product.export("promises")
    assert (promise["kind"], promise["state"]) == ("answer", "kept")
    # Nobody has said that the matter is closed: the next news are promised.
    assert (following["kind"], following["state"]) == ("update", "open")
    assert product.at("12:44").isoformat()[:15] == promise["settled_at"][:15]
    _, outgoing = product.export("messages")
    assert outgoing["direction"] == "out"
    assert outgoing["text"].replace("\r\n", "\n") == REPLY
    assert outgoing["message_id"] == reply["Message-ID"]
    mine = visit.window()
    mine.goto(product.url + link_in(acknowledgement))
    expect(mine.get_by_role("main")).to_contain_text("Mañana te mandamos otra.")
    expect(mine.get_by_role("complementary")).to_contain_text("cumplida hoy, 12:4")

    # The hour passes; nobody was warned, and nobody is told of a delay.
    product.set_clock(product.at("17:31"))
    product.wait_for_look()
    templates = product.ask("SELECT template, recipients FROM channels_delivery")
    assert templates == [("acknowledgement", [MARTA])]
    assert [text_of(m) for m in post.mails_of("marta")] == [text_of(acknowledgement)]
    assert post.mails_of("ana") == []
    assert post.mails_of("carla") == []
    assert len(product.export("conversations")) == 1


def _sees_reply(page: Page) -> bool:
    page.reload()
    return page.get_by_text("Mañana te mandamos otra.").is_visible()
