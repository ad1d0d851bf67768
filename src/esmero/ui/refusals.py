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


def _why_not_merged(params: Params) -> Any:
    return {
        "itself": _("A conversation is not merged with itself. Choose another one."),
        "merged": _("One of them has become part of another conversation meanwhile. Look again."),
        "suspect": _("One of them is suspected to be spam. Say first that it is not."),
    }.get(str(params.get("why")), _("These conversations cannot be merged."))


def _why_not_split(params: Params) -> Any:
    return {
        "nothing": _("Choose at least one message of a customer."),
        "everything": _("All messages were chosen. At least one stays here."),
        "moved": _("One of the messages is elsewhere by now. Look again."),
        "leaving": _("One of the messages has not left yet. Wait a moment, or undo it."),
    }.get(str(params.get("why")), _("These messages cannot be split off."))


def _in_side(params: Params) -> Any:
    return _(
        "%(address)s takes part in the conversation. Write to them there: what is written here is"
        " for people outside it."
    ) % {"address": params.get("value", "")}


def _not_readable(params: Params) -> Any:
    return {
        "picture": _("That picture cannot be shown. Bring PNG, JPEG, GIF or WebP."),
        "manual": _("A manual is a PDF or a picture (PNG, JPEG, GIF or WebP)."),
    }.get(str(params.get("why")), _("That file cannot be read."))


_VALUES = {
    "number": _("That is no number. Write it like 1234.5 or 1.234,5."),
    "date": _("That is no day. Write it like 2026-11-19 or 19/11/2026."),
    "choice": _("Choose one of what the field offers."),
    "yes_no": _("Say yes or no."),
}


def _bad_value(params: Params) -> Any:
    return _VALUES.get(str(params.get("kind", "")), _("Write something, not too long."))


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
    # notices
    "push_endpoint_refused": _("This browser named an address for push that we do not call."),
    "notice_link_not_valid": _("That link is too old or was changed on the way."),
    # shop
    "already_set_up": _("The shop is already set up."),
    "unknown_zone": _("That time zone does not exist."),
    "unknown_text": _("That text does not exist."),
    "bad_colour": _("A colour is written like #A23E1B."),
    "bad_link": _(
        "A link needs a name and an address that begins with https://, mailto:, tel: or /."
    ),
    "bad_logo": _("The logo must be a PNG, JPEG or WebP of at most 200 kB."),
    "wrong_code": _("That code does not open it."),
    "too_many_codes": _("Several codes were asked for within the hour. Wait a while."),
    # people
    "address_taken": _("That address belongs to another customer. You can merge the two."),
    "email_taken": _("Somebody of the team already has this address."),
    "cannot_merge": _("These two cannot be merged: they are the same, or one is merged already."),
    "no_telephone": _("That is no telephone number. Write it like +34 600 111 222."),
    "no_mail_address": _("That is no mail address. Write it like name@shop.com."),
    "last_address": _("It is the only way to reach this customer. Add another one first."),
    "bad_value": _bad_value,
    "already_agreed": _("A consent to that is in force already. Withdraw it first."),
    "tier_exists": _("There is a kind of customer of that name already."),
    "tier_nameless": _("Write a name."),
    "choices_needed": _("Write at least two choices, one a line."),
    "last_admin": _("Somebody must remain who can administer. Name another admin first."),
    "department_in_use": _("The default department cannot be closed. Choose another one first."),
    # what is written
    "draft_changed": _("A colleague wrote on in this draft. Load the page again to see it."),
    "leaves_in_the_past": _("That time has passed. Choose a later one."),
    "unknown_variable": lambda p: _("There is no variable %(names)s.") % {"names": p.get("names")},
    "may_not_see": _("That colleague may not see this conversation."),
    "look_again": _("Look at it once more."),
    # knowledge
    "article_changed": _("Somebody else saved it meanwhile. Look at it again."),
    "article_address_taken": _("Another article or category has that address."),
    "nothing_to_publish": _("There is nothing to publish yet: it needs a title and a text."),
    "still_to_fill_in": lambda p: (
        _("Fill in what stands in brackets first: [[%(blank)s]].") % {"blank": p.get("blank")}
    ),
    "article_not_in_review": _("That step is not open to it now. The page shows how it stands."),
    "category_in_use": _("It holds articles or other categories. Move or merge them first."),
    "not_readable": _not_readable,
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
    "tag_taken": _("There is a tag of that name already."),
    "too_many_tags": _("A conversation bears at most twenty tags."),
    # desk
    "nothing_to_do": _("There is nothing to do in it. Choose at least one."),
    "bulk_not_waiting": _("It is over already, or has not begun."),
    "bulk_too_many": _("Those are too many at once. Narrow the list down first."),
    "cannot_merge_conversations": _why_not_merged,
    "already_undone": _("That has been undone already."),
    "cannot_split": _why_not_split,
    "already_linked": _("These two are linked already."),
    "cannot_link": _("These two cannot be linked: they are the same conversation."),
    "takes_part_already": _("That person takes part already."),
    "own_customer_stays": _("The conversation is this customer's own: they stay."),
    "customer_in_side": _in_side,
    "side_is_closed": _("It is closed. Open it again to write."),
    "asked_already": _("They have been asked already and have not answered yet."),
    "not_asked": _("That question is not open any more."),
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
