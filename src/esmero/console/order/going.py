"""Where one goes after closing, hiding or answering something: as each agent has chosen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect

from esmero.console.access import TeamRequest, is_piece
from esmero.console.inbox.going import next_in
from esmero.console.inbox.lists import Place
from esmero.desk import queries as desk
from esmero.desk.enums import After

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation


def destination(request: TeamRequest, conversation: Conversation, *, at: datetime) -> str:
    """Return the address to go to once something is done with a conversation.

    Asked before it is done: afterwards its place in the list is another.
    """
    place = Place.of(request.GET)
    chosen = desk.work_of(request.agent.pk).after
    if chosen == After.STAY.value:
        return place.url_of(conversation.pk)
    if chosen == After.NEXT.value:
        following = next_in(place, request.agent, conversation, at=at)
        if following is not None:
            return place.url_of(following)
    return place.url


def go(request: TeamRequest, url: str, conversation: Conversation) -> HttpResponse:
    """Lead there: to the same conversation as a piece, to any other page as a whole one."""
    stays = url == Place.of(request.GET).url_of(conversation.pk)
    if is_piece(request) and not stays:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
