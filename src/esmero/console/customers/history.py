"""How promises, and what we know of people, read in a customer's history."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from esmero.console.customers.words import HOWS, PURPOSES
from esmero.console.history import Line, told
from esmero.console.history.names import Names
from esmero.console.words import PROMISE_KINDS, RELEASES
from esmero.kernel.events import Happened
from esmero.promises.enums import Initiative
from esmero.ui.formats import when
from esmero.ui.links import link


def _what(event: Happened) -> str:
    return str(PROMISE_KINDS.get(str(event.data.get("promise_kind")), "")).lower()


def _promise(event: Happened, text: str, state: str, icon: str = "hand") -> Line:
    return Line(text, icon, state, link("console:edit_promise", int(event.data["promise_id"])))


@told("promise.made")
def _made(event: Happened, names: Names) -> Line:
    due = when(datetime.fromisoformat(str(event.data["due_at"])))
    text = gettext("Promised: %(what)s, %(when)s") % {"what": _what(event), "when": due}
    icon = "phone" if event.data["promise_kind"] == "call" else "hand"
    return _promise(event, text, "ok", icon)


@told("promise.settled")
def _settled(event: Happened, names: Names) -> Line:
    if event.data["state"] == "kept":
        return _promise(event, gettext("Promise kept: %(what)s") % {"what": _what(event)}, "kept")
    text = gettext("Promise broken: %(what)s") % {"what": _what(event)}
    return _promise(event, text, "broken")


@told("promise.renegotiated")
def _moved(event: Happened, names: Names) -> Line:
    if event.data["initiative"] == Initiative.CUSTOMER.value:
        return _promise(event, gettext("Promise moved, as the customer asked"), "moved")
    return _promise(event, gettext("Promise moved by us"), "moved")


@told("promise.released")
def _released(event: Happened, names: Names) -> Line:
    reason = RELEASES.get(str(event.data["reason"]), "")
    return _promise(
        event, gettext("Promise let go of. %(reason)s") % {"reason": reason}, "released"
    )


@told("people.customers_merged")
def _merged(event: Happened, names: Names) -> Line:
    return Line(gettext("Merged with another customer"), "merge")


@told("people.merge_undone")
def _separated(event: Happened, names: Names) -> Line:
    return Line(gettext("Separated from another customer"), "undo")


@told("people.address_bounced")
def _bounced(event: Happened, names: Names) -> Line:
    return Line(gettext("Mail to one of the addresses came back"), "warning", "broken")


@told("people.address_added")
def _address_added(event: Happened, names: Names) -> Line:
    if event.data["address_kind"] == "phone":
        return Line(gettext("Telephone added"), "phone")
    return Line(gettext("Address added"), "mail")


@told("people.address_removed")
def _address_removed(event: Happened, names: Names) -> Line:
    if event.data["address_kind"] == "phone":
        return Line(gettext("Telephone removed"), "phone")
    return Line(gettext("Address removed"), "mail")


@told("people.customer_noted")
def _noted(event: Happened, names: Names) -> Line:
    return Line(gettext("Note about the customer"), "note")


@told("people.consent_given")
def _agreed(event: Happened, names: Names) -> Line:
    facts = {
        "what": PURPOSES.get(str(event.data["purpose"]), event.data["purpose"]),
        "how": HOWS.get(str(event.data["how"]), event.data["how"]),
    }
    return Line(gettext("Agreed: %(what)s (%(how)s)") % facts, "check", "kept")


@told("people.consent_withdrawn")
def _disagreed(event: Happened, names: Names) -> Line:
    what = PURPOSES.get(str(event.data["purpose"]), event.data["purpose"])
    return Line(gettext("Agrees no longer: %(what)s") % {"what": what}, "close", "released")
