"""Pieces of a page that are the same but for a number, a query and the forms' token.

The menu of a thread is thirty forms and links: the same ones for every conversation in the same
state. Such a piece is rendered once for each state and language, with places that the values are
put into afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from markupsafe import Markup, escape

from esmero.ui.links import PLACE

if TYPE_CHECKING:
    from jinja2 import Environment

KEPT_MOST = 256
"""At some 10 kB each."""

NUMBER = PLACE + 100
# Of Unicode's private use: no template and no catalogue holds them.
_QUERY = "\ue0f0"
_FIELD = Markup("\ue0f1")

Flag = str | int | bool | None


class _Fixed(dict[str, Any]):
    """Goes with a key and is no part of it."""

    def __hash__(self) -> int:  # type: ignore[override]  # it never changes
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fixed)


def moulded(
    env: Environment,
    name: str,
    number: int,
    query: str,
    csrf_input: Any,
    fixed: Mapping[str, Any] | None = None,
    /,
    **flags: Flag,
) -> Markup:
    """Return the template `name` with `number`, `here` (a query as plain text), `csrf_input`,
    `flags`, and `fixed`: what is the same in every call. Nothing else is known to it. What has
    more than a few values, or was typed, is no flag.
    """
    text = _form(env, name, get_language() or "", tuple(flags.items()), _Fixed(fixed or {}))
    text = text.replace(str(NUMBER), str(number)).replace(_FIELD, str(csrf_input))
    # The query last: it holds what was typed, and is not looked through for places.
    return Markup(text.replace(_QUERY, str(escape(query))))  # noqa: S704 - a template of ours


@lru_cache(maxsize=KEPT_MOST)
def _form(
    env: Environment,
    name: str,
    language: str,
    flags: tuple[tuple[str, Flag], ...],
    fixed: _Fixed,
) -> str:
    places = {"number": NUMBER, "here": _QUERY, "csrf_input": _FIELD}
    return env.get_template(name).render({**fixed, **dict(flags), **places})
