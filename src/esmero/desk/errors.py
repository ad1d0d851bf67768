"""What the desk refuses."""

from esmero.kernel.errors import Refusal


class NothingToDo(Refusal):
    """A macro, a rule or a bulk act without any act, or without any conversation."""

    code = "nothing_to_do"


class NotWaiting(Refusal):
    """The bulk act is over, so it cannot be stopped; or not over, so it cannot be undone."""

    code = "bulk_not_waiting"


class TooMany(Refusal):
    """More conversations than one bulk act takes: `most`."""

    code = "bulk_too_many"
