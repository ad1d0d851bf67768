"""The search field in words: what was not understood, and what may be written."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from esmero.conversations import queries as conversations

_SAID: dict[str, Promise | str] = {
    "filter_unknown": gettext_lazy(
        "I do not know the filter “%(word)s:”, so I looked for its words."
    ),
    "filter_empty": gettext_lazy("Something is missing behind “%(word)s:”."),
    "state_unknown": gettext_lazy("“%(value)s” is no state. There are: open, waiting, resolved."),
    "owner_unknown": gettext_lazy("Nobody of the team is called “%(value)s”."),
    "department_unknown": gettext_lazy("There is no department “%(value)s”."),
    "channel_unknown": gettext_lazy("“%(value)s” is no channel. There are: mail, form, portal."),
    "kind_unknown": gettext_lazy("“%(value)s” is no kind of conversation."),
    "before_unknown": gettext_lazy(
        "I cannot read “%(value)s” as a day. Write 2026-11-01, 1/11 or 30d."
    ),
    "with_unknown": gettext_lazy("“%(value)s” is unknown here. Write with:file."),
    "is_unknown": gettext_lazy(
        "“%(value)s” is unknown here. Write is:overdue, is:snoozed or is:unanswered."
    ),
    "tag_unknown": gettext_lazy("There is no tag “%(value)s”."),
}
_SAID["after_unknown"] = _SAID["before_unknown"]
_OTHERWISE = gettext_lazy("“%(word)s:%(value)s” is unknown here.")


def said(problems: Iterable[conversations.Problem]) -> list[str]:
    """Return a sentence for each thing that was not understood."""
    return [
        str(_SAID.get(one.code, _OTHERWISE)) % {"word": one.word, "value": one.value[:60]}
        for one in problems
    ]


def filters() -> list[tuple[str, list[str]]]:
    """Return the filters with their values, in this member's language."""
    return conversations.offered_filters(is_spanish=not (get_language() or "").startswith("en"))
