"""Choices of knowledge."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What an article is."""

    FAQ = "faq"
    GUIDE = "guide"
    MANUAL = "manual"  # a file, usually a PDF, searched and opened at its page
    NEWS = "news"


class Audience(StrEnum):
    """Who may read it. Each may read what those before it may."""

    PUBLIC = "public"
    CUSTOMERS = "customers"  # signed in at the portal
    TEAM = "team"


class State(StrEnum):
    """How far the text of one language has come."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What a passage is of its article, for the ranking."""

    QUESTION = "question"  # the title (place 0), or another wording of it
    ANSWER = "answer"  # the text, whole
    PAGE = "page"  # a page of a manual


class Reading(StrEnum):
    """Whether the text of a file has been taken out."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"  # a bomb, encrypted, broken: `detail` says which


class Unhelpful(StrEnum):
    """Why an article did not help."""

    NOT_MY_QUESTION = "not_my_question"
    UNCLEAR = "unclear"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    DISLIKE = "dislike"  # clear, but not what one wanted to hear


class Source(StrEnum):
    """Where a question was asked."""

    SEARCH = "search"
    FORM = "form"  # typed into the contact form, whether sent or not
    MESSAGE = "message"  # the first message of a conversation


class Outcome(StrEnum):
    """What became of a question."""

    OPEN = "open"
    ARTICLE = "article"  # an article was opened, and no contact followed
    CONTACT = "contact"  # a contact followed
    NOTHING = "nothing"  # nothing fitted, and nobody wrote


class CandidateState(StrEnum):
    """What became of a group of alike questions."""

    OPEN = "open"
    DRAFTED = "drafted"  # an article was made of it
    COVERED = "covered"  # a published article answers it
    DISMISSED = "dismissed"
