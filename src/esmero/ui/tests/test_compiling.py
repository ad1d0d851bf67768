"""What is compiled our way says what Jinja2 itself would say, and refuses what it refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup

from esmero.ui.compiling import QuickEnvironment

MACROS = """
{% macro plain(a, b="<b>", c=none) %}[{{ a }}|{{ b }}|{{ c }}]{% endmacro %}
{% macro more(a) %}{{ a }}:{{ varargs }}:{{ kwargs|dictsort }}{% endmacro %}
{% macro around(title) %}<{{ title }}>{{ caller("<i>") }}</>{% endmacro %}
{% macro deep(n) %}{{ n }}{% if n %}{{ deep(n - 1) }}{% endif %}{% endmacro %}
"""
PARENT = "<{% block title %}none{% endblock %}>{% block main %}{% endblock %}|{{ shared }}"
SOURCES = [
    "{{ text }}{{ safe }}{{ number }}{{ none }}{{ lazy }}{{ django }}{{ 1.5 }}{{ '<k>' }}",
    "{{ thing.name }} {{ thing.of.name }} {{ data.key }} {{ data.items() | list }} {{ data['key'] }}",
    "{{ thing.missing }}-{{ nothing }}-{{ data.missing|default('d') }}",
    "{{ text|upper ~ safe }} {{ (text ~ '<')|length }} {{ thing.shout(text, end='<!>') }}",
    "{% from 'macros' import plain, more %}{{ plain(1) }}{{ plain(text, c=safe) }}{{ plain(b=2, a=text) }}"
    "{{ more(1, 2, x='<x>') }}",
    "{% from 'macros' import around, deep %}{% call(x) around(text) %}{{ x }}{{ text }}{% endcall %}"
    "{{ deep(3) }}",
    "{% extends 'parent' %}{% block title %}{{ super() }}{{ text }}{% endblock %}"
    "{% block main %}{% for x in list %}{{ loop.index }}{{ x }}{{ thing.shout(x) }}{% endfor %}{% endblock %}",
    "{% for x in list if x != 'b' recursive %}{{ x }}{% if loop.depth < 2 %}{{ loop(['<z>']) }}{% endif %}"
    "{% else %}none{% endfor %}",
    "{% set box %}<b>{{ text }}</b>{% endset %}{{ box }}{% filter upper %}{{ text }}<i>{% endfilter %}",
    "{% include 'part' %}{% include ['no', 'part'] %}{% include 'no' ignore missing %}",
    "{% with y = thing.name %}{% include 'part' %}{{ y }}{% endwith %}{{ greet('<x>') }}",
    "{% trans name=text %}Hello {{ name }} & you{% endtrans %}{{ _('A & B') }}{{ _('%(n)s', n=text) }}",
    "{{ thing.of.name if thing.of else '' }}{{ thing.name is defined }}{{ nothing is defined }}",
]


@pass_context
def greet(context: Any, what: str) -> str:
    return f"{context['text']} {what}"


def values() -> dict[str, Any]:
    thing = SimpleNamespace(name="<n>", of=SimpleNamespace(name="of & on"))
    thing.shout = lambda text, end="!": Markup("<u>{}{}</u>").format(text, end)
    return {
        "text": "<t> & 'q' \"d\"", "safe": Markup("<s>&amp;"), "number": 7, "none": None,
        "lazy": gettext_lazy("<lazy>"), "django": format_html("<b>{}</b>", "<"), "thing": thing,
        "data": {"key": "<v>"}, "list": ["a", "b", "<c>"], "shared": "<shared>",
    }  # fmt: skip


def rendered(kind: type[Environment], name: str, source: str, **more: Any) -> str:
    templates = {
        "macros.html": MACROS, "parent": PARENT, "part": "({{ text }}{{ y }})", "macros": MACROS,
        name: source,
    }  # fmt: skip
    environment = kind(
        loader=DictLoader(templates), extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=lambda n: n is None or not n.endswith(".txt"), **more,
    )  # fmt: skip
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["greet"] = greet
    return environment.get_template(name).render(values())


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", ["page.html", "mail.txt"])
def test_the_same_text_comes_out(name: str, source: str) -> None:
    found = rendered(QuickEnvironment, name, source)
    assert found == rendered(Environment, name, source)
    assert type(found) is str


@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing }}",
        "{{ nothing.more }}",
        "{{ thing.missing }}",
        "{{ data.missing }}",
        "{{ nothing() }}",
        "{{ thing.missing() }}",
        "{% from 'macros' import plain %}{{ plain(1, 2, 3, 4) }}",
        "{% from 'macros' import plain %}{{ plain(1, wrong=2) }}",
        "{% from 'macros' import plain %}{{ plain(1, a=2) }}",
        "{% from 'macros' import around %}{{ around(1) }}",
        "{{ number() }}",
    ],
)
def test_the_same_is_refused(source: str) -> None:
    problems = []
    for kind in (Environment, QuickEnvironment):
        with pytest.raises((UndefinedError, TypeError)) as caught:
            rendered(kind, "page.html", source, undefined=StrictUndefined)
        problems.append((caught.type, str(caught.value)))
    assert problems[0] == problems[1]
