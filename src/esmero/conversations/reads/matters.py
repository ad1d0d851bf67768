"""What belongs to a conversation: what became part of it, what it is linked to, who else takes
part, mail with others inside it, who was asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from esmero.conversations.enums import MoveKind, State
from esmero.conversations.models import (
    Consultation,
    Conversation,
    Move,
    Participant,
    Relation,
    SideConversation,
)
from esmero.conversations.rules import merging as rules
from esmero.conversations.rules.merging import SUGGESTED_WITHIN as SUGGESTED_WITHIN
from esmero.kernel.composed import composed
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

CANDIDATES_MOST = 40
SUGGESTED_MOST = 3
_DEEP = 50
# Whoever writes from there is not thereby of the same house.
_FREE_MAIL = {
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.es", "outlook.com", "outlook.es"),
    *("live.com", "msn.com", "yahoo.com", "yahoo.es", "icloud.com", "me.com", "gmx.com", "gmx.es"),
    *("proton.me", "protonmail.com", "aol.com", "telefonica.net", "movistar.es", "orange.es"),
}


def survivor_of(conversation_id: int) -> int:
    """Return the conversation that this one is part of by now; itself when of none."""
    pk = conversation_id
    for _ in range(_DEEP):
        into = Conversation.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        pk = into
    return pk


def other_place_of(conversation_id: int, *, customer_id: int) -> int | None:
    """Return where a customer's part of a conversation is that they do not take part in by now.

    Mail that was sent while two were one carries the number of the one that was kept; after they
    were parted again an answer to it belongs to the part of whoever answers.
    """
    group = people.group_of(customer_id)
    parted = Move.objects.filter(
        target_id=conversation_id, kind=MoveKind.MERGE.value, undone_at__isnull=False
    ).order_by("-undone_at")
    for source_id in parted.values_list("source_id", flat=True)[:20]:
        takes_part = Participant.objects.filter(
            conversation_id=source_id, customer_id__in=group, removed_at=None
        )
        if takes_part.exists():
            return source_id
    return None


def is_of_house(address: str, *, conversation_id: int) -> bool:
    """Say whether an address is of the same firm as somebody a side conversation is with.

    Carriers answer from other addresses than one writes to. Only a signed name of ours leads here.
    """
    domain = address.strip().lower().rpartition("@")[2]
    if not domain or domain in _FREE_MAIL:
        return False
    if not Conversation.objects.filter(pk=conversation_id, is_side=True).exists():
        return False
    group = Participant.objects.filter(conversation_id=conversation_id).values_list(
        "customer_id", flat=True
    )
    return any(one.value.rpartition("@")[2] == domain for one in people.addresses_of_group(group))


# -- merged and split ---------------------------------------------------------


def moves_of(conversation: Conversation) -> QuerySet[Move]:
    """Return the merges into a conversation and the splits from it that can be undone, newest
    first.
    """
    ids = [conversation.pk, *conversation.merged_ids]
    return (
        Move.objects.filter(
            Q(target_id__in=ids, kind=MoveKind.MERGE.value)
            | Q(source_id__in=ids, kind=MoveKind.SPLIT.value),
            undone_at=None,
        )
        .select_related("source", "source__customer", "target", "target__customer", "by_agent")
        .order_by("-at", "-id")
    )


def move(move_id: int) -> Move | None:
    """Return a merge or split."""
    return Move.objects.select_related("source", "target").filter(pk=move_id).first()


def split_from(conversation: Conversation) -> Move | None:
    """Return the split that a conversation came from, while it is not undone."""
    return (
        Move.objects.filter(target_id=conversation.pk, kind=MoveKind.SPLIT.value, undone_at=None)
        .select_related("source", "by_agent")
        .first()
    )


def suggested_merges(
    seen: QuerySet[Conversation], conversation: Conversation, *, at: datetime
) -> list[Conversation]:
    """Return which of `seen` are likely the same matter: same customer, similar subject, not long
    ago; the likeliest first.
    """
    if conversation.customer_id is None or conversation.is_suspect:
        return []
    group = people.group_of(conversation.customer_id)
    found = (
        seen.filter(
            customer_id__in=group,
            is_suspect=False,
            last_message_at__gte=conversation.last_message_at - SUGGESTED_WITHIN,
            opened_at__lte=conversation.last_message_at + SUGGESTED_WITHIN,
        )
        .exclude(pk=conversation.pk)
        .order_by("-last_message_at", "-id")
    )
    parted = parted_from(conversation.pk)
    rows = {one.pk: one for one in found[:CANDIDATES_MOST] if one.pk not in parted}
    ranked = alike_among(conversation.subject, [(pk, one.subject) for pk, one in rows.items()])
    return [rows[pk] for pk in ranked[:SUGGESTED_MOST]]


def parted_from(conversation_id: int) -> set[int]:
    """Return what was merged with a conversation or split from it at some time: what somebody has
    parted on purpose is not proposed again.
    """
    return {pk for pair in _moved_with(conversation_id) for pk in pair}


@composed
def _moved_with(conversation_id: int) -> QuerySet[Move, Any]:
    found = Move.objects.filter(Q(source_id=conversation_id) | Q(target_id=conversation_id))
    return found.values_list("source_id", "target_id")


def alike_among(subject: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """Return the ids of those whose subject is like this one, the likest first."""
    ranked = [(rules.alike(subject, text), pk) for pk, text in others]
    likely = [pair for pair in ranked if pair[0] >= rules.ALIKE_LEAST]
    return [pk for _, pk in sorted(likely, key=lambda pair: -pair[0])]


# -- linked -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Linked:
    """Another conversation as one of its links says.

    `kind`: related, duplicate, caused_by, causes.
    """

    relation_id: int
    kind: str
    other: Conversation


def linked_to(seen: QuerySet[Conversation], conversation: Conversation) -> list[Linked]:
    """Return what a conversation is linked to, as far as `seen`; what is part of another by now is
    shown as that.
    """
    ids = {conversation.pk, *conversation.merged_ids}
    rows = list(
        Relation.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids), removed_at=None)
        .order_by("id")
        .values_list("id", "kind", "first_id", "second_id")
    )
    where = {pk: survivor_of(pk) for row in rows for pk in row[2:] if pk not in ids}
    others = {one.pk: one for one in seen.filter(pk__in=set(where.values()))}
    found = []
    for pk, kind, first, second in rows:
        other = others.get(where.get(second if first in ids else first, 0))
        if other is None:
            continue
        said = "causes" if kind == "caused_by" and second in ids else kind
        found.append(Linked(pk, said, other))
    return found


def relation(relation_id: int) -> Relation | None:
    """Return a link that is in force."""
    return Relation.objects.filter(pk=relation_id, removed_at=None).first()


# -- who takes part -----------------------------------------------------------


def participants_of(conversation: Conversation) -> list[Participant]:
    """Return who takes part beside the conversation's own customer, in the order they came."""
    own = set(people.group_of(conversation.customer_id)) if conversation.customer_id else set()
    return list(
        Participant.objects.filter(conversation=conversation, removed_at=None)
        .exclude(customer_id__in=own)
        .select_related("customer")
        .order_by("added_at", "id")
    )


