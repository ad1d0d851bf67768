"""What the pages ask for when something happened: rows, and where somebody is."""

from __future__ import annotations

import re

from django.http import HttpResponse

from esmero.console.access import TeamRequest, team
from esmero.console.context import piece
from esmero.console.inbox import lists
from esmero.console.inbox.rows import html_of
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Doing
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput

ROWS_MOST = 100
_NUMBERS = re.compile(r"\d{1,18}(,\d{1,18})*")
_NAME = re.compile(r"[A-Za-z0-9-]{8,40}")


@team()
def rows(request: TeamRequest) -> HttpResponse:
    """The rows of `ids` that stand in the list of the address; the others are not in it (now)."""
    asked = request.GET.get("ids", "")
    if not _NUMBERS.fullmatch(asked):
        raise InvalidInput(field="ids")
    ids = sorted({int(number) for number in asked.split(",")})[:ROWS_MOST]
    place, at = lists.Place.of(request.GET), now()
    listed = lists.Page(lists.among(place, request.agent, ids, at=at))
    context = {"place": place, "listed": listed, "at": at, "row_html": html_of}
    return piece(request, "console/inbox/_rows.html", context)


@team(methods=("POST",))
def presence(request: TeamRequest) -> HttpResponse:
    """What a window shows: `conversacion` (empty: none), `hace` looks or writes.

    `linea` names the stream of the browser, `ventana` the window.
    """
    said = request.POST
    line, tab = said.get("linea", ""), said.get("ventana", "")
    if not _NAME.fullmatch(line) or not _NAME.fullmatch(tab):
        raise InvalidInput(field="linea")
    number = said.get("conversacion", "")
    shown = None
    if number:
        if not number.isdigit() or len(number) > 18:
            raise InvalidInput(field="conversacion")
        shown = queries.conversation_for(request.agent, int(number)).pk
    conversations.note_presence(
        agent_id=request.agent.pk,
        line=line,
        tab=tab,
        conversation_id=shown,
        doing=Doing.WRITES if said.get("hace") == "writes" else Doing.LOOKS,
        at=now(),
    )
    return HttpResponse(status=204)
