"""Writes of conversations: each takes the moment and the actor, and says what it did."""

from esmero.conversations.actions._locked import locked as lock_conversation
from esmero.conversations.actions.customer import resolve_by_customer
from esmero.conversations.actions.drafts import (
    add_draft_file,
    discard_draft,
    remove_draft_file,
    restore_draft,
    save_draft,
)
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
from esmero.conversations.actions.presence import (
    forget_silent,
    keep_presence,
    leave_line,
    note_presence,
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
    Reply,
    note_delivery,
    note_elsewhere,
    note_handed_over,
    note_not_delivered,
    write_reply,
)
from esmero.conversations.actions.suspicion import (
    clear_suspicion,
    empty_suspect,
    mark_as_spam,
)
from esmero.conversations.actions.takeover import (
    answer_takeover,
    ask_takeover,
    end_takeover_one,
    next_takeover_at,
    withdraw_takeover,
)
from esmero.conversations.actions.updating import keep_updating_one, promise_again

__all__ = [
    "Contact",
    "FileFact",
    "Received",
    "Reply",
    "add_draft_file",
    "add_note",
    "answer_takeover",
    "ask_takeover",
    "assign_conversation",
    "change_kind",
    "clear_suspicion",
    "discard_draft",
    "empty_suspect",
    "end_takeover_one",
    "forget_silent",
    "give_back_work",
    "hand_on_if_away",
    "keep_presence",
    "keep_updating_one",
    "leave_line",
    "lock_conversation",
    "mark_as_spam",
    "mark_waiting",
    "mirror_promises",
    "next_takeover_at",
    "note_delivery",
    "note_elsewhere",
    "note_handed_over",
    "note_not_delivered",
    "note_presence",
    "promise_again",
    "promise_something",
    "receive",
    "remove_draft_file",
    "renegotiate",
    "reopen_conversation",
    "resolve_by_customer",
    "resolve_conversation",
    "restore_draft",
    "save_draft",
    "settle_elsewhere",
    "snooze_conversation",
    "wake_conversation",
    "wake_one",
    "withdraw_takeover",
    "write_reply",
]
