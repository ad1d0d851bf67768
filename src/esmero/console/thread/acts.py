"""What is done with a conversation besides writing: who owns it, whose turn it is, is it spam.

Each act is a POST that leads back to the conversation. Those that ask something first are a sheet:
a dialog where there is a script, else a page of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from esmero.channels import actions as channels
from esmero.channels.enums import Judgement
from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import page, piece
from esmero.console.inbox.lists import SUSPECTS, Place
from esmero.console.thread.views import POST, back
from esmero.console.times import frames_of, parse_when, presets
from esmero.console.words import ABOUT, PROMISE_KINDS, RELEASES, RELEASES_BY_HAND
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Kind, OpenPromise
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import Kind as PromiseKind
from esmero.promises.enums import Reason
from esmero.shop.queries import the_shop
from esmero.ui.formats import when
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

BOTH = ("GET", "HEAD", "POST")


def sheet(
    request: TeamRequest,
    template: str,
    conversation: Conversation,
    context: dict[str, Any],
    *,
    problem: str = "",
) -> HttpResponse:
    """Show what an act asks: in the dialog of the page for htmx, else as a page of its own."""
    status = 422 if problem else 200
    found = {
        "c": conversation,
        "place": Place.of(request.GET),
        "problem": problem,
        "at": now(),
        "template": template,
        **context,
    }
    if is_piece(request):
        response = piece(request, "console/thread/_sheet.html", found, status=status)
        # A form that came back belongs into the dialog, wherever its success would have gone.
        response.headers["HX-Retarget"] = "#sheet"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return page(request, "console/thread/sheet.html", found, here="inbox", status=status)


@team(methods=BOTH)
def assign(request: TeamRequest, pk: int) -> HttpResponse:
    """Give it to somebody, to a department, or to nobody."""
    conversation = queries.conversation_for(request.agent, pk)
    if request.method == "POST":
        agent_id, department_id = _target(request.POST.get("to", ""))
        conversations.assign_conversation(
            conversation_id=pk,
            agent_id=agent_id,
            department_id=department_id,
            at=now(),
            by=request.agent.pk,
        )
        return _given(request, pk)
    at = now()
    context = {
        "title": gettext("Who takes it?"),
        "team": list(people.team()),
        "away": people.absent_agent_ids(at=at),
        "departments": list(people.departments()),
    }
    return sheet(request, "console/thread/_assign.html", conversation, context)


def _target(text: str) -> tuple[int | None, int | None]:
    """Read `agent:3`, `department:2` or nothing. Raises NotFound for those who are not there."""
    kind, _, number = text.partition(":")
    pk = int(number) if number.isdigit() and len(number) < 10 else 0
    if kind == "agent" and people.agent(pk) is not None:
        return pk, None
    if kind == "department" and any(d.pk == pk for d in people.departments()):
        return None, pk
    if text == "nobody":
        return None, None
    raise NotFound(to=text[:40])


def _given(request: TeamRequest, pk: int) -> HttpResponse:
    """Go back, unless it was given to where this member cannot follow."""
    if queries.visible_to(request.agent).filter(pk=pk).exists():
        return back(request, pk)
    messages.success(request, gettext("Handed on. It is no longer among those you may see."))
    return _elsewhere(request, Place.of(request.GET).url)


def _elsewhere(request: TeamRequest, url: str) -> HttpResponse:
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@team(methods=POST)
def take(request: TeamRequest, pk: int) -> HttpResponse:
    """It is mine now; whoever is writing in it is asked first."""
    queries.conversation_for(request.agent, pk)
    conversations.ask_takeover(conversation_id=pk, by=request.agent.pk, at=now())
    return back(request, pk)


@team(methods=BOTH)
def resolve(request: TeamRequest, pk: int) -> HttpResponse:
    """Resolve; with a promise open, first say what becomes of it."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    if request.method == "POST":
        try:
            _resolve(request, pk)
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _resolve_problem(refusal)
        else:
            messages.success(request, gettext("Resolved."))
            return back(request, pk)
    owed = [
        p
        for p in promises.open_promises_of(ref("conversation", pk))
        if p.kind != PromiseKind.UPDATE.value
    ]
    at = now()
    context = {
        "title": gettext("Resolve with a promise open?"),
        "owed": [(PROMISE_KINDS[p.kind], p.due_at, p.due_at < at) for p in owed],
        "is_overdue": any(p.due_at < at for p in owed),
        "releases": [(r.value, RELEASES[r.value]) for r in RELEASES_BY_HAND],
        "asked": request.POST,
    }
    return sheet(request, "console/thread/_resolve.html", conversation, context, problem=problem)


def _resolve(request: TeamRequest, pk: int) -> None:
    asked = request.POST
    choice = asked.get("open_promise", "")
    open_promise = OpenPromise(choice) if choice in {o.value for o in OpenPromise} else None
    reason = None
    if open_promise is OpenPromise.RELEASE:
        if asked.get("reason") not in {r.value for r in RELEASES_BY_HAND}:
            raise InvalidInput(field="reason")
        reason = Reason(asked["reason"])
    evidence = " ".join(asked.get("evidence", "").split())
    if open_promise is OpenPromise.ANSWERED and not evidence:
        raise InvalidInput(field="evidence")
    conversations.resolve_conversation(
        conversation_id=pk,
        at=now(),
        by=request.agent.pk,
        open_promise=open_promise,
        evidence=evidence,
        reason=reason,
    )


