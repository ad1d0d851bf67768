"""What the house refuses, as a sentence for people: one table for every surface, by the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from esmero.kernel.errors import Refusal
from esmero.ui.formats import size

Params = Mapping[str, Any]
Sentence = Promise | Callable[[Params], Any]


def _too_large(params: Params) -> Any:
    return _("The file is larger than %(limit)s.") % {"limit": size(int(params.get("limit", 0)))}


def _mailbox(params: Params) -> Any:
    return _("The mail server says: %(reason)s") % {"reason": params.get("reason", "")}


SENTENCES: dict[str, Sentence] = {
    # kernel
    "refused": _("That is not possible."),
    "not_found": _("That does not exist, or you may not see it."),
    "not_allowed": _("Your role does not allow that. A supervisor can do it."),
    "invalid_input": _("One of the values cannot be used. Check the form and try again."),
    "file_too_large": _too_large,
    "file_missing": _("The file is missing in the store. Ask whoever runs Esmero for a backup."),
    "secret_unreadable": _("A stored password cannot be read with today's key. Enter it again."),
    "host_refused": _("That address leads into a private network, so it is not called."),
    "host_unknown": _("That server name does not exist. Check its spelling."),
    # shop
    "already_set_up": _("The shop is already set up."),
    "unknown_zone": _("That time zone does not exist."),
    "unknown_text": _("That text does not exist."),
    "bad_colour": _("A colour is written like #A23E1B."),
    # people
    "address_taken": _("That address belongs to another customer. You can merge the two."),
    "email_taken": _("Somebody of the team already has this address."),
    "cannot_merge": _("These two cannot be merged: they are the same, or one is merged already."),
    "last_admin": _("Somebody must remain who can administer. Name another admin first."),
    "department_in_use": _("The default department cannot be closed. Choose another one first."),
    # promises
    "promise_already_settled": _("That promise is settled already. The page shows how."),
    "promise_overdue": _("Its time has passed: it can no longer be moved or released."),
    "due_in_the_past": _("That time has passed. Choose a later one."),
    "due_outside_hours": _("Nobody works at that time. Choose one within the opening hours."),
    "never_pauses": _("A promised answer does not wait: answer first."),
    "evidence_needed": _("Say which message of the customer asks for the other time."),
    "reason_not_allowed": _("A promise is only let go of for one of the four reasons."),
    "hours_in_use": _("A department keeps these hours. Give it others first."),
    "bad_hours": _("Those opening hours cannot be read. Write them like 9:00-14:00."),
    "already_moved": _("It has been moved by itself once already: now a person must write."),
    "calendar_never_opens": _("With these opening hours the shop never opens."),
    "frame_invalid": _("Those opening hours cannot be. Write them like 9:00-14:00."),
    "place_unknown": _("The holidays of that place are not known."),
    "standard_empty": _("The standard says neither a target nor a limit."),
    # conversations
    "promise_still_open": _("A promise is still open. Say what becomes of it."),
    "somebody_asked_already": _("A colleague has asked for it already and waits for the answer."),
    "takeover_over": _("That has been answered already, or its time has passed."),
    "something_new_arrived": _(
        "Something new arrived while you were writing. Nothing was sent; your text is kept."
    ),
    "already_resolved": _("It is resolved already."),
    "not_resolved": _("It is not resolved."),
    "empty_message": _("There is nothing to send yet. Write something first."),
    "no_recipient": _("Nobody would receive it. Add a recipient."),
    "snooze_in_the_past": _("That time has passed. Choose a later one."),
    "not_suspected": _("It is not among the suspected ones any more."),
    # channels
    "not_downloadable": _("That cannot be downloaded."),
    "not_held": _("Too late: it has left."),
    "not_uncertain": _("Only what failed, or whose fate is unknown, is sent again."),
    "mailbox_problem": _mailbox,
    "mailbox_taken": _("That address is connected already."),
    "too_many_forms": _(
        "Too many messages came from here just now. Wait a little, or write a mail."
    ),
    "not_quarantined": _("It is not in quarantine any more."),
}


def sentence(refusal: Refusal) -> str:
    """Return what a person reads; an unknown code gets the general sentence."""
    found = SENTENCES.get(refusal.code) or SENTENCES["refused"]
    return str(found(refusal.params) if callable(found) else found)
