"""The layouts and macros, rendered strictly, and the house rules for what they write."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from esmero.ui import context
from esmero.ui.tests.conftest import UI
from esmero.ui.tests.scene import AT, at, scene

PAGES = ["ui/gallery.html"] + [
    f"ui/gallery/{name}.html" for name in ("today", "inbox", "case", "enter")
]
_NOTHING = Message("")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")


def macro(engine: Jinja2, source: str, **values: Any) -> str:
    return engine.env.from_string(source).render(at=AT, **values)


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_gallery_hold_no_inline_style_and_no_inline_script(
    engine: Jinja2, page: str
) -> None:
    html = engine.get_template(page).render(scene("dark"))
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"https?://(?!www\.w3\.org)", html) == []
    assert html.count('<main id="main"') == 1
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_every_text_has_its_spanish() -> None:
    """Found by the extractor in this surface's code and templates, and by nothing else."""
    with (UI / "locale/es/LC_MESSAGES/django.po").open("rb") as file:
        known = read_po(file)
    keywords = DEFAULT_KEYWORDS | {"pgettext": ((1, "c"), 2), "gettext_lazy": None}
    methods = [("tests/**", "ignore"), ("**.py", "python"), ("jinja2/**", "jinja2")]
    options = {"jinja2/**": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"}}
    found = set()
    for _file, _line, text, _comments, about in extract_from_dir(
        str(UI), methods, options, keywords
    ):
        found.add((about, text[0] if isinstance(text, tuple) else text))
    assert len(found) > 60
    missing = [
        (about, text) for about, text in found if not (known.get(text, about) or _NOTHING).string
    ]
    assert missing == []
    assert [m.id for m in known if m.id and m.fuzzy] == []


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("layout", ["ui/console.html", "ui/bare.html", "ui/portal.html"])
def test_layouts_need_no_context_processor(engine: Jinja2, layout: str) -> None:
    values = {"shop": {"name": "Barro Vivo"}} if layout == "ui/portal.html" else {}
    html = engine.get_template(layout).render(values)
    assert '<html lang="en" dir="ltr">' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<a class="skip" href="#main">Skip to the content</a>' in html


def test_the_rail_folds_what_does_not_fit_a_telephone(engine: Jinja2) -> None:
    values = scene()
    html = engine.get_template("ui/console.html").render(values)
    assert html.count('<li class="far">') == len(values["rail"]) - 4
    assert html.count('<li class="near">') == 1
    few = engine.get_template("ui/console.html").render(values | {"rail": values["rail"][:5]})
    assert 'class="far"' not in few
    assert 'class="near"' not in few


def test_the_shop_s_stylesheet_comes_after_ours(engine: Jinja2) -> None:
    html = engine.get_template("ui/portal.html").render(scene() | {"shop_css_url": "/shop.css"})
    links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert links[-1] == "/shop.css"
    assert len(links) == 2


def test_the_other_languages_are_offered_not_the_own(engine: Jinja2) -> None:
    html = engine.get_template("ui/portal.html").render(scene())
    assert re.findall(r'hreflang="(\w+)"', html) == ["en"]


@pytest.mark.usefixtures("in_spain")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ok", "a tiempo"), ("soon", "vence pronto"), ("late", "vencida"), ("kept", "cumplida"),
        ("mended", "rota y reparada"), ("broken", "rota"), ("moved", "cambiada"),
        ("released", "retirada"), ("waiting", "esperando al cliente"),
    ],
)  # fmt: skip
def test_chip_says_its_state_with_sign_and_words(engine: Jinja2, state: str, words: str) -> None:
    html = macro(engine, '{% from "ui/_chip.html" import chip %}{{ chip(state) }}', state=state)
    assert html == (
        f'<span class="chip" data-state="{state}"><svg class="icon" viewBox="0 0 16 16" '
        f'aria-hidden="true"><use href="#p-{state}"/></svg>{words}</span>'
    )


@pytest.mark.usefixtures("in_spain")
def test_due_chip_ticks_only_while_open(engine: Jinja2) -> None:
    source = '{% from "ui/_chip.html" import due_chip %}{{ due_chip(state, due, made, at=at) }}'
    values = {"due": at(12), "made": at(9, 35)}
    soon = macro(engine, source, state="soon", **values)
    assert 'due="2026-11-19T12:00:00+01:00" made="2026-11-19T09:35:00+01:00"' in soon
    assert "<span data-left>quedan 20 min</span>" in soon.replace("\xa0", " ")
    assert "es-due" not in macro(engine, source, state="kept", **values)


