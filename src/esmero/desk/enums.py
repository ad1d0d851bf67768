"""Choices of the desk."""

from __future__ import annotations

from enum import StrEnum


class Do(StrEnum):
    """What a macro, a bulk act or a rule may do to a conversation; nothing else."""

    ASSIGN = "assign"  # agent:3, department:2, me, nobody
    TAG = "tag"  # a tag's id
    UNTAG = "untag"
    PRIORITY = "priority"  # -1, 0, 1
    REPLY = "reply"  # the text, or answer:12 for a saved one
    WAIT = "wait"  # the customer has the next word
    SNOOZE = "snooze"  # see rules.snoozing
    WAKE = "wake"
    RESOLVE = "resolve"  # "", or what becomes of an open promise: keep, release:REASON, answered:…
    SPAM = "spam"
    MACRO = "macro"  # its id; without its reply


class Share(StrEnum):
    """How a department's queue is shared out."""

    OFF = "off"
    LEAST = "least"  # to whoever has least to do
    TURN = "turn"  # one after the other


class JobState(StrEnum):
    """Where a bulk act stands."""

    PLANNED = "planned"  # chosen and counted, not yet said what to do with them
    QUEUED = "queued"
    DONE = "done"
    STOPPED = "stopped"
    UNDOING = "undoing"
    UNDONE = "undone"


class Outcome(StrEnum):
    """What became of one conversation in a bulk act."""

    DONE = "done"
    SAME = "same"  # it was so already
    REFUSED = "refused"
    GONE = "gone"  # out of the agent's sight by then


class After(StrEnum):
    """Where an agent goes when she has closed or answered something."""

    STAY = "stay"
    NEXT = "next"
    LIST = "list"
