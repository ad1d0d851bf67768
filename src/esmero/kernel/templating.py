"""Texts that a shop writes with variables in them: no logic, an allow-list of names, nothing else.

`{{ customer_name }}` is replaced when the name is allowed; everything else in braces stays as it
is written, so `{{7*7}}` is never 49.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace the known variables once; values are not looked into again."""
    return _VARIABLE.sub(lambda m: values.get(m[1], m[0]), template)


def unknown_variables(template: str, allowed: frozenset[str]) -> list[str]:
    """Return the names in braces that are not allowed, in order, each once."""
    return list(dict.fromkeys(n for n in _VARIABLE.findall(template) if n not in allowed))
