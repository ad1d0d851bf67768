"""What the shop gives the customers' pages: address, links, logo, legal texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.settings.forms.shop import PHONE
from esmero.kernel.pictures import kind_of_image, size_of_image
from esmero.shop.actions import LINKS_MOST, LOGO_BYTES_MOST, LOGO_KINDS
from esmero.shop.legal import LONGEST

LOGO_SIDE_MOST = 2000
PLACES = [("head", _("at the top")), ("foot", _("at the bottom"))]


class PlaceForm(forms.Form):
    """Where else the shop is reached."""

    fax = forms.RegexField(
        PHONE,
        label=_("Fax"),
        required=False,
        max_length=40,
        error_messages={"invalid": _("A telephone has digits, spaces and perhaps a + in front.")},
    )
    street = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    map_url = forms.URLField(
        label=_("Link to a map"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("A link alone: the page loads nothing from the map's maker."),
    )


class LogoForm(forms.Form):
    """A picture of dots; its kind is read from its bytes."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 200 kB. It is shown 40 pixels high."),
        widget=forms.FileInput(attrs={"accept": ",".join(LOGO_KINDS)}),
    )

    def clean_logo(self) -> tuple[bytes, str]:
        """Return (bytes, kind). Refuses what is too heavy, too large, or no such picture."""
        file: Any = self.cleaned_data["logo"]
        if file.size > LOGO_BYTES_MOST:
            raise forms.ValidationError(gettext("The picture is larger than 200 kB."))
        data = file.read(LOGO_BYTES_MOST + 1)
        kind = kind_of_image(data)
        if kind not in LOGO_KINDS:
            raise forms.ValidationError(
                gettext("That is no PNG, JPEG or WebP. Drawings (SVG) can hold scripts.")
            )
        if max(size_of_image(data)) > LOGO_SIDE_MOST:
            raise forms.ValidationError(gettext("The picture has more than 2000 pixels a side."))
        return data, kind


class LinkForm(forms.Form):
    """One link of the shop's own; an empty line is none."""

    place = forms.ChoiceField(label=_("Where"), choices=PLACES)
    url = forms.CharField(label=_("Address"), required=False, max_length=480)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[f"label_{code}"] = forms.CharField(
                label=gettext("Name (%(language)s)") % {"language": name},
                required=False,
                max_length=60,
            )

    @property
    def link(self) -> dict[str, Any] | None:
        """Return the link as the shop keeps it; None for an empty line."""
        data = self.cleaned_data
        labels = {code: data.get(f"label_{code}", "").strip() for code, _n in settings.LANGUAGES}
        if not data.get("url", "").strip() and not any(labels.values()):
            return None
        return {"place": data["place"], "url": data["url"].strip(), "labels": labels}


LinkForms = forms.formset_factory(LinkForm, extra=2, max_num=LINKS_MOST, validate_max=True)


class LegalForm(forms.Form):
    """A legal text in one language."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "An empty line parts paragraphs, “## ” begins a heading, “- ” a line of a list."
        ),
    )
