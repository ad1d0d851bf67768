"""The fields of the screens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.channels.enums import Security, Take
from esmero.console.settings.forms.hours import FramesField, day_of
from esmero.console.settings.forms.shop import PlaceFields, country_choices
from esmero.console.settings.words import WEEKDAYS
from esmero.console.setup.places import grouped_zones, usual_zone, zones_of

HOST = r"^[A-Za-z0-9]([A-Za-z0-9.\-]{0,253}[A-Za-z0-9])?$"
SECURITY = [
    (Security.TLS.value, "TLS"),
    (Security.STARTTLS.value, "STARTTLS"),
    (Security.NONE.value, _("unprotected")),
]
DEPARTMENTS_MOST = 4
LIMITS = [("1", _("within 1 hour")), ("24", _("within 24 hours")), ("", _("no limit"))]


class ShopStep(forms.Form, PlaceFields):
    """The shop: name, place, language."""

    name = forms.CharField(label=_("Name of the shop"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(
        label=_("Region"), required=False, help_text=_("It decides which holidays count.")
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language of your customers"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.offer_regions(self)
        country = str(self["country"].value() or "")
        self.fields["zone"].choices = grouped_zones(country)  # type: ignore[attr-defined]

    def moved(self) -> ShopStep:
        """Return the form as sent, with what follows from its country: region and zone anew."""
        data = dict(self.data.items())
        country = str(data.get("country", ""))
        data["region"] = ""
        if data.get("zone") not in zones_of(country):
            data["zone"] = usual_zone(country)
        return ShopStep(initial=data)


class AccountStep(forms.Form):
    """The first administrator."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your address"),
        max_length=254,
        help_text=_("You sign in with it. Your own, not the shop's mailbox."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("Ten characters or more; a sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["password"].required = False
            self.fields["password"].help_text = _("Chosen already. Empty: it stays.")

    def clean(self) -> dict[str, Any]:
        """Weigh the password as the whole house does."""
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            user = get_user_model()(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(password, user=user)
            except ValidationError as problem:
                self.add_error("password", problem)
        return data


class MailboxStep(forms.Form):
    """The shop's mailbox. Servers that are left empty are those that the provider usually has."""

    address = forms.EmailField(
        label=_("Address of the mailbox"),
        max_length=254,
        help_text=_("Where your customers write to."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Its password"),
        max_length=500,
        strip=False,
        help_text=_("Kept sealed and never shown. Gmail, Yahoo and iCloud want an app password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    username = forms.CharField(
        label=_("User name"), required=False, max_length=320, help_text=_("Empty: the address.")
    )
    imap_host = forms.RegexField(HOST, label=_("IMAP server"), required=False, max_length=255)
    imap_port = forms.IntegerField(label=_("IMAP port"), initial=993, min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=_("IMAP protection"), choices=SECURITY)
    smtp_host = forms.RegexField(HOST, label=_("SMTP server"), required=False, max_length=255)
    smtp_port = forms.IntegerField(label=_("SMTP port"), initial=465, min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("SMTP protection"), choices=SECURITY)
    take = forms.ChoiceField(
        label=_("Mail that is there already"),
        initial=Take.FROM_NOW.value,
        choices=[
            (Take.FROM_NOW.value, _("leave it: only what arrives from now on")),
            (Take.LAST_DAYS.value, _("take over the last 30 days as closed history")),
            (Take.ALL.value, _("take over everything as closed history")),
        ],
    )

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["password"].required = False
            self.fields["password"].help_text = _("Kept sealed. Empty: it stays.")


Week = list[list[tuple[int, int]]]
_MORNING, _EVENING = (9 * 60, 14 * 60), (16 * 60 + 30, 19 * 60)
PRESETS: dict[str, tuple[Any, Week]] = {
    "partida": (
        _("Split day: 9–14 and 16:30–19"),
        [[_MORNING, _EVENING]] * 5 + [[], []],
    ),
    "partida-sabado": (
        _("Split day, and Saturday morning"),
        [[_MORNING, _EVENING]] * 5 + [[(10 * 60, 14 * 60)], []],
    ),
    "seguida": (_("Through the day: 9–18"), [[(9 * 60, 18 * 60)]] * 5 + [[], []]),
    "intensiva": (_("Mornings: 8–15"), [[(8 * 60, 15 * 60)]] * 5 + [[], []]),
}
"""Weeks that many shops have, Monday first, in minutes of the day."""
FRAMES = 2


class HoursStep(forms.Form):
    """When somebody answers: two frames a day are enough here; settings take more."""

    holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)

    def __init__(self, *args: Any, week: Week | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, frames in enumerate(week or PRESETS["partida"][1]):
            FramesField.add(self, f"d{day}", list(frames), many=FRAMES)

    def clean(self) -> dict[str, Any]:
        """Put the week together; a week without any frame promises nothing."""
        data = super().clean() or self.cleaned_data
        week = [FramesField.clean(self, f"d{day}", many=FRAMES) for day in range(7)]
        if not any(week) and not self.errors:
            raise ValidationError(gettext("With these hours nobody ever answers."))
        data["week"] = week
        return data

    def days(self) -> list[Any]:
        """Return the week for the template, Monday first."""
        return [day_of(self, f"d{day}", str(WEEKDAYS[day]), many=FRAMES) for day in range(7)]


class DepartmentsStep(forms.Form):
    """Who answers, and how soon at the latest."""

    def __init__(self, *args: Any, have: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index in range(DEPARTMENTS_MOST):
            known = have[index] if index < len(have) else {"name": "", "limit": "24"}
            self.fields[f"name_{index}"] = forms.CharField(
                label=_("Name"),
                required=False,
                max_length=80,
                initial=known["name"],
                widget=forms.TextInput(attrs={"list": "departments", "autocomplete": "off"}),
            )
            self.fields[f"limit_{index}"] = forms.ChoiceField(
                label=_("We answer"), required=False, choices=LIMITS, initial=known["limit"]
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Return pairs of fields for the template."""
        return [
            (self[f"name_{index}"], self[f"limit_{index}"]) for index in range(DEPARTMENTS_MOST)
        ]

    def clean(self) -> dict[str, Any]:
        """Put the departments together; each name once."""
        data = super().clean() or self.cleaned_data
        found: list[dict[str, str]] = []
        for index in range(DEPARTMENTS_MOST):
            name = " ".join(str(data.get(f"name_{index}", "")).split())
            if not name:
                continue
            if name.lower() in {one["name"].lower() for one in found}:
                self.add_error(f"name_{index}", gettext("That name is there already."))
                continue
            found.append({"name": name, "limit": str(data.get(f"limit_{index}", ""))})
        data["departments"] = found
        return data
