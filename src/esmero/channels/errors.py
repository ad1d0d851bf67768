"""What channels refuses."""

from esmero.kernel.errors import Refusal


class NotDownloadable(Refusal):
    """The bytes are gone or were never ours."""

    code = "not_downloadable"


class NotHeld(Refusal):
    """The mail has left: it cannot be undone any more."""

    code = "not_held"


class NotUncertain(Refusal):
    """Only a mail whose fate is unknown, or that failed, is sent again by hand."""

    code = "not_uncertain"


class MailboxProblem(Refusal):
    """A mailbox cannot be used; `what` (imap, smtp) and `reason` are the server's own words."""

    code = "mailbox_problem"


class MailboxTaken(Refusal):
    """The address is connected already."""

    code = "mailbox_taken"


class NotQuarantined(Refusal):
    """The raw mail is not in quarantine."""

    code = "not_quarantined"


class TooManyForms(Refusal):
    """One sender or place has sent too many forms within `minutes`."""

    code = "too_many_forms"
