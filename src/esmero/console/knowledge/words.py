"""What the choices of knowledge are called, and the signs of their states."""

from __future__ import annotations

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.knowledge.enums import Audience, Kind, State, Unhelpful

Word = Lazy | str

STATES: dict[str, Word] = {
    State.DRAFT.value: pgettext_lazy("article state", "Draft"),
    State.REVIEW.value: pgettext_lazy("article state", "To be looked over"),
    State.SCHEDULED.value: pgettext_lazy("article state", "Scheduled"),
    State.PUBLISHED.value: pgettext_lazy("article state", "Published"),
    "changed": pgettext_lazy("article state", "Unpublished changes"),
    State.WITHDRAWN.value: pgettext_lazy("article state", "Withdrawn"),
    "archived": pgettext_lazy("article state", "Archived"),
}
# The signs of promises, as far as they fit: never by colour alone.
SIGNS = {
    State.DRAFT.value: "released",
    State.REVIEW.value: "soon",
    State.SCHEDULED.value: "moved",
    State.PUBLISHED.value: "kept",
    "changed": "mended",
    State.WITHDRAWN.value: "broken",
    "archived": "released",
}
KINDS: dict[str, Word] = {
    Kind.FAQ.value: pgettext_lazy("article kind", "Question"),
    Kind.GUIDE.value: pgettext_lazy("article kind", "Guide"),
    Kind.MANUAL.value: pgettext_lazy("article kind", "Manual"),
    Kind.NEWS.value: pgettext_lazy("article kind", "News"),
}
KINDS_SAID: dict[str, Word] = {
    Kind.FAQ.value: _("What customers ask, and the answer."),
    Kind.GUIDE.value: _("Something longer: how to do it, step by step."),
    Kind.MANUAL.value: _("A PDF or a picture that is searched and opened at its page."),
    Kind.NEWS.value: _("What is new in the shop; it stands in the feed too."),
}
AUDIENCES: dict[str, Word] = {
    Audience.PUBLIC.value: pgettext_lazy("audience", "Everybody"),
    Audience.CUSTOMERS.value: pgettext_lazy("audience", "Signed-in customers"),
    Audience.TEAM.value: pgettext_lazy("audience", "The team alone"),
}
NEEDS: dict[str, Word] = {
    "due": pgettext_lazy("article needs", "Due for review"),
    "unhelpful": pgettext_lazy("article needs", "Did not help"),
    "unread": pgettext_lazy("article needs", "Never read"),
}
REASONS: dict[str, Word] = {
    Unhelpful.NOT_MY_QUESTION.value: _("It was not my question"),
    Unhelpful.UNCLEAR.value: _("It is not clear"),
    Unhelpful.WRONG.value: _("It is wrong or out of date"),
    Unhelpful.INCOMPLETE.value: _("Something is missing"),
    Unhelpful.DISLIKE.value: _("Clear, but I do not like it"),
}
CALLOUTS: dict[str, Word] = {
    "note": pgettext_lazy("callout", "Note"),
    "tip": pgettext_lazy("callout", "Tip"),
    "warning": pgettext_lazy("callout", "Warning"),
}
_REFUSED: dict[str, Word] = {
    "encrypted": _("It is locked with a password, so its text cannot be searched."),
    "broken": _("It is broken or no PDF: nothing could be read of it."),
    "too_much": _("Reading it would take more time or memory than a file may take."),
    "missing": _("Its bytes are missing in the store."),
}


def reading(detail: str) -> list[str]:
    """Return what is to be said of how a file was read, from its codes."""
    found: list[str] = []
    for code in detail.split():
        name, _colon, number = code.partition(":")
        if name in _REFUSED:
            found.append(str(_REFUSED[name]))
        elif name == "scripts":
            found.append(gettext("It wants to run something when it is opened."))
        elif name == "no_text":
            found.append(gettext("It holds pictures of pages and no text: it is not found."))
        elif name == "partial" and number.isdigit():
            found.append(
                ngettext(
                    "Only its first page is searched: it is too long.",
                    "Only its first %(count)s pages are searched: it is too long.",
                    int(number),
                )
                % {"count": number}
            )
    return found
