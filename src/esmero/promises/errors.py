"""What promises refuses."""

from esmero.kernel.errors import Refusal


class PromiseAlreadySettled(Refusal):
    """The promise is not open any more."""

    code = "promise_already_settled"


class PromiseOverdue(Refusal):
    """Its time has passed: it can be broken, and nothing else."""

    code = "promise_overdue"


class DueInThePast(Refusal):
    """A time that has passed cannot be promised."""

    code = "due_in_the_past"


class DueOutsideHours(Refusal):
    """Nobody works at that time; `next_opening` says when somebody does."""

    code = "due_outside_hours"


class NeverPauses(Refusal):
    """This kind of promise does not wait for the customer."""

    code = "never_pauses"


class EvidenceNeeded(Refusal):
    """A customer's wish for another time is shown by the message that says so."""

    code = "evidence_needed"


class ReasonNotAllowed(Refusal):
    """A promise is released only for one of the four reasons."""

    code = "reason_not_allowed"


class BadHours(Refusal):
    """Opening hours that cannot be read; `text` is the part."""

    code = "bad_hours"


class HoursInUse(Refusal):
    """Opening hours that a department keeps, or with which a promise was computed."""

    code = "hours_in_use"


class AlreadyMoved(Refusal):
    """One automatic renegotiation a chain: now a person must write."""

    code = "already_moved"
