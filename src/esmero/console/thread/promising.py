"""Promises made, moved and ended by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.thread.acts import BOTH, sheet, unreadable
from esmero.console.thread.beside import promise_cards
from esmero.console.thread.views import back
from esmero.console.times import frames_of, parse_when, presets
from esmero.console.words import BY_HAND, PROMISE_KINDS, RELEASES, RELEASES_BY_HAND
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Direction
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.kernel.refs import id_of, ref
from esmero.promises import actions as promise_actions
from esmero.promises import queries as promises
from esmero.promises.enums import Initiative, Kind, Reason, State
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.promises.models import Promise

EVIDENCE_SHOWN = 8


@team(methods=BOTH)
def promise(request: TeamRequest, pk: int) -> HttpResponse:
    """Promise something to the customer of a conversation."""
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    problem = ""
    if request.method == "POST":
        try:
            conversations.promise_something(
                conversation_id=pk,
                kind=_kind(request.POST.get("kind", "")),
                due_at=_due(request, at=at, optional=True),
                at=at,
                by=request.agent.pk,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _why(refusal)
        else:
            return back(request, pk)
    calendar = promises.house(at=at).calendar(conversation.department_id)
    context = {
        "title": gettext("What do you promise?"),
        "kinds": [(k.value, PROMISE_KINDS[k.value]) for k in BY_HAND],
        "presets": presets(frames_of(calendar, at=at), at=at),
        "asked": request.POST,
    }
    return sheet(request, "console/thread/_promise.html", conversation, context, problem=problem)


def _kind(text: str) -> Kind:
    if text not in {one.value for one in BY_HAND}:
        raise InvalidInput(field="kind")
    return Kind(text)


def _due(request: TeamRequest, *, at: datetime, optional: bool) -> datetime | None:
    chosen = request.POST.get("when", "")
    text = request.POST.get("own", "").strip() if chosen in {"", "own"} else chosen
    if chosen == "standard" and optional:
        return None
    return parse_when(text, at=at, zone=the_shop().zone)


def _why(refusal: Refusal) -> str:
    if isinstance(refusal, InvalidInput) and refusal.params.get("field") == "when":
        return unreadable(refusal)
    if isinstance(refusal, InvalidInput) and refusal.params.get("field") == "evidence":
        return gettext("Say what shows it: a call, a mail of another account.")
    return sentence(refusal)


@team(methods=BOTH)
def edit(request: TeamRequest, pk: int) -> HttpResponse:
    """One promise: its chain, and what may still become of it.

    `act` is move (with `initiative` ours or customer and, for the latter, the `evidence` message),
    settle (with `evidence` text) or release (with `reason`).
    """
    found, conversation = _promise_for(request, pk)
    at = now()
    problem = ""
    if request.method == "POST":
        try:
            _change(request, found, conversation, at=at)
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _why(refusal)
        else:
            return back(request, conversation.pk)
    everything = list(promises.promises_of(found.subject_ref))
    root = found.chain_id or found.pk
    chain = [p for p in everything if root in (p.pk, p.chain_id)]
    calendar = promises.house(at=at).calendar(found.department_id)
    inbound = queries.messages_of(conversation.pk).filter(direction=Direction.IN.value)
    context = {
        "title": PROMISE_KINDS.get(found.kind, found.kind),
        "p": promise_cards([found], request.agent, at=at)[0],
        "is_overdue": found.due_at < at,
        "chain": promise_cards(chain, request.agent, at=at)[::-1] if len(chain) > 1 else [],
        "presets": presets(frames_of(calendar, at=at), at=at),
        "evidence": list(inbound.order_by("-at", "-id")[:EVIDENCE_SHOWN]),
        "releases": [(r.value, RELEASES[r.value]) for r in RELEASES_BY_HAND],
        "is_open": found.state == State.OPEN.value,
        "asked": request.POST,
        "basis": found.basis,
        "made_at": found.made_at,
    }
    return sheet(request, "console/thread/_edit.html", conversation, context, problem=problem)


def _promise_for(request: TeamRequest, pk: int) -> tuple[Promise, Conversation]:
    found = promises.promise(pk)
    conversation_id = id_of(found.subject_ref, "conversation") if found else None
    if found is None or conversation_id is None:
        raise NotFound(promise_id=pk)
    return found, queries.conversation_for(request.agent, conversation_id)


def _change(
    request: TeamRequest, found: Promise, conversation: Conversation, *, at: datetime
) -> None:
    asked, by = request.POST, request.agent.pk
    act = asked.get("act", "")
    if act == "move":
        evidence = None
        initiative = Initiative.OURS
        if asked.get("initiative") == Initiative.CUSTOMER.value:
            initiative = Initiative.CUSTOMER
            evidence = _evidence(asked.get("evidence", ""), conversation)
        conversations.renegotiate(
            promise_id=found.pk,
            initiative=initiative,
            due_at=_due(request, at=at, optional=False),
            at=at,
            by=by,
            evidence_message_id=evidence,
        )
        messages.success(request, gettext("Another time is promised."))
    elif act == "settle":
        shown = " ".join(asked.get("shown", "").split())[:60]
        if not shown:
            raise InvalidInput(field="evidence")
        kept = conversations.settle_elsewhere(
            promise_id=found.pk, evidence_ref=shown, at=at, by=by
        )
        messages.success(request, gettext("Kept.") if kept else gettext("Done, but late."))
    elif act == "release":
        if asked.get("reason") not in {r.value for r in RELEASES_BY_HAND}:
            raise InvalidInput(field="reason")
        promise_actions.release_promise(
            promise_id=found.pk, reason=Reason(asked["reason"]), at=at, actor=ref("agent", by)
        )
        conversations.mirror_promises(conversation_id=conversation.pk)
        messages.success(request, gettext("Let go of, with its reason."))
    else:
        raise InvalidInput(field="act")


def _evidence(text: str, conversation: Conversation) -> int | None:
    """Return the id of a message of this very conversation that a customer wrote."""
    found = queries.message(int(text)) if text.isdigit() and len(text) < 18 else None
    if (
        found is None
        or found.conversation_id != conversation.pk
        or found.direction != Direction.IN.value
    ):
        return None
    return found.pk
