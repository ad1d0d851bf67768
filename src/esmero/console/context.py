"""What every page of the console shows around its own: the rail with its counts, and who I am."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.translation import gettext, pgettext

from esmero.console.access import TeamRequest
from esmero.console.counts import counters
from esmero.kernel.clock import now
from esmero.kernel.composed import composed
from esmero.people import queries as people
from esmero.shop.queries import the_shop
from esmero.ui.links import link

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.people.models import Agent


def page(
    request: TeamRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    here: str = "",
    status: int = 200,
    at: datetime | None = None,
) -> HttpResponse:
    """Render a whole page of the console; `here` is the rail's place (today, inbox, …)."""
    at = at or now()
    return render(
        request,
        template,
        {"at": at, **frame(request, here=here, at=at), **(context or {})},
        status=status,
    )


def piece(
    request: TeamRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a part of a page for htmx."""
    return render(request, template, {"is_piece": True, **context}, status=status)


def frame(request: TeamRequest, *, here: str, at: datetime) -> dict[str, Any]:
    """Return what the layout `ui/console.html` needs, and `counts` of what waits where."""
    agent = request.agent
    counts = counters(agent, at=at, with_lists=here == "inbox")
    return {
        "counts": counts,
        "rail": rail(counts, here=here),
        "me": {"name": agent.name, "url": link("console:me"), "here": True, "role": agent.role},
        "keys_off": not agent.has_shortcuts,
        "is_demo": the_shop().is_demo,
        "path": request.get_full_path(),
        "live": {
            "at": getattr(request, "live_at", ""),  # the accounts have a door of their own
            "team": team_names(),
        },
    }


_KEEP_SECONDS = 2.0
_kept: tuple[float, dict[int, str]] | None = None


def team_names() -> dict[int, str]:
    """Return the active members' names by number, at most two seconds old."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] >= _KEEP_SECONDS:
        _kept = time.monotonic(), dict(_team_names())
    return _kept[1]


@composed
def _team_names() -> QuerySet[Agent, Any]:
    """The active members: live updates name them by their numbers."""
    return people.team().values_list("id", "name")


def rail(counts: dict[str, int], *, here: str) -> list[dict[str, Any]]:
    """Return the places of the rail; what is not built is not there."""
    places = [
        ("today", pgettext("rail", "Today"), "console:hoy", "today", "g h"),
        ("inbox", pgettext("rail", "Inbox"), "console:inbox_start", "inbox", "g b"),
        ("bell", pgettext("rail", "Notices"), "console:bell", "bell", "g n"),
        ("customers", pgettext("rail", "People"), "console:customers", "people", "g c"),
        ("knowledge", pgettext("rail", "Articles"), "console:knowledge", "book", "g k"),
        ("reports", pgettext("rail", "Reports"), "console:reports", "report", "g i"),
        ("outbox", pgettext("rail", "Outbox"), "console:outbox", "send", "g s"),
        ("settings", pgettext("rail", "Settings"), "console:settings", "settings", "g a"),
    ]
    found = []
    for name, label, route, icon, key in places:
        url = address_of(route)
        if not url:
            continue
        found.append(
            {
                "label": label,
                "name": name,
                "url": url,
                "icon": icon,
                "key": key,
                "current": name == here,
                "count": counts.get(name, 0),
            }
        )
    return found


def address_of(route: str) -> str:
    """Return the address of a page, empty while it is not built."""
    try:
        return link(route)
    except NoReverseMatch:
        return ""


def hello(name: str, *, at: datetime) -> str:
    """Return the greeting of the hour."""
    hour = at.astimezone(the_shop().zone).hour
    first = name.split()[0] if name.split() else name
    if 5 <= hour < 13:
        return gettext("Good morning, %(name)s") % {"name": first}
    if 13 <= hour < 21:
        return gettext("Good afternoon, %(name)s") % {"name": first}
    return gettext("Good evening, %(name)s") % {"name": first}
