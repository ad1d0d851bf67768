"""What an agent is writing: saved at each pause, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.actions.organise import wake_conversation
from esmero.conversations.enums import Quotes
from esmero.conversations.errors import DraftChanged, MayNotSee
from esmero.conversations.events import DraftShared, ReplyStopped, ReplyTakenBack
from esmero.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    DraftFile,
    DraftShare,
    DraftTurn,
    Message,
    Snooze,
)
from esmero.kernel import events
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.models import Blob
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action

Addresses = Sequence[tuple[str, str]]
QUOTED_MOST = 20_000


@action
def save_draft(
    *,
    conversation_id: int,
    agent_id: int,
    mode: str,
    text: str,
    to: Addresses = (),
    cc: Addresses = (),
    bcc: Addresses = (),
    seen_message_id: int | None = None,
    promise_kind: str = "",
    promise_when: str = "",
    quotes: Quotes = Quotes.ALL,
    quoted: str = "",
    draft_id: int | None = None,
    version: int | None = None,
    at: datetime,
) -> int:
    """Store a draft and return its id; one for each agent, conversation and mode (reply, note).

    `draft_id` names a colleague's that is shared with the agent: she writes on in that one, and
    how the other left it is kept as a turn. `version` is the one she wrote on from: raises
    DraftChanged when somebody else has written since.
    """
    draft = writable_draft(conversation_id, agent_id, mode, draft_id)
    kept = {
        "text": storable(text),
        "to": [list(one) for one in to],
        "cc": [list(one) for one in cc],
        "bcc": [list(one) for one in bcc],
        "seen_message_id": seen_message_id,
        "promise_kind": promise_kind,
        "promise_when": one_line(storable(promise_when), 60),
        "quotes": quotes.value,
        "quoted": storable(quoted)[:QUOTED_MOST],
        "last_agent_id": agent_id,
        "stopped_at": None,
        "updated_at": at,
    }
    if draft is None:
        # Two windows may begin at once: the second saves what the first has made.
        made, _ = Draft.objects.update_or_create(
            conversation_id=conversation_id, agent_id=agent_id, mode=mode, defaults=kept
        )
        return made.pk
    other = draft.last_agent_id if draft.last_agent_id != agent_id else None
    if other is not None:
        if version is not None and version < draft.version:
            raise DraftChanged(agent_id=other, draft_id=draft.pk)
        if draft.text.strip() and draft.text != kept["text"]:
            DraftTurn.objects.create(
                draft=draft, agent_id=other, at=draft.updated_at, text=draft.text
            )
    for name, value in kept.items():
        setattr(draft, name, value)
    draft.version += 1
    draft.save(update_fields=[*kept, "version"])
    return draft.pk


def writable_draft(
    conversation_id: int, agent_id: int, mode: str, draft_id: int | None
) -> Draft | None:
    """Return the draft that this agent writes in, locked: a shared one she names, else hers."""
    drafts = Draft.objects.select_for_update().filter(conversation_id=conversation_id, mode=mode)
    if draft_id is not None:
        shared = DraftShare.objects.filter(agent_id=agent_id).values("draft_id")
        named = drafts.filter(Q(agent_id=agent_id) | Q(pk__in=shared), pk=draft_id).first()
        if named is not None:
            return named
    return next(iter(_own(conversation_id, agent_id, mode)), None)


@composed
def _own(conversation_id: int, agent_id: int, mode: str) -> QuerySet[Draft]:
    return Draft.objects.select_for_update().filter(
        conversation_id=conversation_id, agent_id=agent_id, mode=mode
    )


@action
def discard_draft(
    *, conversation_id: int, agent_id: int, mode: str, draft_id: int | None = None
) -> None:
    """Forget a draft and the files that waited with it."""
    draft = writable_draft(conversation_id, agent_id, mode, draft_id)
    if draft is not None:
        draft.delete()


@action
def add_draft_file(
    *,
    conversation_id: int,
    agent_id: int,
    mode: str,
    name: str,
    content_type: str,
    blob: Blob,
    draft_id: int | None = None,
    at: datetime,
) -> str:
    """Put a file with a draft (made empty when there is none) and return the file's token."""
    draft = writable_draft(conversation_id, agent_id, mode, draft_id)
    if draft is None:
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
def share_draft(
    *, conversation_id: int, agent_id: int, mode: str, with_agent_id: int, at: datetime
) -> int:
    """Show one's own draft to a colleague, who may go on in it; return its id.

    Raises NotFound without a draft, MayNotSee. Publishes DraftShared.
    """
    conversation = locked(conversation_id)
    draft = Draft.objects.filter(
        conversation_id=conversation_id, agent_id=agent_id, mode=mode
    ).first()
    if draft is None:
        raise NotFound(conversation_id=conversation_id)
    if with_agent_id == agent_id or not queries.may_see(with_agent_id, conversation):
        raise MayNotSee(agent_id=with_agent_id)
    _, is_new = DraftShare.objects.get_or_create(
        draft=draft, agent_id=with_agent_id, defaults={"by_agent_id": agent_id, "at": at}
    )
    if is_new:
        shared = DraftShared(
            conversation_id=conversation_id, draft_id=draft.pk, shared_agent_id=with_agent_id
        )
        events.publish([(shared, links(conversation))], at=at, actor=actor_of(agent_id))
    return draft.pk


