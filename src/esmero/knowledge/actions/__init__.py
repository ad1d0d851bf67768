"""Writes of knowledge."""

from esmero.knowledge.actions.articles import (
    add_language,
    create_article,
    publish_text,
    save_text,
    withdraw_text,
)
from esmero.knowledge.actions.candidates import (
    article_from_message,
    cover_drafted,
    dismiss_candidate,
    draft_candidate,
    merge_candidates,
    note_answered,
    reopen_candidate,
    split_candidate,
    uncover,
)
from esmero.knowledge.actions.following import Coverage
from esmero.knowledge.actions.grouping import (
    check_covered,
    forget_old_questions,
    group_questions,
    prepare_questions,
    refresh_candidates,
)
from esmero.knowledge.actions.questions import (
    forget_conversation,
    note_contact,
    note_message,
    note_opened,
    note_search,
    settle_outcomes,
)

__all__ = [
    "Coverage",
    "add_language",
    "article_from_message",
    "check_covered",
    "cover_drafted",
    "create_article",
    "dismiss_candidate",
    "draft_candidate",
    "forget_conversation",
    "forget_old_questions",
    "group_questions",
    "merge_candidates",
    "note_answered",
    "note_contact",
    "note_message",
    "note_opened",
    "note_search",
    "prepare_questions",
    "publish_text",
    "refresh_candidates",
    "reopen_candidate",
    "save_text",
    "settle_outcomes",
    "split_candidate",
    "uncover",
    "withdraw_text",
]
