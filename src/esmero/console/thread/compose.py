"""What an agent is about to send: recipients, drafts, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr, getaddresses
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.console.times import parse_when
from esmero.console.words import BY_HAND
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import After
from esmero.kernel import files
from esmero.kernel.composed import composed
from esmero.kernel.errors import InvalidInput
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet
    from django.http import QueryDict

    from esmero.conversations.models import Conversation, Draft, DraftFile, Message
    from esmero.people.models import Agent

RECIPIENTS_MOST = 50
FILE_MOST = 20 * 1024 * 1024
FILES_MOST = 20
MODES = ("reply", "note")
Addresses = list[tuple[str, str]]


@dataclass(slots=True)
class Composer:
    """Both forms under a thread as they stand."""

    mode: str
    to: str
    cc: str
    bcc: str
    text: str
    note: str
    files: list[DraftFile]
    saved_at: datetime | None
    seen: int | None
    once: str
    bounced: list[str]
    own: set[str] = field(default_factory=set)

    @property
    def said_to(self) -> Addresses:
        """Whom it goes to, as the line above the text says it."""
        return parse(self.to, lenient=True)

    @property
    def said_cc(self) -> Addresses:
        """Who gets a copy."""
        return parse(self.cc, lenient=True)

    @property
    def said_bcc(self) -> Addresses:
        """Who gets a copy that the others do not see."""
        return parse(self.bcc, lenient=True)

    @property
    def everyone(self) -> int:
        """How many would receive the reply."""
        return (
            len(parse(self.to, lenient=True))
            + len(parse(self.cc, lenient=True))
            + len(parse(self.bcc, lenient=True))
        )


def composer_of(
    conversation: Conversation,
    agent: Agent,
    *,
    mode: str = "",
    seen: int | None,
    last: Message | None,
) -> Composer:
    """Return the forms with what was begun, else with everybody of `last`, the newest message of
    the customer that is shown; at most four queries.
    """
    drafts = {d.mode: d for d in _own_drafts(conversation.pk, agent.pk)}
    reply: Draft | None = drafts.get("reply")
    note: Draft | None = drafts.get("note")
    if reply is not None and (reply.to or reply.text):
        to, cc, bcc = _pairs(reply.to), _pairs(reply.cc), _pairs(reply.bcc)
    else:
        to, cc = answered_to(conversation, last)
        bcc = []
    if mode not in MODES:
        newer_note = note is not None and (reply is None or note.updated_at > reply.updated_at)
        mode = "note" if newer_note and note is not None and note.text else "reply"
    saved = [d.updated_at for d in drafts.values() if d.text]
    return Composer(
        mode=mode,
        to=written(to),
        cc=written(cc),
        bcc=written(bcc),
        text=reply.text if reply else "",
        note=note.text if note else "",
        files=list(conversation_queries.draft_files(reply)) if reply else [],
        saved_at=max(saved, default=None),
        seen=seen,
        once=channels.new_once(),
        bounced=[],
    )


@composed
def _own_drafts(conversation_id: int, agent_id: int) -> QuerySet[Draft]:
    return conversation_queries.own_drafts(conversation_id, people.stand_in(agent_id, None))


def answered_to(conversation: Conversation, last: Message | None) -> tuple[Addresses, Addresses]:
    """Return whom a reply goes to: the writer of the last message, and in copy all others of it.

    Our own addresses are left out, and nobody is named twice.
    """
    last = last or conversation_queries.last_inbound(conversation.pk)
    if last is None or not last.from_address:
        return _primary(conversation), []
    return everybody_of(last, channel_queries.own_addresses())


def everybody_of(message: Message, own: set[str]) -> tuple[Addresses, Addresses]:
    """Return (to, cc) of a reply to all."""
    named = set(own)
    to: Addresses = []
    cc: Addresses = []
    senders = [(message.from_name, message.from_address)]
    for pairs, into in ((senders, to), ([*_pairs(message.to), *_pairs(message.cc)], cc)):
        for name, address in pairs:
            key = people.normalise_email(address)
            if key and without_plus(key) not in own and key not in named:
                named.add(key)
                into.append((name, address))
    return to or senders, cc


def without_plus(address: str) -> str:
    """Return an address without its plus part: ours come back with one."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _primary(conversation: Conversation) -> Addresses:
    if conversation.customer is None:
        return []
    for address in people.addresses_of(conversation.customer.pk):
        if address.kind == AddressKind.EMAIL.value:
            return [(conversation.customer.name, address.value)]
    return []


