"""What every page needs to know about who looks at it: language, theme, density."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

THEME_COOKIE = "esmero_theme"
DENSITY_COOKIE = "esmero_density"
THEMES = ("light", "dark")
DENSITIES = ("comfortable", "compact")


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
