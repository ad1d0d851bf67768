"""A conversation: its page, its pieces, and what is written in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import frame, page, piece
from esmero.console.inbox.lists import Place, chip_of, resolved
from esmero.console.inbox.marks import tag_cards
from esmero.console.inbox.views import list_context
from esmero.console.matters import reads as matters
from esmero.console.matters.words import RELATIONS
from esmero.console.order.going import destination, go
from esmero.console.thread import beside, compose, given_back, named, recipients, sending, takeover
from esmero.console.thread.cards import Talk, talk_of
from esmero.console.thread.composer import UNTOUCHED
from esmero.console.times import frames_of, presets
from esmero.console.words import ABOUT, BY_HAND, CHANNELS, PROMISE_KINDS, REASONS
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import State
from esmero.conversations.errors import DraftChanged, SomethingNewArrived
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.notices import actions as notices
from esmero.notices import queries as notice_queries
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

POST = ("POST",)


@team()
def thread(request: TeamRequest, pk: int) -> HttpResponse:
    """One conversation beside its list; for htmx the thread and what stands beside it."""
    conversation = queries.conversation_for(request.agent, pk, sides=True)
    if conversation.is_side:
        return _back_to(request, conversation)
    if conversation.pk != pk:  # it is part of another one by now
        notices.look(agent_id=request.agent.pk, conversation_ids=[pk], at=now())
        return back(request, conversation.pk)
    return shown(request, conversation, at=now())


@team()
def talk(request: TeamRequest, pk: int) -> HttpResponse:
    """The messages alone, looked at again while one of them is on its way; then also what its
    leaving has changed: the promise in the head and beside. `vivo`: all of that, because something
    happened here; `visto` the newest message that was seen.
    """
    conversation = queries.conversation_for(request.agent, pk)
    visto = request.GET.get("visto", "")
    seen = int(visto) if visto.isdigit() and len(visto) < 18 else None
    at, found = now(), talk_of(conversation, request.agent, seen=seen)
    context = {"c": conversation, "at": at, "talk": found, "place": Place.of(request.GET)}
    if found.is_moving and "vivo" not in request.GET:
        return piece(request, "console/thread/_talk.html", context)
    context |= thread_context(request, conversation, at=at, found=found)
    return piece(request, "console/thread/_settled.html", context)


@team()
def earlier(request: TeamRequest, pk: int) -> HttpResponse:
    """Messages before one (`antes`), as a piece or as a page of their own."""
    conversation = queries.conversation_for(request.agent, pk)
    before = request.GET.get("antes", "")
    if not before.isdigit() or len(before) > 18:
        raise NotFound(field="antes")
    context = {
        "c": conversation,
        "talk": talk_of(conversation, request.agent, before=int(before)),
        "place": Place.of(request.GET),
        "at": now(),
    }
    if is_piece(request):
        return piece(request, "console/thread/_messages.html", context)
    return page(request, "console/thread/earlier.html", context, here="inbox")


def shown(
    request: TeamRequest,
    conversation: Conversation,
    *,
    at: datetime,
    problem: str = "",
    seen: int | None = None,
    typed: dict[str, Any] | None = None,
    stopped: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a conversation; with `problem` a form of it came back, `typed` is what it held.

    `stopped`: what was to be done after sending (`after`), had nothing new arrived above `seen`.
    """
    place = Place.of(request.GET)
    context = thread_context(request, conversation, at=at, seen=seen)
    context |= {"place": resolved(place, request.agent), "problem": problem, "at": at}
    context["stopped"] = stopped
    if stopped:
        cards = context["talk"].cards
        context["arrived"] = [one for one in cards if getattr(one, "is_new", False)]
    if typed is not None:
        for name, value in typed.items():
            setattr(context["composer"], name, value)
    if is_piece(request):
        return piece(request, "console/thread/_piece.html", context, status=status)
    context |= {**frame(request, here="inbox", at=at), **list_context(request, place, at=at)}
    return render(request, "console/thread/page.html", context, status=status)


