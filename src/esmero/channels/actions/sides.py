"""Mail with a supplier or carrier inside a conversation: by the same way out as every reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from esmero.channels.actions.outbox import new_once, send_reply
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.conversations.errors import EmptyMessage
from esmero.kernel.models import Blob
from esmero.kernel.transactions import action
from esmero.promises.enums import Kind

Addresses = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SideFile:
    """A file to enclose; its bytes are stored already."""

    name: str
    content_type: str
    blob: Blob


@dataclass(frozen=True, slots=True)
class SideMail:
    """What an agent writes to somebody outside. `follow_up_at`: when she will look after it."""

    agent_id: int
    text: str
    to: Addresses
    cc: Addresses = ()
    follow_up_at: datetime | None = None
    seen_message_id: int | None = None
    files: Sequence[SideFile] = ()
    undo_seconds: int = 15


@action
def begin_side(
    *, conversation_id: int, subject: str, mail: SideMail, once: str = "", at: datetime
) -> int:
    """Begin a side conversation with its first mail and return the id of its thread.

    Raises EmptyMessage, what `conversations.open_side` and `send_reply` raise.
    """
    if not mail.text.strip():
        raise EmptyMessage(conversation_id=conversation_id)
    side_id = conversations.open_side(
        conversation_id=conversation_id,
        to=mail.to,
        cc=mail.cc,
        subject=subject,
        once=once,
        at=at,
        by=mail.agent_id,
    )
    _send(side_id, mail, once=once or new_once(), at=at)
    return side_id


@action
def write_side(*, side_id: int, mail: SideMail, once: str = "", at: datetime) -> int:
    """Write once more into a side conversation and return the delivery's id.

    Raises what `conversations.prepare_side_mail` and `send_reply` raise.
    """
    conversations.prepare_side_mail(
        side_id=side_id, recipients=[*mail.to, *mail.cc], at=at, by=mail.agent_id
    )
    return _send(side_id, mail, once=once, at=at)


def _send(side_id: int, mail: SideMail, *, once: str, at: datetime) -> int:
    for file in mail.files:
        conversations.add_draft_file(
            conversation_id=side_id,
            agent_id=mail.agent_id,
            mode="reply",
            name=file.name,
            content_type=file.content_type,
            blob=file.blob,
            at=at,
        )
    due_at = mail.follow_up_at
    return send_reply(
        reply=conversations.Reply(
            conversation_id=side_id,
            agent_id=mail.agent_id,
            text=mail.text,
            to=mail.to,
            cc=mail.cc,
            after=After.KEEP,
            promise=(Kind.FOLLOW_UP, due_at) if due_at is not None else None,
            seen_message_id=mail.seen_message_id,
            undo_seconds=mail.undo_seconds,
        ),
        once=once,
        at=at,
    )
