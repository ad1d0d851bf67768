"""Codes of other contexts have words here: none shows its own name on a screen."""

from __future__ import annotations

from esmero.console.settings.views.texts import MEANINGS, NAMES
from esmero.mails.texts import KINDS
from esmero.shop import ports


def test_every_text_and_every_variable_of_it_has_a_name():
    texts = ports.texts()
    named = {*texts.all_keys(), *KINDS}  # a delivery is shown by its kind, a wording by its key
    assert named - set(NAMES) == set()
    variables = {variable for key in texts.all_keys() for variable in texts.variables(key)}
    assert variables - set(MEANINGS) == set()
