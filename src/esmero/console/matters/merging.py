"""Merge, split, link: from a thread and from a list, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import page
from esmero.console.inbox import lists
from esmero.console.inbox.lists import Place
from esmero.console.matters.words import RELATIONS
from esmero.console.thread.acts import BOTH, sheet
from esmero.console.thread.cards import talk_of
from esmero.console.thread.views import POST, back
from esmero.conversations import actions, queries
from esmero.conversations.enums import MoveKind, RelationKind
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.people import queries as people
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

FOUND_MOST = 12
MERGED_MOST = 20


def _ids(asked: Iterable[str]) -> list[int]:
    """Read numbers; what is none of ours is left out."""
    return list(dict.fromkeys(int(one) for one in asked if one.isdigit() and len(one) < 13))


def _seen(agent: Agent, ids: Iterable[int]) -> list[Conversation]:
    """Return these conversations, each once, where it is now. Raises NotFound for unseen ones."""
    found = [queries.conversation_for(agent, pk) for pk in ids]
    return list({one.pk: one for one in found}.values())


# -- merge --------------------------------------------------------------------


@team(methods=BOTH)
def merge(request: TeamRequest, pk: int) -> HttpResponse:
    """Find the other one, see both, make them one; `con` is the other's number."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    if request.method == "POST":
        ids = [conversation.pk, *_ids(request.POST.getlist("con"))]
        try:
            return _merged(request, ids)
        except Refusal as refusal:
            problem = sentence(refusal)
    chosen = _ids(request.GET.getlist("con"))
    others = [c for c in _seen(request.agent, chosen) if c.pk != conversation.pk]
    words = " ".join(request.GET.get("busca", "").split())[:200]
    context: dict[str, Any] = {
        "title": gettext("Merge with another conversation"),
        "words": words,
        "found": [] if others else _found(request.agent, conversation, words),
        **_preview([conversation, *others]),
    }
    return sheet(request, "console/matters/_merge.html", conversation, context, problem=problem)


def _found(agent: Agent, conversation: Conversation, words: str) -> list[Conversation]:
    """Return what may be meant: by the words, else what is alike, else the customer's others."""
    seen = queries.visible_to(agent).filter(is_suspect=False).exclude(pk=conversation.pk)
    with_people = queries.with_people(seen)
    if words:
        ids = queries.search(agent, words, limit=FOUND_MOST).ids
        rows = {c.pk: c for c in with_people.filter(pk__in=ids)}
        return [rows[pk] for pk in ids if pk in rows]
    found = queries.matters.suggested_merges(with_people, conversation, at=now())
    if conversation.customer_id:
        group = people.group_of(conversation.customer_id)
        others = queries.by_recency(with_people.filter(customer_id__in=group))
        known = {c.pk for c in found}
        found += [c for c in others[:FOUND_MOST] if c.pk not in known]
    return found[:FOUND_MOST]


def _preview(rows: list[Conversation]) -> dict[str, Any]:
    """Return what the merge of these looks like before it is done."""
    groups = {people.surviving(c.customer_id) for c in rows if c.customer_id}
    departments = {c.department_id for c in rows}
    ids = [c.customer_id for c in rows if c.customer_id]
    return {
        "rows": rows if len(rows) > 1 else [],
        "addresses": people.main_addresses_of(ids) if ids else {},
        "is_of_several": len(groups) > 1,
        "is_across": len(departments) > 1,
        "oldest": min(rows, key=lambda c: (c.opened_at, c.pk)).pk if rows else 0,
    }


def _merged(request: TeamRequest, ids: list[int]) -> HttpResponse:
    """Merge what was chosen into the one that is to stay. Raises what the house refuses."""
    rows = _seen(request.agent, ids)
    if len(rows) < 2:
        raise InvalidInput(field="con")
    wanted = _ids([request.POST.get("queda", "")])
    kept = next((c.pk for c in rows if wanted and c.pk == wanted[0]), rows[0].pk)
    actions.merge_conversations(
        kept_id=kept,
        merged_ids=[c.pk for c in rows if c.pk != kept],
        shares=request.POST.get("comparten") == "1",
        at=now(),
        by=request.agent.pk,
    )
    count = len(rows)
    said = ngettext(
        "%(count)s conversation is one now. Key u undoes it.",
        "%(count)s conversations are one now. Key u undoes it.",
        count,
    )
    messages.success(request, said % {"count": count})
    return _to(request, Place.of(request.GET).url_of(kept))


