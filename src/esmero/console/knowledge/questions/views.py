"""Preguntas: what people ask in which words, and the articles that could be made of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy

from esmero.console.access import TeamRequest, came_from, team
from esmero.console.knowledge.questions.frame import article_address
from esmero.console.knowledge.tabs import show
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import CandidateState, Source

POST = ("POST",)
SHOWN = 50
OF_ONE = 200
STATES = {
    CandidateState.OPEN: pgettext_lazy("questions", "Without an article"),
    CandidateState.DRAFTED: pgettext_lazy("questions", "With a draft"),
    CandidateState.COVERED: pgettext_lazy("questions", "Answered"),
    CandidateState.DISMISSED: pgettext_lazy("questions", "Dismissed"),
}
SOURCES = {
    Source.SEARCH.value: pgettext_lazy("source of a question", "searched"),
    Source.FORM.value: pgettext_lazy("source of a question", "typed into the form"),
    Source.MESSAGE.value: pgettext_lazy("source of a question", "wrote to us"),
}


def _state(text: str) -> CandidateState:
    return CandidateState(text) if text in set(CandidateState) else CandidateState.OPEN


@team()
def candidates(request: TeamRequest) -> HttpResponse:
    """The groups of alike questions in a state (`estado`), most worth first; `todas`: also those
    that one person alone asked.
    """
    state = _state(request.GET.get("estado", ""))
    least = 1 if "todas" in request.GET else queries.questions.ASKED_FROM
    found = list(queries.questions.candidates(state, from_count=least)[: SHOWN + 1])
    counts = queries.questions.count_by_state(from_count=least)
    examples = queries.questions.examples_of([one.pk for one in found[:SHOWN]])
    rest = "&todas" if least == 1 else ""
    context = {
        "state": state.value,
        "states": [
            {
                "label": label,
                "url": f"?estado={one.value}{rest}",
                "current": one == state,
                "count": counts.get(one.value, 0),
            }
            for one, label in STATES.items()
        ],
        "rows": [
            {
                "c": one,
                "url": reverse("console:question", args=[one.pk]),
                "others": [text for text in examples.get(one.pk, []) if text != one.text][:2],
                "article": article_address(one.article_id) if one.article_id else "",
                "title": _title(one.article_id),
            }
            for one in found[:SHOWN]
        ],
        "is_all": least == 1,
        "has_more": len(found) > SHOWN,
        "may_merge": state is CandidateState.OPEN and len(found) > 1,
    }
    return show(request, "console/knowledge/questions/list.html", "questions", context)


def _title(article_id: int | None) -> str:
    if article_id is None:
        return ""
    found = queries.texts_of([article_id]).values_list("title", flat=True).first()
    return found or ""


@team()
def one(request: TeamRequest, candidate: int) -> HttpResponse:
    """One of them: who asked how often, in which words, and what was answered."""
    return _shown(request, candidate)


def _shown(
    request: TeamRequest, candidate: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = queries.questions.candidate(candidate)
    if found is None:
        raise NotFound(candidate_id=candidate)
    asked = list(queries.questions.questions_of(candidate)[: OF_ONE + 1])
    context: dict[str, Any] = {
        "c": found,
        "state": STATES[CandidateState(found.state)],
        "asked": [{"q": q, "source": SOURCES[q.source]} for q in asked[:OF_ONE]],
        "has_more": len(asked) > OF_ONE,
        "replies": queries.questions.replies_to(found, request.agent),
        "article": article_address(found.article_id) if found.article_id else "",
        "title": _title(found.article_id),
        "problem": problem,
    }
    return show(request, "console/knowledge/questions/candidate.html", "", context, status=status)


@team(methods=POST)
def draft(request: TeamRequest, candidate: int) -> HttpResponse:
    """Make a draft of it, with the reply `reply` where one was chosen, and open it."""
    found = queries.questions.candidate(candidate)
    if found is None:
        raise NotFound(candidate_id=candidate)
    replies = [one.message_id for one in queries.questions.replies_to(found, request.agent)]
    chosen = request.POST.get("reply", "")
    reply_id = replies[0] if replies else None
    if chosen:
        if chosen not in {str(one) for one in replies}:
            raise NotFound(message_id=chosen[:20])
        reply_id = int(chosen)
    article_id = actions.draft_candidate(
        candidate_id=candidate, reply_id=reply_id, at=now(), by=request.agent.pk
    )
    messages.success(request, gettext("The draft is there. Look it over before it is published."))
    where = article_address(article_id) or reverse("console:question", args=[candidate])
    return HttpResponseRedirect(where)


@team(methods=POST)
def dismiss(request: TeamRequest, candidate: int) -> HttpResponse:
    """No article is wanted for it."""
    actions.dismiss_candidate(candidate_id=candidate, at=now(), by=request.agent.pk)
    undo = f"undo={reverse('console:question_reopen', args=[candidate])}"
    messages.success(request, gettext("Dismissed. It does not come back by itself."), undo)
    return HttpResponseRedirect(came_from(request, reverse("console:questions")))


@team(methods=POST)
def reopen(request: TeamRequest, candidate: int) -> HttpResponse:
    """It wants an article after all."""
    actions.reopen_candidate(candidate_id=candidate, at=now(), by=request.agent.pk)
    messages.success(request, gettext("It is back among the questions without an article."))
    return HttpResponseRedirect(came_from(request, reverse("console:question", args=[candidate])))


def _numbers(values: list[str]) -> list[int]:
    return [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 19]


@team(methods=POST)
def merge(request: TeamRequest) -> HttpResponse:
    """Make one of several that mean the same: of those chosen the first stays."""
    chosen = _numbers(request.POST.getlist("chosen"))
    if len(chosen) < 2:
        messages.error(request, gettext("Choose at least two that mean the same."))
        return HttpResponseRedirect(came_from(request, reverse("console:questions")))
    try:
        actions.merge_candidates(into=chosen[0], others=chosen[1:], at=now(), by=request.agent.pk)
    except InvalidInput:
        messages.error(request, gettext("Questions in different languages are not joined."))
        return HttpResponseRedirect(came_from(request, reverse("console:questions")))
    said = ngettext("%(num)s question joined.", "%(num)s questions joined.", len(chosen))
    messages.success(request, said % {"num": len(chosen)})
    return HttpResponseRedirect(reverse("console:question", args=[chosen[0]]))


@team(methods=POST)
def split(request: TeamRequest, candidate: int) -> HttpResponse:
    """Make one of its own of the questions chosen."""
    try:
        own = actions.split_candidate(
            candidate_id=candidate,
            question_ids=_numbers(request.POST.getlist("chosen")),
            at=now(),
            by=request.agent.pk,
        )
    except InvalidInput:
        problem = gettext("Choose some of the questions, but not all of them.")
        return _shown(request, candidate, problem=problem, status=422)
    messages.success(request, gettext("They stand by themselves now."))
    return HttpResponseRedirect(reverse("console:question", args=[own]))