def test_texts_from_outside_are_escaped(engine: Jinja2) -> None:
    bad = "<b onclick=x>&"
    html = macro(
        engine,
        '{% from "ui/_row.html" import item %}{% from "ui/_chip.html" import seen %}'
        '{{ item("/c/1", bad, bad, bad, at, seen_by=[(bad, "writes")], at=at) }}{{ seen(bad) }}',
        bad=bad,
    )
    assert html.count("&lt;b onclick=x&gt;&amp;") == 5
    assert "<b onclick" not in html


def test_a_disabled_button_says_why_and_stays_reachable(engine: Jinja2) -> None:
    html = macro(
        engine,
        '{% from "ui/_button.html" import button %}'
        '{{ button("Refund", "primary", href="/x", why="Your limit is 60.", id="r") }}',
    )
    assert html == (
        '<button class="btn" id="r" data-kind="primary" type="button" aria-disabled="true" '
        'aria-describedby="r-why">Refund</button>'
        '<span class="small muted" id="r-why">Your limit is 60.</span>'
    )


def test_further_attributes_reach_the_button(engine: Jinja2) -> None:
    html = macro(
        engine,
        '{% from "ui/_button.html" import button %}{{ button("Go", hx_post="/x", name="a") }}',
    )
    assert html == '<button class="btn" type="submit" hx-post="/x" name="a">Go</button>'


@pytest.mark.usefixtures("in_spain")
def test_a_field_ties_its_hint_and_errors_to_the_input(engine: Jinja2) -> None:
    form = scene()["g"]["form"]
    source = '{% from "ui/_field.html" import field %}{{ field(form[name]) }}'
    html = macro(engine, source, form=form, name="email")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email-why"' in html
    assert '<div class="why" id="id_email-why">' in html
    text = macro(engine, source, form=form, name="text")
    assert '<span class="optional">opcional</span>' in text
    radio = macro(engine, source, form=form, name="remedy")
    assert radio.count('<label class="choice">') == 2
    assert "<fieldset" in radio


MAIL = (
    '{% extends "ui/mail.html" %}{% from "ui/_mail.html" import paragraph %}'
    "{% block main %}{{ paragraph(text) }}{% endblock %}"
)


def test_mail_shows_the_promise_and_escapes(engine: Jinja2) -> None:
    html = macro(
        engine, MAIL, shop={"name": "Barro & Vivo", "url": "https://shop.example"},
        subject="Recibido", lang="es", text="<script>", promise="Hoy antes de las 16:30.",
        colour="#0F5B66",
    )  # fmt: skip
    assert html.count("Hoy antes de las 16:30.") == 1
    assert "&lt;script&gt;" in html
    assert "Barro &amp; Vivo" in html
    assert "<table" not in html
    assert html.lstrip().startswith("<!doctype html>")


def test_mail_as_text_is_not_escaped(engine: Jinja2) -> None:
    text = engine.get_template("ui/mail.txt").render(
        {"shop": {"name": "Barro & Vivo", "line": "<Manises>"}, "promise": "«Hoy»"}
    )
    assert "Barro & Vivo" in text
    assert "<Manises>" in text
    assert "«Hoy»" in text


@pytest.mark.parametrize(
    "path", sorted((UI / "static/ui/css").glob("*.css")), ids=lambda p: p.stem
)
def test_styles_keep_the_house_rules(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert "!important" not in text
    assert "@import" not in text
    if path.name != "tokens.css":
        assert COLOUR.findall(text.replace("#context", "").replace("#list", "")) == []
    side = "(?:left|right|top|bottom)"
    physical = rf"[^-](?:margin|padding|border)-{side}\b|[;{{]\s*{side}:"
    assert re.findall(physical, text) == []


def test_look_reads_known_cookies_only() -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"esmero_theme": "dark", "esmero_density": "compact"}
    assert (context.look(request)["theme"], context.look(request)["density"]) == (
        "dark",
        "compact",
    )
    request.COOKIES = {"esmero_theme": '"><script>', "esmero_density": "x"}
    assert context.look(request)["theme"] == ""
    assert context.look(request)["density"] == "comfortable"
