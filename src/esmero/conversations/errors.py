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


class TagTaken(Refusal):
    """Another tag has this name; accents and capitals do not tell two apart."""

    code = "tag_taken"


class TooManyTags(Refusal):
    """A conversation bears at most `most` tags."""

    code = "too_many_tags"
