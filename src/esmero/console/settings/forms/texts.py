"""The shop's own wording of an automatic text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.kernel.templating import unknown_variables


class TextForm(forms.Form):
    """Subject and body; only known names may stand in braces."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 16})
    )

    def __init__(self, *args: Any, variables: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._variables = variables

    def clean_subject(self) -> str:
        """Refuse unknown names."""
        return self._known(str(self.cleaned_data["subject"]))

    def clean_body(self) -> str:
        """Refuse unknown names."""
        return self._known(str(self.cleaned_data["body"]).replace("\r\n", "\n"))

    def _known(self, text: str) -> str:
        if unknown := unknown_variables(text, self._variables):
            raise forms.ValidationError(
                gettext("There is no variable %(names)s.")
                % {"names": ", ".join(f"{{{{ {name} }}}}" for name in unknown)}
            )
        return text