@action
def unshare_draft(*, draft_id: int, agent_id: int, with_agent_id: int) -> None:
    """Show one's own draft to a colleague no longer, or give back one that was shown. Raises
    NotFound.
    """
    gone, _ = DraftShare.objects.filter(
        Q(draft__agent_id=agent_id) | Q(agent_id=agent_id),
        draft_id=draft_id,
        agent_id=with_agent_id,
    ).delete()
    if not gone:
        raise NotFound(draft_id=draft_id)


@action
def remove_draft_file(*, agent_id: int, token: str) -> None:
    """Take a file away from one's own draft. Raises NotFound."""
    shared = DraftShare.objects.filter(agent_id=agent_id).values("draft_id")
    gone, _ = DraftFile.objects.filter(
        Q(draft__agent_id=agent_id) | Q(draft_id__in=shared), token=token
    ).delete()
    if not gone:
        raise NotFound(token=token)


@action
def restore_draft(
    *, message_id: int, agent_id: int, at: datetime, is_stopped: bool = False
) -> None:
    """Turn a reply that did not leave back into its writer's draft, files and all.

    A draft that she began meanwhile is kept below it. The message goes: it was never sent.
    `is_stopped`: the customer wrote first, which its writer has to be told. Publishes
    ReplyStopped, ReplyTakenBack.
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
    draft.promise_kind = message.promise_kind
    draft.promise_when = message.promise_due_at.isoformat() if message.promise_due_at else ""
    draft.quotes, draft.quoted = message.quotes, message.quoted
    draft.last_agent_id = agent_id
    draft.stopped_at = at if is_stopped else None
    draft.version += 1
    draft.updated_at = at
    draft.save()
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, name=f.name, content_type=f.content_type, blob=f.blob)
        for f in Attachment.objects.filter(message=message, blob__isnull=False)
    )
    Conversation.objects.filter(pk=message.conversation_id).update(
        message_count=F("message_count") - 1
    )
    Message.objects.filter(pk=message.pk).update(is_withdrawn=True)
    conversation = locked(message.conversation_id)
    if Snooze.objects.filter(conversation=conversation, at=message.at, ended_at=None).exists():
        wake_conversation(conversation_id=conversation.pk, at=at, by=agent_id)
    if is_stopped:
        stopped = ReplyStopped(
            conversation_id=message.conversation_id,
            message_id=message.pk,
            writer_agent_id=agent_id,
        )
        events.publish([(stopped, links(conversation))], at=at, actor="system")
    back = ReplyTakenBack(conversation_id=message.conversation_id, message_id=message.pk)
    events.publish([(back, links(conversation))], at=at, actor=actor_of(agent_id))