def _to(request: TeamRequest, url: str) -> HttpResponse:
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@team(methods=BOTH)
def merge_several(request: TeamRequest) -> HttpResponse:
    """Choose two or more in a list, see them side by side, make them one."""
    place = Place.of(request.GET)
    at = now()
    chosen = _ids((request.POST if request.method == "POST" else request.GET).getlist("id"))
    problem = ""
    if request.method == "POST":
        try:
            return _merged(request, chosen[:MERGED_MOST])
        except Refusal as refusal:
            problem = sentence(refusal)
            if refusal.code == "invalid_input":
                problem = gettext("Choose at least two conversations.")
    if "id" in request.GET and len(chosen) < 2:
        problem = gettext("Choose at least two conversations.")
    rows = _seen(request.agent, chosen[:MERGED_MOST]) if len(chosen) > 1 else []
    context = {
        "problem": problem,
        "place": place,
        "chosen": chosen,
        "listed": None if rows else lists.read(place, request.agent, at=at),
        **_preview(rows),
    }
    return page(
        request,
        "console/matters/merge_several.html",
        context,
        here="inbox",
        at=at,
        status=422 if problem else 200,
    )


@team(methods=POST)
def undo_move(request: TeamRequest, pk: int) -> HttpResponse:
    """Undo a merge or a split, at any time."""
    move = queries.matters.move(pk)
    if move is None:
        raise NotFound(move_id=pk)
    conversation = queries.conversation_for(request.agent, move.target_id)
    if move.kind == MoveKind.MERGE.value:
        other = actions.undo_merge(move_id=pk, at=now(), by=request.agent.pk)
        said = gettext("Undone: no. %(number)s is its own again.")
        messages.success(request, said % {"number": other})
        return back(request, queries.survivor_of(move.target_id))
    queries.conversation_for(request.agent, move.source_id)
    kept = actions.undo_split(move_id=pk, at=now(), by=request.agent.pk)
    said = gettext("Undone: what was in no. %(number)s is here again.")
    messages.success(request, said % {"number": conversation.pk})
    return _to(request, Place.of(request.GET).url_of(kept))


# -- split --------------------------------------------------------------------


@team(methods=BOTH)
def split(request: TeamRequest, pk: int) -> HttpResponse:
    """Choose messages that are another matter; they go to a conversation of their own."""
    conversation = queries.conversation_for(request.agent, pk)
    chosen = _ids(request.POST.getlist("mensaje"))
    problem = ""
    if request.method == "POST":
        try:
            new = actions.split_conversation(
                conversation_id=conversation.pk,
                message_ids=chosen,
                subject=request.POST.get("asunto", "")[:300],
                at=now(),
                by=request.agent.pk,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            messages.success(
                request, gettext("Split off: this is no. %(number)s.") % {"number": new}
            )
            return _to(request, Place.of(request.GET).url_of(new))
    before = request.GET.get("antes", "")
    talk = talk_of(conversation, request.agent, before=int(before) if before.isdigit() else None)
    cards = [card for card in talk.cards if not hasattr(card, "facts")]
    context = {
        "title": gettext("Split off messages"),
        "cards": cards,
        "chosen": chosen,
        "subject": request.POST.get("asunto", ""),
    }
    return sheet(request, "console/matters/_split.html", conversation, context, problem=problem)


# -- link ---------------------------------------------------------------------


@team(methods=BOTH)
def relate(request: TeamRequest, pk: int) -> HttpResponse:
    """Link to another conversation, by its number or by words."""
    conversation = queries.conversation_for(request.agent, pk)
    asked: QueryDict = request.POST if request.method == "POST" else request.GET
    problem = ""
    if request.method == "POST":
        try:
            _relate(request, conversation)
        except NotFound:
            problem = gettext("There is no such conversation, or you may not see it.")
        except InvalidInput:
            problem = gettext("Choose a conversation and how they belong together.")
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            messages.success(request, gettext("Linked, in both."))
            return back(request, conversation.pk)
    words = " ".join(asked.get("busca", "").split())[:200]
    context = {
        "title": gettext("Link to another conversation"),
        "words": words,
        "found": _found(request.agent, conversation, words),
        "relations": RELATIONS,
        "asked": asked,
    }
    return sheet(request, "console/matters/_relate.html", conversation, context, problem=problem)


def _relate(request: TeamRequest, conversation: Conversation) -> None:
    number = request.POST.get("con", "").strip().lstrip("#") or request.POST.get("numero", "")
    ids = _ids([number.strip().lstrip("#")])
    kind = request.POST.get("tipo", "")
    if not ids or kind not in RELATIONS:
        raise InvalidInput(field="con")
    other = queries.conversation_for(request.agent, ids[0])
    first, second = conversation.pk, other.pk
    if kind == "causes":
        first, second, kind = second, first, RelationKind.CAUSED_BY.value
    actions.link_conversations(
        first_id=first,
        second_id=second,
        kind=RelationKind(kind),
        at=now(),
        by=request.agent.pk,
    )


@team(methods=POST)
def unrelate(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a link away: whoever sees both ends may."""
    relation = queries.matters.relation(pk)
    if relation is None:
        raise NotFound(relation_id=pk)
    conversation = queries.conversation_for(request.agent, relation.first_id)
    other = queries.conversation_for(request.agent, relation.second_id)
    actions.unlink_conversations(relation_id=pk, at=now(), by=request.agent.pk)
    messages.success(request, gettext("The link is gone."))
    if request.POST.get("de", "") == str(other.pk):
        conversation = other
    return back(request, conversation.pk)
