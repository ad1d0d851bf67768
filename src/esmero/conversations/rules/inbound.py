"""What an inbound message makes: the table of promises, as one function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# Older than this, an acknowledgement would only surprise.
ACKNOWLEDGE_AT_MOST = timedelta(days=14)


class Makes(StrEnum):
    """What becomes of the `answer` promise."""

    NEW = "new"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Inbound:
    """What is known of a message when it is filed.

    `is_matter_closed`: it belongs to a conversation in which we owe no answer now (resolved, or
    answered). `waited`: how long it lay in a mailbox that we could not reach, None when we could.
    """

    has_conversation: bool = False
    has_open_answer: bool = False
    is_mere_thanks: bool = False
    is_automatic: bool = False
    is_suspect: bool = False
    is_history: bool = False
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Promise, acknowledgement and whether the conversation is active again."""

    makes: Makes
    acknowledges: bool = False
    apologises: bool = False
    is_late_on_arrival: bool = False
    reopens: bool = False


_NOTHING = Decision(Makes.NONE)


def decide(inbound: Inbound) -> Decision:
    """Apply the table of promises, its rows in the order in which one excludes the next."""
    if inbound.is_history or inbound.is_automatic:
        return _NOTHING
    if inbound.is_suspect and not inbound.has_open_answer:
        return _NOTHING
    if inbound.has_open_answer:
        return Decision(Makes.SAME, reopens=True)
    if inbound.has_conversation and inbound.is_mere_thanks:
        return _NOTHING
    if inbound.waited is not None:
        fresh = inbound.waited <= ACKNOWLEDGE_AT_MOST
        return Decision(
            Makes.NEW,
            acknowledges=fresh,
            apologises=fresh,
            is_late_on_arrival=True,
            reopens=True,
        )
    return Decision(Makes.NEW, acknowledges=True, reopens=True)
