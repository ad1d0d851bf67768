"""Macros on one conversation: choosing, looking at what it will do here, running."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from esmero.channels.actions import new_once
from esmero.console.access import TeamRequest, team
from esmero.console.order.going import destination, go
from esmero.console.order.words import Names, snooze_words
from esmero.console.thread import compose, recipients, sending
from esmero.console.thread.acts import BOTH, sheet
from esmero.console.thread.offers import values_for
from esmero.console.thread.views import back
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import After
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.desk.enums import Do
from esmero.desk.queries import saved_answer_id, snoozing
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.kernel.refs import ref
from esmero.promises import queries as promises
from esmero.promises.enums import PAUSING
from esmero.promises.enums import Kind as PromiseKind
from esmero.ui.formats import when
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation, Draft
    from esmero.desk.models import Macro
    from esmero.people.models import Agent


@team()
def choose(request: TeamRequest, pk: int) -> HttpResponse:
    """Which macro."""
    conversation = queries.conversation_for(request.agent, pk)
    names = Names()
    found = [
        (row, names.acts(desk_queries.acts_of(row.acts)))
        for row in desk_queries.macros_for(request.agent)
    ]
    context = {"title": gettext("Which macro?"), "macros": found}
    return sheet(request, "console/order/_macros.html", conversation, context)


@team(methods=BOTH)
def macro(request: TeamRequest, pk: int, macro: int) -> HttpResponse:
    """What it will do to this conversation; then do it."""
    at = now()
    conversation = queries.conversation_for(request.agent, pk)
    row = desk_queries.macros_for(request.agent).filter(pk=macro).first()
    if row is None:
        raise NotFound(macro_id=macro)
    problem = ""
    found: dict[str, Any] = {}
    if request.method == "POST":
        url = destination(request, conversation, at=at)
        try:
            job_id = _run(request, conversation, row, at=at)
        except NotFound:
            raise
        except sending.LookAgain as stop:
            problem = gettext("Look at it once more; the same button sends it then.")
            found = {"findings": stop.findings, "passed": stop.passed}
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            _say(request, row, job_id)
            acts = {act.do for act in desk_queries.acts_of(row.acts)}
            if acts & {Do.RESOLVE, Do.SNOOZE, Do.REPLY} and "draft" not in request.POST:
                return go(request, url, conversation)
            return back(request, pk)
    context = preview(conversation, row, request.agent, at=at) | found
    if problem and "text" in request.POST:
        context["text"] = request.POST["text"]
    return sheet(request, "console/order/_macro.html", conversation, context, problem=problem)


def preview(
    conversation: Conversation, row: Macro, agent: Agent, *, at: datetime
) -> dict[str, Any]:
    """Return what a macro would do to this conversation now, and what it would not."""
    acts = desk_queries.acts_of(row.acts)
    names = Names()
    lines: list[tuple[str, str]] = []
    for act in acts:
        if act.do is Do.REPLY:
            continue
        lines.append((names.act(act), _unchanged(conversation, act.do, act.value, agent, at=at)))
    reply = next((_words(act.value) for act in acts if act.do is Do.REPLY), "")
    text = queries.filled(reply, values_for(conversation, agent, at=at))
    to, cc = compose.answered_to(conversation, None) if reply else ([], [])
    owed = [
        p
        for p in promises.open_promises_of(ref("conversation", conversation.pk))
        if PromiseKind(p.kind) not in PAUSING
    ]
    resolves = any(act.do is Do.RESOLVE for act in acts)
    return {
        "title": row.name,
        "macro": row,
        "lines": lines,
        "text": text,
        "has_reply": bool(reply),
        "to": recipients.written(to),
        "cc": recipients.written(cc),
        "empty": queries.left_open(text),
        "has_draft": bool(reply) and _begun(conversation, agent) is not None,
        "owed": bool(owed) and resolves and not reply,
        "seen": queries.newest_id(conversation.pk) or 0,
        "once": new_once(),
        "due_at": conversation.chip_at if conversation.chip == "open" else None,
    }


def _words(value: str) -> str:
    """Return the text of a macro's reply: its own, or a saved answer's as it reads today."""
    answer_id = saved_answer_id(value)
    if not answer_id:
        return value
    answer = queries.saved_answer(answer_id)
    return answer.text if answer else ""


def _begun(conversation: Conversation, agent: Agent) -> Draft | None:
    """Return what she has begun to write here, if that is anything."""
    draft = queries.draft_of(conversation.pk, agent, "reply")
    return draft if draft is not None and draft.text.strip() else None


def _unchanged(
    conversation: Conversation, do: Do, value: str, agent: Agent, *, at: datetime
) -> str:
    """Return why an act changes nothing here, or what exactly it means now."""
    already = gettext("it is so already")
    pk = int(value.rpartition(":")[2]) if value.rpartition(":")[2].isdigit() else 0
    match do:
        case Do.TAG:
            return already if pk in conversation.tag_ids else ""
        case Do.UNTAG:
            return "" if pk in conversation.tag_ids else already
        case Do.PRIORITY:
            return already if str(conversation.priority) == value else ""
        case Do.ASSIGN:
            owner = {"me": agent.pk, "nobody": None}.get(value, pk)
            if value.startswith("department:"):
                return already if conversation.department_id == pk else ""
            return already if conversation.owner_agent_id == owner else ""
        case Do.SNOOZE:
            frames = desk_queries.frames_ahead(conversation.department_id, at=at)
            until = snoozing.until(value, frames, at=at)
            return when(until, at) if until else snooze_words(value)
        case Do.RESOLVE:
            return already if conversation.state == "resolved" else ""
    return ""


@transaction.atomic
def _run(request: TeamRequest, conversation: Conversation, row: Macro, *, at: datetime) -> int:
    """Do all of the macro or nothing; return the job that takes its acts back.

    Its reply is taken back as any other, while it is held.
    """
    dos = {act.do for act in desk_queries.acts_of(row.acts)}
    job_id = desk.run_macro(
        macro_id=row.pk,
        conversation_id=conversation.pk,
        agent_id=request.agent.pk,
        # What the reply does by itself, or what waits for the draft to leave, is not done twice.
        leave_out={Do.RESOLVE, Do.WAIT} if Do.REPLY in dos else set(),
        at=at,
    )
    text = request.POST.get("text", "")
    # What she has begun to write is not sent away with it.
    begun = _begun(conversation, request.agent) is not None
    if Do.REPLY in dos and ("draft" in request.POST or begun):
        _draft(conversation, request.agent, text, at=at)
    elif Do.REPLY in dos:
        _send(request, conversation, text, dos, at=at)
    return job_id


def _send(
    request: TeamRequest, conversation: Conversation, text: str, dos: set[Do], *, at: datetime
) -> None:
    to, cc = compose.answered_to(conversation, None)
    after = After.WAIT if Do.WAIT in dos else After.KEEP
    if Do.RESOLVE in dos:
        after = After.RESOLVE
    asked = {
        "text": text,
        "to": recipients.written(to),
        "cc": recipients.written(cc),
        "after": after.value,
        "seen": request.POST.get("seen", ""),
        "once": request.POST.get("once", ""),
        "passed": request.POST.get("passed", ""),
    }
    sending.hand_in(conversation, request.agent, asked, at=at)


def _draft(conversation: Conversation, agent: Agent, text: str, *, at: datetime) -> None:
    """Put the text below what she has begun to write; nothing of it is lost."""
    begun = _begun(conversation, agent)
    to, cc = compose.answered_to(conversation, None)
    conversations.save_draft(
        conversation_id=conversation.pk,
        agent_id=agent.pk,
        mode="reply",
        text=f"{begun.text.rstrip()}\n\n{text}" if begun else text,
        to=[(n, a) for n, a in begun.to] if begun and begun.to else to,
        cc=[(n, a) for n, a in begun.cc] if begun and begun.to else cc,
        bcc=[(n, a) for n, a in begun.bcc] if begun else (),
        seen_message_id=queries.newest_id(conversation.pk),
        at=at,
    )


def _say(request: TeamRequest, row: Macro, job_id: int) -> None:
    said = gettext("Done: %(name)s.") % {"name": row.name}
    messages.success(
        request, said, extra_tags=f"undo={reverse('console:bulk_undo', args=[job_id])}"
    )
