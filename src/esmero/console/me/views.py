"""What a member chooses for herself: name, language, signature, theme, shortcuts."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.people import actions as people


class PreferencesForm(forms.Form):
    """The fields of `change_own_preferences`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        required=False,
        choices=[
            ("", pgettext_lazy("theme", "System")),
            ("light", pgettext_lazy("theme", "Light")),
            ("dark", pgettext_lazy("theme", "Dark")),
        ],
    )
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        help_text=gettext_lazy("It goes below every reply of yours."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    has_shortcuts = forms.BooleanField(
        label=gettext_lazy("Keyboard shortcuts"),
        help_text=gettext_lazy("Single letters act on the page. Ctrl+Enter always sends."),
        required=False,
    )


@team(methods=("GET", "HEAD", "POST"))
def me(request: TeamRequest) -> HttpResponse:
    """My own preferences."""
    agent = request.agent
    if request.method == "POST":
        form = PreferencesForm(request.POST)
        if form.is_valid():
            people.change_own_preferences(agent_id=agent.pk, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return HttpResponseRedirect(reverse("console:me"))
        return page(request, "console/me/page.html", {"form": form}, here="settings", status=422)
    form = PreferencesForm(
        initial={name: getattr(agent, name) for name in PreferencesForm.base_fields}
    )
    return page(request, "console/me/page.html", {"form": form}, here="settings")
