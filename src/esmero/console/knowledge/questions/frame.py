"""What the pages of questions have in common: their tabs, and the addresses of articles."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from esmero.console.access import TeamRequest
from esmero.console.context import address_of, page


def show(
    request: TeamRequest, template: str, place: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of Saber; `place` is its tab, empty for a page below one."""
    return page(
        request, template, {"tabs": tabs(place), **context}, here="knowledge", status=status
    )


def tabs(here: str) -> list[dict[str, Any]]:
    """Return the pages of Saber that are built; the articles' own room adds its own."""
    wanted = [
        ("articles", "console:knowledge", pgettext("knowledge", "Articles")),
        ("questions", "console:questions", pgettext("knowledge", "Questions")),
        ("coverage", "console:questions_coverage", pgettext("knowledge", "Coverage")),
    ]
    return [
        {"label": label, "url": url, "current": name == here}
        for name, route, label in wanted
        if (url := address_of(route))
    ]


def article_address(article_id: int) -> str:
    """Return where the team reads and writes an article, empty while that is not built."""
    try:
        return reverse("console:know_article", args=[article_id])
    except NoReverseMatch:
        return ""
