"""Two shops that run Esmero write to each other: their acknowledgements do not talk for ever."""

from __future__ import annotations

import re
import time

from tests.journeys.conftest import SHOP
from tests.journeys.post import letter
from tests.journeys.product import eventually

OTHER = "soporte@otra.example"
A_DAY = 3
_MARKS = re.compile(
    rb"^(Auto-Submitted|X-Auto-Response-Suppress|X-Esmero-Id|In-Reply-To|References)"
    rb":[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*",
    re.I | re.M,
)
MOVING = """
    SELECT (SELECT count(*) FROM channels_raw_mail WHERE state = 'stored')
         + (SELECT count(*) FROM channels_delivery WHERE state IN ('queued', 'handing_over'))
"""


def calm(products, post, *, seconds=4.0):
    """Wait until nothing has moved in either shop for a while."""
    since, count = time.monotonic(), -1

    def is_calm():
        nonlocal since, count
        moving = sum(product.ask(MOVING)[0][0] for product in products)
        if moving or len(post.sink.mails) != count:
            since, count = time.monotonic(), len(post.sink.mails)
        return time.monotonic() - since > seconds

    eventually(is_calm, why="the two go on talking")


def automatic(product):
    """Return to whom a shop's automatic mails went."""
    return [
        recipients[0]
        for (recipients,) in product.ask(
            "SELECT recipients FROM channels_delivery WHERE is_automatic AND state = 'sent'"
        )
    ]


def test_two_shops_do_not_answer_each_other_for_ever(product, post, begin):
    post.addresses[OTHER] = "otra"
    post.imap.create_user("otra", "secreto")
    other = begin("otra")
    other.connect(OTHER, imap=post.imap.port, smtp=post.sink.port, user="otra", name="Otra")

    def write(number):
        mail = letter(
            f"Proveedor {number}", "Hola, ¿nos servís?", sender=OTHER, to=SHOP, at=product.now()
        )
        post.send(mail, SHOP)

    # Marked as RFC 3834 has it, an acknowledgement is answered by nobody.
    write(1)
    post.wait_for("otra", 1)
    calm([product, other], post)
    assert automatic(product) == [OTHER]
    assert automatic(other) == []
    (note,) = other.export("messages")
    assert note["is_automatic"] is True
    assert other.export("promises") == []

    # With every mark lost on the way each looks like a new question: the day's number is the net.
    post.rewrite = lambda data: _MARKS.sub(b"", data)
    for number in range(2, 8):
        write(number)
    calm([product, other], post)
    assert automatic(product) == [OTHER] * A_DAY
    assert automatic(other) == [SHOP] * (A_DAY - 1), "it never saw a third unmarked one"
    # Nothing was thrown away: each mail of the other is there, with its promise.
    assert len(product.export("promises")) >= 7
    silent = product.ask("SELECT count(*) FROM channels_raw_mail WHERE state = 'quarantined'")
    assert silent == [(0,)]
