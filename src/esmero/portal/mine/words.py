"""What a customer agreed to, and how, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from esmero.people.enums import How, Purpose


def purpose_words(purpose: str) -> str:
    """Return what was agreed to."""
    return {
        Purpose.NEWSLETTER.value: _("Receiving news by mail"),
        Purpose.SURVEYS.value: _("Being asked how it went"),
        Purpose.TELEPHONE.value: _("Being called by telephone"),
        Purpose.PROFILE.value: _("Offers made of what was bought"),
    }.get(purpose, purpose)


def way_words(how: str) -> str:
    """Return how somebody agreed or took it back."""
    return {
        How.FORM.value: _("with a form"),
        How.MAIL.value: _("by mail"),
        How.TELEPHONE.value: _("by telephone"),
        How.IN_PERSON.value: _("in person"),
        How.PORTAL.value: _("on these pages"),
    }.get(how, how)
