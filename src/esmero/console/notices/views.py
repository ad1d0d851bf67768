"""The bell: what I was told, what is new of it, and silencing a conversation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, came_from, team
from esmero.console.context import address_of, page, piece
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput
from esmero.notices import actions as notices
from esmero.notices import queries
from esmero.notices.enums import Kind
from esmero.ui.links import link
from esmero.ui.notices import ICONS, said

POST = ("POST",)


@team()
def bell(request: TeamRequest) -> HttpResponse:
    """My list, the newest first."""
    cards = queries.listed(request.agent)
    rows = [_row(card) for card in cards]
    preferences = queries.preferences_of(request.agent.pk)
    at = now()
    until = preferences.paused_until
    context = {
        "rows": rows,
        "has_unseen": any(not card.is_seen for card in cards),
        "paused_until": until if until is not None and until > at else None,
    }
    return page(request, "console/notices/page.html", context, here="bell", at=at)


@team()
def fresh(request: TeamRequest) -> HttpResponse:
    """What I was told since an event (`desde`), as toasts; what a window shows already of itself
    is left out.
    """
    since = request.GET.get("desde", "0")
    if not since.isdigit() or len(since) > 18:
        raise InvalidInput(field="desde")
    cards = queries.listed(request.agent, after_id=int(since))
    shown = [card for card in cards if card.kind is not Kind.TAKEOVER][:3]
    context = {
        "rows": [_row(card) for card in reversed(shown)],
        "newest": queries.newest_event_of(request.agent.pk),
    }
    return piece(request, "console/notices/_toasts.html", context)


def _row(card: queries.Card) -> dict[str, Any]:
    where = (
        link("console:thread", card.conversation_id)
        if card.conversation_id is not None
        else address_of("console:mail_health")
    )
    return {
        "card": card,
        "text": said(card),
        "icon": ICONS[card.kind],
        "url": where,
        "is_silent_able": card.conversation_id is not None,
    }


@team(methods=POST)
def seen(request: TeamRequest) -> HttpResponse:
    """I have seen all of it, or one (`aviso`)."""
    asked = request.POST.get("aviso", "")
    if asked and (not asked.isdigit() or len(asked) > 18):
        raise InvalidInput(field="aviso")
    notices.look_at_all(
        agent_id=request.agent.pk, at=now(), notice_id=int(asked) if asked else None
    )
    return HttpResponseRedirect(came_from(request, link("console:bell")))


@team(methods=POST)
def mute(request: TeamRequest, pk: int) -> HttpResponse:
    """Silence a conversation, or (`oir`) hear it again."""
    conversation = conversations.conversation_for(request.agent, pk)
    who = request.agent.pk
    if request.POST.get("oir"):
        notices.unmute_conversation(agent_id=who, conversation_id=conversation.pk, at=now())
        messages.success(request, gettext("You hear of this conversation again."))
    else:
        notices.mute_conversation(agent_id=who, conversation_id=conversation.pk, at=now())
        messages.success(
            request,
            gettext("Silenced. What asks you by name and what you have promised still comes."),
        )
    return HttpResponseRedirect(came_from(request, link("console:thread", conversation.pk)))
