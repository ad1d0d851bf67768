"""What an agent is about to send: recipients, drafts, files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.console.thread.composer import Composer
from esmero.console.thread.recipients import Addresses, parse, written
from esmero.console.words import BY_HAND
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Quotes
from esmero.kernel import files
from esmero.kernel.composed import composed
from esmero.kernel.errors import InvalidInput
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet
    from django.http import QueryDict

    from esmero.conversations.models import (
        Conversation,
        Draft,
        Message,
        Participant,
    )
    from esmero.people.models import Agent

FILE_MOST = 20 * 1024 * 1024
FILES_MOST = 20
MODES = ("reply", "note")


def composer_of(
    conversation: Conversation,
    agent: Agent,
    there: frozenset[str],
    *,
    mode: str = "",
    seen: int | None,
    last: Message | None,
    draft_id: int | None = None,
) -> Composer:
    """Return the forms with what was begun, else with everybody of `last`, the newest message of
    the customer that is shown; `there` are its signs (`queries.signs_of`). At most five queries.

    A draft that a colleague has shown her stands there when it is asked for by `draft_id`, or
    when she has begun nothing herself.
    """
    drafts: dict[str, Draft] = {}
    if "drafts" in there:
        drafts = {d.mode: d for d in _own_drafts(conversation.pk, agent.pk)}
    shared: list[Draft] = []
    if "shared" in there:
        shared = list(conversation_queries.shared_with(agent.pk, conversation.pk))
    lent = next((d for d in shared if d.pk == draft_id), None)
    if lent is None and shared and draft_id is None:
        own = drafts.get(shared[0].mode)
        lent = None if own is not None and own.text.strip() else shared[0]
    if lent is not None:
        drafts[lent.mode] = lent
        mode = mode or lent.mode
    reply: Draft | None = drafts.get("reply")
    note: Draft | None = drafts.get("note")
    if reply is not None and (reply.to or reply.text):
        to, cc, bcc = _pairs(reply.to), _pairs(reply.cc), _pairs(reply.bcc)
    else:
        to, cc = answered_to(conversation, last, is_alone="took_part" not in there)
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
        promise_kind=reply.promise_kind if reply else "",
        promise_when=_as_typed(reply.promise_when) if reply else "",
        quotes=reply.quotes if reply else Quotes.ALL.value,
        quoted=reply.quoted if reply else "",
        draft_id=lent.pk if lent else None,
        version=reply.version if reply else 0,
        note_version=note.version if note else 0,
        lender=lent.agent.name if lent else "",
        last_writer=_last_writer(lent or reply or note, agent),
        offered=[d for d in shared if d is not lent],
        stopped_at=reply.stopped_at if reply else None,
        undo_seconds=agent.undo_seconds,
    )


def _as_typed(text: str) -> str:
    """Return a moment as one would type it; anything else as it was typed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return typed_time(moment) if moment.tzinfo else text


def typed_time(moment: datetime) -> str:
    """Return a moment as a field takes it on any day: `23/11/2026 10:00`."""
    return moment.astimezone(the_shop().zone).strftime("%d/%m/%Y %H:%M")


def _last_writer(draft: Draft | None, agent: Agent) -> str:
    """Return who wrote last when that was somebody else."""
    if draft is None or draft.last_agent_id in {None, agent.pk}:
        return ""
    return people.agent_names([draft.last_agent_id or 0]).get(draft.last_agent_id or 0, "")


@composed
def _own_drafts(conversation_id: int, agent_id: int) -> QuerySet[Draft]:
    return conversation_queries.own_drafts(conversation_id, people.stand_in(agent_id, None))


