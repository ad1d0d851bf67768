"""Writes of conversations: each takes the moment and the actor, and says what it did."""

from esmero.conversations.actions._locked import locked as lock_conversation
from esmero.conversations.actions.consulting import consult, end_consultation
from esmero.conversations.actions.customer import resolve_by_customer
from esmero.conversations.actions.drafts import (
    add_draft_file,
    discard_draft,
    remove_draft_file,
    restore_draft,
    save_draft,
)
from esmero.conversations.actions.elsewhere import note_elsewhere
from esmero.conversations.actions.merging import merge_conversations, undo_merge
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
from esmero.conversations.actions.participants import add_participant, remove_participant
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
from esmero.conversations.actions.relating import link_conversations, unlink_conversations
from esmero.conversations.actions.reply import (
    Reply,
    note_delivery,
    note_handed_over,
    note_not_delivered,
    write_reply,
)
from esmero.conversations.actions.sides import (
    close_side,
    open_side,
    prepare_side_mail,
    read_side,
    reopen_side,
)
from esmero.conversations.actions.splitting import split_conversation, undo_split
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
    "add_participant",
    "assign_conversation",
    "change_kind",
    "clear_suspicion",
    "close_side",
    "consult",
    "discard_draft",
    "empty_suspect",
    "end_consultation",
    "give_back_work",
    "hand_on_if_away",
    "keep_updating_one",
    "link_conversations",
    "lock_conversation",
    "mark_as_spam",
    "mark_waiting",
    "merge_conversations",
    "mirror_promises",
    "note_delivery",
    "note_elsewhere",
    "note_handed_over",
    "note_not_delivered",
    "open_side",
    "prepare_side_mail",
    "promise_again",
    "promise_something",
    "read_side",
    "receive",
    "remove_draft_file",
    "remove_participant",
    "renegotiate",
    "reopen_conversation",
    "reopen_side",
    "resolve_by_customer",
    "resolve_conversation",
    "restore_draft",
    "save_draft",
    "settle_elsewhere",
    "snooze_conversation",
    "split_conversation",
    "undo_merge",
    "undo_split",
    "unlink_conversations",
    "wake_conversation",
    "wake_one",
    "write_reply",
]
