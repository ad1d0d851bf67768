"""Choices of conversations."""

from __future__ import annotations

from enum import StrEnum


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
