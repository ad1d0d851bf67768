"""Writes of channels: mail stored, filed, sent; mailboxes and senders."""

from esmero.channels.actions.afterwards import confirm_sent, recover_one, send_again
from esmero.channels.actions.filing import count_unfinished, file_one
from esmero.channels.actions.forms import (
    Accepted,
    Form,
    FormFile,
    accept_addition,
    accept_form,
    accepted_form,
    file_form_one,
    refuse_form,
    request_links,
)
from esmero.channels.actions.handover import (
    claim_delivery,
    note_data_ends,
    note_hand_over_failed,
    note_handed_over,
)
from esmero.channels.actions.intake import MailUid, accept_mail, note_folder
from esmero.channels.actions.late import Warned, apologise_after_outage, warn_customer
from esmero.channels.actions.looking import SentFolders
from esmero.channels.actions.mailboxes import (
    change_mailbox,
    connect_mailbox,
    keep_tokens,
    note_failing,
    note_reached,
    reseal_mailboxes,
)
from esmero.channels.actions.outbox import (
    Account,
    Handover,
    drop_batch,
    enqueue_automatic,
    new_message_id,
    new_once,
    release_batch,
    send_reply,
    stop_scheduled,
    undo_send,
)
from esmero.channels.actions.own import erase_customer, send_code
from esmero.channels.actions.quarantine import dismiss_quarantined, retry_quarantined
from esmero.channels.actions.ready import ACCOUNT, enqueue_ready, new_sender
from esmero.channels.actions.senders import (
    clear_suspicion,
    judge_sender,
    mark_as_spam,
    unjudge_sender,
)
from esmero.channels.actions.sides import SideFile, SideMail, begin_side, write_side
from esmero.channels.actions.suspects import empty_one_suspect
from esmero.channels.actions.team import GATHERED, tell_member, tell_team

__all__ = [
    "ACCOUNT",
    "GATHERED",
    "Accepted",
    "Account",
    "Form",
    "FormFile",
    "Handover",
    "MailUid",
    "SentFolders",
    "SideFile",
    "SideMail",
    "Warned",
    "accept_addition",
    "accept_form",
    "accept_mail",
    "accepted_form",
    "apologise_after_outage",
    "begin_side",
    "change_mailbox",
    "claim_delivery",
    "clear_suspicion",
    "confirm_sent",
    "connect_mailbox",
    "count_unfinished",
    "dismiss_quarantined",
    "drop_batch",
    "empty_one_suspect",
    "enqueue_automatic",
    "enqueue_ready",
    "erase_customer",
    "file_form_one",
    "file_one",
    "judge_sender",
    "keep_tokens",
    "mark_as_spam",
    "new_message_id",
    "new_once",
    "new_sender",
    "note_data_ends",
    "note_failing",
    "note_folder",
    "note_hand_over_failed",
    "note_handed_over",
    "note_reached",
    "recover_one",
    "refuse_form",
    "release_batch",
    "request_links",
    "reseal_mailboxes",
    "retry_quarantined",
    "send_again",
    "send_code",
    "send_reply",
    "stop_scheduled",
    "tell_member",
    "tell_team",
    "undo_send",
    "unjudge_sender",
    "warn_customer",
    "write_side",
]
