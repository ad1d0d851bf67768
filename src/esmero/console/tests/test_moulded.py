"""What is moulded says for every conversation what its template would say, rendered for it alone."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.template import engines
from django.utils import translation
from markupsafe import Markup

from esmero.console.thread.compose import FILE_MOST, FILES_MOST
from esmero.console.thread.composer import UNTOUCHED
from esmero.console.words import ABOUT, BY_HAND, PROMISE_KINDS
from esmero.ui import moulds

HERE = f'?q="><b>ñ</b>&lista=equipo{moulds._FIELD}{moulds.NUMBER} {{number}}'
FIELD = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="abc">')
KINDS = [(kind.value, PROMISE_KINDS[kind.value]) for kind in BY_HAND]
EXTRAS = {
    "composer": UNTOUCHED,
    "promise_kinds": KINDS,
    "file_most": FILE_MOST,
    "files_most": FILES_MOST,
}
ACTIONS = [
    {
        "kind": "complaint", "state": state, "priority": priority, "whose": whose,
        "is_suspect": state == "open" and priority == 1 and whose == "mine", "is_snoozed": flag,
        "is_owed": flag, "is_followed": not flag, "is_silent": flag,
    }
    for state, priority, whose, flag in product(
        ("open", "waiting", "resolved"), (-1, 0, 1), ("mine", "another's", ""), (True, False)
    )
]  # fmt: skip
PIECES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    *(("_actions.html", {"about": ABOUT}, flags) for flags in ACTIONS),
    ("_extras.html", EXTRAS, {}),
    ("_send.html", {}, {"undo_seconds": 30}),
    ("_writing.html", {"composer": UNTOUCHED}, {"mode": "note"}),
]


@pytest.fixture
def env() -> Any:
    return engines["jinja2"].env  # type: ignore[attr-defined]


def moulded(env: Any, name: str, number: int, here: str, fixed: Any, flags: Any) -> str:
    place = f"console/thread/{name}"
    return moulds.moulded(env, place, number, here, FIELD, fixed, **flags)


def rendered(env: Any, name: str, number: int, here: str, fixed: Any, flags: Any) -> str:
    given = {"number": number, "here": here, "csrf_input": FIELD, **fixed, **flags}
    text: str = env.get_template(f"console/thread/{name}").render(given)
    return text


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_moulded_piece_is_what_its_template_says(env: Any, language: str) -> None:
    with translation.override(language):
        for name, fixed, flags in PIECES:
            for number, here in ((7, HERE), (123456789012, "?lista=mias")):
                args = (env, name, number, here, fixed, flags)
                assert moulded(*args) == rendered(*args), (name, flags)


def test_another_language_gets_another_form(env: Any) -> None:
    said = []
    for language in ("es", "en", "es"):
        with translation.override(language):
            said.append(moulded(env, "_send.html", 7, "?", {}, {"undo_seconds": 15}))
    assert "Enviar" in said[0]
    assert "Send" in said[1]
    assert said[0] == said[2]


def test_the_forms_that_are_kept_are_bounded(env: Any) -> None:
    for seconds in range(moulds.KEPT_MOST + 10):
        moulded(env, "_send.html", 7, "?", {}, {"undo_seconds": seconds})
    assert moulds._form.cache_info().currsize == moulds.KEPT_MOST
