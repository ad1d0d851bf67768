"""Forms of a customer's panel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from esmero.console.customers.words import FIELD_KINDS, HOWS, PURPOSES
from esmero.people import queries as people
from esmero.people.enums import FieldKind


class FieldsForm(forms.Form):
    """The shop's own fields, each by its kind; what is typed is read by the house."""

    def __init__(self, known: list[people.panel.Known], data: Any = None) -> None:
        super().__init__(data)
        self._known = known
        for one in known:
            field = _field(one)
            self.fields[name_of(one.field.pk)] = field
            field.initial = one.value

    def values(self) -> dict[int, str]:
        """Return what was typed, by field."""
        return {
            one.field.pk: str(self.cleaned_data.get(name_of(one.field.pk)) or "")
            for one in self._known
            if name_of(one.field.pk) in self.data
        }


def name_of(field_id: int) -> str:
    """Return the name of a field in a form."""
    return f"field_{field_id}"


def _field(one: people.panel.Known) -> forms.Field:
    shared: dict[str, Any] = {
        "label": one.field.name, "required": False, "help_text": one.field.hint,
    }  # fmt: skip
    match one.field.kind:
        case FieldKind.CHOICE.value:
            known = list(one.field.choices)
            if one.value and one.value not in known:
                known.append(one.value)
            return forms.CharField(
                widget=forms.Select(choices=[("", "–"), *((c, c) for c in known)]), **shared
            )
        case FieldKind.YES_NO.value:
            choices = [("", "–"), ("yes", gettext("yes")), ("no", gettext("no"))]
            return forms.CharField(widget=forms.Select(choices=choices), **shared)
        case FieldKind.DATE.value:
            attrs = {"type": "date"}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=20, **shared)
        case FieldKind.NUMBER.value:
            attrs = {"inputmode": "decimal"}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=40, **shared)
        case _:
            return forms.CharField(max_length=500, **shared)


class ConsentForm(forms.Form):
    """What a customer agreed to."""

    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=list(PURPOSES.items()))
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=list(HOWS.items()))
    text_version = forms.CharField(
        label=gettext_lazy("Version of the text"),
        help_text=gettext_lazy("For example 2026-11 or the name of the form."),
        max_length=40,
    )
    text = forms.CharField(
        label=gettext_lazy("Words that were agreed to"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = forms.CharField(label=gettext_lazy("What shows it"), required=False, max_length=200)


class FieldForm(forms.Form):
    """A field that the shop defines."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(FIELD_KINDS.items()))
    choices = forms.CharField(
        label=gettext_lazy("Choices, one a line"),
        help_text=gettext_lazy("Only for the kind Choice."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    hint = forms.CharField(label=gettext_lazy("Hint"), required=False, max_length=200)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["kind"]

    def lines(self) -> list[str]:
        """Return the choices."""
        return str(self.cleaned_data["choices"]).splitlines()
