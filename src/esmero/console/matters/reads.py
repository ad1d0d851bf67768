"""What belongs to a conversation, as the pane beside its thread shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.channels import queries as channels
from esmero.channels.enums import DeliveryState
from esmero.console.thread.compose import everybody_of
from esmero.conversations import queries
from esmero.conversations.enums import MoveKind
from esmero.people import queries as people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esmero.console.inbox.lists import Row
    from esmero.conversations.models import (
        Consultation,
        Conversation,
        Message,
        Move,
        Participant,
        SideConversation,
    )
    from esmero.conversations.queries import Linked
    from esmero.people.models import Agent

SUGGESTED_MOST = 2


@dataclass(frozen=True, slots=True)
class Undoable:
    """A merge or split that can be undone: which other number, and who did it when."""

    move_id: int
    kind: str
    number: int
    subject: str
    who: str
    at: datetime
    is_latest: bool = False


@dataclass(slots=True)
class Matters:
    """All of it; empty lists where there is nothing."""

    suggested: list[Row] = field(default_factory=list)
    moves: list[Undoable] = field(default_factory=list)
    came_from: Undoable | None = None
    links: list[Linked] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    addresses: dict[int, str] = field(default_factory=dict)
    offered: list[tuple[str, str]] = field(default_factory=list)
    sides: list[SideConversation] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    """The consultations of which a mail to the customer says; not all get one (loop guard)."""


def matters_of(
    conversation: Conversation,
    agent: Agent,
    there: frozenset[str],
    *,
    last: Message | None = None,
    earlier: Sequence[Row] = (),
) -> Matters:
    """Return what belongs to a conversation. `there`: its signs (`queries.signs_of`), `earlier`:
    other rows of its customer, `last`: the newest message of a customer.
    """
    found = Matters()
    if conversation.is_suspect:
        return found
    if "moves" in there:
        found.moves = moves_of(conversation)
        came = queries.matters.split_from(conversation)
        if came is not None and _is_seen(agent, queries.survivor_of(came.source_id)):
            found.came_from = _undoable(came, came.source)
    if "links" in there:
        found.links = queries.matters.linked_to(queries.visible_to(agent), conversation)
    if "participants" in there:
        found.participants = queries.matters.participants_of(conversation)
        ids = [one.customer_id for one in found.participants]
        found.addresses = people.main_addresses_of(ids)
    if "sides" in there:
        found.sides = queries.matters.sides_of(conversation)
    if "consultations" in there:
        found.consultations = queries.matters.consultations_of(conversation)
        if any(one.is_referral for one in found.consultations):
            found.told = _told(conversation)
    found.offered = offered_of(conversation, last)
    found.suggested = _suggested(conversation, earlier, has_moves="moves" in there)
    return found


def _is_seen(agent: Agent, conversation_id: int) -> bool:
    return queries.visible_to(agent).filter(pk=conversation_id).exists()


def _told(conversation: Conversation) -> set[int]:
    mails = [
        mail
        for pk in (conversation.pk, *conversation.merged_ids)
        for mail in channels.automatic_of(pk).filter(template="referral")
    ]
    lost = {DeliveryState.FAILED.value, DeliveryState.CANCELLED.value, DeliveryState.BOUNCED.value}
    return {mail.context.get("consultation", 0) for mail in mails if mail.state not in lost}


def moves_of(conversation: Conversation) -> list[Undoable]:
    """Return the merges and splits of a conversation, the newest first and marked."""
    found = [
        _undoable(move, move.source if move.kind == MoveKind.MERGE.value else move.target)
        for move in queries.matters.moves_of(conversation)
    ]
    return [
        Undoable(one.move_id, one.kind, one.number, one.subject, one.who, one.at, is_latest=n == 0)
        for n, one in enumerate(found)
    ]


def _undoable(move: Move, other: Conversation) -> Undoable:
    who = move.by_agent.name if move.by_agent else ""
    return Undoable(move.pk, move.kind, other.pk, other.subject, who, move.at)


def _suggested(
    conversation: Conversation, earlier: Sequence[Row], *, has_moves: bool
) -> list[Row]:
    alike = queries.matters.alike_among(conversation.subject, [(r.id, r.subject) for r in earlier])
    if not alike:
        return []
    parted = queries.matters.parted_from(conversation.pk) if alike or has_moves else set()
    within = queries.matters.SUGGESTED_WITHIN
    rows = {r.id: r for r in earlier}
    return [
        rows[pk]
        for pk in alike
        if pk not in parted and abs(rows[pk].moment - conversation.last_message_at) <= within
    ][:SUGGESTED_MOST]


def offered_of(conversation: Conversation, last: Message | None) -> list[tuple[str, str]]:
    """Return whom the last message names in copy and who does not take part: a copy grants
    nothing, but somebody may let them.
    """
    if last is None:
        return []
    _, copied = everybody_of(last, channels.own_addresses())
    found = []
    for name, address in copied:
        known = people.sender(address)
        if known is None or not queries.takes_part(
            conversation_id=conversation.pk, customer_id=known.customer_id
        ):
            found.append((name, address))
    return found[:5]
