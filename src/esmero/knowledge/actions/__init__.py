"""Writes of knowledge."""

from esmero.knowledge.actions.addresses import change_address
from esmero.knowledge.actions.articles import (
    add_language,
    create_article,
    describe_article,
    save_text,
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
from esmero.knowledge.actions.categories import (
    Named,
    merge_categories,
    order_categories,
    remove_category,
    save_category,
)
from esmero.knowledge.actions.exchange import (
    Line,
    bring_articles,
    exported_csv,
    exported_files,
)
from esmero.knowledge.actions.files import (
    add_manual,
    add_picture,
    describe_file,
    read_again,
    remove_file,
)
from esmero.knowledge.actions.following import Coverage
from esmero.knowledge.actions.grouping import (
    check_covered,
    forget_old_questions,
    group_questions,
    is_time_to_group,
    learn_questions,
)
from esmero.knowledge.actions.indexing import forget_vectors
from esmero.knowledge.actions.keeping import drop_import, keep_import, kept_import
from esmero.knowledge.actions.manuals import read_manual_one
from esmero.knowledge.actions.preparing import prepare_questions
from esmero.knowledge.actions.publishing import (
    archive_article,
    ask_review,
    next_publication_at,
    publish_due_one,
    publish_text,
    put_back,
    schedule_text,
    unarchive_article,
    withdraw_text,
)
from esmero.knowledge.actions.questions import (
    forget_conversation,
    note_contact,
    note_messages,
    note_opened,
    note_search,
    settle_outcomes,
)
from esmero.knowledge.actions.reading import count_contacts, count_reads, vote
from esmero.knowledge.actions.relating import set_related
from esmero.knowledge.actions.reviewing import (
    mark_reviewed,
    plan_review,
    promise_review_one,
    set_owner,
)
from esmero.knowledge.actions.starting import lay_out_start
from esmero.knowledge.actions.summing import refresh_candidates
from esmero.knowledge.actions.synonyms import remove_synonyms, save_synonyms
from esmero.knowledge.actions.versions import put_aside, restore_version

__all__ = [
    "Coverage",
    "Line",
    "Named",
    "add_language",
    "add_manual",
    "add_picture",
    "archive_article",
    "article_from_message",
    "ask_review",
    "bring_articles",
    "change_address",
    "check_covered",
    "count_contacts",
    "count_reads",
    "cover_drafted",
    "create_article",
    "describe_article",
    "describe_file",
    "dismiss_candidate",
    "draft_candidate",
    "drop_import",
    "exported_csv",
    "exported_files",
    "forget_conversation",
    "forget_old_questions",
    "forget_vectors",
    "group_questions",
    "is_time_to_group",
    "keep_import",
    "kept_import",
    "lay_out_start",
    "learn_questions",
    "mark_reviewed",
    "merge_candidates",
    "merge_categories",
    "next_publication_at",
    "note_answered",
    "note_contact",
    "note_messages",
    "note_opened",
    "note_search",
    "order_categories",
    "plan_review",
    "prepare_questions",
    "promise_review_one",
    "publish_due_one",
    "publish_text",
    "put_aside",
    "put_back",
    "read_again",
    "read_manual_one",
    "refresh_candidates",
    "remove_category",
    "remove_file",
    "remove_synonyms",
    "reopen_candidate",
    "restore_version",
    "save_category",
    "save_synonyms",
    "save_text",
    "schedule_text",
    "set_owner",
    "set_related",
    "settle_outcomes",
    "split_candidate",
    "unarchive_article",
    "uncover",
    "vote",
    "withdraw_text",
]
