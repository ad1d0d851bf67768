"""Showing a draft to a colleague, who may go on in it; and looking at it before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import piece
from esmero.console.inbox.lists import Place
from esmero.console.thread import compose, recipients
from esmero.console.thread.acts import BOTH, sheet
from esmero.console.thread.findings import findings_of
from esmero.console.thread.views import POST, back, shown
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation


def _mode(request: TeamRequest) -> str:
    asked = request.POST.get("mode") or request.GET.get("modo", "")
    return "note" if asked in {"note", "nota"} else "reply"


@team(methods=BOTH)
def share(request: TeamRequest, pk: int) -> HttpResponse:
    """With whom the draft is shared, and with whom it may be.

    A POST from the composer keeps what is typed first; one from the sheet names the colleague
    (`with`) or takes the draft away from her (`without`).
    """
    conversation = queries.conversation_for(request.agent, pk)
    mode = _mode(request)
    if request.method == "POST" and (other := request.POST.get("with", "")):
        try:
            conversations.share_draft(
                conversation_id=pk,
                agent_id=request.agent.pk,
                mode=mode,
                with_agent_id=compose.number(other) or 0,
                at=now(),
            )
        except NotFound:
            return _sheet(request, conversation, mode, gettext("Write something first."))
        except Refusal as refusal:
            return _sheet(request, conversation, mode, sentence(refusal))
        name = people.agent_names([compose.number(other) or 0]).get(compose.number(other) or 0)
        messages.success(request, gettext("%(name)s sees your draft now.") % {"name": name})
        return back(request, pk)
    if request.method == "POST" and (other := request.POST.get("without", "")):
        draft = queries.draft_of(pk, request.agent, mode)
        conversations.unshare_draft(
            draft_id=draft.pk if draft else 0,
            agent_id=request.agent.pk,
            with_agent_id=compose.number(other) or 0,
        )
        return back(request, pk)
    if request.method == "POST":
        compose.save(conversation, request.agent, request.POST, at=now())
        if not is_piece(request):
            asked = "nota" if mode == "note" else "respuesta"
            where = reverse("console:share", args=[pk]) + Place.of(request.GET).query(modo=asked)
            return HttpResponseRedirect(where)
    return _sheet(request, conversation, mode)


def _sheet(
    request: TeamRequest, conversation: Conversation, mode: str, problem: str = ""
) -> HttpResponse:
    draft = queries.draft_of(conversation.pk, request.agent, mode)
    shares = list(queries.shares_of(draft.pk)) if draft else []
    has_it = {one.agent_id for one in shares}
    context = {
        "title": gettext("Whom do you show your draft?"),
        "mode": mode,
        "shares": shares,
        "turns": list(queries.turns_of(draft.pk)) if draft else [],
        "people": [
            one
            for one in queries.colleagues_who_see(conversation, request.agent.pk)
            if one.pk not in has_it
        ],
    }
    return sheet(request, "console/thread/_share.html", conversation, context, problem=problem)


@team()
def turns(request: TeamRequest, pk: int, draft_id: int) -> HttpResponse:
    """How each left a shared draft when another went on."""
    conversation = queries.conversation_for(request.agent, pk)
    mine = {d.pk for d in queries.own_drafts(pk, request.agent)}
    lent = {d.pk for d in queries.shared_with(request.agent.pk, pk)}
    if draft_id not in mine | lent:
        raise NotFound(draft_id=draft_id)
    context = {"title": gettext("Who wrote what"), "turns": list(queries.turns_of(draft_id))}
    return sheet(request, "console/thread/_turns.html", conversation, context)


@team(methods=POST)
def check(request: TeamRequest, pk: int) -> HttpResponse:
    """Look at what is typed so far, without keeping anything."""
    conversation = queries.conversation_for(request.agent, pk)
    return _strip(request, conversation)


def _strip(request: TeamRequest, conversation: Conversation) -> HttpResponse:
    asked = {name: request.POST.get(name, "") for name in request.POST}
    found = findings_of(conversation, request.agent, asked, at=now())
    # What was let through once stays so; what only stands there has stopped nobody yet.
    passed = [key for key in asked.get("passed", "").split(",") if key]
    passed += [one.key for one in found if not one.stops]
    context = {
        "c": conversation,
        "place": Place.of(request.GET),
        "findings": found,
        "passed": ",".join(dict.fromkeys(passed)),
        "may_mute": request.agent.has_role(Role.SUPERVISOR),
    }
    return piece(request, "console/thread/_check.html", context)


@team(methods=POST)
def learn(request: TeamRequest, pk: int) -> HttpResponse:
    """A word is right here: for this shop from now on."""
    conversation = queries.conversation_for(request.agent, pk)
    try:
        conversations.learn_word(word=request.POST.get("word", ""), at=now(), by=request.agent.pk)
    except InvalidInput as refusal:
        messages.error(request, sentence(refusal))
    if is_piece(request):
        return _strip(request, conversation)
    compose.save(conversation, request.agent, request.POST, at=now())
    return back(request, pk)


@team(methods=POST)
def hide_copies(request: TeamRequest, pk: int) -> HttpResponse:
    """Put everybody in copy who need not see the others into Bcc; the draft keeps the rest."""
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    asked = request.POST.copy()
    to = recipients.parse(asked.get("to", ""), lenient=True)
    hidden = [*to[1:], *recipients.parse(asked.get("cc", ""), lenient=True)]
    hidden += recipients.parse(asked.get("bcc", ""), lenient=True)
    asked["to"], asked["cc"] = recipients.written(to[:1]), ""
    asked["bcc"] = recipients.written(hidden)
    compose.save(conversation, request.agent, asked, at=at)
    return shown(request, conversation, at=at)
