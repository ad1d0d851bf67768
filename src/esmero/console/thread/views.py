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
from esmero.console.inbox.lists import Place, chip_of
from esmero.console.inbox.views import list_context
from esmero.console.thread import beside, compose, takeover
from esmero.console.thread.cards import Talk, talk_of
from esmero.console.times import frames_of, presets
from esmero.console.words import ABOUT, BY_HAND, CHANNELS, PROMISE_KINDS, REASONS
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Doing, State
from esmero.conversations.errors import SomethingNewArrived
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

POST = ("POST",)


@team()
def thread(request: TeamRequest, pk: int) -> HttpResponse:
    """One conversation beside its list; for htmx the thread and what stands beside it."""
    conversation = queries.conversation_for(request.agent, pk)
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
    context |= {"place": place, "problem": problem, "at": at, "stopped": stopped}
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
    composer = compose.composer_of(
        conversation,
        agent,
        mode=_mode(request),
        seen=found.newest_id,
        last=found.last_inbound,
    )
    side = beside.beside(conversation, agent, at=at)
    sent_to = {a for _n, a in compose.parse(composer.to, lenient=True)}
    composer.bounced = [a.value for a in side.addresses if a.bounced_at and a.value in sent_to]
    state, due_at, soon_at = chip_of(
        conversation.chip,
        conversation.chip_at,
        conversation.chip_made_at,
        is_waiting=conversation.state == State.WAITING.value,
        at=at,
    )
    owed = [p for p in side.promises if p.is_open]
    there = queries.presence.present_in([conversation.pk], at=at)[conversation.pk]
    there.pop(agent.pk, None)
    wish = queries.presence.open_takeover(conversation.pk)
    calendar = promises.house(at=at).calendar(conversation.department_id)
    return {
        "c": conversation,
        "talk": found,
        "composer": composer,
        "is_writing": bool(_mode(request)) and request.method == "GET",
        "chip": {"state": state, "due_at": due_at, "soon_at": soon_at},
        "due_words": _due_words(due_at, at=at) if state in ("ok", "soon") else "",
        "owed": owed,
        "there": _named(there),
        "wish": takeover.card(wish, agent, at=at) if wish else None,
        "is_mine": conversation.owner_agent_id == agent.pk,
        "is_snoozed": conversation.snoozed_until is not None and conversation.snoozed_until > at,
        "presets": presets(frames_of(calendar, at=at), at=at),
        "promise_kinds": [(k.value, PROMISE_KINDS[k.value]) for k in BY_HAND],
        "about": ABOUT,
        "channels": CHANNELS,
        "reasons": REASONS,
        "file_most": compose.FILE_MOST,
        "files_most": compose.FILES_MOST,
        **beside.as_context(side),
    }


