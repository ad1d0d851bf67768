"""The lists and the search."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import page, piece
from esmero.console.inbox import asking, lists
from esmero.console.inbox.rows import html_of
from esmero.console.words import REASONS
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now

_NUMBER = re.compile(r"#\d{1,12}")


@team()
def start(request: TeamRequest) -> HttpResponse:
    """Go to my own list."""
    return HttpResponseRedirect(reverse("console:inbox", args=[lists.MINE.slug]))


@team()
def inbox(request: TeamRequest, slug: str) -> HttpResponse:
    """One list; `desde` a cursor, `orden` plazo or reciente. As a piece: only further rows."""
    if slug not in lists.LISTS:
        raise Http404(slug)
    return _listed(request, lists.Place.of(request.GET, slug))


@team()
def search(request: TeamRequest) -> HttpResponse:
    """Find by words, #number or address. A number that exists is opened at once."""
    place = lists.Place.of(request.GET)
    if place.list is not lists.SEARCH:
        return HttpResponseRedirect(reverse("console:inbox_start"))
    if _NUMBER.fullmatch(place.words):
        found = conversations.search(request.agent, place.words, at=now(), limit=1)
        if found.ids == [int(place.words[1:])]:
            return HttpResponseRedirect(lists.Place().url_of(found.ids[0]))
    return _listed(request, place)


@team()
def filters(request: TeamRequest) -> HttpResponse:
    """The filters and their values as JSON, for completing what is typed."""
    found = [{"word": word, "values": values} for word, values in asking.filters()]
    return JsonResponse({"filters": found})


def _listed(request: TeamRequest, place: lists.Place) -> HttpResponse:
    at = now()
    if is_piece(request) and request.headers.get("HX-Target") == "more":
        context = {"place": place, "listed": lists.read(place, request.agent, at=at), "at": at}
        return piece(request, "console/inbox/_rows.html", {**context, "row_html": html_of})
    return page(
        request,
        "console/inbox/page.html",
        list_context(request, place, at=at),
        here="inbox",
        at=at,
    )


def list_context(request: TeamRequest, place: lists.Place, *, at: Any) -> dict[str, Any]:
    """Return what the list pane needs."""
    listed = lists.read(place, request.agent, at=at)
    return {
        "place": place,
        "listed": listed,
        "problems": asking.said(listed.problems),
        "filters": asking.filters() if place.list is lists.SEARCH else [],
        "lists": list(lists.LISTS.values()),
        "reasons": REASONS,
        "row_html": html_of,
    }
