"""Choices of conversations."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum, StrEnum

# A snooze without an hour: until the customer writes.
UNTIL_REPLY = datetime(2999, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What a conversation is about."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    THANKS = "thanks"
    SALE = "sale"
    ORDER = "order"
    RETURN = "return"
    CALL = "call"


class State(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Channel(StrEnum):
    """How a contact came."""

    MAIL = "mail"
    FORM = "form"
    PORTAL = "portal"


class After(StrEnum):
    """What a reply leaves behind."""

    KEEP = "keep"  # we go on with it: an `update` is promised
    WAIT = "wait"  # the customer has the next word
    RESOLVE = "resolve"


class Delivery(StrEnum):
    """Where an outgoing message is, as its thread shows it."""

    NONE = ""
    SCHEDULED = "scheduled"  # for a time that its writer chose
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Chip(StrEnum):
    """What the promise chip of a list row stands for."""

    NONE = ""
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    MENDED = "mended"
    RELEASED = "released"


class OpenPromise(StrEnum):
    """What to do with a promise that is open when a conversation is resolved."""

    ANSWERED = "answered"  # otherwise: by telephone, by other mail; with evidence
    RELEASE = "release"
    KEEP = "keep"


class Priority(IntEnum):
    """How much it matters beside others. The order of work is the promise's, not this one's."""

    LOW = -1
    NORMAL = 0
    HIGH = 1


class MoveKind(StrEnum):
    """How much of a conversation went to another one."""

    MERGE = "merge"  # all of it: the two are one now
    SPLIT = "split"  # some messages, to a new one


class RelationKind(StrEnum):
    """How two conversations belong together."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CAUSED_BY = "caused_by"


class Quotes(StrEnum):
    """What of the customer's words stands below a reply."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class Check(StrEnum):
    """What the reply check looks for; each can be muted by the shop."""

    VARIABLE = "variable"
    STRANGER = "stranger"
    FILE_MISSING = "file_missing"
    FILE_UNSAID = "file_unsaid"
    OPEN_COPIES = "open_copies"
    CAPITALS = "capitals"
    SPELLING = "spelling"
    QUESTIONS = "questions"
    BIG_FILE = "big_file"
    LOOSE_DATE = "loose_date"
    NO_GREETING = "no_greeting"
    ABRUPT = "abrupt"
    LATE = "late"
    CLOSED = "closed"


class Level(StrEnum):
    """What a finding of the reply check does."""

    OFF = "off"
    TELL = "tell"  # stands above Send while one writes
    STOP = "stop"  # and stops the first Send


class Doing(StrEnum):
    """What somebody does in a conversation that she has open."""

    LOOKS = "looks"
    WRITES = "writes"


class TakeoverOutcome(StrEnum):
    """How a wish to take over ended."""

    YIELDED = "yielded"
    REFUSED = "refused"
    TIMEOUT = "timeout"  # no answer: the asker has it
    WITHDRAWN = "withdrawn"