def _named(there: dict[int, Doing]) -> list[tuple[str, str]]:
    """Return who is here with what they do."""
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
    compose.save(conversation, request.agent, request.POST, at=at)
    try:
        compose.keep_files(conversation, request.agent, request.FILES.getlist("files"), at=at)
        if request.POST.get("mode") == "note":
            _note(request, pk, at=at)
        else:
            _send(request, conversation, at=at)
    except SomethingNewArrived:
        seen = request.POST.get("seen", "")
        return shown(
            request,
            queries.conversation_for(request.agent, pk),
            at=at,
            seen=int(seen) if seen.isdigit() else 0,
            stopped=request.POST.get("after") or "keep",
            status=422,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        names = {"to": "to", "cc": "cc", "bcc": "bcc"}
        typed = {
            name: request.POST[field] for name, field in names.items() if field in request.POST
        }
        return shown(request, conversation, at=at, problem=_why(refusal), typed=typed, status=422)
    return back(request, pk)


def _why(refusal: Refusal) -> str:
    field, value = str(refusal.params.get("field", "")), refusal.params.get("value", "")
    if refusal.code == "invalid_input" and field in {"to", "cc", "bcc"}:
        return gettext("“%(value)s” is no mail address.") % {"value": value}
    if refusal.code == "invalid_input" and field in {"promise_when", "when"}:
        return gettext(
            "“%(value)s” cannot be read as a time to come. Write it like “Monday 10:00”."
        ) % {"value": value}
    if refusal.code == "invalid_input" and field == "files":
        return gettext("At most %(count)s files.") % {"count": value}
    return sentence(refusal)


def _note(request: TeamRequest, pk: int, *, at: datetime) -> None:
    conversations.add_note(
        conversation_id=pk, agent_id=request.agent.pk, text=request.POST.get("text", ""), at=at
    )


def _send(request: TeamRequest, conversation: Conversation, *, at: datetime) -> None:
    asked = {name: request.POST.get(name, "") for name in request.POST if name != "after"}
    asked["after"] = request.POST.get("after") or "keep"
    reply = compose.reply_of(conversation, request.agent, asked, at=at)
    channels.send_reply(reply=reply, at=at, once=request.POST.get("once", ""))
    # A double click: the second save came after the first send had taken the draft.
    conversations.discard_draft(
        conversation_id=conversation.pk, agent_id=request.agent.pk, mode="reply"
    )


@team(methods=POST)
def draft(request: TeamRequest, pk: int) -> HttpResponse:
    """Save what is typed so far."""
    conversation = queries.conversation_for(request.agent, pk)
    compose.save(conversation, request.agent, request.POST, at=now())
    return JsonResponse({"fields": {}})


@team(methods=POST)
def discard(request: TeamRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    queries.conversation_for(request.agent, pk)
    mode = "note" if request.POST.get("mode") == "note" else "reply"
    conversations.discard_draft(conversation_id=pk, agent_id=request.agent.pk, mode=mode)
    messages.success(request, gettext("Draft thrown away."))
    return back(request, pk)


@team(methods=POST)
def add_files(request: TeamRequest, pk: int) -> HttpResponse:
    """Put files with the draft at once, so that they survive a closed window."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    try:
        compose.keep_files(conversation, request.agent, request.FILES.getlist("files"), at=now())
    except Refusal as refusal:
        problem = _why(refusal)
    return _files(request, conversation, problem)


@team(methods=POST)
def remove_file(request: TeamRequest, pk: int, token: str) -> HttpResponse:
    """Take a file away from the draft."""
    conversation = queries.conversation_for(request.agent, pk)
    conversations.remove_draft_file(agent_id=request.agent.pk, token=token)
    return _files(request, conversation, "")


def _files(request: TeamRequest, conversation: Conversation, problem: str) -> HttpResponse:
    if not is_piece(request):
        if problem:
            messages.error(request, problem)
        return back(request, conversation.pk)
    reply = queries.draft_of(conversation.pk, request.agent, "reply")
    context = {
        "c": conversation,
        "place": Place.of(request.GET),
        "files": list(queries.draft_files(reply)) if reply else [],
        "files_problem": problem,
        "file_most": compose.FILE_MOST,
        "files_most": compose.FILES_MOST,
    }
    return piece(request, "console/thread/_files.html", context)


@team(methods=POST)
def undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a reply back while it is held."""
    message = queries.message(pk)
    if message is None:
        raise NotFound(message_id=pk)
    conversation = queries.conversation_for(request.agent, message.conversation_id)
    try:
        channels.undo_send(message_id=pk, agent_id=request.agent.pk, at=now())
        messages.success(request, gettext("Taken back. It is a draft again."))
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        messages.error(request, sentence(refusal))
    return back(request, conversation.pk)


@team(methods=POST)
def again(request: TeamRequest, pk: int) -> HttpResponse:
    """Send once more what failed or whose fate is unknown."""
    message = queries.message(pk)
    if message is None:
        raise NotFound(message_id=pk)
    conversation = queries.conversation_for(request.agent, message.conversation_id)
    send_again(request, pk)
    return back(request, conversation.pk)


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


def thread_url(pk: int) -> str:
    """Return a conversation's address."""
    return reverse("console:thread", args=[pk])
