"""Codes of other contexts have words here: none shows its own name on a screen."""

from __future__ import annotations

from django.utils.translation import override

from esmero.console.settings.views.texts import MEANINGS, NAMES
from esmero.console.thread.beside import Tally
from esmero.mails.texts import KINDS
from esmero.shop import ports


def test_every_text_and_every_variable_of_it_has_a_name():
    texts = ports.texts()
    named = {*texts.all_keys(), *KINDS}  # a delivery is shown by its kind, a wording by its key
    assert named - set(NAMES) == set()
    variables = {variable for key in texts.all_keys() for variable in texts.variables(key)}
    assert variables - set(MEANINGS) == set()


def test_a_tally_is_said_in_singular_and_plural_and_without_noughts():
    with override("es"):
        assert Tally().words == ""
        assert Tally(kept=1).words == "1 cumplida"
        assert Tally(kept=21, mended=1, broken=2).words == "21 cumplidas, 1 reparada y 2 rotas"
        assert Tally(broken=1).words == "0 cumplidas y 1 rota"
