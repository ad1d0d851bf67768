"""The words for what the record of changes holds: acts, actors and things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy

from esmero.kernel.refs import id_of

SENTENCES: dict[str, Lazy | str] = {
    "account.signed_in": pgettext_lazy("audit", "Signed in"),
    "account.signed_out": pgettext_lazy("audit", "Signed out"),
    "account.sign_in_refused": pgettext_lazy("audit", "Tried to sign in in vain"),
    "account.password_changed": pgettext_lazy("audit", "Changed the password"),
    "account.password_set": pgettext_lazy("audit", "Chose a password"),
    "account.password_reset": pgettext_lazy("audit", "Chose a new password by mail"),
    "account.factor_added": pgettext_lazy("audit", "Added a second step"),
    "account.factor_removed": pgettext_lazy("audit", "Removed a second step"),
    "account.factor_reset": pgettext_lazy("audit", "Made new recovery codes"),
    "account.factors_dropped": pgettext_lazy("audit", "Took away somebody’s second step"),
    "agent.hired": pgettext_lazy("audit", "Added to the team"),
    "agent.changed": pgettext_lazy("audit", "Changed a member of the team"),
    "agent.address_changed": pgettext_lazy("audit", "Changed a member’s address"),
    "absence.begun": pgettext_lazy("audit", "Noted an absence"),
    "absence.ended": pgettext_lazy("audit", "Ended an absence"),
    "customer.changed": pgettext_lazy("audit", "Changed a customer"),
    "department.opened": pgettext_lazy("audit", "Opened a department"),
    "department.changed": pgettext_lazy("audit", "Changed a department"),
    "department.closed": pgettext_lazy("audit", "Closed a department"),
    "hours.opened": pgettext_lazy("audit", "Added hours"),
    "hours.changed": pgettext_lazy("audit", "Changed hours"),
    "hours.made_default": pgettext_lazy("audit", "Made hours the general ones"),
    "hours.removed": pgettext_lazy("audit", "Removed hours"),
    "hours.kept": pgettext_lazy("audit", "Chose the hours of a department"),
    "hours.special_day_set": pgettext_lazy("audit", "Set a special day"),
    "hours.special_day_removed": pgettext_lazy("audit", "Removed a special day"),
    "standard.set": pgettext_lazy("audit", "Set what is promised"),
    "standard.unset": pgettext_lazy("audit", "Took back what is promised"),
    "mailbox.connected": pgettext_lazy("audit", "Connected a mailbox"),
    "mailbox.changed": pgettext_lazy("audit", "Changed a mailbox"),
    "raw.saved": pgettext_lazy("audit", "Saved the original of a mail"),
    "sender.block": pgettext_lazy("audit", "Blocked a sender"),
    "sender.trust": pgettext_lazy("audit", "Trusted a sender"),
    "sender.unjudged": pgettext_lazy("audit", "Took back a rule about a sender"),
    "shop.changed": pgettext_lazy("audit", "Changed the shop"),
    "shop.text_worded": pgettext_lazy("audit", "Reworded a text"),
}
"""An act without a sentence is shown by its code: nothing is hidden for want of words."""

TOPICS: dict[str, Lazy | str] = {
    "account": pgettext_lazy("audit", "Signing in"),
    "agent": pgettext_lazy("audit", "Team"),
    "absence": pgettext_lazy("audit", "Absences"),
    "customer": pgettext_lazy("audit", "Customers"),
    "department": pgettext_lazy("audit", "Departments"),
    "hours": pgettext_lazy("audit", "Hours"),
    "mailbox": pgettext_lazy("audit", "Mailboxes"),
    "raw": pgettext_lazy("audit", "Original mails"),
    "sender": pgettext_lazy("audit", "Senders"),
    "shop": pgettext_lazy("audit", "Shop"),
    "standard": pgettext_lazy("audit", "Promises"),
}

_THINGS: dict[str, Lazy | str] = {
    "agent": pgettext_lazy("audit", "member"),
    "customer": pgettext_lazy("audit", "customer"),
    "conversation": pgettext_lazy("audit", "conversation"),
    "department": pgettext_lazy("audit", "department"),
    "mailbox": pgettext_lazy("audit", "mailbox"),
    "message": pgettext_lazy("audit", "message"),
}

_PLACES: dict[str, str] = {
    "agent": "console:settings_member",
    "customer": "console:customer",
    "conversation": "console:thread",
    "department": "console:settings_department",
    "mailbox": "console:settings_mailbox",
}


def sentence_of(action: str) -> str:
    """Return what was done, in words."""
    return str(SENTENCES.get(action, action))


def topic_of(topic: str) -> str:
    """Return the name of a topic."""
    return str(TOPICS.get(topic, topic))


def actor_of(actor: str) -> str:
    """Return who did it when it is nobody of the team."""
    if actor == "system":
        return gettext("Esmero itself")
    if actor in {"", "unknown"}:
        return gettext("Somebody unknown")
    return actor


def thing_of(ref: str) -> str:
    """Return `mailbox 3` for `mailbox:3`, in the reader's language."""
    kind, _, number = ref.partition(":")
    return f"{_THINGS[kind]} {number}" if kind in _THINGS else ref


def url_of(ref: str) -> str:
    """Return the page of a thing, '' where it has none."""
    kind = ref.partition(":")[0]
    pk = id_of(ref, kind) if kind in _PLACES else None
    return reverse(_PLACES[kind], args=[pk]) if pk else ""


def details_of(data: Mapping[str, Any]) -> str:
    """Return the ids, numbers and codes of a line as text."""
    return " · ".join(f"{name}: {_shown(value)}" for name, value in data.items())


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
