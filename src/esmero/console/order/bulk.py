"""Many at once: chosen in a list, counted, told what, done by the worker, stopped, undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from esmero.console.access import TeamRequest, came_from, is_piece, team
from esmero.console.context import page, piece
from esmero.console.inbox.going import ids_of
from esmero.console.inbox.lists import Place
from esmero.console.order.words import PRIORITIES, SNOOZES, Names
from esmero.console.times import parse_when
from esmero.console.words import RELEASES, RELEASES_BY_HAND
from esmero.conversations import queries as conversations
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.desk.actions.bulk import AT_ONCE, MOST
from esmero.desk.enums import Do, JobState
from esmero.desk.errors import NothingToDo
from esmero.desk.queries import Act, read_acts
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.shop.queries import the_shop
from esmero.ui.links import link
from esmero.ui.refusals import SENTENCES, sentence

if TYPE_CHECKING:
    from esmero.desk.models import BulkJob

POST = ("POST",)
SHOWN = 50
ACTS = ("assign", "tag", "snooze", "resolve", "priority", "macro", "spam")


def _place(asked: QueryDict) -> Place:
    """Return the list that a form was sent from: its address stands in the field `place`."""
    return Place.of(QueryDict(asked.get("place", "").lstrip("?")))


@team(methods=POST)
def plan(request: TeamRequest) -> HttpResponse:
    """Keep what was chosen, or all of a list, and ask what is to be done with it."""
    at, place = now(), _place(request.POST)
    if request.POST.get("all") == "1":
        ids = ids_of(place, request.agent, at=at, most=MOST + 1)
    else:
        asked = [int(one) for one in request.POST.getlist("id") if one.isdigit() and len(one) < 18]
        seen = conversations.visible_to(request.agent).filter(pk__in=asked[: MOST + 1])
        visible = set(seen.values_list("id", flat=True))
        ids = [pk for pk in asked if pk in visible]
    try:
        job_id = desk.plan_bulk(agent_id=request.agent.pk, conversation_ids=ids, at=at)
    except NothingToDo:
        messages.error(request, gettext("Choose at least one conversation."))
        return HttpResponseRedirect(place.url)
    act = request.POST.get("do", "")
    query = place.query(hacer=act) if act in ACTS else place.query()
    return HttpResponseRedirect(reverse("console:bulk", args=[job_id]) + query)


def _job(request: TeamRequest, pk: int) -> BulkJob:
    """Return one's own bulk act; supervisors look after everybody's. Raises NotFound."""
    job = desk_queries.bulk_job(pk)
    if job is None or (
        job.agent_id != request.agent.pk and not request.agent.has_role(Role.SUPERVISOR)
    ):
        raise NotFound(job_id=pk)
    return job


@team(methods=("GET", "HEAD", "POST"))
def bulk(request: TeamRequest, pk: int) -> HttpResponse:
    """What is to be done with them; then how far it is."""
    job = _job(request, pk)
    if job.state != JobState.PLANNED.value:
        return _progress(request, job)
    problem = ""
    if request.method == "POST":
        try:
            acts = acts_asked(request.POST, at=now())
            desk.begin_bulk(job_id=pk, agent_id=job.agent_id, acts=acts, at=now())
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _why(refusal)
        else:
            return _begun(request, pk)
    return _ask(request, job, problem=problem)


def _why(refusal: Refusal) -> str:
    field = str(refusal.params.get("field", ""))
    said = {
        "assign": gettext("Choose who gets them."),
        "tag": gettext("Choose a tag or write one."),
        "when": gettext("Choose a time or write one."),
        "priority": gettext("Choose a priority."),
        "macro": gettext("Choose a macro."),
        "evidence": gettext("Say what shows it: “called at 12:30”."),
        "reason": gettext("Choose why the promise is let go of."),
        "open_promise": gettext("Say what becomes of the open promises."),
        "do": gettext("Choose what is to be done."),
    }
    return said.get(field) or sentence(refusal)


def acts_asked(asked: QueryDict, *, at: datetime) -> list[Act]:
    """Return the acts that a form asks for. Raises InvalidInput naming the field."""
    act = asked.get("do", "")
    raw: list[dict[str, str]] = []
    match act:
        case "assign":
            raw = [{"do": "assign", "value": asked.get("to", "")}]
        case "tag":
            raw = _tags(asked)
        case "snooze":
            raw = [{"do": "snooze", "value": _until(asked, at=at)}]
        case "resolve":
            raw = [{"do": "resolve", "value": _resolves(asked)}]
        case "priority" | "macro":
            raw = [{"do": act, "value": asked.get(act, "")}]
        case "spam":
            raw = [{"do": "spam", "value": ""}]
        case _:
            raise InvalidInput(field="do")
    try:
        found = read_acts(raw)
    except ValueError as error:
        raise InvalidInput(field=str(error) if act != "snooze" else "when") from None
    if not found:
        raise InvalidInput(field=act)
    return found


def _tags(asked: QueryDict) -> list[dict[str, str]]:
    raw = [{"do": "tag", "value": one} for one in asked.getlist("tag")]
    raw += [{"do": "untag", "value": one} for one in asked.getlist("untag")]
    for name in asked.get("named", "").split(","):
        known = conversations.order.tag_by_name(name)
        if known is not None:
            raw.append({"do": "tag", "value": str(known.id)})
        elif name.strip():
            raise InvalidInput(field="tag", value=name.strip()[:40])
    return raw


def _until(asked: QueryDict, *, at: datetime) -> str:
    chosen = asked.get("when", "")
    if chosen:
        return chosen
    try:
        until = parse_when(asked.get("own", ""), at=at, zone=the_shop().zone)
    except InvalidInput:
        raise InvalidInput(field="when") from None
    if until <= at:
        raise InvalidInput(field="when")
    return until.isoformat()


def _resolves(asked: QueryDict) -> str:
    choice = asked.get("open_promise", "")
    if choice == "keep":
        return "keep"
    if choice == "release":
        if asked.get("reason") not in {r.value for r in RELEASES_BY_HAND}:
            raise InvalidInput(field="reason")
        return f"release:{asked['reason']}"
    if choice == "answered":
        evidence = " ".join(asked.get("evidence", "").split())[:60]
        if not evidence:
            raise InvalidInput(field="evidence")
        return f"answered:{evidence}"
    raise InvalidInput(field="open_promise")


def _ask(request: TeamRequest, job: BulkJob, *, problem: str) -> HttpResponse:
    at = now()
    act = request.POST.get("do") or request.GET.get("hacer", "")
    act = act if act in ACTS else ""
    ids = desk_queries.bulk_ids(job.pk)
    context: dict[str, Any] = {
        "job": job,
        "count": len(ids),
        "do": act,
        "asked": request.POST,
        "problem": problem,
        "place": Place.of(request.GET),
        "most_shown": SHOWN,
    }
    if act == "assign":
        context |= {
            "team": list(people.team()),
            "away": people.absent_agent_ids(at=at),
            "departments": list(people.departments()),
        }
    elif act == "tag":
        context["tags"] = conversations.order.tags()
    elif act == "snooze":
        context["snoozes"] = list(SNOOZES.items())
    elif act == "priority":
        context["priorities"] = list(PRIORITIES.items())
    elif act == "macro":
        names = Names()
        context["macros"] = [
            (row, names.acts(_without_reply(row.acts)), _has_reply(row.acts))
            for row in desk_queries.macros_for(request.agent)
        ]
    if act in ("resolve", "snooze"):
        context["owed"] = conversations.count_owing(ids)
        context["releases"] = [(r.value, RELEASES[r.value]) for r in RELEASES_BY_HAND]
    return page(
        request,
        "console/order/bulk.html",
        context,
        here="inbox",
        at=at,
        status=422 if problem else 200,
    )


def _without_reply(raw: list[dict[str, Any]]) -> list[Act]:
    return [act for act in desk_queries.acts_of(raw) if act.do is not Do.REPLY]


def _has_reply(raw: list[dict[str, Any]]) -> bool:
    return any(act.do is Do.REPLY for act in desk_queries.acts_of(raw))


def _begun(request: TeamRequest, pk: int) -> HttpResponse:
    """A page's worth is done at once, with a way back; more is shown as it goes."""
    where = reverse("console:bulk", args=[pk]) + Place.of(request.GET).query()
    if desk_queries.bulk_size(pk) > AT_ONCE:
        return HttpResponseRedirect(where)
    desk.step_bulk(at=now(), job_id=pk)
    job = _job(request, pk)
    if job.state != JobState.DONE.value or job.refused:
        return HttpResponseRedirect(where)
    messages.success(
        request,
        ngettext("%(count)s conversation done.", "%(count)s conversations done.", job.done)
        % {"count": job.done},
        extra_tags=f"undo={reverse('console:bulk_undo', args=[pk])}",
    )
    return HttpResponseRedirect(Place.of(request.GET).url)


