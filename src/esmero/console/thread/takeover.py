"""A conversation is asked for while somebody writes in it: what both see, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.inbox.lists import Place
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.errors import TakeoverOver
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Takeover
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Wish:
    """What the thread says of it. `side`: asked, asker, or somebody else who looks on."""

    id: int
    side: str
    asker: str
    asked: str
    seconds: int


def card(wish: Takeover, agent: Agent, *, at: datetime) -> Wish:
    """Return what this member sees of a wish that waits for its answer."""
    sides = {wish.asked_id: "asked", wish.asker_id: "asker"}
    return Wish(
        id=wish.pk,
        side=sides.get(agent.pk, "other"),
        asker=wish.asker.name,
        asked=wish.asked.name,
        seconds=max(0, round((wish.until - at).total_seconds())),
    )


@team(methods=("POST",))
def answer(request: TeamRequest, pk: int) -> HttpResponse:
    """Hand it over, keep it, or (the asker) do without it: `act` is yield, refuse or withdraw."""
    wish = queries.presence.takeover(pk)
    if wish is None:
        raise NotFound(takeover_id=pk)
    queries.conversation_for(request.agent, wish.conversation_id)
    act, by, at = request.POST.get("act", ""), request.agent.pk, now()
    try:
        if act == "withdraw":
            conversations.withdraw_takeover(takeover_id=pk, by=by, at=at)
        elif act in ("yield", "refuse"):
            conversations.answer_takeover(takeover_id=pk, yields=act == "yield", by=by, at=at)
        else:
            raise InvalidInput(field="act")
    except TakeoverOver as refusal:
        messages.error(request, sentence(refusal))
    else:
        if act == "yield":
            messages.success(request, gettext("Handed over. Your draft stays with you."))
    if not queries.visible_to(request.agent).filter(pk=wish.conversation_id).exists():
        return HttpResponseRedirect(Place.of(request.GET).url)
    return HttpResponseRedirect(Place.of(request.GET).url_of(wish.conversation_id))
