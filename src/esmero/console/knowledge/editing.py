"""The editor: saving at each pause, two people on one text, what readers will see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.article import back
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import body_of, for_team, languages, text_for
from esmero.console.knowledge.words import CALLOUTS
from esmero.console.settings.saving import GET_POST, POST
from esmero.kernel.clock import now
from esmero.knowledge import actions, queries
from esmero.knowledge.errors import ArticleChanged
from esmero.people import queries as people
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.knowledge.models import Text

# A save at a pause that was on its way when somebody pressed Save is her own.
_OWN_PAUSE = timedelta(seconds=15)
LONGEST = 400_000


class TextForm(forms.Form):
    """What is written of an article in one language."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("In one sentence"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in lists and in the search, under the title."),
    )  # fmt: skip
    wordings = forms.CharField(
        label=_("Other ways of asking it"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as customers write it. Never shown, always searched."),
    )  # fmt: skip
    text = forms.CharField(required=False, max_length=LONGEST, strip=False)
    html = forms.CharField(required=False, max_length=LONGEST, strip=False)


@team(methods=GET_POST)
def write(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """Write the working copy; readers see nothing of it yet."""
    text = text_for(pk, language)
    if request.method != "POST":
        return _page(request, text, _initial(text))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, text, form, status=422)
    try:
        _save(request, text, form)
    except ArticleChanged:
        return _changed(request, text_for(pk, language), form)
    if request.POST.get("then") == "preview":
        return HttpResponseRedirect(reverse("console:know_preview", args=[pk, language]))
    return back(pk, language)


@team(methods=POST)
def autosave(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """Save at a pause: 200 with the next number, or 409 when somebody saved meanwhile."""
    text = text_for(pk, language)
    form = TextForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        version = _save(request, text, form)
    except ArticleChanged:
        return HttpResponse(status=409)
    return JsonResponse({"fields": {"version": str(version)}})


def _version(request: TeamRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1


@transaction.atomic
def _save(request: TeamRequest, text: Text, form: TextForm) -> int:
    at = now()
    data = form.cleaned_data
    body = body_of(request.POST, text.body)
    values = {
        "title": data["title"], "summary": data["summary"], "body": body,
        "wordings": data["wordings"].replace("\r\n", "\n"),
    }  # fmt: skip
    version = _version(request)
    is_mine = (
        text.saved_by_agent_id == request.agent.pk
        and at - text.saved_at < _OWN_PAUSE
        and "X-Autosave" not in request.headers
        and version == text.draft_version - 1
    )
    if is_mine:
        version = text.draft_version
    if request.POST.get("over") == "1" and version == text.draft_version:
        # Mine was chosen over theirs: theirs is kept as a version.
        actions.put_aside(
            article_id=text.article_id, language=text.language, at=at, by=text.saved_by_agent_id
        )
    if version == text.draft_version and _is_same(text, values):
        return version
    return actions.save_text(
        article_id=text.article_id, language=text.language, version=version, at=at,
        by=request.agent.pk, **values,
    )  # fmt: skip


def _is_same(text: Text, values: dict[str, str]) -> bool:
    """Whether nothing was changed: looking at a text makes no new number."""
    return (
        text.title == values["title"].strip()
        and text.summary == values["summary"].strip()
        and text.wordings == values["wordings"]
        and text.body == queries.clean_html(values["body"])
    )


def _initial(text: Text) -> TextForm:
    return TextForm(
        initial={
            "title": text.title,
            "summary": text.summary,
            "wordings": text.wordings,
            "text": queries.to_markdown(text.body),
            "html": for_team(text.body),
        }
    )


def _page(request: TeamRequest, text: Text, form: TextForm, *, status: int = 200) -> HttpResponse:
    other = next(
        (one for one in queries.texts_of([text.article_id]) if one.language != text.language), None
    )
    context: dict[str, Any] = {
        "article": text.article,
        "text": text,
        "form": form,
        "language": text.language,
        "language_name": languages()[text.language],
        "other": other,
        "other_name": languages().get(other.language, "") if other else "",
        "other_body": for_team(other.body) if other else "",
        "callouts": CALLOUTS,
        "version": request.POST.get("version") or text.draft_version,
    }
    return show(request, "console/knowledge/write.html", "", context, status=status)


def _changed(request: TeamRequest, text: Text, form: TextForm) -> HttpResponse:
    """Show both texts: nobody's is lost, and whoever came second decides."""
    data = form.cleaned_data
    mine = queries.clean_html(body_of(request.POST, text.body))
    by = people.agent(text.saved_by_agent_id) if text.saved_by_agent_id else None
    context: dict[str, Any] = {
        "article": text.article,
        "text": text,
        "language": text.language,
        "by": by.name if by else gettext("somebody"),
        "mine": {**data, "html": mine},
        "mine_shown": for_team(mine),
        "theirs_shown": for_team(text.body),
        "changes": queries.compare(
            _whole(text.title, text.summary, text.body),
            _whole(data["title"], data["summary"], mine),
        ),
    }
    return show(request, "console/knowledge/changed.html", "", context, status=409)


def _whole(title: str, summary: str, body: str) -> str:
    return "\n".join(part for part in (title, summary, queries.plain_of(body)) if part)


# What a page in a frame of ours may do: show pictures and styles of ours.
_PREVIEW = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@team()
def preview(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """The working copy as readers will see it, in the portal's own frame and styles."""
    text = text_for(pk, language)
    shop = the_shop()
    with override(language):
        response = render(
            request,
            "console/knowledge/preview.html",
            {
                "text": text,
                "body": for_team(text.body),
                "shop": {"name": shop.name, "url": "#"},
                "language": language,
            },
        )
    response.headers["Content-Security-Policy"] = _PREVIEW
    response.headers["Cache-Control"] = "no-store"
    return response
