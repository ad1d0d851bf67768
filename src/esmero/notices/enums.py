"""Choices of notices."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What somebody is told of; the rows of her matrix, in its order."""

    ASSIGNED = "assigned"  # it is hers now
    MESSAGE = "message"  # a customer wrote in one of hers
    MENTION = "mention"  # a note names her
    CONSULTED = "consulted"  # she, or her department, is asked
    PROMISE = "promise"  # a promise of hers is about to break, or broke
    RETURNED = "returned"  # work came to her from who is away, or went from her unanswered
    TAKEOVER = "takeover"  # somebody asks to take over where she writes
    UNDELIVERED = "undelivered"  # a reply of hers did not arrive, or did not leave
    UNOWNED = "unowned"  # a new conversation of her departments that nobody owns
    FOLLOWED = "followed"  # there is news in what she follows
    SIDE = "side"  # somebody she asked has answered, outside or in the team
    MAILBOX = "mailbox"  # a mailbox cannot be reached (administrators)


class Channel(StrEnum):
    """Where she is told; the columns. The value is the letter in which a choice is kept."""

    SCREEN = "s"
    MAIL = "m"
    PUSH = "p"


class Quiet(StrEnum):
    """When mail and push keep still."""

    WORK = "work"  # outside the opening hours of her departments
    OWN = "own"  # in hours of her own
    NEVER = "never"


class Mutes(StrEnum):
    """What one click silences."""

    CONVERSATION = "conversation"
    MAIL = "mail"  # a kind, by mail
    PUSH = "push"  # a kind, by push
