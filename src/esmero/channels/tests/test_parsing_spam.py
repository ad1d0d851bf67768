"""Spam points, mere thanks, safe HTML."""

import pytest

from esmero.channels.parsing import (
    SenderHistory,
    is_mere_thanks,
    parse_mail,
    sanitise_html,
    spam_score,
)


def mail(*headers: str, body: str = "Hola, ¿dónde está mi pedido 12?", auth: str = ""):  # type: ignore[no-untyped-def]
    lines = [
        "To: ayuda@tienda.example",
        "Date: Sat, 21 Nov 2026 10:00:00 +0100",
        "Message-ID: <1@example.org>",
        "Content-Type: text/plain; charset=utf-8",
        *headers,
    ]
    if auth:
        lines.insert(0, f"Authentication-Results: mx; {auth}")
    if not any(line.startswith("From:") for line in lines):
        lines.append("From: Ana <ana@example.org>")
    raw = ("\n".join(lines) + "\n\n" + body).encode()
    return parse_mail(raw, trusted_authserv_ids=("mx",))


NEW = SenderHistory()


@pytest.mark.parametrize(
    ("parsed", "history", "suspicious"),
    [
        (mail(), NEW, False),
        (mail(auth="dmarc=fail"), NEW, False),
        (mail("X-Spam-Flag: YES"), NEW, True),
        (mail("X-Spam-Status: Yes, score=9.1 required=5.0"), NEW, True),
        (mail("X-Spam-Status: No, score=-1.0"), NEW, False),
        (mail("X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:9;SFV:SPM;"), NEW, True),
        (mail("X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:1;SFV:NSPM;"), NEW, False),
        (mail("From: banco@example.com <x@example.net>", auth="dmarc=fail"), NEW, True),
        (mail("From: a@example.org", "From: b@example.net", body="crypto currency, casino"), NEW,
         True),
        (mail("X-Spam-Flag: YES"), SenderHistory(is_reply_to_us=True), False),
        (mail("X-Spam-Flag: YES"), SenderHistory(is_trusted=True), False),
        (mail("X-Spam-Flag: YES", auth="dmarc=fail"), SenderHistory(is_trusted=True), True),
        (mail(), SenderHistory(is_blocked=True), True),
        (mail(), SenderHistory(spam_mails=2), True),
        (mail("X-Spam-Flag: YES"), SenderHistory(cleared_mails=1), False),
    ],
)  # fmt: skip
def test_spam_score_tells_suspicious_mail(parsed, history, suspicious: bool) -> None:  # type: ignore[no-untyped-def]
    assert spam_score(parsed, history=history).is_suspicious is suspicious


def test_spam_score_counts_the_providers_folder() -> None:
    assert spam_score(mail(), history=NEW, flags=("\\Seen",)).score == 0
    verdict = spam_score(mail(), history=NEW, flags=("$Junk",))
    assert (verdict.is_suspicious, verdict.reasons) == (True, ("provider_junk",))


def test_spam_score_sees_disguised_links() -> None:
    body = '<a href="http://robo.example.net/x">www.banco.example.com</a>'
    parsed = mail("Content-Type: text/html", body=body)
    reasons = spam_score(
        parse_mail(f"From: a@example.org\nContent-Type: text/html\n\n{body}".encode()), history=NEW
    ).reasons
    assert "disguised_link" in reasons
    assert parsed.text


@pytest.mark.parametrize(
    "text",
    [
        "gracias",
        "Muchas gracias, recibido",
        "thanks!",
        "Thank you so much, Ana!",
        "Gracias 👍",
        "👍",
        "Perfecto, muchas gracias por su ayuda.\n\nUn saludo,\nAna García\nTel. +34 600 000 000",
        "Obrigada!\nMarta",
        "Muito obrigado pela ajuda",
        "Hola Ana,\n\nMuchísimas gracias.\n\nSaludos",
        "Recibido, gracias\n-- \nAna",
        "Ok",
        "Thanks\n\nSent from my iPhone",
        "GRACIAS",
    ],
)
def test_mere_thanks_are_recognised(text: str) -> None:
    assert is_mere_thanks(text, "") is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hola",
        "Un saludo",
        "Gracias, ¿y la factura?",
        "Gracias, y la factura",
        "Gracias, quiero otra",
        "Gracias, cancelen el pedido",
        "Gracias. Cancelar",
        "Gracias CANCELAR",
        "Gracias pero no ha llegado",
        "Gracias, no funciona",
        "no gracias",
        "Gracias, mi pedido es el 12",
        "thanks, please send the invoice",
        "Obrigado, mas não chegou",
        "😡",
        "Gracias 😡 por nada",
        "Gracias " * 60,
        "Recibido roto",
    ],
)
def test_other_replies_are_not_mere_thanks(text: str) -> None:
    assert is_mere_thanks(text, "es") is False


def clean(html: str, **options) -> str:  # type: ignore[no-untyped-def]
    return sanitise_html(html, cid_urls={"a@b": "/f/1"}, allow_remote_images=False).html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hola</p>", "<p>Hola</p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x", "x"),
        ('<p onclick="x()">y</p>', "<p>y</p>"),
        ('<p style="color: red; position: fixed">x</p>', '<p style="color:red">x</p>'),
        ('<p style="background: url(http://x)">x</p>', "<p>x</p>"),
        ('<p style="color: red; background-color: u\\72l(x)">x</p>', "<p>x</p>"),
        ('<table background="http://x/a.png"><tr><td>x</td></tr></table>',
         "<table><tbody><tr><td>x</td></tr></tbody></table>"),
        ('<img src="cid:a@b">', '<img src="/f/1">'),
        ('<img src="cid:none">', "<img>"),
        ('<img src="data:image/png;base64,AAAA">', "<img>"),
        ('<form action="http://x"><input name="p">t</form>', "t"),
        ('<iframe src="http://x"></iframe>x', "x"),
        ('<svg><a href="http://x">y</a></svg>z', "z"),
        ('<meta http-equiv="refresh" content="0">x', "x"),
        ("<base href='http://x'>x", "x"),
        ("a\x00b", "ab"),
        ("&lt;script&gt;", "&lt;script&gt;"),
    ],
)  # fmt: skip
def test_sanitise_html_keeps_only_the_harmless(html: str, expected: str) -> None:
    assert clean(html) == expected


@pytest.mark.parametrize("target", ["javascript:alert(1)", "/logout", "data:text/html,x", "//x"])
def test_sanitise_html_drops_dangerous_links(target: str) -> None:
    assert "href" not in clean(f'<a href="{target}">x</a>')


def test_sanitise_html_makes_links_harmless() -> None:
    link = clean('<a href="https://example.com/">x</a>')
    assert 'rel="noopener noreferrer nofollow"' in link
    assert 'target="_blank"' in link


def test_sanitise_html_counts_blocked_images() -> None:
    html = '<img src="http://example.com/a.png"><img src="https://example.com/b.png">'
    blocked = sanitise_html(html, cid_urls={}, allow_remote_images=False)
    assert (blocked.html, blocked.blocked_images) == ("<img><img>", 2)
    shown = sanitise_html(html, cid_urls={}, allow_remote_images=True)
    assert shown.html == html
    assert shown.blocked_images == 0


def test_sanitise_html_turns_a_nesting_bomb_into_text() -> None:
    assert clean("<div>" * 50_000 + "x") == "<pre>x</pre>"
