"""The shelves of the help: two levels, named in each language, in an order."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.listing import category_choices
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import languages
from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound, Refusal
from esmero.knowledge import actions, queries
from esmero.people.enums import Role
from esmero.ui.refusals import sentence


class CategoryForm(forms.Form):
    """A category: its names and where it stands."""

    parent = ChoiceOrNone(label=_("Within"))

    def __init__(self, *args: Any, without: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = category_choices(tops_only=True, without=without)
        cast(forms.ChoiceField, self.fields["parent"]).choices = choices
        for code, name in languages().items():
            self.fields[f"name_{code}"] = forms.CharField(
                label=gettext("Name in %(language)s") % {"language": name},
                max_length=120, required=False,
            )  # fmt: skip
            self.fields[f"description_{code}"] = forms.CharField(
                label=gettext("In a sentence, in %(language)s") % {"language": name},
                max_length=300, required=False,
            )  # fmt: skip
            if without is not None:
                self.fields[f"slug_{code}"] = forms.CharField(
                    label=gettext("Address in %(language)s") % {"language": name},
                    max_length=120, required=False,
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One name at least."""
        data = super().clean() or {}
        if not any(data.get(f"name_{code}", "").strip() for code in languages()):
            raise forms.ValidationError(gettext("Write a name in one language at least."))
        return data


@team(Role.SUPERVISOR)
def categories(request: TeamRequest) -> HttpResponse:
    """All categories in their order, with how much each holds."""
    held = queries.shelf.articles_by_category()
    spoken = get_language() or "es"
    tree = queries.shelf.category_tree(spoken)
    context = {
        "rows": [
            {
                "pk": row.pk,
                "name": name,
                "level": level,
                "count": held.get(row.pk, 0),
                "missing": [
                    label for code, label in languages().items()
                    if code not in {text.language for text in row.texts.all()}
                ],
            }
            for row, name, level in tree
        ]
    }  # fmt: skip
    return show(request, "console/knowledge/categories.html", "categories", context)


@team(Role.SUPERVISOR, GET_POST)
def new(request: TeamRequest) -> HttpResponse:
    """Make one."""
    return _form(request, None, {})


@team(Role.SUPERVISOR, GET_POST)
def category(request: TeamRequest, category_id: int) -> HttpResponse:
    """Change one."""
    row = next(
        (one for one, _name, _level in queries.shelf.category_tree("es") if one.pk == category_id),
        None,
    )
    if row is None:
        raise NotFound(category_id=category_id)
    initial: dict[str, Any] = {"parent": str(row.parent_id or "")}
    for text in row.texts.all():
        initial |= {
            f"name_{text.language}": text.name,
            f"description_{text.language}": text.description,
            f"slug_{text.language}": text.slug,
        }
    return _form(request, category_id, initial)


def _form(request: TeamRequest, category_id: int | None, initial: dict[str, Any]) -> HttpResponse:
    form = CategoryForm(request.POST or None, initial=initial, without=category_id)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        texts = {
            code: actions.Named(
                data[f"name_{code}"], data[f"description_{code}"], data.get(f"slug_{code}", "")
            )
            for code in languages()
        }
        if goes_well(
            form,
            lambda: actions.save_category(
                category_id=category_id,
                texts=texts,
                parent_id=int(data["parent"]) if data["parent"] else None,
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:know_categories")
    others = [one for one in category_choices(without=category_id) if one[0]]
    context = {"form": form, "category_id": category_id, "others": others}
    status = 422 if request.method == "POST" else 200
    return show(request, "console/knowledge/category.html", "categories", context, status=status)


@team(Role.SUPERVISOR, POST)
def move(request: TeamRequest, category_id: int) -> HttpResponse:
    """One place up or down among its own."""
    rows = [row for row, _name, _level in queries.shelf.category_tree("es")]
    row = next((one for one in rows if one.pk == category_id), None)
    if row is None:
        raise NotFound(category_id=category_id)
    ids = [one.pk for one in rows if one.parent_id == row.parent_id]
    place = ids.index(category_id)
    ids.remove(category_id)
    ids.insert(max(0, place - 1) if request.POST.get("up") == "1" else place + 1, category_id)
    actions.order_categories(ids=ids, at=now(), by=request.agent.pk)
    return back_to(request, "console:know_categories")


@team(Role.SUPERVISOR, POST)
def merge(request: TeamRequest, category_id: int) -> HttpResponse:
    """Put what it holds into another; its address leads there."""
    given = request.POST.get("into", "")
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        messages.error(request, gettext("Choose a category."))
        return back_to_category(category_id)
    try:
        actions.merge_categories(
            category_id=category_id, into_id=int(given), at=now(), by=request.agent.pk
        )
    except NotFound:
        raise
    except Refusal:
        messages.error(request, gettext("It cannot be merged with one within it."))
        return back_to_category(category_id)
    return back_to(request, "console:know_categories", said=gettext("They are one now."))


def back_to_category(category_id: int) -> HttpResponse:
    """Lead back to the category's page, with the message that waits."""
    return redirect("console:know_category", category_id)


@team(Role.SUPERVISOR, POST)
def remove(request: TeamRequest, category_id: int) -> HttpResponse:
    """Remove an empty one."""
    try:
        actions.remove_category(category_id=category_id, at=now(), by=request.agent.pk)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return back_to_category(category_id)
    return back_to(request, "console:know_categories", said=gettext("Removed."))