def _resolve_problem(refusal: Refusal) -> str:
    field = refusal.params.get("field")
    if field == "evidence":
        return gettext("Say what shows it: “called at 12:30”, “mail from the workshop's account”.")
    if field == "reason":
        return gettext("Choose why the promise is let go of.")
    return sentence(refusal)


@team(methods=POST)
def reopen(request: TeamRequest, pk: int) -> HttpResponse:
    """Take it up again."""
    queries.conversation_for(request.agent, pk)
    conversations.reopen_conversation(conversation_id=pk, at=now(), by=request.agent.pk)
    return back(request, pk)


@team(methods=POST)
def wait(request: TeamRequest, pk: int) -> HttpResponse:
    """The customer has the next word."""
    queries.conversation_for(request.agent, pk)
    conversations.mark_waiting(conversation_id=pk, at=now(), by=request.agent.pk)
    messages.success(request, gettext("It waits for the customer now."))
    return back(request, pk)


@team(methods=BOTH)
def snooze(request: TeamRequest, pk: int) -> HttpResponse:
    """Out of sight until a time; what is promised ticks on."""
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    problem = ""
    if request.method == "POST":
        try:
            until = _until(request, at=at)
            conversations.snooze_conversation(
                conversation_id=pk, until=until, at=at, by=request.agent.pk
            )
        except NotFound:
            raise
        except InvalidInput as refusal:
            problem = unreadable(refusal)
        except Refusal as refusal:
            problem = sentence(refusal)
        else:
            messages.success(
                request, gettext("Out of sight until %(when)s.") % {"when": when(until)}
            )
            return back(request, pk)
    calendar = promises.house(at=at).calendar(conversation.department_id)
    chip_due = conversation.chip_at if conversation.chip == "open" else None
    context = {
        "title": gettext("Snooze until when?"),
        "presets": presets(frames_of(calendar, at=at), at=at),
        "due_at": chip_due,
        "asked": request.POST,
    }
    return sheet(request, "console/thread/_snooze.html", conversation, context, problem=problem)


def _until(request: TeamRequest, *, at: datetime) -> datetime:
    text = request.POST.get("when", "") or request.POST.get("own", "")
    return parse_when(text, at=at, zone=the_shop().zone)


def unreadable(refusal: InvalidInput) -> str:
    """Return what to say of a time that cannot be read."""
    value = refusal.params.get("value", "")
    if not value:
        return gettext("Choose a time or write one.")
    return gettext(
        "“%(value)s” cannot be read as a time. Write it like “Monday 10:00” or “in 2 hours”."
    ) % {"value": value}


@team(methods=POST)
def wake(request: TeamRequest, pk: int) -> HttpResponse:
    """Back into sight."""
    queries.conversation_for(request.agent, pk)
    conversations.wake_conversation(conversation_id=pk, at=now(), by=request.agent.pk)
    return back(request, pk)


@team(methods=POST)
def kind(request: TeamRequest, pk: int) -> HttpResponse:
    """Say what it is about."""
    queries.conversation_for(request.agent, pk)
    asked = request.POST.get("kind", "")
    if asked not in ABOUT:
        raise InvalidInput(field="kind")
    conversations.change_kind(conversation_id=pk, kind=Kind(asked), by=request.agent.pk)
    return back(request, pk)


@team(methods=POST)
def spam(request: TeamRequest, pk: int) -> HttpResponse:
    """It is spam; with `block` its sender or its domain is blocked too."""
    conversation = queries.conversation_for(request.agent, pk)
    at = now()
    block = request.POST.get("block", "")
    if not conversation.is_suspect:
        channels.mark_as_spam(
            conversation_id=pk,
            at=at,
            by=request.agent.pk,
            blocks=Judgement.BLOCK if block == "sender" else None,
        )
    elif block == "sender":
        _judge(request, pk, domain=False, at=at)
    if block == "domain":
        _judge(request, pk, domain=True, at=at)
    said = {
        "sender": gettext(
            "Sender blocked. What they write from now on lands among the suspected."
        ),
        "domain": gettext("Domain blocked. What comes from it lands among the suspected."),
    }
    messages.success(request, said.get(block, gettext("Marked as spam. Nothing is owed.")))
    return _elsewhere(request, Place.of(request.GET).url)


def _judge(request: TeamRequest, pk: int, *, domain: bool, at: datetime) -> None:
    last = queries.last_inbound(pk)
    if last is None or "@" not in last.from_address:
        raise NotFound(conversation_id=pk)
    pattern = last.from_address
    if domain:
        pattern = "@" + pattern.rpartition("@")[2]
    channels.judge_sender(pattern=pattern, judgement=Judgement.BLOCK, at=at, by=request.agent.pk)


@team(methods=POST)
def ham(request: TeamRequest, pk: int) -> HttpResponse:
    """It is no spam: the answer is promised from receipt, and the customer hears of it."""
    queries.conversation_for(request.agent, pk)
    channels.clear_suspicion(conversation_id=pk, at=now(), by=request.agent.pk)
    messages.success(
        request, gettext("No spam. Its answer is promised, counted from when it came.")
    )
    place = Place.of(request.GET)
    url = place.url_of(pk)
    if place.list is SUSPECTS:
        url = reverse("console:thread", args=[pk])
    return HttpResponseRedirect(url)
