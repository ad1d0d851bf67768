"""What people outside the team see of a conversation: by the link in their mail, and no notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from esmero.conversations.enums import Delivery, Direction, MoveKind
from esmero.conversations.models import Conversation, Message, Move, MovedMessage, Participant
from esmero.conversations.reads.matters import survivor_of
from esmero.conversations.rules import links
from esmero.kernel import signing
from esmero.kernel.composed import composed, execute
from esmero.people import queries as people

# A reply that is held can still be taken back; one that was taken back was never written.
_NOT_YET = [Delivery.HELD.value, Delivery.CANCELLED.value, Delivery.NONE.value]


def link_of(token: str, *, at: datetime) -> str:
    """Return the name of a customer's page as a link carries it, good for `links.LASTS`."""
    value = links.link_value(token, links.day_number(at + links.LASTS))
    return f"{value}.{signing.sign(links.FOR_LINK, value)}"


@dataclass(frozen=True, slots=True)
class Seat:
    """Who reads a customer's page, and how much of it.

    `conversation` is where the talk is now; `number`, `subject` and `token` are those under which
    this customer knows it. `is_own`: it is this customer's own conversation, not one in which they
    take part. What is older than `reads_from` is shown only where it was theirs (None: all is).
    `is_alone`: nobody else takes part.
    """

    conversation: Conversation
    customer_id: int | None
    token: str
    number: int
    subject: str
    is_own: bool = True
    is_alone: bool = True
    reads_from: datetime | None = None
    part_ids: tuple[int, ...] = ()


def seat_by_link(link: str, *, at: datetime) -> Seat | None:
    """Return whose page a link made by `link_of` is; None when it is foreign, over, forged, or its
    customer takes part no more.
    """
    read = links.read_link(link)
    if read is None or read.is_over(at):
        return None
    if not signing.is_signed(links.FOR_LINK, read.value, read.signature):
        return None
    return _seat_by_token(read.token)


def _seat_by_token(token: str) -> Seat | None:
    found = _by_token(token)
    if found:
        return _own_seat(found[0])
    taking = (
        Participant.objects.select_related(
            "conversation", "conversation__customer", "conversation__department",
            "conversation__owner_agent",
        )
        .filter(token=token, removed_at=None, conversation__is_suspect=False)
        .first()
    )  # fmt: skip
    return _taking_seat(taking) if taking else None


@composed
def _by_token(token: str) -> QuerySet[Conversation]:
    found = Conversation.objects.select_related("customer", "department", "owner_agent")
    return found.filter(token=token, is_suspect=False, is_side=False)


@composed
def _taking(conversation_id: int) -> QuerySet[Participant, Any]:
    # Also those who were taken out: what was written to them alone stays theirs.
    found = Participant.objects.filter(conversation_id=conversation_id)
    return found.order_by("id").values_list("customer_id", "added_at")


def _own_seat(conversation: Conversation) -> Seat | None:
    """Return the seat of a conversation's own customer, wherever its messages are now."""
    if conversation.merged_into_id is None and not conversation.merged_ids:
        others = [one for one in _taking(conversation.pk) if one[0] != conversation.customer_id]
        if not others:
            return Seat(
                conversation, conversation.customer_id, conversation.token, conversation.pk,
                conversation.subject,
            )  # fmt: skip
    root = conversation
    if conversation.merged_into_id is not None:
        found = Conversation.objects.select_related("customer", "department", "owner_agent").get(
            pk=survivor_of(conversation.pk)
        )
        if found.is_suspect:
            return None
        root = found
    group = set(people.group_of(conversation.customer_id or 0))
    same = root.customer_id in group
    reads_from, is_alone = None, True
    if not same:
        taking = Participant.objects.filter(
            conversation=root, customer_id__in=group, removed_at=None
        ).first()
        if taking is None:  # taken out since
            return None
        reads_from, is_alone = taking.reads_from, False
    else:
        others = [at for pk, at in _taking(root.pk) if pk not in group]
        is_alone = not others
        boundary = _told_apart_until(root, group)
        reads_from = boundary
    return Seat(
        conversation=root,
        customer_id=conversation.customer_id,
        token=conversation.token,
        number=conversation.pk,
        subject=conversation.subject,
        is_own=same,
        is_alone=is_alone,
        reads_from=reads_from,
        part_ids=_parts_of(root, group),
    )


