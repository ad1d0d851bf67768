"""Every text of the command line is in Spanish too, with the same values."""

import ast
import re
from pathlib import Path

import pytest

from esmero.config import cli
from esmero.config.cli import words
from esmero.config.cli.es import TEXTS

CONFIG = Path(cli.__file__).parents[1]
SPEAKERS = {"t", "say", "note", "ClusterProblem", "ClusterBusy", "BackupProblem"}
CODES = {"leftover", "starting"}
VALUE = re.compile(r"\{(\w+)\}")


def said() -> dict[str, str]:
    """Return each text and where it is said."""
    found = {text: "cli/__init__.py" for text in cli.COMMANDS.values()}
    for path in sorted(CONFIG.rglob("*.py")):
        if {"tests", "demo"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in SPEAKERS and node.args:
                first = node.args[0]
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and first.value not in CODES
                ):
                    found[first.value] = f"{path.relative_to(CONFIG)}:{node.lineno}"
    return found


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def values(text: str) -> set[str]:
    return set(VALUE.findall(text))


def test_every_text_is_translated():
    assert {text: place for text, place in said().items() if text not in TEXTS} == {}


@pytest.mark.slow
def test_no_translation_is_left_over():
    assert [text for text in TEXTS if text not in said()] == []


def test_translations_name_the_same_values():
    differing = [text for text, es in TEXTS.items() if values(text) != values(es)]
    assert differing == []


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "es"),
        ({"LANG": "C.UTF-8"}, "es"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(monkeypatch, variables, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    words.language.cache_clear()
    try:
        assert words.language() == language
    finally:
        words.language.cache_clear()
