"""A reply that comes back: seen, promised anew, and never taken for a question."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from playwright.sync_api import expect

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually

SUBJECT = "¿Hacéis jarras?"


def report(of: EmailMessage, *, at: datetime) -> bytes:
    """Return the delivery report (RFC 3464) that Marta's server sends for a mail."""
    head = (
        "From: Mail Delivery System <MAILER-DAEMON@cliente.example>\n"
        f"To: {SHOP}\nSubject: Undelivered Mail Returned to Sender\n"
        f"Date: {format_datetime(at)}\nMessage-ID: {make_msgid(domain='cliente.example')}\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n'
        "--b1\nContent-Type: text/plain; charset=us-ascii\n\n"
        f"<{MARTA}>: host mx.cliente.example said: 550 5.1.1 User unknown\n\n"
        "--b1\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.cliente.example\n\n"
        f"Final-Recipient: rfc822; {MARTA}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        "--b1\nContent-Type: message/rfc822\n\n"
    )
    return head.replace("\n", "\r\n").encode() + of.as_bytes() + b"\r\n--b1--\r\n"


def test_a_reply_that_comes_back_is_owed_again(product, post, visit):
    question = letter(
        SUBJECT, "De un litro.", sender=f"Marta Ruiz <{MARTA}>", to=SHOP, at=product.now()
    )
    post.send(question, SHOP)
    post.wait_for("marta", 1)
    ana = visit.member(product, "ana")
    ana.get_by_role("link", name=SUBJECT).click()
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("Sí, de un litro y de dos.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    _, answer = post.wait_for("marta", 2)
    eventually(lambda: product.export("promises")[0]["state"] == "kept")

    # Her server took it and sends it back a little later.
    product.set_clock(product.at("11:00"))
    post.imap.deliver("hola", report(answer, at=product.now()))
    eventually(lambda: len(product.export("promises")) == 2)
    kept, anew = product.export("promises")
    assert (kept["state"], anew["kind"], anew["state"]) == ("kept", "answer", "open")
    incoming, outgoing = product.export("messages")
    assert (incoming["direction"], outgoing["delivery"]) == ("in", "bounced")
    (conversation,) = product.export("conversations")
    assert conversation["state"] == "open"
    (customer,) = product.export("customers")
    (address,) = customer["addresses"]
    assert (address["value"], address["bounced_at"] is not None) == (MARTA, True)
    assert len(post.sink.mails) == 3, "the question, its acknowledgement, the answer"

    # Ana sees it on Today, in the list and in the thread, with what the server said.
    ana.goto(f"{product.url}/c/")
    lost = ana.get_by_role("listitem").filter(has_text=SUBJECT)
    lost.get_by_role("link", name="No llegó").click()
    expect(ana.locator("#list")).to_contain_text("no entregado")
    thread = ana.locator("#talk")
    expect(thread).to_contain_text("550 5.1.1 User unknown")
    expect(ana.locator("#context")).to_contain_text("volvió")
    expect(ana.locator("#composer")).to_contain_text(MARTA)
