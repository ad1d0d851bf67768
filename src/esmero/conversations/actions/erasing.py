"""A person's words are taken away; that there was a conversation, and what was promised, stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from esmero.conversations.actions.customer import resolve_by_customer
from esmero.conversations.enums import State
from esmero.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    Participant,
    SideConversation,
)
from esmero.kernel import files
from esmero.kernel.models import Blob
from esmero.kernel.transactions import action


@dataclass(frozen=True, slots=True)
class Erased:
    """What was emptied: the customers' own conversations, and messages anywhere."""

    conversation_ids: list[int]
    message_ids: list[int]


@action
def erase_words(*, customer_ids: Iterable[int], at: datetime) -> Erased:
    """Take away what was said in customers' conversations, and what they said in others'.

    What is still open is resolved first, as if the customer had said so. Rows stay, with their
    moments and directions, so that the record and the sums of the reports hold. Raises nothing
    where there is nothing.
    """
    ids = list(customer_ids)
    own = Conversation.objects.filter(customer_id__in=ids, is_side=False)
    for pk in (
        own.filter(merged_into=None)
        .exclude(state=State.RESOLVED.value)
        .values_list("pk", flat=True)
    ):
        resolve_by_customer(conversation_id=pk, at=at)
    threads = SideConversation.objects.filter(conversation__in=own).values_list("thread_id")
    said = Message.objects.filter(
        Q(conversation__in=own) | Q(conversation_id__in=threads) | Q(author_customer_id__in=ids)
    )
    emptied = list(said.values_list("pk", flat=True))
    blobs = list(
        Attachment.objects.filter(message_id__in=emptied, blob__isnull=False).values_list(
            "blob_id", flat=True
        )
    )
    Attachment.objects.filter(message_id__in=emptied).delete()
    Message.objects.filter(pk__in=emptied).update(
        subject="", text="", quoted="", html="", from_name="", from_address="", to=[], cc=[],
        bcc=[], references="", verdict={}, has_files=False, delivery_note="",
    )  # fmt: skip
    Draft.objects.filter(conversation__in=own).delete()
    Conversation.objects.filter(pk__in=threads).update(subject="", excerpt="")
    own.update(subject="", excerpt="")
    Participant.objects.filter(customer_id__in=ids, removed_at=None).update(
        removed_at=at, token=""
    )
    for blob in Blob.objects.filter(pk__in=blobs):
        if not Attachment.objects.filter(blob=blob).exists():
            files.delete(blob)
    return Erased(list(own.values_list("pk", flat=True)), emptied)
