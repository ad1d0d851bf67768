"""Writes of conversations: each takes the moment and the actor, and says what it did."""

from esmero.conversations.actions._locked import locked as lock_conversation
from esmero.conversations.actions._reply import Reply
from esmero.conversations.actions.checks import forget_word, learn_word, set_check
from esmero.conversations.actions.consulting import consult, end_consultation
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
from esmero.conversations.actions.elsewhere import note_elsewhere
from esmero.conversations.actions.erasing import Erased, erase_words
from esmero.conversations.actions.mentions import end_mentions
from esmero.conversations.actions.merging import merge_conversations, undo_merge
from esmero.conversations.actions.order import (
    change_tag,
    change_tags,
    follow_conversation,
    make_tag,
    retire_tag,
    set_priority,
    unfollow_conversation,
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
from esmero.conversations.actions.participants import add_participant, remove_participant
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
from esmero.conversations.actions.relating import link_conversations, unlink_conversations
from esmero.conversations.actions.reply import (
    note_delivery,
    note_handed_over,
    note_not_delivered,
    write_reply,
)
from esmero.conversations.actions.saved import count_use, remove_answer, save_answer
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
from esmero.conversations.actions.takeover import (
    answer_takeover,
    ask_takeover,
    end_takeover_one,
    next_takeover_at,
    withdraw_takeover,
)
from esmero.conversations.actions.updating import keep_updating_one, promise_again
from esmero.conversations.actions.words import learn_words

__all__ = [
    "Contact",
    "Erased",
    "FileFact",
    "Received",
    "Reply",
    "add_draft_file",
    "add_note",
    "add_participant",
    "answer_takeover",
    "ask_takeover",
    "assign_conversation",
    "change_kind",
    "change_tag",
    "change_tags",
    "clear_suspicion",
    "close_side",
    "consult",
    "count_use",
    "discard_draft",
    "empty_suspect",
    "end_consultation",
    "end_mentions",
    "end_takeover_one",
    "erase_words",
    "follow_conversation",
    "forget_silent",
    "forget_word",
    "give_back_work",
    "hand_on_if_away",
    "keep_presence",
    "keep_updating_one",
    "learn_word",
    "learn_words",
    "leave_line",
    "link_conversations",
    "lock_conversation",
    "make_tag",
    "mark_as_spam",
    "mark_waiting",
    "merge_conversations",
    "mirror_promises",
    "next_takeover_at",
    "note_delivery",
    "note_elsewhere",
    "note_handed_over",
    "note_not_delivered",
    "note_presence",
    "open_side",
    "prepare_side_mail",
    "promise_again",
    "promise_something",
    "read_side",
    "receive",
    "remove_answer",
    "remove_draft_file",
    "remove_participant",
    "renegotiate",
    "reopen_conversation",
    "reopen_side",
    "resolve_by_customer",
    "resolve_conversation",
    "restore_draft",
    "retire_tag",
    "save_answer",
    "save_draft",
    "set_check",
    "set_priority",
    "settle_elsewhere",
    "share_draft",
    "snooze_conversation",
    "split_conversation",
    "undo_merge",
    "undo_split",
    "unfollow_conversation",
    "unlink_conversations",
    "unshare_draft",
    "wake_conversation",
    "wake_one",
    "withdraw_takeover",
    "write_reply",
]
