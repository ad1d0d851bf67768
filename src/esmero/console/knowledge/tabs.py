"""The frame of Saber: its tabs. Other rooms of it add their entries here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from esmero.console.access import TeamRequest
from esmero.console.context import page
from esmero.people.enums import Role


def show(
    request: TeamRequest, template: str, place: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of Saber; `place` is its tab, empty for a page below one."""
    found = {
        "tabs": tabs(request, place),
        "may_publish": may_publish(request),
        "spoken": get_language() or "es",
    }
    return page(request, template, found | context, here="knowledge", status=status)


def may_publish(request: TeamRequest) -> bool:
    """Say whether this member decides what readers see."""
    return request.agent.has_role(Role.SUPERVISOR)


def tabs(request: TeamRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages that this member may see."""
    wanted = [
        ("articles", "console:knowledge", pgettext("knowledge", "Articles"), Role.AGENT),
        ("news", "console:know_news", pgettext("knowledge", "News"), Role.AGENT),
        ("questions", "console:questions", pgettext("knowledge", "Questions"), Role.AGENT),
        ("coverage", "console:questions_coverage", pgettext("knowledge", "Coverage"), Role.AGENT),
        ("categories", "console:know_categories", pgettext("knowledge", "Categories"),
         Role.SUPERVISOR),
        ("synonyms", "console:know_synonyms", pgettext("knowledge", "Synonyms"),
         Role.SUPERVISOR),
        ("import", "console:know_import", pgettext("knowledge", "Import and export"),
         Role.SUPERVISOR),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(route), "current": name == here}
        for name, route, label, role in wanted
        if request.agent.has_role(role)
    ]
