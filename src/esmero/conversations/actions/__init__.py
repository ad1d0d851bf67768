"""Writes of conversations: each takes the moment and the actor, and says what it did."""

from esmero.conversations.actions._locked import locked as lock_conversation
from esmero.conversations.actions._reply import Reply
from esmero.conversations.actions.checks import forget_word, learn_word, set_check
from esmero.conversations.actions.customer import resolve_by_customer
from esmero.conversations.actions.drafts import (
    add_draft_file,
    discard_draft,
    remove_draft_file,
    restore_draft,
    save_draft,
    share_draft,
    unshare_draft,
)
from esmero.conversations.actions.mentions import end_mentions
from esmero.conversations.actions.organise import (
    add_note,
    assign_conversation,
    change_kind,
    give_back_work,
    hand_on_if_away,
    mark_waiting,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    wake_conversation,
    wake_one,
)
from esmero.conversations.actions.promise import (
    mirror_promises,
    promise_something,
    renegotiate,
    settle_elsewhere,
)
from esmero.conversations.actions.receive import (
    Contact,
    FileFact,
    Received,
    receive,
)
from esmero.conversations.actions.reply import (
    note_delivery,
    note_elsewhere,
    note_handed_over,
    note_not_delivered,
    write_reply,
)
from esmero.conversations.actions.saved import count_use, remove_answer, save_answer
from esmero.conversations.actions.suspicion import (
    clear_suspicion,
    empty_suspect,
    mark_as_spam,
)
from esmero.conversations.actions.updating import keep_updating_one, promise_again

__all__ = [
    "Contact",
    "FileFact",
    "Received",
    "Reply",
    "add_draft_file",
    "add_note",
    "assign_conversation",
    "change_kind",
    "clear_suspicion",
    "count_use",
    "discard_draft",
    "empty_suspect",
    "end_mentions",
    "forget_word",
    "give_back_work",
    "hand_on_if_away",
    "keep_updating_one",
    "learn_word",
    "lock_conversation",
    "mark_as_spam",
    "mark_waiting",
    "mirror_promises",
    "note_delivery",
    "note_elsewhere",
    "note_handed_over",
    "note_not_delivered",
    "promise_again",
    "promise_something",
    "receive",
    "remove_answer",
    "remove_draft_file",
    "renegotiate",
    "reopen_conversation",
    "resolve_by_customer",
    "resolve_conversation",
    "restore_draft",
    "save_answer",
    "save_draft",
    "set_check",
    "settle_elsewhere",
    "share_draft",
    "snooze_conversation",
    "unshare_draft",
    "wake_conversation",
    "wake_one",
    "write_reply",
]
