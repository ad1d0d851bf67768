"""Texts with variables know nothing but their names."""

from __future__ import annotations

import pytest

from esmero.kernel.templating import fill, unknown_variables


@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "{{ 7*7 }}", "${7*7}", "{% for x in y %}", "{{ name.__class__ }}", "{{ name|x }}",
     "{{ config }}", "{{name()}}", "<%= 7*7 %>", "#{7*7}", "{{{name}}"],
)  # fmt: skip
def test_fill_leaves_what_is_no_name_as_it_is(text: str) -> None:
    assert "49" not in fill(text, {"name": "Eva"})
    assert fill(text.replace("name", "nadie"), {"name": "Eva"}) == text.replace("name", "nadie")


def test_fill_does_not_look_into_values_again() -> None:
    values = {"name": "{{ secret }} {{7*7}}", "secret": "clave"}
    assert fill("Hola, {{ name }}", values) == "Hola, {{ secret }} {{7*7}}"


def test_unknown_variables_names_each_once() -> None:
    allowed = frozenset({"name"})
    assert unknown_variables("{{name}} {{ b }} {{a}} {{b}}", allowed) == ["b", "a"]
