"""What the desk's codes are called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.lists import format_list
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.words import ABOUT, CHANNELS, RELEASES
from esmero.conversations import queries as conversations
from esmero.desk.enums import After, Do, Share
from esmero.desk.queries import Act
from esmero.people import queries as people
from esmero.ui.formats import when

PRIORITIES = {
    "1": pgettext_lazy("priority", "High"),
    "0": pgettext_lazy("priority", "Normal"),
    "-1": pgettext_lazy("priority", "Low"),
}
STATES = {
    "open": pgettext_lazy("conversations", "Open"),
    "waiting": pgettext_lazy("conversations", "Waiting for the customer"),
    "resolved": pgettext_lazy("conversations", "Resolved"),
}
SHARES = {
    Share.OFF.value: _("Nobody gets anything by itself"),
    Share.LEAST.value: _("Whoever has least to do gets the next one"),
    Share.TURN.value: _("One after the other"),
}
AFTERS = {
    After.STAY.value: _("I stay in the conversation"),
    After.NEXT.value: _("The next one of the list opens"),
    After.LIST.value: _("I go back to the list"),
}
LANGUAGES = {
    "es": pgettext_lazy("language", "Spanish"),
    "en": pgettext_lazy("language", "English"),
    "pt": pgettext_lazy("language", "Portuguese"),
    "ca": pgettext_lazy("language", "Catalan"),
    "fr": pgettext_lazy("language", "French"),
    "de": pgettext_lazy("language", "German"),
    "it": pgettext_lazy("language", "Italian"),
}
SNOOZES = {
    "in:3h": _("in 3 hours"),
    "tomorrow": _("tomorrow, when we open"),
    "monday": _("on Monday, when we open"),
    "reply": _("until the customer writes"),
}
CONDITIONS = {
    "mailbox": _("Mailbox"),
    "channel": _("Came by"),
    "department": _("Department"),
    "kind": _("What it is about"),
    "language": _("Language"),
    "sender": _("Sender or domain"),
    "subject": _("Words in the subject"),
    "text": _("Words in subject or text"),
    "not_text": _("None of these words"),
    "has_files": _("Brings files"),
    "new": _("Writes for the first time"),
    "open_hours": _("Comes within opening hours"),
    "tag": _("Tag"),
    "priority": _("Priority"),
    "state": _("State"),
    "owner": _("Owner"),
    "unanswered": _("Waits for our answer"),
    "snoozed": _("Snoozed"),
    "failed": _("Something did not arrive"),
    "due": pgettext_lazy("condition", "Promise"),
}
DUE = {
    "late": pgettext_lazy("promises", "overdue"),
    "today": pgettext_lazy("promises", "due today"),
}
FLAGS = {"yes": pgettext_lazy("condition", "yes"), "no": pgettext_lazy("condition", "no")}


class Names:
    """The names of agents, departments and tags that sentences need, read once."""

    def __init__(self) -> None:
        self.agents = {a.pk: a.name for a in people.everyone()}
        self.departments = {d.pk: d.name for d in people.all_departments()}
        self.tags = {pk: tag.name for pk, tag in conversations.order.tags_by_id().items()}

    def target(self, value: str) -> str:
        """Return who an assignment means."""
        kind, _colon, number = value.partition(":")
        pk = int(number) if number.isdigit() else 0
        if kind == "agent":
            return self.agents.get(pk, "?")
        if kind == "department":
            return self.departments.get(pk, "?")
        return gettext("me") if kind == "me" else gettext("nobody")

    def act(self, act: Act) -> str:
        """Return what an act does, as a line of a list."""
        match act.do:
            case Do.ASSIGN:
                if act.value == "nobody":
                    return gettext("Put it back into the queue")
                if act.value == "me":
                    return gettext("Give it to whoever runs it")
                return gettext("Give it to %(name)s") % {"name": self.target(act.value)}
            case Do.TAG:
                return gettext("Tag: %(name)s") % {"name": self.tags.get(act.pk, "?")}
            case Do.UNTAG:
                return gettext("Take off the tag: %(name)s") % {"name": self.tags.get(act.pk, "?")}
            case Do.PRIORITY:
                return gettext("Priority: %(name)s") % {"name": PRIORITIES[act.value]}
            case Do.REPLY:
                return gettext("Reply with its text")
            case Do.WAIT:
                return gettext("Wait for the customer")
            case Do.SNOOZE:
                return gettext("Snooze %(when)s") % {"when": snooze_words(act.value)}
            case Do.WAKE:
                return gettext("Bring it back into sight")
            case Do.RESOLVE:
                return _resolves(act.value)
            case Do.SPAM:
                return gettext("Mark as spam")
            case Do.MACRO:
                return gettext("Run a macro")

    def acts(self, acts: Iterable[Act]) -> list[str]:
        """Return each act in words."""
        return [self.act(act) for act in acts]

    def condition(self, name: str, wanted: Any) -> str:
        """Return what a condition asks for."""
        label = str(CONDITIONS.get(name, name))
        if isinstance(wanted, list):
            named = [self._value(name, one) for one in wanted]
            shown = format_list(named, style="or", locale=(get_language() or "es")[:2])
        elif wanted in FLAGS:
            shown = str(FLAGS[wanted])
        else:
            shown = str(wanted)
        return f"{label}: {shown}"

    def conditions(self, conditions: dict[str, Any]) -> list[str]:
        """Return each condition in words."""
        return [self.condition(name, wanted) for name, wanted in conditions.items()]

    def _value(self, name: str, one: Any) -> str:
        tables: dict[str, dict[Any, Any]] = {
            "department": self.departments, "tag": self.tags, "channel": CHANNELS, "kind": ABOUT,
            "language": LANGUAGES, "priority": PRIORITIES, "state": STATES, "due": DUE,
        }  # fmt: skip
        if name == "owner":
            return self.target(str(one))
        return str(tables.get(name, {}).get(one, one))


def _resolves(value: str) -> str:
    choice, _colon, more = value.partition(":")
    if choice == "keep":
        return gettext("Resolve; open promises tick on")
    if choice == "release":
        return gettext("Resolve; open promises are let go of. %(why)s") % {
            "why": RELEASES.get(more, "")
        }
    if choice == "answered":
        return gettext("Resolve; open promises were kept another way: %(what)s") % {"what": more}
    return gettext("Resolve")


def snooze_words(value: str) -> str:
    """Return until when a snooze lasts."""
    if value in SNOOZES:
        return str(SNOOZES[value])
    try:
        return gettext("until %(when)s") % {"when": when(datetime.fromisoformat(value))}
    except ValueError:
        return value