def answered_to(
    conversation: Conversation, last: Message | None, *, is_alone: bool = False
) -> tuple[Addresses, Addresses]:
    """Return whom a reply goes to: the writer of the last message, and in copy all others of it
    and whoever was added to the conversation; never who was taken out of it.

    Our own addresses are left out, and nobody is named twice. `is_alone`: nobody but its customer
    has ever taken part.
    """
    last = last or conversation_queries.last_inbound(conversation.pk)
    if last is None or not last.from_address:
        to, cc = _primary(conversation), Addresses()
    else:
        to, cc = everybody_of(last, channel_queries.own_addresses())
    taking = [] if is_alone else _taking_part(conversation.pk)
    if len(taking) < 2:
        return to, cc
    out = [pk for pk, _added, removed_at in taking if removed_at is not None]
    added = [pk for pk, by, removed_at in taking if by and removed_at is None]
    gone = {a.value for a in people.addresses_of_group(out)} if out else set()
    to = [one for one in to if people.normalise_email(one[1]) not in gone] or _primary(
        conversation
    )
    cc = [one for one in cc if people.normalise_email(one[1]) not in gone]
    named = {people.normalise_email(address) for _, address in (*to, *cc)}
    names = people.names_of(added)
    for pk, address in people.main_addresses_of(added).items():
        known = {a.value for a in people.addresses_of(pk)}
        if not known & named:
            cc.append((names.get(pk, ""), address))
    return to, cc


@composed
def _taking_part(conversation_id: int) -> QuerySet[Participant, Any]:
    """Whoever takes or took part: (customer, added by somebody of us, taken out when)."""
    return conversation_queries.matters.taking_part(conversation_id)


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


def save(conversation: Conversation, agent: Agent, asked: QueryDict, *, at: datetime) -> int:
    """Store what was typed so far as this member's draft; half-typed addresses are left out.

    Return the draft's id. Raises DraftChanged when a colleague wrote on in it.
    """
    mode = "note" if asked.get("mode") == "note" else "reply"
    is_reply = mode == "reply"
    return conversations.save_draft(
        conversation_id=conversation.pk,
        agent_id=agent.pk,
        mode=mode,
        text=asked.get("text", ""),
        to=parse(asked.get("to", ""), lenient=True) if is_reply else (),
        cc=parse(asked.get("cc", ""), lenient=True) if is_reply else (),
        bcc=parse(asked.get("bcc", ""), lenient=True) if is_reply else (),
        seen_message_id=number(asked.get("seen", "")),
        promise_kind=kind_of(asked.get("promise_kind", "")) if is_reply else "",
        promise_when=asked.get("promise_when", "").strip() if is_reply else "",
        quotes=quotes_of(asked.get("quotes", "")),
        quoted=asked.get("quoted", "") if is_reply else "",
        draft_id=number(asked.get("draft", "")),
        version=number(asked.get("version", "")),
        at=at,
    )


def number(text: str) -> int | None:
    """Return the number that a field holds."""
    return int(text) if text.isdigit() and len(text) < 19 else None


def kind_of(text: str) -> str:
    """Return a kind of promise that may be made by hand, '' for anything else."""
    return text if text in {one.value for one in BY_HAND} else ""


def quotes_of(text: str) -> Quotes:
    """Return what stands below a reply; anything else means all of it."""
    return Quotes(text) if text in {one.value for one in Quotes} else Quotes.ALL


def reply_draft(
    conversation: Conversation, agent: Agent, draft_id: int | None = None
) -> Draft | None:
    """Return the reply that she writes in: a colleague's that is named and shared, else hers."""
    if draft_id is not None:
        for one in conversation_queries.shared_with(agent.pk, conversation.pk):
            if one.pk == draft_id and one.mode == "reply":
                return one
    return conversation_queries.draft_of(conversation.pk, agent, "reply")


def keep_files(
    conversation: Conversation,
    agent: Agent,
    uploads: Iterable[UploadedFile],
    *,
    draft_id: int | None = None,
    at: datetime,
) -> None:
    """Put files with the reply's draft. Raises FileTooLarge, InvalidInput: too many of them."""
    uploads = list(uploads)
    if not uploads:
        return
    reply = reply_draft(conversation, agent, draft_id)
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
            draft_id=draft_id,
            at=at,
        )
