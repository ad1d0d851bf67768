"""Fields of conditions: several of a choice, or yes, no and all the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from esmero.console.settings.forms.choices import ChoiceOrNone


class Several(forms.MultipleChoiceField):
    """Any of these, or none chosen: all the same."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class YesNo(ChoiceOrNone):
    """Yes, no, or all the same."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            ("", pgettext_lazy("condition", "all the same")),
            ("yes", pgettext_lazy("condition", "yes")),
            ("no", pgettext_lazy("condition", "no")),
        ]
        super().__init__(choices=choices, **kwargs)
