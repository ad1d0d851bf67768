"""The console's words for codes of the contexts: one table for each enum, used by every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from esmero.conversations.enums import Kind as About
from esmero.promises.enums import Kind, Reason

# Why a mail is suspected.
REASONS = {
    "blocked_sender": _("the shop blocked this sender"),
    "trusted_sender": _("the shop trusts this sender"),
    "earlier_spam": _("this sender wrote spam before"),
    "dmarc_fail": _("the sender's domain says it is not theirs (DMARC)"),
    "spf_fail": _("it came from a server that may not send for that domain (SPF)"),
    "spf_softfail": _("it came from an unusual server of that domain (SPF)"),
    "dkim_fail": _("its signature does not fit (DKIM)"),
    "sender_defect": _("its sender's line is malformed"),
    "provider_junk": _("the mail provider put it among junk"),
    "spam_header": _("the mail provider marked it as spam"),
    "spam_score_header": _("the mail provider's spam score is high"),
    "no_message_id": _("it has no Message-ID"),
    "no_date": _("it has no date"),
    "no_recipients": _("it names no recipient"),
    "reply_to_elsewhere": _("answers to it would go elsewhere"),
    "bulk": _("it was sent in bulk"),
    "dangerous_file": _("it carries a file that can run"),
    "archive_without_text": _("it carries an archive and no text"),
    "shouting_subject": _("its subject shouts"),
    "image_only": _("it is a picture without text"),
    "pitch": _("it reads like an unwanted offer"),
    "disguised_link": _("a link shows one place and leads to another"),
    "short_link": _("its links hide where they lead"),
    "foreign_language": _("its language is none that we know"),
    "marked_by_agent": _("somebody of the team marked it"),
}

PROMISE_KINDS = {
    Kind.ANSWER.value: pgettext_lazy("promise kind", "Answer"),
    Kind.UPDATE.value: pgettext_lazy("promise kind", "Say how it stands"),
    Kind.SOLVE.value: pgettext_lazy("promise kind", "Solve it"),
    Kind.CALL.value: pgettext_lazy("promise kind", "Call"),
    Kind.DISPATCH.value: pgettext_lazy("promise kind", "Dispatch"),
    Kind.DELIVER.value: pgettext_lazy("promise kind", "Deliver"),
    Kind.REFUND.value: pgettext_lazy("promise kind", "Refund"),
    Kind.REPLACE.value: pgettext_lazy("promise kind", "Replace"),
    Kind.FOLLOW_UP.value: pgettext_lazy("promise kind", "Follow up"),
    Kind.VERIFY.value: pgettext_lazy("promise kind", "Check that it is well"),
    Kind.LEGAL.value: pgettext_lazy("promise kind", "Answer by law"),
}
# What an agent may promise by hand in a conversation.
BY_HAND = (Kind.UPDATE, Kind.SOLVE, Kind.CALL)

# What to do for whom: the line of Today.
TODO = {
    Kind.ANSWER.value: _("Reply to %(name)s"),
    Kind.UPDATE.value: _("Tell %(name)s how it stands"),
    Kind.SOLVE.value: _("Solve it for %(name)s"),
    Kind.CALL.value: _("Call %(name)s"),
    Kind.FOLLOW_UP.value: _("Look after it again for %(name)s"),
}
TODO_OTHER = _("Keep your word to %(name)s")
ACTS = {
    Kind.ANSWER.value: pgettext_lazy("button", "Reply"),
    Kind.UPDATE.value: pgettext_lazy("button", "Write"),
    Kind.CALL.value: pgettext_lazy("button", "Call"),
}
ACT_OTHER = pgettext_lazy("button", "Open")

ABOUT = {
    About.QUESTION.value: pgettext_lazy("conversation kind", "Question"),
    About.COMPLAINT.value: pgettext_lazy("conversation kind", "Complaint"),
    About.SUGGESTION.value: pgettext_lazy("conversation kind", "Suggestion"),
    About.THANKS.value: pgettext_lazy("conversation kind", "Thanks"),
    About.SALE.value: pgettext_lazy("conversation kind", "Sale"),
    About.ORDER.value: pgettext_lazy("conversation kind", "Order"),
    About.RETURN.value: pgettext_lazy("conversation kind", "Return"),
    About.CALL.value: pgettext_lazy("conversation kind", "Call"),
}

RELEASES = {
    Reason.WITHDRAWN.value: _("The customer withdrew the question"),
    Reason.NOT_A_CONTACT.value: _("It was no contact of a customer"),
    Reason.DUPLICATE.value: _("It is answered in another conversation"),
    Reason.WAITING.value: _("We wait for the customer"),
}
# By hand; waiting has an act of its own and `answer` never waits.
RELEASES_BY_HAND = (Reason.WITHDRAWN, Reason.DUPLICATE, Reason.NOT_A_CONTACT)

CHANNELS = {
    "mail": pgettext_lazy("channel", "Mail"),
    "form": pgettext_lazy("channel", "Form"),
    "portal": pgettext_lazy("channel", "Own page"),
    "phone": pgettext_lazy("channel", "Call"),
}

ROLES = {
    "agent": pgettext_lazy("role", "agent"),
    "supervisor": pgettext_lazy("role", "supervisor"),
    "admin": pgettext_lazy("role", "admin"),
}

AUTOMATIC = {
    "acknowledgement": pgettext_lazy("automatic mail", "Acknowledgement"),
    "late_notice": pgettext_lazy("automatic mail", "Notice that it takes longer"),
    "about_to_break": pgettext_lazy("automatic mail", "Notice that it takes longer"),
    "update": pgettext_lazy("automatic mail", "State of the matter"),
    "referral": pgettext_lazy("automatic mail", "Word of who was brought in"),
    "participant": pgettext_lazy("automatic mail", "Word to who takes part"),
}
AUTOMATIC_OTHER = pgettext_lazy("automatic mail", "Automatic mail")
