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
    "account.sessions_ended": pgettext_lazy("audit", "Signed out everywhere else"),
    "account.factors_dropped": pgettext_lazy("audit", "Took away somebody’s second step"),
    "agent.hired": pgettext_lazy("audit", "Added to the team"),
    "agent.changed": pgettext_lazy("audit", "Changed a member of the team"),
    "agent.invited": pgettext_lazy("audit", "Invited somebody"),
    "agent.invitation_withdrawn": pgettext_lazy("audit", "Withdrew an invitation"),
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
    "saved_answer.saved": pgettext_lazy("audit", "Wrote a saved answer"),
    "saved_answer.removed": pgettext_lazy("audit", "Removed a saved answer"),
    "article.address": pgettext_lazy("audit", "Changed an article’s address"),
    "article.archived": pgettext_lazy("audit", "Put an article away"),
    "article.audience": pgettext_lazy("audit", "Changed who may read an article"),
    "article.created": pgettext_lazy("audit", "Began an article"),
    "article.put_back": pgettext_lazy("audit", "Put an article back to draft"),
    "article.review_asked": pgettext_lazy("audit", "Asked for an article to be looked over"),
    "article.reviewed": pgettext_lazy("audit", "Looked an article over"),
    "article.scheduled": pgettext_lazy("audit", "Planned when an article appears"),
    "article.unarchived": pgettext_lazy("audit", "Took an article out again"),
    "articles.imported": pgettext_lazy("audit", "Brought articles in"),
    "category.merged": pgettext_lazy("audit", "Merged two shelves"),
    "category.removed": pgettext_lazy("audit", "Removed a shelf"),
    "category.saved": pgettext_lazy("audit", "Changed a shelf"),
    "customer.erased": pgettext_lazy("audit", "Erased a customer’s data"),
    "shop.links_changed": pgettext_lazy("audit", "Changed the links of the customers’ pages"),
    "shop.logo_changed": pgettext_lazy("audit", "Changed the logo"),
    "shop.logo_removed": pgettext_lazy("audit", "Removed the logo"),
    "agent.work_changed": pgettext_lazy("audit", "Changed what somebody can take on"),
    "bulk.begun": pgettext_lazy("audit", "Changed several at once"),
    "bulk.stopped": pgettext_lazy("audit", "Stopped changing several"),
    "bulk.undone": pgettext_lazy("audit", "Undid changing several"),
    "customer.address_verified": pgettext_lazy("audit", "Confirmed a customer’s address"),
    "customer.fields_changed": pgettext_lazy("audit", "Filled in a customer’s fields"),
    "customer.note_removed": pgettext_lazy("audit", "Removed a note about a customer"),
    "customer.primary_address": pgettext_lazy("audit", "Chose a customer’s main address"),
    "department.work_changed": pgettext_lazy(
        "audit", "Changed how a department shares out its work"
    ),
    "customer.tier_set": pgettext_lazy("audit", "Set what kind of customer somebody is"),
    "tier.added": pgettext_lazy("audit", "Added a kind of customer"),
    "tier.removed": pgettext_lazy("audit", "Removed a kind of customer"),
    "tier.renamed": pgettext_lazy("audit", "Renamed a kind of customer"),
    "field.changed": pgettext_lazy("audit", "Changed a field of customers"),
    "field.closed": pgettext_lazy("audit", "Closed a field of customers"),
    "field.defined": pgettext_lazy("audit", "Added a field of customers"),
    "macro.retired": pgettext_lazy("audit", "Retired a macro"),
    "macro.saved": pgettext_lazy("audit", "Wrote a macro"),
    "rule.dropped": pgettext_lazy("audit", "Removed a rule"),
    "rule.moved": pgettext_lazy("audit", "Moved a rule"),
    "rule.saved": pgettext_lazy("audit", "Wrote a rule"),
    "tag.changed": pgettext_lazy("audit", "Changed a tag"),
    "tag.made": pgettext_lazy("audit", "Made a tag"),
    "tag.retired": pgettext_lazy("audit", "Retired a tag"),
    "view.dropped": pgettext_lazy("audit", "Removed a view"),
    "view.saved": pgettext_lazy("audit", "Saved a view"),
    "notices.changed": pgettext_lazy("audit", "Changed her notices"),
    "notices.paused": pgettext_lazy("audit", "Paused her notices"),
    "notices.resumed": pgettext_lazy("audit", "Ended the pause of her notices"),
    "notices.muted": pgettext_lazy("audit", "Silenced a conversation"),
    "notices.unmuted": pgettext_lazy("audit", "Wants to hear of a conversation again"),
    "notices.silenced": pgettext_lazy("audit", "Silenced a kind of notices"),
    "notices.push_on": pgettext_lazy("audit", "Wants notices on a device"),
    "notices.push_off": pgettext_lazy("audit", "Wants no notices on a device any more"),
    "reply_check.set": pgettext_lazy("audit", "Changed what the reply check does"),
}
"""An act without a sentence is shown by its code: nothing is hidden for want of words."""