def thread_context(
    request: TeamRequest,
    conversation: Conversation,
    *,
    at: datetime,
    seen: int | None = None,
    found: Talk | None = None,
) -> dict[str, Any]:
    """Return what the thread and the pane beside it need; `found` when its messages are read."""
    agent = request.agent
    found = found or talk_of(conversation, agent, seen=seen)
    there = queries.signs_of(conversation, agent.pk, at=at)
    told = notice_queries.standing(agent_id=agent.pk, conversation_id=conversation.pk)
    if "unseen" in told and request.method == "GET":
        notices.look(agent_id=agent.pk, conversation_ids=[conversation.pk], at=at)
    composer = compose.composer_of(
        conversation,
        agent,
        there,
        mode=_mode(request),
        seen=found.newest_id,
        last=found.last_inbound,
        draft_id=compose.number(request.GET.get("borrador") or request.POST.get("draft", "")),
    )
    side = beside.beside(conversation, agent, at=at)
    sent_to = {a for _n, a in recipients.parse(composer.to, lenient=True)}
    composer.bounced = [a.value for a in side.addresses if a.bounced_at and a.value in sent_to]
    state, due_at, soon_at = chip_of(
        conversation.chip,
        conversation.chip_at,
        conversation.chip_made_at,
        is_waiting=conversation.state == State.WAITING.value,
        at=at,
    )
    owed = [p for p in side.promises if p.is_open]
    found_matters = matters.matters_of(
        conversation, agent, there, last=found.last_inbound, earlier=side.earlier
    )
    wish = queries.presence.open_takeover(conversation.pk) if "takeover" in there else None
    calendar = promises.house(at=at).calendar(conversation.department_id)
    return {
        "c": conversation,
        "talk": found,
        "composer": composer,
        "untouched": UNTOUCHED,
        "is_writing": bool(_mode(request)) and request.method == "GET",
        "chip": {"state": state, "due_at": due_at, "soon_at": soon_at},
        "due_words": _due_words(due_at, at=at) if state in ("ok", "soon") else "",
        "owed": owed,
        "there": _others(conversation, agent, at=at) if "present" in there else [],
        "wish": takeover.card(wish, agent, at=at) if wish else None,
        "is_mine": conversation.owner_agent_id == agent.pk,
        "tags_here": tag_cards(conversation.tag_ids),
        "is_silent": "muted" in told,
        "is_followed": "follows" in there,
        "is_snoozed": conversation.snoozed_until is not None and conversation.snoozed_until > at,
        "presets": presets(frames_of(calendar, at=at), at=at),
        "promise_kinds": [(k.value, PROMISE_KINDS[k.value]) for k in BY_HAND],
        "about": ABOUT,
        "channels": CHANNELS,
        "reasons": REASONS,
        "file_most": compose.FILE_MOST,
        "files_most": compose.FILES_MOST,
        "matters": found_matters,
        "relations": RELATIONS,
        "mentions": list(queries.open_mentions_in(agent.pk, conversation.pk))
        if "mentions" in there
        else [],
        "may_mute": agent.has_role(Role.SUPERVISOR),
        **beside.as_context(side),
    }


def _others(conversation: Conversation, agent: Agent, *, at: datetime) -> list[tuple[str, str]]:
    """Return who else is here with what they do."""
    there = queries.presence.present_in([conversation.pk], at=at)[conversation.pk]
    there.pop(agent.pk, None)
    names = people.agent_names(there) if there else {}
    return [(names.get(pk, "?"), doing.value) for pk, doing in sorted(there.items())]


def _due_words(due_at: datetime | None, *, at: datetime) -> str:
    """Return the due time as it was told: `today before 12:00,`."""
    if due_at is None:
        return ""
    zone, language = the_shop().zone.key, get_language() or "es"
    return promises.say_due(due_at, now=at, zone=zone, language=language) + ","


def _mode(request: TeamRequest) -> str:
    asked = request.GET.get("modo") or request.POST.get("mode", "")
    return {"nota": "note", "respuesta": "reply"}.get(asked, asked)


def back(request: TeamRequest, pk: int) -> HttpResponse:
    """After an act: the conversation again, seen from the same place."""
    return HttpResponseRedirect(Place.of(request.GET).url_of(pk))