def _progress(request: TeamRequest, job: BulkJob) -> HttpResponse:
    names = Names()
    items = list(desk_queries.refused_items(job.pk)[:SHOWN])
    seen = conversations.visible_to(request.agent).filter(
        pk__in=[item.conversation_id for item in items]
    )
    subjects = dict(seen.values_list("id", "subject"))
    size = desk_queries.bulk_size(job.pk)
    context = {
        "job": job,
        "size": size,
        "now_at": job.next_index if job.state != JobState.UNDOING.value else job.undone + job.kept,
        "goal": size if job.state != JobState.UNDOING.value else job.done,
        "is_moving": job.state in (JobState.QUEUED.value, JobState.UNDOING.value),
        "acts": names.acts(desk_queries.acts_of(job.acts)),
        "refused": [
            (item.conversation_id, subjects.get(item.conversation_id), _said(item.code))
            for item in items
        ],
        "place": Place.of(request.GET),
        "at": now(),
        "who": "" if job.agent_id == request.agent.pk else names.agents.get(job.agent_id, ""),
    }
    if is_piece(request):
        return piece(request, "console/order/_progress.html", context)
    return page(request, "console/order/progress.html", context, here="inbox")


def _said(code: str) -> str:
    found = SENTENCES.get(code)
    return str(found) if found and not callable(found) else gettext("You may not see it any more.")


@team(methods=POST)
def stop(request: TeamRequest, pk: int) -> HttpResponse:
    """Stop after what is in hand."""
    job = _job(request, pk)
    desk.stop_bulk(job_id=pk, agent_id=job.agent_id, at=now(), by=request.agent.pk)
    return HttpResponseRedirect(reverse("console:bulk", args=[pk]) + Place.of(request.GET).query())


@team(methods=POST)
def undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take back what was done."""
    job = _job(request, pk)
    desk.undo_bulk(job_id=pk, agent_id=job.agent_id, at=now(), by=request.agent.pk)
    where = link("console:bulk", pk) + Place.of(request.GET).query()
    if job.done <= AT_ONCE:
        desk.step_bulk(at=now(), job_id=pk)
        job = _job(request, pk)
        if job.state == JobState.UNDONE.value and not job.kept:
            messages.success(request, gettext("Undone."))
            return HttpResponseRedirect(came_from(request, otherwise=link("console:inbox_start")))
    return HttpResponseRedirect(where)