TOPICS: dict[str, Lazy | str] = {
    "notices": pgettext_lazy("audit", "Notices"),
    "bulk": pgettext_lazy("audit", "Several at once"),
    "field": pgettext_lazy("audit", "Fields of customers"),
    "tier": pgettext_lazy("audit", "Kinds of customers"),
    "macro": pgettext_lazy("audit", "Macros"),
    "rule": pgettext_lazy("audit", "Rules on arrival"),
    "tag": pgettext_lazy("audit", "Tags"),
    "view": pgettext_lazy("audit", "Views"),
    "account": pgettext_lazy("audit", "Signing in"),
    "agent": pgettext_lazy("audit", "Team"),
    "absence": pgettext_lazy("audit", "Absences"),
    "customer": pgettext_lazy("audit", "Customers"),
    "department": pgettext_lazy("audit", "Departments"),
    "hours": pgettext_lazy("audit", "Hours"),
    "mailbox": pgettext_lazy("audit", "Mailboxes"),
    "raw": pgettext_lazy("audit", "Original mails"),
    "reply_check": pgettext_lazy("audit", "Reply check"),
    "saved_answer": pgettext_lazy("audit", "Saved answers"),
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
    "absence": pgettext_lazy("audit", "absence"),
    "bulk": pgettext_lazy("audit", "several at once, no."),
    "field": pgettext_lazy("audit", "field"),
    "macro": pgettext_lazy("audit", "macro"),
    "rule": pgettext_lazy("audit", "rule"),
    "saved_answer": pgettext_lazy("audit", "saved answer"),
    "tag": pgettext_lazy("audit", "tag"),
    "tier": pgettext_lazy("audit", "kind of customer"),
    "view": pgettext_lazy("audit", "view"),
}

# What a line tells besides, and its codes; what has no word here stands as it is stored.
_DETAILS: dict[str, Lazy] = {
    "absence": pgettext_lazy("audit", "absence"),
    "acts": pgettext_lazy("audit", "what"),
    "address_id": pgettext_lazy("audit", "address"),
    "answer_id": pgettext_lazy("audit", "saved answer"),
    "by_mail": pgettext_lazy("audit", "by mail"),
    "code": pgettext_lazy("audit", "finding"),
    "count": pgettext_lazy("audit", "conversations"),
    "departments": pgettext_lazy("audit", "departments"),
    "fields": pgettext_lazy("audit", "fields"),
    "gives_back": pgettext_lazy("audit", "goes back to the queue"),
    "is_active": pgettext_lazy("audit", "active"),
    "key": pgettext_lazy("audit", "text"),
    "language": pgettext_lazy("audit", "language"),
    "level": pgettext_lazy("audit", "what it does"),
    "note_id": pgettext_lazy("audit", "note"),
    "role": pgettext_lazy("audit", "role"),
    "tier_id": pgettext_lazy("audit", "kind of customer"),
    "share": pgettext_lazy("audit", "shared out"),
    "way": pgettext_lazy("audit", "with"),
    "ways": pgettext_lazy("audit", "with"),
}
_CODES: dict[str, Lazy] = {
    "True": pgettext_lazy("audit", "yes"),
    "False": pgettext_lazy("audit", "no"),
    "password": pgettext_lazy("audit", "password"),
    "code": pgettext_lazy("audit", "code by mail"),
    "mfa:totp": pgettext_lazy("audit", "code of an app"),
    "mfa:webauthn": pgettext_lazy("audit", "passkey"),
    "mfa:recovery_codes": pgettext_lazy("audit", "recovery code"),
    "admin": pgettext_lazy("audit", "administrator"),
    "supervisor": pgettext_lazy("audit", "supervisor"),
    "agent": pgettext_lazy("audit", "agent"),
    "off": pgettext_lazy("audit", "off"),
    "tell": pgettext_lazy("audit", "tells"),
    "stop": pgettext_lazy("audit", "stops the first Send"),
    "least": pgettext_lazy("audit", "to whoever has least to do"),
    "turn": pgettext_lazy("audit", "in turn"),
    "assign": pgettext_lazy("audit", "assign"),
    "tag": pgettext_lazy("audit", "put a tag on"),
    "untag": pgettext_lazy("audit", "take a tag off"),
    "priority": pgettext_lazy("audit", "priority"),
    "snooze": pgettext_lazy("audit", "snooze"),
    "resolve": pgettext_lazy("audit", "resolve"),
    "wait": pgettext_lazy("audit", "wait for the customer"),
    "spam": pgettext_lazy("audit", "spam"),
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


def details_of(data: Mapping[str, Any], departments: Mapping[int, str]) -> str:
    """Return the ids, numbers and codes of a line as text, departments by their names of today."""
    names = {"departments": departments}
    return " · ".join(
        f"{_DETAILS.get(name, name)}: {_shown(value, names.get(name, {}))}"
        for name, value in data.items()
    )


def _shown(value: Any, names: Mapping[int, str]) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(one) or _CODES.get(str(one), one)) for one in values) or "–"
