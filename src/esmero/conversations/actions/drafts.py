"""What an agent is writing: saved at each pause, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from esmero.conversations.actions._locked import actor_of, links
from esmero.conversations.events import ReplyTakenBack
from esmero.conversations.models import Attachment, Conversation, Draft, DraftFile, Message
from esmero.kernel import events
from esmero.kernel.errors import NotFound
from esmero.kernel.models import Blob
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action


@action
def save_draft(
    *,
    conversation_id: int,
    agent_id: int,
    mode: str,
    text: str,
    to: Sequence[tuple[str, str]] = (),
    cc: Sequence[tuple[str, str]] = (),
    bcc: Sequence[tuple[str, str]] = (),
    seen_message_id: int | None = None,
    at: datetime,
) -> int:
    """Store a draft and return its id; one for each agent, conversation and mode (reply, note)."""
    draft, _ = Draft.objects.update_or_create(
        conversation_id=conversation_id,
        agent_id=agent_id,
        mode=mode,
        defaults={
            "text": storable(text),
            "to": [list(one) for one in to],
            "cc": [list(one) for one in cc],
            "bcc": [list(one) for one in bcc],
            "seen_message_id": seen_message_id,
            "updated_at": at,
        },
    )
    return draft.pk


@action
def discard_draft(*, conversation_id: int, agent_id: int, mode: str) -> None:
    """Forget a draft and the files that waited with it."""
    Draft.objects.filter(conversation_id=conversation_id, agent_id=agent_id, mode=mode).delete()


@action
def add_draft_file(
    *,
    conversation_id: int,
    agent_id: int,
    mode: str,
    name: str,
    content_type: str,
    blob: Blob,
    at: datetime,
) -> str:
    """Put a file with a draft (made empty when there is none) and return the file's token."""
    draft, _ = Draft.objects.get_or_create(
        conversation_id=conversation_id,
        agent_id=agent_id,
        mode=mode,
        defaults={"updated_at": at},
    )
    return DraftFile.objects.create(
        draft=draft,
        name=one_line(storable(name), 255),
        content_type=content_type[:120],
        blob=blob,
    ).token


@action
def remove_draft_file(*, agent_id: int, token: str) -> None:
    """Take a file away from one's own draft. Raises NotFound."""
    gone, _ = DraftFile.objects.filter(token=token, draft__agent_id=agent_id).delete()
    if not gone:
        raise NotFound(token=token)


@action
def restore_draft(*, message_id: int, agent_id: int, at: datetime) -> None:
    """Turn a reply that did not leave back into its writer's draft, files and all.

    A draft that she began meanwhile is kept below it. The message goes: it was never sent.
    Publishes ReplyTakenBack.
    """
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("conversation")
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        raise NotFound(message_id=message_id)
    draft, is_new = Draft.objects.get_or_create(
        conversation_id=message.conversation_id,
        agent_id=agent_id,
        mode="reply",
        defaults={"updated_at": at},
    )
    later = "" if is_new or not draft.text.strip() else f"\n\n{draft.text}"
    draft.text = message.text + later
    draft.to, draft.cc, draft.bcc = message.to, message.cc, message.bcc
    draft.updated_at = at
    draft.save(update_fields=["text", "to", "cc", "bcc", "updated_at"])
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, name=f.name, content_type=f.content_type, blob=f.blob)
        for f in Attachment.objects.filter(message=message, blob__isnull=False)
    )
    Conversation.objects.filter(pk=message.conversation_id).update(
        message_count=F("message_count") - 1
    )
    Message.objects.filter(pk=message.pk).update(is_withdrawn=True)
    back = ReplyTakenBack(conversation_id=message.conversation_id, message_id=message.pk)
    events.publish([(back, links(message.conversation))], at=at, actor=actor_of(agent_id))
