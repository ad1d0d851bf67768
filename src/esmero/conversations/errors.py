"""What conversations refuses."""

from esmero.kernel.errors import Refusal


class PromiseStillOpen(Refusal):
    """A conversation with an open promise is resolved only with a word about the promise."""

    code = "promise_still_open"


class SomethingNewArrived(Refusal):
    """A message arrived that the writer had not seen; `message_id` is the newest."""

    code = "something_new_arrived"


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


class DraftChanged(Refusal):
    """A colleague wrote on in this draft meanwhile; `agent_id` says who."""

    code = "draft_changed"


class LeavesInThePast(Refusal):
    """The time at which it would leave has passed."""

    code = "leaves_in_the_past"


class UnknownVariable(Refusal):
    """A name in braces that nothing fills; `names` says which."""

    code = "unknown_variable"


class MayNotSee(Refusal):
    """A colleague who may not see the conversation."""

    code = "may_not_see"
