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


class MoveKind(StrEnum):
    """How much of a conversation went to another one."""

    MERGE = "merge"  # all of it: the two are one now
    SPLIT = "split"  # some messages, to a new one


class RelationKind(StrEnum):
    """How two conversations belong together."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CAUSED_BY = "caused_by"
