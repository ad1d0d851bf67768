"""The end of suspected mail that nobody asked for within thirty days."""

from __future__ import annotations

from datetime import datetime

from esmero.channels.actions.senders import SUSPECTS_KEPT
from esmero.channels.enums import RawState
from esmero.channels.models import RawMail, WebForm
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.kernel import files
from esmero.kernel.transactions import action

EMPTIED = "suspect_emptied"


@action
def empty_one_suspect(*, at: datetime) -> bool:
    """Delete the oldest suspected conversation without a message for 30 days; say whether there
    was one.

    The rows of its raw mails and forms stay, without what they held and with the reason; all files
    go.
    """
    conversation = (
        conversation_queries.suspects_older_than(at - SUSPECTS_KEPT)
        .select_for_update(skip_locked=True)
        .order_by("last_message_at")
        .first()
    )
    if conversation is None:
        return False
    messages = list(conversation_queries.messages_of(conversation.pk).values_list("id", flat=True))
    raws = list(
        RawMail.objects.filter(message_id__in=messages).select_related("blob").defer("data")
    )
    for raw in raws:
        RawMail.objects.filter(pk=raw.pk).update(
            data=b"",
            blob=None,
            message=None,
            state=RawState.IGNORED.value,
            reason=EMPTIED,
            detail="",
        )
    WebForm.objects.filter(message_id__in=messages).update(
        data={},
        email="",
        conversation=None,
        message=None,
        state=RawState.IGNORED.value,
        reason=EMPTIED,
        detail="",
    )
    for blob in conversations.empty_suspect(conversation_id=conversation.pk):
        files.delete(blob)
    for raw in raws:
        if raw.blob is not None:
            files.delete(raw.blob)
    return True
