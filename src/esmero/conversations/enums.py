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
