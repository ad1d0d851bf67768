"""What every page needs to know about who looks at it: language, theme, density."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_bidi

THEME_COOKIE = "esmero_theme"
DENSITY_COOKIE = "esmero_density"
THEMES = ("light", "dark")
DENSITIES = ("comfortable", "compact")


class _Once:
    """The token that forms carry, masked once an answer instead of at each of its forms.

    A page that shows none sets no cookie: it is made when it is first written.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._made = ""

    def __str__(self) -> str:
        self._made = self._made or get_token(self._request)
        return self._made


class _Field:
    """The hidden field with it."""

    def __init__(self, token: _Once) -> None:
        self._token = token
        self._made = ""

    def __html__(self) -> str:
        self._made = self._made or format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', str(self._token)
        )
        return self._made

    __str__ = __html__


def forms(request: HttpRequest) -> dict[str, Any]:
    """`csrf_token` and `csrf_input`, as Django gives them, for pages that are rendered with their
    request.
    """
    token = _Once(request)
    return {"csrf_token": token, "csrf_input": _Field(token)}


def look(request: HttpRequest) -> dict[str, Any]:
    """`lang`, `dir`, `theme` and `density` for the layouts. These win over a view's own values.

    The theme of a member of the team (`request.agent`, set by the console) goes before the cookie.
    An unknown cookie value counts as none: theme "" follows the system.
    """
    own = getattr(getattr(request, "agent", None), "theme", "")
    theme = own or request.COOKIES.get(THEME_COOKIE, "")
    density = request.COOKIES.get(DENSITY_COOKIE, "")
    return {
        "lang": get_language() or "en",
        "dir": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "density": density if density in DENSITIES else "comfortable",
    }
