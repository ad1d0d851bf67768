"""Today: what needs me, by the hour it falls due."""

from __future__ import annotations

from django.http import HttpResponse

from esmero.console.access import TeamRequest, team
from esmero.console.context import hello, page
from esmero.kernel.clock import now


@team()
def hoy(request: TeamRequest) -> HttpResponse:
    """The first page of the day."""
    at = now()
    context = {"hello": hello(request.agent.name, at=at)}
    return page(request, "console/today/page.html", context, here="today", at=at)
