"""Members of the team and their absences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.words import ROLES
from esmero.people.enums import Role


class MemberForm(forms.Form):
    """What an administrator sets of a member."""

    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLES.items(),
        widget=forms.RadioSelect,
        initial=Role.AGENT.value,
        help_text=_(
            "Agents answer. Supervisors also see every department, the quarantine and the late "
            "notices. Administrators also change these settings."
        ),
    )
    departments = forms.MultipleChoiceField(
        label=_("Departments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In none of them: sees them all."),
    )
    signature = forms.CharField(
        label=_("Signature"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = [(str(pk), name) for pk, name in departments]  # type: ignore[attr-defined]

    @property
    def department_ids(self) -> list[int]:
        """The departments chosen."""
        return [int(pk) for pk in self.cleaned_data["departments"]]


class ChangeMemberForm(MemberForm):
    """The same, of somebody who is there already."""

    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("She signs in with it. The old address is told that it changed."),
    )
    is_active = forms.BooleanField(
        label=_("May sign in"),
        required=False,
        help_text=_("Who leaves keeps what she wrote; her open conversations go to the queue."),
    )
    field_order = ("name", "email", "role", "departments", "signature", "is_active")


class NewMemberForm(MemberForm):
    """The same, of somebody new."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Without one, a code sent to the address opens the door."),
    )
    field_order = (
        "name",
        "email",
        "language",
        "password",
        "role",
        "departments",
        "signature",
    )

    def clean_password(self) -> str:
        """Ask of it what is asked of everybody's."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        return password


class AbsenceForm(forms.Form):
    """Somebody is away; a substitute, or the queue, takes what is hers."""

    agent = forms.ChoiceField(label=_("Who"))
    starts_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: until somebody says that she is back."),
    )
    substitute = ChoiceOrNone(
        label=_("Substitute"),
        help_text=_("Gets the open conversations. Nobody: they go back to the queue."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, team: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(pk), name) for pk, name in team]
        self.fields["agent"].choices = people  # type: ignore[attr-defined]
        self.fields["substitute"].choices = [("", pgettext_lazy("substitute", "nobody")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and substituting oneself."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", gettext("The end comes after the beginning."))
        if data.get("substitute") and data["substitute"] == data.get("agent"):
            self.add_error("substitute", gettext("Nobody substitutes herself."))
        return data
