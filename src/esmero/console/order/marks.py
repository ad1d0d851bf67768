"""Tags, priority, following, the rules' trace; and where one goes next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.order.words import CONDITIONS, Names
from esmero.console.thread.acts import BOTH, sheet
from esmero.console.thread.views import POST, back
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Priority
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.desk.enums import After
from esmero.desk.queries import Act
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.ui.refusals import sentence


@team(methods=BOTH)
def tags(request: TeamRequest, pk: int) -> HttpResponse:
    """Which tags it bears: those ticked, and a new one by name."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    if request.method == "POST":
        try:
            _tag(request, pk, list(conversation.tag_ids))
        except NotFound:
            raise
        except InvalidInput:
            problem = gettext("A tag has at least one letter or number.")
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            return back(request, pk)
    borne = set(conversation.tag_ids)
    known = queries.order.tags_by_id()
    context = {
        "title": gettext("Tags"),
        "borne": [tag for tag in known.values() if tag.id in borne],
        "others": [t for t in known.values() if t.id not in borne and not t.is_retired],
        "asked": request.POST,
    }
    return sheet(request, "console/order/_tags.html", conversation, context, problem=problem)


def _tag(request: TeamRequest, pk: int, before: list[int]) -> None:
    at, by = now(), request.agent.pk
    kept = {int(one) for one in request.POST.getlist("tag") if one.isdigit() and len(one) < 18}
    named = [
        desk.make_tag_named(name=name, at=at, by=by)
        for name in request.POST.get("named", "").split(",")
        if name.strip()
    ]
    conversations.change_tags(
        conversation_id=pk,
        add=[*(one for one in sorted(kept) if one not in before), *named],
        remove=[one for one in before if one not in kept],
        at=at,
        by=by,
    )


@team(methods=POST)
def follow(request: TeamRequest, pk: int) -> HttpResponse:
    """Follow it, or no more."""
    queries.conversation_for(request.agent, pk)
    who: dict[str, Any] = {"conversation_id": pk, "agent_id": request.agent.pk, "at": now()}
    if queries.order.follows(conversation_id=pk, agent_id=request.agent.pk):
        conversations.unfollow_conversation(**who)
        messages.success(request, gettext("You follow it no more."))
    else:
        conversations.follow_conversation(**who)
        messages.success(request, gettext("You follow it: it is in the list Followed."))
    return back(request, pk)


@team(methods=POST)
def priority(request: TeamRequest, pk: int) -> HttpResponse:
    """How much it matters."""
    queries.conversation_for(request.agent, pk)
    asked = request.POST.get("priority", "")
    if asked not in {"-1", "0", "1"}:
        raise InvalidInput(field="priority")
    conversations.set_priority(
        conversation_id=pk, priority=Priority(int(asked)), at=now(), by=request.agent.pk
    )
    return back(request, pk)


@team()
def trace(request: TeamRequest, pk: int) -> HttpResponse:
    """What the rules did when it came, and why."""
    conversation = queries.conversation_for(request.agent, pk)
    names = Names()
    traces = []
    for row in desk_queries.traces_of(pk)[:5]:
        steps = [
            {
                **step,
                "why": [str(CONDITIONS.get(one, one)) for one in step["why"]],
                "did": names.acts(_acts(step["did"])),
            }
            for step in row.steps
        ]
        traces.append({"at": row.at, "is_stopped": row.is_stopped, "steps": steps})
    context = {"title": gettext("What the rules did"), "traces": traces}
    return sheet(request, "console/order/_trace.html", conversation, context)


def _acts(did: list[list[str]]) -> list[Act]:
    return desk_queries.acts_of([{"do": do, "value": value} for do, value in did])


@team(methods=POST)
def after(request: TeamRequest) -> HttpResponse:
    """Where I go after closing or answering something."""
    try:
        chosen = After(request.POST.get("after", ""))
    except ValueError:
        raise InvalidInput(field="after") from None
    desk.set_after(agent_id=request.agent.pk, after=chosen)
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("console:me"))
