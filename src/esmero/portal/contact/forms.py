"""The contact form: few fields, two traps for machines, none for people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from esmero.channels.actions import new_once
from esmero.kernel.text import one_line
from esmero.people import queries as people

TEXT_MOST: Final = 20_000
# Nobody fills a form in two seconds; a page may stay open over a week-end.
QUICKEST = timedelta(seconds=2)
STAMP_LASTS: Final = 7 * 24 * 3600
_SALT: Final = "esmero.portal.contact"


class ContactForm(forms.Form):
    """What somebody wants to know. `stamp` says when the form was shown."""

    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The answer goes there, and the link to follow your enquiry."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    order = forms.CharField(
        label=_("Order number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Your message"), max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 8})
    )
    # Out of sight and out of the tab order: only a machine fills it in.
    homepage = forms.CharField(required=False, max_length=200)
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = [d for d in people.departments() if d.is_public]
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)  # noqa: S101  as declared above
        topic.choices = [(str(d.pk), d.name) for d in self.departments]
        if len(self.departments) < 2:
            del self.fields["topic"]
        else:
            topic.required = True
            topic.widget = forms.RadioSelect(choices=topic.choices)

    def clean_homepage(self) -> str:
        """Refuse what only a machine fills in, in words that help whoever is none."""
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError(_("This field must stay empty. Empty it and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Refuse a form that was filled faster than anybody types."""
        cleaned = super().clean() or {}
        try:
            signing.loads(cleaned.get("stamp", ""), salt=_SALT, max_age=STAMP_LASTS)
        except signing.BadSignature:
            self.add_error(None, _("The form was open for very long. Please send it again."))
            return cleaned
        if _is_quick(cleaned["stamp"]):
            self.add_error(None, _("That was very quick. Please send it once more."))
        return cleaned

    @property
    def department_id(self) -> int | None:
        """Return the department of the topic, or the only one that is offered."""
        chosen = self.cleaned_data.get("topic")
        if chosen:
            return int(chosen)
        return self.departments[0].pk if len(self.departments) == 1 else None

    @property
    def message(self) -> str:
        """Return the text, with the order number below it where one was given."""
        text: str = self.cleaned_data["text"].strip()
        order = one_line(self.cleaned_data.get("order") or "", 60)
        if not order:
            return text
        return f"{text}\n\n{_('Order number')}: {order}"


def fresh() -> dict[str, str]:
    """Return what a newly shown form carries."""
    return {"once": new_once(), "stamp": signing.dumps("", salt=_SALT)}


def _is_quick(stamp: str) -> bool:
    """Say whether a form was shown less than `QUICKEST` ago."""
    try:
        signing.loads(stamp, salt=_SALT, max_age=QUICKEST)
    except signing.SignatureExpired:
        return False
    return True