@team(methods=POST)
def write(request: TeamRequest, pk: int) -> HttpResponse:
    """Send a reply, or write a note. What was typed is saved first, whatever then happens."""
    at = now()
    conversation = queries.conversation_for(request.agent, pk)
    where = destination(request, conversation, at=at)
    try:
        draft_id = compose.save(conversation, request.agent, request.POST, at=at)
        files = request.FILES.getlist("files")
        compose.keep_files(conversation, request.agent, files, draft_id=draft_id, at=at)
        if request.POST.get("mode") == "note":
            _note(request, conversation, at=at)
        else:
            sending.send(request, conversation, at=at)
    except SomethingNewArrived:
        return shown(
            request,
            queries.conversation_for(request.agent, pk),
            at=at,
            seen=given_back.seen(request) or 0,
            typed=given_back.typed(request),
            stopped=request.POST.get("after") or "keep",
            status=422,
        )
    except NotFound:
        raise
    except sending.LookAgain as stop:
        found = {"findings": stop.findings, "passed": stop.passed, "is_stopped": True}
        return _given_back(request, conversation, at=at, found=found)
    except Refusal as refusal:
        return _given_back(request, conversation, at=at, problem=given_back.why(refusal))
    if request.POST.get("mode") == "note" or where == Place.of(request.GET).url_of(pk):
        return back(request, pk)
    held = queries.held_of(pk, request.agent.pk)
    undoing = f"undo={reverse('console:undo', args=[held])}" if held else ""
    messages.success(request, gettext("It is on its way."), extra_tags=undoing)
    return go(request, where, conversation)


def _given_back(
    request: TeamRequest,
    conversation: Conversation,
    *,
    at: datetime,
    problem: str = "",
    found: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form as it was: what came meanwhile is marked, and still stops the next Send."""
    seen = given_back.seen(request)
    typed = {**given_back.typed(request), **(found or {})}
    if seen is not None:
        typed["seen"] = seen
    return shown(request, conversation, at=at, problem=problem, seen=seen, typed=typed, status=422)


def _note(request: TeamRequest, conversation: Conversation, *, at: datetime) -> None:
    text = request.POST.get("text", "")
    conversations.add_note(
        conversation_id=conversation.pk,
        agent_id=request.agent.pk,
        text=text,
        mentions=named.named_in(text, conversation, request.agent),
        at=at,
    )


@team(methods=POST)
def draft(request: TeamRequest, pk: int) -> HttpResponse:
    """Save what is typed so far."""
    conversation = queries.conversation_for(request.agent, pk)
    try:
        draft_id = compose.save(conversation, request.agent, request.POST, at=now())
    except DraftChanged as refusal:
        return JsonResponse({"why": sentence(refusal)}, status=409)
    version = queries.draft_version(draft_id)
    return JsonResponse({"fields": {"version": str(version)}})


@team(methods=POST)
def discard(request: TeamRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    queries.conversation_for(request.agent, pk)
    mode = "note" if request.POST.get("mode") == "note" else "reply"
    conversations.discard_draft(
        conversation_id=pk,
        agent_id=request.agent.pk,
        mode=mode,
        draft_id=compose.number(request.POST.get("draft", "")),
    )
    messages.success(request, gettext("Draft thrown away."))
    return back(request, pk)


@team(methods=POST)
def undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a reply back while it is held."""
    message = queries.message(pk)
    if message is None:
        raise NotFound(message_id=pk)
    conversation = queries.conversation_for(request.agent, message.conversation_id, sides=True)
    try:
        channels.undo_send(message_id=pk, agent_id=request.agent.pk, at=now())
        messages.success(request, gettext("Taken back. It is a draft again."))
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        messages.error(request, sentence(refusal))
    return _back_to(request, conversation)


@team(methods=POST)
def again(request: TeamRequest, pk: int) -> HttpResponse:
    """Send once more what failed or whose fate is unknown."""
    message = queries.message(pk)
    if message is None:
        raise NotFound(message_id=pk)
    conversation = queries.conversation_for(request.agent, message.conversation_id, sides=True)
    send_again(request, pk)
    return _back_to(request, conversation)


def _back_to(request: TeamRequest, conversation: Conversation) -> HttpResponse:
    if not conversation.is_side:
        return back(request, conversation.pk)
    url = reverse("console:side", args=[conversation.pk]) + Place.of(request.GET).query()
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def send_again(request: TeamRequest, message_id: int) -> None:
    """Queue a message's mail again and say so."""
    delivery = channel_queries.delivery_of_message(message_id)
    if delivery is None:
        raise NotFound(message_id=message_id)
    try:
        channels.send_again(delivery_id=delivery.pk, at=now(), by=request.agent.pk)
        messages.success(request, gettext("On its way again."))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
