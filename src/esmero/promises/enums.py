"""Choices of promises."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What is promised."""

    ANSWER = "answer"
    UPDATE = "update"
    SOLVE = "solve"
    CALL = "call"
    DISPATCH = "dispatch"
    DELIVER = "deliver"
    REFUND = "refund"
    REPLACE = "replace"
    FOLLOW_UP = "follow_up"
    VERIFY = "verify"
    LEGAL = "legal"


class State(StrEnum):
    """What became of it. Only `open` leads anywhere."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    RENEGOTIATED = "renegotiated"


class Reason(StrEnum):
    """Why a promise was let go of; there are no others."""

    WITHDRAWN = "withdrawn"  # the customer withdrew
    NOT_A_CONTACT = "not_a_contact"
    DUPLICATE = "duplicate"
    WAITING = "waiting"  # for the customer


class Initiative(StrEnum):
    """Who wanted another time."""

    OURS = "ours"
    CUSTOMER = "customer"


class Stage(IntEnum):
    """How far the watch has come with an open promise."""

    FRESH = 0
    HALF = 1
    THREE_QUARTERS = 2
    ABOUT_TO_BREAK = 3


# Kinds that pause while the customer has the next word; `answer` and `legal` never do.
PAUSING = frozenset({Kind.SOLVE, Kind.UPDATE})
