"""The shop as its customers know it, and its departments."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.promises import queries as promises
from esmero.ui import palette

VOICES = [
    ("tu", pgettext_lazy("voice", "tú (informal)")),
    ("usted", pgettext_lazy("voice", "usted (formal)")),
    ("vos", pgettext_lazy("voice", "vos (Río de la Plata)")),
]
PHONE = r"^\+?[\d ().\-/]{5,40}$"


def zone_choices() -> list[tuple[str, str]]:
    """Return the IANA zones of inhabited places, by name."""
    found = sorted(zone for zone in available_timezones() if "/" in zone and _is_place(zone))
    return [(zone, zone.replace("_", " ")) for zone in found]


def _is_place(zone: str) -> bool:
    return not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


def country_choices(*, empty: Any = None) -> list[tuple[str, Any]]:
    """Return the countries whose holidays are known, by name."""
    found: list[tuple[str, Any]] = sorted(
        promises.settings.countries().items(), key=lambda one: one[1]
    )
    return [("", empty), *found] if empty is not None else found


def region_choices(country: str) -> list[tuple[str, Any]]:
    """Return the regions of a country, the whole of it first."""
    regions = promises.settings.regions_of(country) if country else {}
    return [("", _("the whole country")), *regions.items()]


class PlaceFields:
    """What forms with a country and a region share: the regions on offer follow the country.

    Without a script the list follows on the next showing: a region of another country is refused.
    """

    def offer_regions(self, form: forms.Form) -> None:
        """Fill the regions of the country that is chosen, sent or stored."""
        country = str(form["country"].value() or "")
        known = country in promises.settings.countries()
        form.fields["region"].choices = region_choices(country if known else "")  # type: ignore[attr-defined]


class ShopForm(forms.Form, PlaceFields):
    """The facts of `shop.change_shop`."""

    name = forms.CharField(label=_("Name of the shop"), max_length=120)
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", max_length=200
    )
    telephone = forms.RegexField(
        PHONE,
        label=_("Telephone"),
        required=False,
        max_length=40,
        error_messages={"invalid": _("A telephone has digits, spaces and perhaps a + in front.")},
    )
    country = forms.ChoiceField(label=_("Country"))
    region = ChoiceOrNone(label=_("Region"), help_text=_("It decides which holidays count."))
    zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For customers whose language we do not know."),
    )
    voice = forms.ChoiceField(
        label=_("How we address customers in Spanish"), choices=VOICES, widget=forms.RadioSelect
    )
    primary_colour = forms.CharField(
        label=_("Colour"),
        required=False,
        max_length=7,
        help_text=_("Like #A23E1B. Empty: Esmero's terracotta."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.offer_regions(self)

    def clean_primary_colour(self) -> str:
        """Accept `#RRGGBB` only; how readable it is is shown, and mended, not refused."""
        colour = str(self.cleaned_data["primary_colour"]).strip().upper()
        if colour and not colour.startswith("#"):
            colour = f"#{colour}"
        try:
            if colour:
                palette.tokens(colour)
        except palette.NotAColour:
            raise forms.ValidationError(gettext("A colour is written like #A23E1B.")) from None
        return colour


class DepartmentForm(forms.Form):
    """The facts of a department."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What it answers for"),
        required=False,
        max_length=300,
        help_text=_("Customers read this on the contact form."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public = forms.BooleanField(
        label=_("Offered on the contact form"), required=False, initial=True
    )
