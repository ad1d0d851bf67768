"""What is offered while one writes: saved answers (/), times to promise (:), colleagues (@).

With a script they come as pieces below the text; without one the saved answers are a page, the
promise is typed into its field, and a colleague is named in a note by hand.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import piece
from esmero.console.inbox.lists import Place
from esmero.console.text import open_marked
from esmero.console.thread import compose
from esmero.console.thread.acts import sheet
from esmero.console.thread.below import put_below
from esmero.console.thread.views import POST, back
from esmero.console.times import frames_on
from esmero.console.words import BY_HAND, PROMISE_KINDS
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import fold
from esmero.promises import queries as promises
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from esmero.ui.formats import when

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation, SavedAnswer
    from esmero.people.models import Agent

SHOWN = 8
# What stands before the colon says what is promised, when it says it.
_CALLS = re.compile(r"\b(?:llam|telefon|call|ring|phone)")
_SOLVES = re.compile(
    r"\b(?:envi|mand|sal|lleg|arregl|solucion|repar|cambi|devol|devuelv|recog|entreg"
    r"|send|ship|fix|solv|repair|refund|deliver|replac)"
)


def values_for(conversation: Conversation, agent: Agent, *, at: datetime) -> dict[str, str]:
    """Return what the variables of saved answers stand for in a conversation."""
    shop = the_shop()
    customer = conversation.customer
    name = (customer.name if customer else "").strip()
    owed = promises.open_promises_of(ref("conversation", conversation.pk)).first()
    language = (conversation.language or shop.language)[:2]
    to, _cc = compose.answered_to(conversation, None)
    return {
        "customer_name": name.split()[0] if name else "",
        "customer_full_name": name,
        "customer_address": to[0][1] if to else "",
        "subject": conversation.subject,
        "number": str(conversation.pk),
        "promise_time": promises.say_due(
            owed.due_at, now=at, zone=shop.zone.key, language=language
        )
        if owed and owed.due_at > at
        else "",
        "agent_name": agent.name.split()[0] if agent.name.split() else "",
        "shop_name": shop.name,
        "shop_telephone": shop.telephone,
        "shop_website": shop.website,
    }


def _language(conversation: Conversation) -> str:
    return (conversation.language or the_shop().language)[:2]


@team(methods=("GET", "HEAD", "POST"))
def saved(request: TeamRequest, pk: int) -> HttpResponse:
    """Saved answers, filled in for this customer; `q` are the words typed after the slash.

    A POST keeps what is typed so far and leads to the page of them: for where there is no script.
    """
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    place = Place.of(request.GET)
    mode = "note" if (request.POST.get("mode") or request.GET.get("modo")) == "nota" else "reply"
    if request.method == "POST":
        mode = "note" if request.POST.get("mode") == "note" else "reply"
        compose.save(conversation, request.agent, request.POST, at=at)
        where = reverse("console:saved", args=[pk]) + place.query(
            modo="nota" if mode == "note" else "respuesta"
        )
        return HttpResponseRedirect(where)
    words = request.GET.get("q", "")[:60]
    values = values_for(conversation, request.agent, at=at)
    found = queries.fitting_answers(
        request.agent,
        language=_language(conversation),
        words=words,
        most=SHOWN if is_piece(request) else 200,
    )
    context: dict[str, Any] = {
        "title": gettext("Saved answers"),
        "answers": [_offer(one, values) for one in found],
        "q": words,
        "mode": mode,
    }
    if is_piece(request):
        return piece(request, "console/thread/_saved.html", {"c": conversation, **context})
    return sheet(request, "console/thread/_saved_sheet.html", conversation, context)


def _offer(one: SavedAnswer, values: dict[str, str]) -> dict[str, Any]:
    text = queries.filled(one.text, values)
    return {"id": one.pk, "title": one.title, "marked": open_marked(text)}


@team(methods=POST)
def use_saved(request: TeamRequest, pk: int, answer_id: int) -> HttpResponse:
    """Take one: for a script its filled text, else it is put below what the draft holds."""
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    one = queries.saved_answer(answer_id)
    allowed = queries.fitting_answers(request.agent, language="", most=10_000)
    if one is None or all(each.pk != answer_id for each in allowed):
        raise NotFound(answer_id=answer_id)
    text = queries.filled(one.text, values_for(conversation, request.agent, at=at))
    conversations.count_use(answer_id=answer_id, at=at)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"text": text})
    return put_below(request, conversation, text, at=at)


@team()
def spoken(request: TeamRequest, pk: int) -> HttpResponse:
    """What the words after a colon mean as a promise: until when, and whether anybody works then.

    `q` are those words, `antes` what stands before them.
    """
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    zone = the_shop().zone
    local = at.astimezone(zone)
    words = request.GET.get("q", "")[:80]
    found = promises.read_spoken(words, now=local)
    calendar = promises.house(at=at).calendar(conversation.department_id)
    frames = partial(frames_on, calendar)
    context: dict[str, Any] = {"c": conversation, "at": at, "q": words, "offers": []}
    if found is not None:
        due = promises.due_of(found, now=local, frames=frames)
        better = promises.kept_within(due, now=local, frames=frames) if due > local else None
        kinds = _kinds(fold(request.GET.get("antes", "")[-80:]))
        moments = [one for one in (better, due) if one is not None and one > local]
        context["offers"] = [
            _promise(kind, moment, conversation, at=at, is_closed=moment is due and bool(better))
            for moment in moments
            for kind in kinds
        ]
        context["is_past"] = due <= local
        context["closed"] = when(due, local) if better else ""
    return piece(request, "console/thread/_spoken.html", context)


def _kinds(before: str) -> list[Kind]:
    first = Kind.CALL if _CALLS.search(before) else Kind.SOLVE if _SOLVES.search(before) else None
    return sorted(BY_HAND, key=lambda kind: kind is not first)


def _promise(
    kind: Kind, due: datetime, conversation: Conversation, *, at: datetime, is_closed: bool
) -> dict[str, Any]:
    zone, language = the_shop().zone.key, _language(conversation)
    customer = conversation.customer
    told = promises.say_due(
        due, now=at, zone=(customer.zone if customer else "") or zone, language=language
    )
    return {
        "kind": kind.value,
        "what": PROMISE_KINDS[kind.value],
        "due_at": due,
        "told": told,
        "typed": compose.typed_time(due),
        "is_closed": is_closed,
    }


@team()
def mentionable(request: TeamRequest, pk: int) -> HttpResponse:
    """The colleagues who may see a conversation and whose names begin as typed."""
    conversation = queries.conversation_for(request.agent, pk)
    words = fold(request.GET.get("q", "")[:40]).split()
    found = [
        one
        for one in queries.colleagues_who_see(conversation, request.agent.pk)
        if all(any(part.startswith(word) for part in fold(one.name).split()) for word in words)
    ]
    context = {"c": conversation, "people": found[:SHOWN]}
    return piece(request, "console/thread/_mentionable.html", context)


@team(methods=POST)
def mentions_seen(request: TeamRequest, pk: int) -> HttpResponse:
    """I have seen where I was mentioned."""
    queries.conversation_for(request.agent, pk)
    if conversations.end_mentions(conversation_id=pk, agent_id=request.agent.pk, at=now()):
        messages.success(request, gettext("Seen. It is off your list."))
    return back(request, pk)
