"""Words that mean the same in this shop: the search takes one for the other."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import languages
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well
from esmero.kernel.clock import now
from esmero.knowledge import actions, queries
from esmero.people.enums import Role


class SynonymsForm(forms.Form):
    """A group of words."""

    words = forms.CharField(
        label=_("Words that mean the same"), max_length=1500,
        help_text=_("With commas between: lámpara, luz, candil."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = list(languages().items())


def _save(form: SynonymsForm, group_id: int | None) -> bool:
    data = form.cleaned_data
    return goes_well(
        form,
        lambda: actions.save_synonyms(
            synonyms_id=group_id,
            language=data["language"],
            words=data["words"].replace(";", ",").split(","),
            at=now(),
        ),
        field="words",
    )


@team(Role.SUPERVISOR, GET_POST)
def synonyms(request: TeamRequest) -> HttpResponse:
    """All groups, and a new one."""
    form = SynonymsForm(request.POST or None, initial={"language": get_language() or "es"})
    if request.method == "POST" and form.is_valid() and _save(form, None):
        return back_to(request, "console:know_synonyms")
    rows = list(queries.pages.synonyms())
    context = {"form": form, "rows": rows, "names": languages()}
    status = 422 if request.method == "POST" else 200
    return show(request, "console/knowledge/synonyms.html", "synonyms", context, status=status)


@team(Role.SUPERVISOR, POST)
def change(request: TeamRequest, group_id: int) -> HttpResponse:
    """Change a group, or forget it."""
    if request.POST.get("act") == "remove":
        actions.remove_synonyms(synonyms_id=group_id)
        return back_to(request, "console:know_synonyms", said=gettext("Removed."))
    form = SynonymsForm(request.POST)
    if form.is_valid() and _save(form, group_id):
        return back_to(request, "console:know_synonyms")
    rows = list(queries.pages.synonyms())
    context = {"form": form, "rows": rows, "names": languages(), "changing": group_id}
    return show(request, "console/knowledge/synonyms.html", "synonyms", context, status=422)
