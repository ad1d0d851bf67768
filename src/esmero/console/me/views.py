"""What a member chooses for herself: name, language, signature, theme, shortcuts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from esmero.channels import queries as channels
from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.kernel.refs import ref
from esmero.people import actions as people
from esmero.people import queries as people_queries


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
    undo_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to undo a reply"),
        help_text=gettext_lazy("From 5 to 60: so long it waits before it leaves."),
        min_value=5,
        max_value=60,
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


class SignatureForm(forms.Form):
    """How mail of one mailbox, in one language, or both is signed."""

    inbox_ref = forms.ChoiceField(label=gettext_lazy("Mailbox"), required=False)
    signature_language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("every language")), *settings.LANGUAGES],
    )
    text = forms.CharField(
        label=gettext_lazy("Signature"),
        help_text=gettext_lazy("Empty: your general signature holds again."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, boxes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["inbox_ref"])
        field.choices = [("", gettext("every mailbox")), *boxes]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data = super().clean() or {}
        if not data.get("inbox_ref") and not data.get("signature_language"):
            raise forms.ValidationError(gettext("Choose a mailbox or a language."))
        return data


@team(methods=("GET", "HEAD", "POST"))
def signatures(request: TeamRequest) -> HttpResponse:
    """How I sign, by mailbox and language."""
    boxes = [(ref("mailbox", box.pk), box.name or box.address) for box in channels.mailboxes()]
    form = SignatureForm(request.POST or None, boxes=boxes)
    if request.method == "POST" and form.is_valid():
        people.sign_with(
            agent_id=request.agent.pk,
            inbox_ref=form.cleaned_data["inbox_ref"],
            language=form.cleaned_data["signature_language"],
            text=form.cleaned_data["text"],
        )
        messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(reverse("console:signatures"))
    names, languages = dict(boxes), dict(settings.LANGUAGES)
    rows = [
        {
            "where": names.get(row.inbox_ref, ""),
            "language": languages.get(row.language, ""),
            "row": row,
        }
        for row in people_queries.signatures_of(request.agent.pk)
    ]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows}
    return page(request, "console/me/signatures.html", context, here="settings", status=status)
