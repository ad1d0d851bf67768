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


class TagTaken(Refusal):
    """Another tag has this name; accents and capitals do not tell two apart."""

    code = "tag_taken"


class TooManyTags(Refusal):
    """A conversation bears at most `most` tags."""

    code = "too_many_tags"


class CannotMergeConversations(Refusal):
    """`why`: itself, merged (it is part of another one already), suspect, side."""

    code = "cannot_merge_conversations"


class AlreadyUndone(Refusal):
    """The merge or split was undone before."""

    code = "already_undone"


class CannotSplit(Refusal):
    """`why`: nothing (no message was chosen), everything (all were), moved (one is elsewhere by
    now), leaving (one has not left yet).
    """

    code = "cannot_split"


class AlreadyLinked(Refusal):
    """The two are linked."""

    code = "already_linked"


class CannotLink(Refusal):
    """A conversation is not linked to itself."""

    code = "cannot_link"


class TakesPartAlready(Refusal):
    """This customer takes part."""

    code = "takes_part_already"


class OwnCustomerStays(Refusal):
    """The conversation is this customer's own."""

    code = "own_customer_stays"


class CustomerInSide(Refusal):
    """A side conversation is not written to the customer; `value` is the address."""

    code = "customer_in_side"


class SideIsClosed(Refusal):
    """It was closed: reopen it first."""

    code = "side_is_closed"


class AskedAlready(Refusal):
    """The colleague or department was asked and has not answered."""

    code = "asked_already"


class NotAsked(Refusal):
    """The question was answered or taken back."""

    code = "not_asked"


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
