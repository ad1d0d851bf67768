"""A choice where "any", "nobody" or "the default" is an answer like the others."""

from __future__ import annotations

from typing import Any

from django import forms


class _Select(forms.Select):
    """A list whose empty value is a choice, so that the browser must not ask for another."""

    def use_required_attribute(self, initial: Any) -> bool:
        """Leave the attribute out."""
        return False


class ChoiceOrNone(forms.ChoiceField):
    """A choice that is always made: its empty value is one of the answers."""

    widget = _Select

    def validate(self, value: Any) -> None:
        """Accept the empty value too."""
        if value not in self.empty_values:
            super().validate(value)
