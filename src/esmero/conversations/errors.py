"""What conversations refuses."""

from esmero.kernel.errors import Refusal


class PromiseStillOpen(Refusal):
    """A conversation with an open promise is resolved only with a word about the promise."""

    code = "promise_still_open"


class SomethingNewArrived(Refusal):
    """A message arrived that the writer had not seen; `message_id` is the newest."""

    code = "something_new_arrived"


class SomebodyAskedAlready(Refusal):
    """Another colleague has asked to take the conversation over and waits for the answer."""

    code = "somebody_asked_already"


class TakeoverOver(Refusal):
    """The wish to take over has been answered, or its time has passed."""

    code = "takeover_over"


class AlreadyResolved(Refusal):
    """It is resolved."""

    code = "already_resolved"


class NotResolved(Refusal):
    """It is not resolved."""

    code = "not_resolved"


class EmptyMessage(Refusal):
    """There is nothing in it."""

    code = "empty_message"


class NoRecipient(Refusal):
    """Nobody would receive it."""

    code = "no_recipient"


class SnoozeInThePast(Refusal):
    """The moment has passed."""

    code = "snooze_in_the_past"


class NotSuspected(Refusal):
    """It is not among the suspected ones."""

    code = "not_suspected"
