"""How the shop addresses its customers: tú, usted or vos.

Spanish is one catalogue that says tú; a voice is a small catalogue over it that holds only what
changes (`locale/es_Usted`, `locale/es_Voseo`). To Django a voice is a language of its own, whose
missing texts come from `es`; to the browser it is Spanish.
"""

from __future__ import annotations

from typing import Final

_CODES: Final = {"usted": "es-usted", "vos": "es-voseo"}


def code_of(language: str, voice: str) -> str:
    """Return the code that Django is to speak."""
    return _CODES.get(voice, language) if language == "es" else language


def language_of(code: str) -> str:
    """Return the language without its voice, as a page names it."""
    return code.partition("-")[0] or "es"