def _pairs(raw: Iterable[Any]) -> Addresses:
    return [(str(one[0]), str(one[1])) for one in raw if len(one) == 2]


def written(pairs: Addresses) -> str:
    """Return addresses as a form shows them."""
    return ", ".join(
        formataddr((name, address), "utf-8")
        if not name.isascii() and "," in name
        else (f"{name} <{address}>" if name and name != address else address)
        for name, address in ((_plain(n), a) for n, a in pairs)
    )


def _plain(name: str) -> str:
    # What would end the name or begin an address inside it.
    return "".join(c for c in name if c not in '<>",;()[]\\:@\r\n').strip()


def parse(text: str, *, field_name: str = "to", lenient: bool = False) -> Addresses:
    """Read addresses that somebody typed. Raises InvalidInput with the first that is none."""
    found: Addresses = []
    for name, address in getaddresses([text.replace(";", ",").replace("\n", ",")]):
        if not address and not name:
            if text.strip(" ,;\n") and not lenient:
                raise InvalidInput(field=field_name, value=text[:60])
            continue
        try:
            validate_email(address)
        except ValidationError:
            if lenient:
                continue
            raise InvalidInput(field=field_name, value=(address or name)[:60]) from None
        if people.normalise_email(address) not in {people.normalise_email(a) for _, a in found}:
            found.append((name, address))
    if len(found) > RECIPIENTS_MOST:
        raise InvalidInput(field=field_name, value=str(len(found)))
    return found


def save(conversation: Conversation, agent: Agent, asked: QueryDict, *, at: datetime) -> None:
    """Store what was typed so far as this member's draft; half-typed addresses are left out."""
    mode = "note" if asked.get("mode") == "note" else "reply"
    seen = asked.get("seen", "")
    conversations.save_draft(
        conversation_id=conversation.pk,
        agent_id=agent.pk,
        mode=mode,
        text=asked.get("text", ""),
        to=parse(asked.get("to", ""), lenient=True) if mode == "reply" else (),
        cc=parse(asked.get("cc", ""), lenient=True) if mode == "reply" else (),
        bcc=parse(asked.get("bcc", ""), lenient=True) if mode == "reply" else (),
        seen_message_id=int(seen) if seen.isdigit() else None,
        at=at,
    )


def keep_files(
    conversation: Conversation, agent: Agent, uploads: Iterable[UploadedFile], *, at: datetime
) -> None:
    """Put files with the reply's draft. Raises FileTooLarge, InvalidInput: too many of them."""
    drafts = {d.mode: d for d in conversation_queries.own_drafts(conversation.pk, agent)}
    reply = drafts.get("reply")
    there = len(conversation_queries.draft_files(reply)) if reply else 0
    for number, upload in enumerate(uploads):
        if there + number >= FILES_MOST:
            raise InvalidInput(field="files", value=str(FILES_MOST))
        blob = files.put_stream(upload, limit=FILE_MOST, at=at)  # type: ignore[arg-type]
        conversations.add_draft_file(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            mode="reply",
            name=upload.name or "",
            content_type=upload.content_type or "application/octet-stream",
            blob=blob,
            at=at,
        )


def reply_of(
    conversation: Conversation, agent: Agent, asked: Mapping[str, str], *, at: datetime
) -> conversations.Reply:
    """Return the reply that a form asks for. Raises InvalidInput."""
    seen = asked.get("seen", "")
    try:
        after = After(asked.get("after", After.KEEP.value))
    except ValueError:
        raise InvalidInput(field="after") from None
    return conversations.Reply(
        conversation_id=conversation.pk,
        agent_id=agent.pk,
        text=asked.get("text", ""),
        to=parse(asked.get("to", "")),
        cc=parse(asked.get("cc", ""), field_name="cc"),
        bcc=parse(asked.get("bcc", ""), field_name="bcc"),
        after=after,
        promise=_promise(asked, at=at),
        seen_message_id=int(seen) if seen.isdigit() else 0,
    )


def _promise(asked: Mapping[str, str], *, at: datetime) -> tuple[Kind, datetime] | None:
    text = asked.get("promise_when", "").strip()
    if not text:
        return None
    kind = asked.get("promise_kind", Kind.UPDATE.value)
    if kind not in {one.value for one in BY_HAND}:
        raise InvalidInput(field="promise_kind")
    due_at = parse_when(text, at=at, zone=the_shop().zone)
    if due_at <= at:
        raise InvalidInput(field="promise_when", value=text)
    return Kind(kind), due_at