def _told_apart_until(root: Conversation, group: set[int]) -> datetime | None:
    """Return until when other customers' parts of a conversation are theirs alone."""
    found = (
        Move.objects.filter(
            target_id__in=[root.pk, *root.merged_ids],
            kind=MoveKind.MERGE.value,
            undone_at=None,
            is_shared=False,
        )
        .exclude(source__customer_id__in=group)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return found


def _parts_of(root: Conversation, group: set[int]) -> tuple[int, ...]:
    """Return the conversations of a customer's group that are part of this one, itself too."""
    return tuple(
        Conversation.objects.filter(
            pk__in=[root.pk, *root.merged_ids], customer_id__in=group
        ).values_list("id", flat=True)
    )


def _taking_seat(taking: Participant) -> Seat:
    root = taking.conversation
    group = set(people.group_of(taking.customer_id))
    parts = _parts_of(root, group)
    own = Conversation.objects.filter(pk__in=parts).exclude(pk=root.pk).first()
    return Seat(
        conversation=root,
        customer_id=taking.customer_id,
        # The token of their own part still leads to it when the two are parted again.
        token=own.token if own else taking.token,
        number=own.pk if own else root.pk,
        subject=own.subject if own else root.subject,
        is_own=False,
        is_alone=False,
        reads_from=taking.reads_from,
        part_ids=parts,
    )


def seat_of(conversation_id: int, *, customer_id: int | None) -> Seat | None:
    """Return the seat of a customer in a conversation, its own or a taking part; None for others.

    The number may be of one that is part of another by now.
    """
    conversation = (
        Conversation.objects.select_related("customer", "department", "owner_agent")
        .filter(pk=conversation_id)
        .first()
    )
    if conversation is None or conversation.is_side:
        return None
    group = people.group_of(customer_id) if customer_id else []
    if conversation.customer_id is None or conversation.customer_id in group:
        return _own_seat(conversation)
    taking = (
        Participant.objects.select_related("conversation")
        .filter(
            conversation_id=survivor_of(conversation_id),
            customer_id__in=group,
            removed_at=None,
        )
        .exclude(token="")
        .first()
    )
    return _taking_seat(taking) if taking else None


def is_for_all(conversation_id: int, *, moment: datetime) -> bool:
    """Say whether everybody who takes part in a conversation may read what is as old as this."""
    root = survivor_of(conversation_id)
    moves = Move.objects.filter(
        kind=MoveKind.MERGE.value, undone_at=None, is_shared=False, at__gt=moment
    ).exclude(source__customer_id=F("target__customer_id"))
    late = Participant.objects.filter(conversation_id=root, removed_at=None, reads_from__gt=moment)
    parts = Conversation.objects.filter(pk=root).values_list("merged_ids", flat=True).first()
    ids = [root, *(parts or [])]
    return not late.exists() and not (
        len(ids) > 1 and moves.filter(target_id__in=ids, source_id__in=ids).exists()
    )


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What an outgoing mail has to know of its conversation, in one small read."""

    token: str
    subject: str
    language: str
    customer_zone: str
    customer_id: int | None = None


def mail_facts(conversation_id: int) -> MailFacts | None:
    """Return what a mail says of a conversation."""
    # Asked for each acknowledgement: plain SQL costs a third of the same through the ORM.
    rows, _ = execute(
        "SELECT c.token, c.subject, c.language, coalesce(p.zone, ''), c.customer_id"
        " FROM conversations_conversation c LEFT JOIN people_customer p ON p.id = c.customer_id"
        " WHERE c.id = %s",
        [conversation_id],
    )
    return MailFacts(*rows[0]) if rows else None


def shown_messages(seat: Seat) -> QuerySet[Message]:
    """Return the messages that a customer may see on their page, in order.

    Theirs, and what left the house; notes never, nothing that can still be taken back, and nothing
    of side conversations, which are elsewhere. Where several customers take part, what was written
    to others alone is not shown either.
    """
    found = all_shown_messages(seat.conversation.pk)
    if seat.is_alone and seat.reads_from is None:
        return found
    group = people.group_of(seat.customer_id or 0)
    mine = Q(author_customer_id__in=group)
    for address in people.addresses_of_group(group):
        for field in ("to", "cc", "bcc"):
            mine |= Q(**{f"{field}__contains": [[address.value]]})
    mine |= Q(
        pk__in=MovedMessage.objects.filter(
            move__kind=MoveKind.MERGE.value,
            move__undone_at=None,
            move__source_id__in=seat.part_ids,
        ).values("message_id")
    )
    if seat.is_own:
        # Of this conversation's own beginning, before anybody else took part.
        others = MovedMessage.objects.filter(
            move__kind=MoveKind.MERGE.value, move__undone_at=None
        ).exclude(move__source_id__in=seat.part_ids)
        since = _first_other(seat, group)
        mine |= Q(at__lt=since) & ~Q(pk__in=others.values("message_id")) if since else Q()
    told = Q(direction=Direction.IN.value)
    if seat.reads_from is not None:
        told &= Q(at__gte=seat.reads_from)
    elif not seat.is_own:
        told |= Q(at__lt=_added_at(seat, group))
    return found.filter(mine | told)


def _first_other(seat: Seat, group: list[int]) -> datetime | None:
    taking = Participant.objects.filter(conversation=seat.conversation).exclude(
        customer_id__in=group
    )
    return taking.order_by("added_at").values_list("added_at", flat=True).first()


def _added_at(seat: Seat, group: list[int]) -> datetime:
    taking = Participant.objects.filter(
        conversation=seat.conversation, customer_id__in=group, removed_at=None
    )
    found = taking.order_by("added_at").values_list("added_at", flat=True).first()
    return found or seat.conversation.opened_at


def all_shown_messages(conversation_id: int) -> QuerySet[Message]:
    """Return what a customer may see who is the only one to take part."""
    return (
        Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
        .filter(
            Q(direction=Direction.IN.value)
            | (Q(direction=Direction.OUT.value) & ~Q(delivery__in=_NOT_YET))
        )
        .select_related("author_agent", "author_customer")
        .defer("search", "html", "quoted", "verdict")
        .order_by("at", "id")
    )


def seats_by_tokens(tokens: Sequence[str]) -> list[Seat]:
    """Return the pages of these tokens, the one with the last message first."""
    found = [seat for token in dict.fromkeys(tokens) if (seat := _seat_by_token(token))]
    return sorted(found, key=lambda seat: seat.conversation.last_message_at, reverse=True)


def seats_of_customer(customer_id: int, *, limit: int) -> list[Seat]:
    """Return the pages of a customer, own ones and those where they take part: the one with the
    last message first. Where several of theirs became one, the page is named once.
    """
    group = people.group_of(customer_id)
    own = (
        Conversation.objects.filter(customer_id__in=group, is_side=False, is_suspect=False)
        .order_by("-last_message_at", "-id")
        .values_list("token", flat=True)[: 3 * limit]
    )
    taking = (
        Participant.objects.filter(customer_id__in=group, removed_at=None, move=None)
        .exclude(token="")
        .order_by("-id")
        .values_list("token", flat=True)[:limit]
    )
    found: dict[int, Seat] = {}
    for seat in seats_by_tokens([*own, *taking]):
        found.setdefault(seat.conversation.pk, seat)
    return list(found.values())[:limit]