def taking_part(conversation_id: int) -> QuerySet[Participant, Any]:
    """Return of all who take or took part: customer, whether a person added them by name (not a
    merge, nor their own first mail), and when they were taken out.
    """
    is_added = Q(added_by_agent__isnull=False, move=None)
    return (
        Participant.objects.filter(conversation_id=conversation_id)
        .order_by("id")
        .annotate(is_added=ExpressionWrapper(is_added, output_field=BooleanField()))
        .values_list("customer_id", "is_added", "removed_at")
    )


def with_parts(seen: QuerySet[Conversation]) -> QuerySet[Conversation, Any]:
    """Return the ids of what is seen, with what became part of it and the side conversations in
    it: for use inside another query.
    """
    ids = seen.order_by().values("id")
    return Conversation.objects.filter(
        Q(pk__in=ids)
        | Q(merged_into__in=ids)
        | Q(pk__in=SideConversation.objects.filter(conversation__in=ids).values("thread_id"))
    ).values("id")


# -- mail with others ---------------------------------------------------------


def sides_of(conversation: Conversation) -> list[SideConversation]:
    """Return the side conversations of a conversation, open ones first."""
    ids = [conversation.pk, *conversation.merged_ids]
    return list(
        SideConversation.objects.filter(conversation_id__in=ids)
        .select_related("thread", "opened_by_agent", "follow_up")
        .order_by("closed_at", "id")
    )


def side(side_id: int) -> SideConversation | None:
    """Return a side conversation by the id of its thread."""
    return (
        SideConversation.objects.select_related("thread", "conversation", "follow_up")
        .filter(thread_id=side_id)
        .first()
    )


def unread_sides(agent: Agent) -> QuerySet[SideConversation]:
    """Return where a supplier or carrier has written in an agent's conversations."""
    return (
        SideConversation.objects.filter(
            Q(conversation__owner_agent_id=agent.pk)
            | Q(conversation__merged_into__owner_agent_id=agent.pk),
            unread_since__isnull=False,
        )
        .select_related("thread", "conversation")
        .order_by("unread_since", "id")
    )


# -- who was asked ------------------------------------------------------------


def consultations_of(conversation: Conversation) -> list[Consultation]:
    """Return who was brought in and not let go, in their order."""
    ids = [conversation.pk, *conversation.merged_ids]
    return list(
        Consultation.objects.filter(conversation_id__in=ids, ended_at=None)
        .select_related("agent", "department", "asked_by_agent", "answered_by_agent")
        .order_by("asked_at", "id")
    )


def consultation(consultation_id: int) -> Consultation | None:
    """Return one consultation."""
    return (
        Consultation.objects.select_related("agent", "department")
        .filter(pk=consultation_id)
        .first()
    )


def asked_of(agent: Agent) -> QuerySet[Consultation]:
    """Return the questions that wait for an agent or for her department, the oldest first."""
    return (
        Consultation.objects.filter(
            Q(agent_id=agent.pk) | Q(department_id__in=people.memberships_of(agent.pk)),
            answered_at=None,
            ended_at=None,
        )
        .exclude(asked_by_agent_id=agent.pk)
        .exclude(conversation__state=State.RESOLVED.value, conversation__merged_into=None)
        .select_related("conversation", "conversation__customer", "note", "asked_by_agent")
        .order_by("asked_at", "id")
    )


def is_consulted(
    agent_id: int, department_ids: Iterable[int], conversation_ids: Iterable[int]
) -> bool:
    """Say whether somebody was brought in and not let go."""
    return Consultation.objects.filter(
        Q(agent_id=agent_id) | Q(department_id__in=list(department_ids)),
        conversation_id__in=list(conversation_ids),
        ended_at=None,
    ).exists()
