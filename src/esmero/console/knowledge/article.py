"""The page of an article: how far it is, what comes next, what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge import words
from esmero.console.knowledge.details import DescribeForm, OwnerForm
from esmero.console.knowledge.tabs import may_publish, show
from esmero.console.knowledge.texts import (
    for_team,
    is_behind,
    languages,
    state_of,
    text_for,
)
from esmero.console.settings.saving import POST
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotAllowed, NotFound, Refusal
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind, State
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.knowledge.models import Article, Text


@team()
def article(request: TeamRequest, pk: int) -> HttpResponse:
    """The article in one of its languages, the others a click away."""
    row = queries.article(pk)
    if row is None:
        raise NotFound(article_id=pk)
    texts = {text.language: text for text in queries.texts_of([pk]).select_related("published")}
    language = _language(request, texts)
    text = text_for(pk, language)
    at = now()
    other = next((one for code, one in texts.items() if code != language), None)
    today = at.astimezone(the_shop().zone).date()
    context: dict[str, Any] = {
        "article": row,
        "text": text,
        "language": language,
        "languages": _tabs(row, texts, language),
        "state": state_of(text),
        "state_name": words.STATES[state_of(text)],
        "sign": words.SIGNS[state_of(text)],
        "behind": is_behind(text, other),
        "behind_language": languages().get(other.language, "") if other else "",
        "kind": words.KINDS[row.kind],
        "audience": words.AUDIENCES[row.audience],
        "body": for_team(text.body),
        "is_manual": row.kind == Kind.MANUAL.value,
        "files": [
            {"row": one, "said": words.reading(one.detail)}
            for one in queries.pages.files_of(pk).select_related("blob")
        ],
        "put_back": _note(text),
        "reception": queries.pages.reception_of(pk, at=at),
        "reasons": words.REASONS,
        "old": list(queries.pages.old_addresses_of(pk)),
        "related": _related(pk),
        "near": _near(request, pk, text),
        "asked_near": request.GET.get("junto", "")[:200],
        "is_review_due": row.review_on is not None and row.review_on <= today,
        "form": DescribeForm.of(row),
        "owner_form": OwnerForm.of(row),
        "soon": (at.astimezone(the_shop().zone) + timedelta(days=1)).strftime("%Y-%m-%dT09:00"),
    }
    return show(request, "console/knowledge/article.html", "", context)


def _language(request: TeamRequest, texts: dict[str, Text]) -> str:
    wanted = [request.GET.get("idioma", ""), get_language() or "", the_shop().language, *texts]
    found = next((code for code in wanted if code in texts), None)
    if found is None:
        raise NotFound(language="")
    return found


def _tabs(row: Article, texts: dict[str, Text], here: str) -> list[dict[str, Any]]:
    """Each language: its state, or that it is missing."""
    found = []
    for code, name in languages().items():
        text = texts.get(code)
        found.append(
            {
                "code": code,
                "name": name,
                "url": reverse("console:know_article", args=[row.pk]) + f"?idioma={code}",
                "current": code == here,
                "is_missing": text is None,
                "sign": words.SIGNS[state_of(text)] if text else "",
                "state": words.STATES[state_of(text)] if text else "",
            }
        )
    return found


def _note(text: Text) -> Any:
    """The note with which it was put back, until the next time it is asked for or published."""
    if text.state not in {State.DRAFT.value, State.PUBLISHED.value, State.WITHDRAWN.value}:
        return None
    last = queries.pages.versions_of(text.pk).first()
    return last if last is not None and not last.was_published and last.note else None


def _related(pk: int) -> list[tuple[int, str]]:
    ids = queries.pages.chosen_related(pk)
    titles = queries.pages.titles_of(ids, get_language() or "es")
    return [(one, titles.get(one, "")) for one in ids]


def _near(request: TeamRequest, pk: int, text: Text) -> list[tuple[int, str]]:
    """What may stand beside it: found by the words that were asked for, else by its own title."""
    words_asked = request.GET.get("junto", "")[:200] or text.title
    found = queries.search(words_asked, language=text.language, reader=Audience.TEAM, limit=8)
    there = {pk, *queries.pages.chosen_related(pk)}
    return [(hit.article_id, hit.title) for hit in found.hits if hit.article_id not in there][:5]


def back(pk: int, language: str = "", anchor: str = "") -> HttpResponseRedirect:
    """Lead back to the page of an article."""
    where = reverse("console:know_article", args=[pk])
    where += f"?idioma={language}" if language else ""
    return HttpResponseRedirect(where + (f"#{anchor}" if anchor else ""))


@team(methods=POST)
def step(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """Let the text take a step on its way. What readers see is decided by supervisors."""
    text_for(pk, language)
    act = request.POST.get("act", "")
    if act not in _STEPS:
        raise NotFound(act=act)
    if act != "review" and not may_publish(request):
        raise NotAllowed(article_id=pk)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
    try:
        said = _STEPS[act](request, pk, language, version, now())
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, said)
    return back(pk, language)


def _ask(request: TeamRequest, pk: int, language: str, version: int | None, at: datetime) -> str:
    actions.ask_review(
        article_id=pk, language=language, version=version, at=at, by=request.agent.pk
    )
    return gettext("It waits for somebody who looks it over.")


def _publish(
    request: TeamRequest, pk: int, language: str, version: int | None, at: datetime
) -> str:
    actions.publish_text(
        article_id=pk, language=language, version=version, at=at, by=request.agent.pk,
        note=request.POST.get("note", ""),
    )  # fmt: skip
    return gettext("Published: readers see it and the search finds it.")


def _schedule(
    request: TeamRequest, pk: int, language: str, version: int | None, at: datetime
) -> str:
    try:
        wanted = datetime.fromisoformat(request.POST.get("when", ""))
    except ValueError:
        raise InvalidInput(field="publish_at") from None
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=the_shop().zone)
    actions.schedule_text(
        article_id=pk, language=language, publish_at=wanted, version=version, at=at,
        by=request.agent.pk,
    )  # fmt: skip
    return gettext("It is published by itself when its time comes.")


def _put_back(
    request: TeamRequest, pk: int, language: str, _version: int | None, at: datetime
) -> str:
    actions.put_back(
        article_id=pk, language=language, note=request.POST.get("note", ""), at=at,
        by=request.agent.pk,
    )  # fmt: skip
    return gettext("It is back with its writer.")


def _withdraw(
    request: TeamRequest, pk: int, language: str, _version: int | None, at: datetime
) -> str:
    actions.withdraw_text(article_id=pk, language=language, at=at, by=request.agent.pk)
    return gettext("Readers do not see it any more. Its versions are kept.")


_STEPS = {
    "review": _ask,
    "publish": _publish,
    "schedule": _schedule,
    "back": _put_back,
    "withdraw": _withdraw,
}


@team(methods=POST)
def add_language(request: TeamRequest, pk: int) -> HttpResponse:
    """Begin the text of another language, with the title to be translated."""
    texts = {text.language: text for text in queries.texts_of([pk])}
    if not texts:
        raise NotFound(article_id=pk)
    language = request.POST.get("language", "")
    if language not in languages():
        raise NotFound(language=language)
    if language not in texts:
        source = next(iter(texts.values()))
        actions.add_language(
            article_id=pk, language=language, title=source.title, body=source.body, at=now(),
            by=request.agent.pk,
        )  # fmt: skip
    return HttpResponseRedirect(reverse("console:know_write", args=[pk, language]))


@team(methods=POST)
def archive(request: TeamRequest, pk: int) -> HttpResponse:
    """Put an article away, or bring it back."""
    if not may_publish(request):
        raise NotAllowed(article_id=pk)
    if request.POST.get("act") == "back":
        actions.unarchive_article(article_id=pk, at=now(), by=request.agent.pk)
        messages.success(request, gettext("It is back as it was."))
    else:
        actions.archive_article(article_id=pk, at=now(), by=request.agent.pk)
        messages.success(request, gettext("Archived: nobody reads or finds it."))
    return back(pk)
