"""The language in an address: `/en/ayuda/` is the English page, `/ayuda/` the reader's own.

No cookie remembers a language: whoever chooses one goes on under its prefix, and each page links
on under the prefix that it was reached by. Without a prefix the browser's wish decides, for every
language the same address with the prefix left out.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.urls.resolvers import RoutePattern

from esmero.ui.links import link

carried: ContextVar[str] = ContextVar("esmero_portal_prefix", default="")


def language_in(path: str) -> str:
    """Return the language that an address names (`/en/…` → `en`), '' for none."""
    first = path.lstrip("/").partition("/")[0]
    return first if path.startswith(f"/{first}/") and first in dict(settings.LANGUAGES) else ""


def bare(path: str) -> str:
    """Return an address without its language."""
    language = language_in(path)
    return path[len(language) + 1 :] if language else path


def under(language: str, path: str) -> str:
    """Return the address of the same page in a language; '' is the reader's own."""
    return f"/{language}{bare(path)}" if language else bare(path)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return a page's address; of the customers' pages in the language that this one names."""
    address = link(name, *args, *kwargs.values())
    return f"{carried.get()}{address}" if name.startswith("portal:") else address


class MayNameALanguage(RoutePattern):
    """Matches with and without a language in front; addresses are made without one."""

    def __init__(self) -> None:
        super().__init__("", is_endpoint=False)

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, Any]]:  # type: ignore[override]
        """Return what is left of an address."""
        return bare(f"/{path}")[1:], (), {}
