"""What is said about an article: where it stands, for whom, who looks after it, its address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge import words
from esmero.console.knowledge.listing import category_choices
from esmero.console.knowledge.tabs import may_publish
from esmero.console.knowledge.texts import languages
from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.saving import POST
from esmero.kernel.clock import now
from esmero.kernel.errors import NotAllowed, NotFound, Refusal
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind
from esmero.people import queries as people
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.knowledge.models import Article

HALF_A_YEAR = timedelta(days=182)


class DescribeForm(forms.Form):
    """What an article is and for whom."""

    kind = forms.ChoiceField(label=_("What it is"), choices=list(words.KINDS.items()))
    category = ChoiceOrNone(label=_("Category"))
    audience = forms.ChoiceField(label=_("Who may read it"), choices=list(words.AUDIENCES.items()))
    products = forms.CharField(
        label=_("Products"), required=False, max_length=2000,
        help_text=_("Names or references, with commas between."),
    )  # fmt: skip
    is_featured = forms.BooleanField(label=_("Shown first in the help"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: Article) -> DescribeForm:
        """Return the form of an article."""
        return cls(
            initial={
                "kind": row.kind,
                "category": str(row.category_id or ""),
                "audience": row.audience,
                "products": ", ".join(row.products),
                "is_featured": row.is_featured,
            }
        )


class OwnerForm(forms.Form):
    """Who looks after it and when it is looked over again."""

    owner = ChoiceOrNone(label=_("Who looks after it"))
    review_on = forms.DateField(
        label=_("Look it over by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("nobody")), *((str(a.pk), a.name) for a in people.team())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: Article) -> OwnerForm:
        """Return the form of an article."""
        return cls(initial={"owner": str(row.owner_agent_id or ""), "review_on": row.review_on})


def _back(request: TeamRequest, pk: int, anchor: str = "") -> HttpResponse:
    language = request.POST.get("idioma", "")
    where = reverse("console:know_article", args=[pk])
    where += f"?idioma={language}" if language in languages() else ""
    return HttpResponseRedirect(where + (f"#{anchor}" if anchor else ""))


def _article(pk: int) -> Article:
    row = queries.article(pk)
    if row is None:
        raise NotFound(article_id=pk)
    return row


def _first(form: forms.Form) -> str:
    """The first thing that is wrong with a small form, said as a message."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""


@team(methods=POST)
def describe(request: TeamRequest, pk: int) -> HttpResponse:
    """Change what it is. Who may read it is decided by supervisors."""
    row = _article(pk)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first(form))
        return _back(request, pk, "datos")
    data = form.cleaned_data
    if data["audience"] != row.audience and not may_publish(request):
        raise NotAllowed(article_id=pk)
    actions.describe_article(
        article_id=pk,
        kind=Kind(data["kind"]),
        category_id=int(data["category"]) if data["category"] else None,
        audience=Audience(data["audience"]),
        products=data["products"].split(","),
        is_featured=data["is_featured"],
        at=now(),
        by=request.agent.pk,
    )
    messages.success(request, gettext("Saved."))
    return _back(request, pk, "datos")


@team(methods=POST)
def review(request: TeamRequest, pk: int) -> HttpResponse:
    """Change owner and review day, or say that it was looked over."""
    row = _article(pk)
    at = now()
    if request.POST.get("act") == "reviewed":
        today = at.astimezone(the_shop().zone).date()
        following = today + HALF_A_YEAR if request.POST.get("again") == "1" else None
        actions.mark_reviewed(article_id=pk, next_on=following, at=at, by=request.agent.pk)
        messages.success(request, gettext("Looked over: that word is kept."))
        return _back(request, pk, "revision")
    form = OwnerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first(form))
        return _back(request, pk, "revision")
    on: date | None = form.cleaned_data["review_on"]
    owner = form.cleaned_data["owner"]
    try:
        actions.set_owner(
            article_id=pk, agent_id=int(owner) if owner else None, at=at, by=request.agent.pk
        )
        if on != row.review_on:
            actions.plan_review(article_id=pk, on=on, at=at, by=request.agent.pk)
    except NotFound:
        raise
    except Refusal as refusal:
        is_past = refusal.params.get("field") == "review_on"
        said = gettext("That day has passed. Choose a later one.") if is_past else None
        messages.error(request, said or sentence(refusal))
    else:
        messages.success(request, gettext("Saved."))
    return _back(request, pk, "revision")


@team(methods=POST)
def related(request: TeamRequest, pk: int) -> HttpResponse:
    """Put another article beside it, take one away, or one up."""
    _article(pk)
    chosen = queries.pages.chosen_related(pk)
    given = request.POST.get("other", "")
    other = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    act = request.POST.get("act", "")
    if act == "add":
        chosen.append(other)
    elif other in chosen:
        place = chosen.index(other)
        chosen.remove(other)
        if act == "up":
            chosen.insert(max(0, place - 1), other)
    actions.set_related(article_id=pk, others=chosen)
    return _back(request, pk, "relacionados")


@team(methods=POST)
def address(request: TeamRequest, pk: int, language: str) -> HttpResponse:
    """Give a text another address. Supervisors: people have the old one in their mails."""
    if not may_publish(request):
        raise NotAllowed(article_id=pk)
    try:
        actions.change_address(
            article_id=pk, language=language, wanted=request.POST.get("slug", "")[:200], at=now(),
            by=request.agent.pk,
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("Saved. The old address leads here."))
    return _back(request, pk, "direccion")
