"""Hostile HTML before it is shown: what would act, load or hide is gone; what is said stays."""

from __future__ import annotations

from html.parser import HTMLParser
from time import perf_counter

import pytest

from esmero.channels import queries
from esmero.channels.parsing import sanitise_html

ATTACKS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>", "<img src='x'onerror=alert(1)//>", "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "<math><mtext><img src=x onerror=alert(1)></mtext>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='jAva&#x09;script:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>", "<a href='data:text/html,<script>'>x</a>",
    "<a href='vbscript:x'>x</a>", "<iframe src='https://malo.example'></iframe>",
    "<object data='x.swf'></object>", "<embed src=x>", "<form action=//malo.example><input>",
    "<button formaction=//malo.example>x</button>", "<base href='//malo.example/'>",
    "<meta http-equiv=refresh content='0;url=//malo.example'>",
    "<link rel=stylesheet href=//malo.example/x.css>", "<style>@import '//malo.example'</style>",
    "<p style='background:url(//malo.example/x)'>x</p>",
    "<p style='background-image:\\75rl(//malo.example)'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>", "<p style='display:none'>oculto</p>",
    "<table background=//malo.example/x><tr><td background=//malo.example/y>x</td></tr></table>",
    "<img src=//malo.example/p.png>", "<img src='https://malo.example/p.png'>",
    "<img srcset='https://malo.example/p.png 2x'>", "<img src='/c/conversaciones/1/'>",
    "<img src='../secreto'>", "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<picture><source srcset=//malo.example/x></picture>", "<video src=//malo.example/x poster=y>",
    "<audio src=//malo.example/x autoplay>", "<input autofocus onfocus=alert(1)>",
    "<div id=app-shell class=modal>x</div>", "<noscript><p title='</noscript><img src=x onerror=a>'>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<template><script>alert(1)</script></template>", "<xmp><img src=x onerror=a></xmp>",
    "<a href='https://ok.example' target=_top ping=//malo.example>x</a>", "<isindex action=j:a>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>", "<plaintext><script>x",
    "<dialog open>x</dialog>", "<body onload=alert(1) background=//malo.example>x</body>",
]  # fmt: skip
LOADING = {"src", "srcset", "background", "poster", "data", "action", "formaction", "ping"}


class Reading(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            said = (value or "").strip().lower()
            if name == "target" and value == "_blank":
                continue  # ours: out of the frame, without a word of where it came from
            if name.startswith("on") or name in ("id", "class", "target", "name"):
                self.wrong.append(f"{tag} {name}")
            if name in LOADING and not said.startswith("/cid/"):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href" and not said.startswith(("http://", "https://", "mailto:", "tel:")):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "style" and any(w in said for w in ("url", "position", "expr", "display")):
                self.wrong.append(f"{tag} {value}")


FORBIDDEN = {
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "meta",
    "link", "svg", "math", "video", "audio", "source", "picture", "template", "textarea",
    "noscript", "dialog", "body", "html", "select", "xmp", "plaintext",
}  # fmt: skip


@pytest.mark.parametrize("html", ATTACKS)
def test_sanitise_leaves_nothing_that_acts_loads_or_covers(html: str) -> None:
    safe = sanitise_html(
        f"<p>antes</p>{html}<p>después</p>", cid_urls={}, allow_remote_images=False
    )
    found = Reading()
    found.feed(safe.html)
    assert (found.wrong, found.tags & FORBIDDEN) == ([], set())
    assert "antes" in safe.html


def test_sanitise_twice_changes_nothing_more() -> None:
    for html in ATTACKS:
        once = sanitise_html(html, cid_urls={}, allow_remote_images=False).html
        assert sanitise_html(once, cid_urls={}, allow_remote_images=False).html == once


def test_images_of_the_mail_are_shown_and_remote_ones_only_through_the_proxy() -> None:
    html = (
        '<img src="cid:logo@x"><img src="https://t.example/p.png?a=1&amp;b=2">'
        "<img src='http://t.example/\"onerror=alert(1).png'>"
    )
    safe = queries.safe_html_of(html, cid_urls={"logo@x": "/cid/1"})
    assert ("/cid/1" in safe.html, "t.example" in safe.html, safe.blocked_images) == (
        True,
        False,
        2,
    )
    asked: list[str] = []

    def proxied(url: str) -> str:
        asked.append(url)
        return f"/cid/{len(asked)}?u=\"'<"

    shown = queries.safe_html_of(html, cid_urls={"logo@x": "/cid/0"}, proxied=proxied)
    found = Reading()
    found.feed(shown.html)
    assert (found.wrong, "t.example" in shown.html) == ([], False)
    assert asked[0] == "https://t.example/p.png?a=1&b=2"


@pytest.mark.parametrize(
    "html",
    ["<div>" * 100_000, "<a " * 300_000, "<table><tr><td>" * 30_000, "&" * 900_000,
     "<p style='" + "a:b;" * 200_000 + "'>", "<!--" * 200_000],
)  # fmt: skip
def test_sanitise_is_bounded_in_time(html: str) -> None:
    begun = perf_counter()
    sanitise_html(html, cid_urls={}, allow_remote_images=False)
    assert perf_counter() - begun < 5
