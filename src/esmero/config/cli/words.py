"""The texts of the command line, in Spanish unless the terminal speaks English.

They have a catalogue of their own, because they are needed before Django and its catalogues are,
and by `esmero test` when those are broken.
"""

from __future__ import annotations

import os
import sys
from functools import cache


@cache
def language() -> str:
    """Return `en` for a terminal set to English, `es` for every other and for none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "es"
    return "es"


def t(text: str, /, **values: object) -> str:
    """Translate an English text and fill in `{names}`."""
    if language() == "es":
        from esmero.config.cli.es import TEXTS

        text = TEXTS.get(text, text)
    return text.format(**values) if values else text


def say(text: str, /, **values: object) -> None:
    """Print one translated line at once."""
    print(t(text, **values), flush=True)


def note(text: str, /, **values: object) -> None:
    """Print one translated line beside the output: where that is JSON or is piped on."""
    print(t(text, **values), file=sys.stderr, flush=True)
