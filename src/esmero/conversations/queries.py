"""Reads of conversations. One door: what an agent may see is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Count, F, Q, QuerySet

from esmero.conversations.enums import State
from esmero.conversations.models import (
    Closure,
    Conversation,
    Draft,
    DraftFile,
    Follower,
    Mention,
    Message,
    Participant,
    Snooze,
)
from esmero.conversations.reads import customers as customers
from esmero.conversations.reads import live as live
from esmero.conversations.reads import matters as matters
from esmero.conversations.reads import order as order
from esmero.conversations.reads import presence as presence
from esmero.conversations.reads.filters import offered as offered_filters  # noqa: F401
from esmero.conversations.reads.given_back import GivenBack as GivenBack
from esmero.conversations.reads.given_back import given_back as given_back
from esmero.conversations.reads.matters import Linked as Linked
from esmero.conversations.reads.matters import is_of_house as is_of_house
from esmero.conversations.reads.matters import other_place_of as other_place_of
from esmero.conversations.reads.matters import survivor_of as survivor_of
from esmero.conversations.reads.messages import FirstReply as FirstReply
from esmero.conversations.reads.messages import attachment as attachment
from esmero.conversations.reads.messages import attachments_of as attachments_of
from esmero.conversations.reads.messages import first_replies as first_replies
from esmero.conversations.reads.messages import last_inbound as last_inbound
from esmero.conversations.reads.messages import last_of_customer as last_of_customer
from esmero.conversations.reads.messages import message as message
from esmero.conversations.reads.messages import messages_by_id as messages_by_id
from esmero.conversations.reads.messages import messages_of as messages_of
from esmero.conversations.reads.messages import newest_id as newest_id
from esmero.conversations.reads.messages import newest_inbound_id as newest_inbound_id
from esmero.conversations.reads.messages import newest_unseen_id as newest_unseen_id
from esmero.conversations.reads.messages import thread_line as thread_line
from esmero.conversations.reads.order import arrived as arrived
from esmero.conversations.reads.order import count_owing as count_owing
from esmero.conversations.reads.order import held_of as held_of
from esmero.conversations.reads.order import owned_open as owned_open
from esmero.conversations.reads.order import unowned_open as unowned_open
from esmero.conversations.reads.outside import MailFacts as MailFacts
from esmero.conversations.reads.outside import Seat as Seat
from esmero.conversations.reads.outside import all_shown_messages as all_shown_messages
from esmero.conversations.reads.outside import is_for_all as is_for_all
from esmero.conversations.reads.outside import link_of as link_of
from esmero.conversations.reads.outside import mail_facts as mail_facts
from esmero.conversations.reads.outside import seat_by_link as seat_by_link
from esmero.conversations.reads.outside import seat_of as seat_of
from esmero.conversations.reads.outside import seats_by_tokens as seats_by_tokens
from esmero.conversations.reads.outside import seats_of_customer as seats_of_customer
from esmero.conversations.reads.outside import shown_messages as shown_messages
from esmero.conversations.reads.searching import Found as Found
from esmero.conversations.reads.searching import Problem as Problem
from esmero.conversations.reads.searching import Shown as Shown
from esmero.conversations.reads.searching import quickly_among, search_among
from esmero.conversations.reads.searching import shown_words as shown_words
from esmero.conversations.reads.signs import signs_for as signs_for
from esmero.conversations.reads.signs import signs_of as signs_of
from esmero.conversations.reads.writing import check_levels as check_levels
from esmero.conversations.reads.writing import colleagues_who_see as colleagues_who_see
from esmero.conversations.reads.writing import draft_version as draft_version
from esmero.conversations.reads.writing import fitting_answers as fitting_answers
from esmero.conversations.reads.writing import is_first_reply as is_first_reply
from esmero.conversations.reads.writing import known_words as known_words
from esmero.conversations.reads.writing import may_see as may_see
from esmero.conversations.reads.writing import mentions_of as mentions_of
from esmero.conversations.reads.writing import open_mentions_in as open_mentions_in
from esmero.conversations.reads.writing import people_in as people_in
from esmero.conversations.reads.writing import saved_answer as saved_answer
from esmero.conversations.reads.writing import saved_answers as saved_answers
from esmero.conversations.reads.writing import shared_with as shared_with
from esmero.conversations.reads.writing import shares_of as shares_of
from esmero.conversations.reads.writing import shown_to as shown_to
from esmero.conversations.reads.writing import stopped_of as stopped_of
from esmero.conversations.reads.writing import turns_of as turns_of
from esmero.conversations.reads.writing import unanswered as unanswered
from esmero.conversations.reads.writing import words_known as words_known
from esmero.conversations.rules import replycheck as replycheck
from esmero.conversations.rules.variables import NAMES as VARIABLES  # noqa: F401
from esmero.conversations.rules.variables import filled as filled
from esmero.conversations.rules.variables import left_open as left_open
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

# -- the door -----------------------------------------------------------------


def visible_to(agent: Agent) -> QuerySet[Conversation]:
    """Return the conversations that an agent may see: those of her departments, and her own.

    What has become part of another conversation is seen there, side conversations beside theirs.
    """
    found = Conversation.objects.filter(merged_into=None, is_side=False)
    departments = people.department_ids_of(agent)
    if departments is None:
        return found
    return found.filter(
        Q(department_id__in=departments) | Q(department=None) | Q(owner_agent=agent)
    )


def conversation_for(agent: Agent, conversation_id: int, *, sides: bool = False) -> Conversation:
    """Return a conversation with its people. Raises NotFound, also when it may not be seen.

    The number of one that has become part of another leads to that other. Who was asked about a
    conversation (`Consultation`) sees it too; with `sides`, a side conversation is seen by whoever
    sees the conversation it is for.
    """
    departments = people.department_ids_of(agent)
    found = _seen_one(agent.pk, departments, conversation_id)
    if found:
        return cast(Conversation, found[0])
    row = conversation(matters.survivor_of(conversation_id))
    if row is not None and row.is_side:
        main = matters.side(row.pk) if sides else None
        if main is not None:
            conversation_for(agent, main.conversation_id)
            return row
    elif row is not None:
        if row.pk != conversation_id and _seen_one(agent.pk, departments, row.pk):
            return row
        parts = [row.pk, *row.merged_ids]
        if matters.is_consulted(agent.pk, people.own_department_ids(agent), parts):
            return row
    raise NotFound(ref=ref("conversation", conversation_id))


@composed
def _seen_one(
    agent_id: int, department_ids: list[int] | None, conversation_id: int
) -> QuerySet[Conversation]:
    seen = visible_to(people.stand_in(agent_id, department_ids)).filter(pk=conversation_id)
    return seen.select_related("customer", "department", "owner_agent")


def conversation_by_token(token: str) -> Conversation | None:
    """Return the conversation of a portal link's token."""
    return (
        Conversation.objects.select_related("customer", "department", "owner_agent")
        .filter(token=token)
        .first()
    )


def conversation(conversation_id: int) -> Conversation | None:
    """Return a row for the house's own work (jobs, mails); pages ask `conversation_for`."""
    return next(iter(_conversation(conversation_id)), None)


@composed
def _conversation(conversation_id: int) -> QuerySet[Conversation]:
    return Conversation.objects.select_related("customer", "department", "owner_agent").filter(
        pk=conversation_id
    )


# -- lists --------------------------------------------------------------------


def active(agent: Agent) -> QuerySet[Conversation]:
    """Return what is not resolved, not suspected, and visible."""
    return visible_to(agent).filter(~Q(state=State.RESOLVED.value), is_suspect=False)


def in_sight(found: QuerySet[Conversation], *, at: datetime) -> QuerySet[Conversation]:
    """Leave out what is snoozed at a moment."""
    return found.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))


def mine(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
    """Return an agent's own active conversations."""
    return in_sight(
        Conversation.objects.filter(
            ~Q(state=State.RESOLVED.value), is_suspect=False, owner_agent=agent
        ),
        at=at,
    )


def unowned(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
    """Return active conversations that nobody owns."""
    return in_sight(active(agent).filter(owner_agent=None), at=at)


def of_team(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
    """Return the active conversations of everybody."""
    return in_sight(active(agent), at=at)


def snoozed(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
    """Return what is out of sight for now."""
    return active(agent).filter(snoozed_until__gt=at)


def followed(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
    """Return what an agent follows and may see, resolved or not."""
    mine = Follower.objects.filter(agent=agent).values("conversation_id")
    return visible_to(agent).filter(pk__in=mine, is_suspect=False)


def suspects(agent: Agent) -> QuerySet[Conversation]:
    """Return what is suspected to be spam."""
    return visible_to(agent).filter(is_suspect=True)


def everything(agent: Agent) -> QuerySet[Conversation]:
    """Return all that may be seen, resolved ones too, suspected ones not."""
    return visible_to(agent).filter(is_suspect=False)


def with_people(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Select what a list row shows of customer and owner."""
    return found.select_related("customer", "owner_agent", "department")


def by_promise(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Order by what is due first; rows without a promise last."""
    return found.order_by(F("chip_at").asc(nulls_last=True), "id")


def by_recency(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Order by the last message, newest first."""
    return found.order_by("-last_message_at", "-id")


def drafts_of(agent: Agent) -> QuerySet[Draft]:
    """Return an agent's unfinished texts, newest first."""
    return (
        Draft.objects.filter(agent=agent)
        .exclude(text="")
        .select_related("conversation", "conversation__customer")
        .order_by("-updated_at")
    )


def mentioning(agent: Agent) -> QuerySet[Conversation]:
    """Return the conversations in which a colleague's note names this agent, until she is done."""
    named = Mention.objects.filter(agent=agent, ended_at=None).values("conversation_id")
    return visible_to(agent).filter(pk__in=named)


def suspects_older_than(moment: datetime) -> QuerySet[Conversation]:
    """Return suspected conversations without a message since a moment."""
    return Conversation.objects.filter(is_suspect=True, last_message_at__lt=moment)


# -- one thread ---------------------------------------------------------------


def draft_of(conversation_id: int, agent: Agent, mode: str) -> Draft | None:
    """Return what an agent has begun to write here."""
    return next(iter(_draft_of(conversation_id, agent.pk, mode)), None)


@composed
def _draft_of(conversation_id: int, agent_id: int, mode: str) -> QuerySet[Draft]:
    return Draft.objects.filter(conversation_id=conversation_id, agent_id=agent_id, mode=mode)


def own_drafts(conversation_id: int, agent: Agent) -> QuerySet[Draft]:
    """Return what an agent has begun here, reply and note."""
    return Draft.objects.filter(conversation_id=conversation_id, agent=agent)


def draft_files(draft: Draft) -> list[DraftFile]:
    """Return the files that wait with a draft."""
    return _files_of_draft(draft.pk)


@composed
def _files_of_draft(draft_id: int) -> QuerySet[DraftFile]:
    return DraftFile.objects.filter(draft_id=draft_id).select_related("blob").order_by("id")


def closures_of(conversation_id: int) -> QuerySet[Closure]:
    """Return when a conversation was resolved and reopened."""
    return (
        Closure.objects.filter(conversation_id=conversation_id)
        .select_related("by_agent", "reopened_by_agent")
        .order_by("at")
    )


def snooze_of(conversation_id: int) -> Snooze | None:
    """Return the snooze in force."""
    return Snooze.objects.filter(conversation_id=conversation_id, ended_at=None).last()


def takes_part(*, conversation_id: int, customer_id: int) -> bool:
    """Say whether a customer, under any of the merged names, takes part in a conversation."""
    return Participant.objects.filter(
        Q(customer_id=customer_id) | Q(customer__merged_into_id=customer_id),
        conversation_id=conversation_id,
        removed_at=None,
    ).exists()


def conversations_with_message_ids(message_ids: Iterable[str]) -> list[int]:
    """Return the conversations that hold a message with one of these Message-IDs, newest first."""
    wanted = [m for m in dict.fromkeys(message_ids) if m][:50]
    if not wanted:
        return []
    found = (
        Message.objects.filter(message_id__in=wanted)
        .order_by("-id")
        .values_list("conversation_id", flat=True)[:20]
    )
    return list(dict.fromkeys(found))


def conversations_of_customer(customer_id: int) -> QuerySet[Conversation]:
    """Return every conversation of a customer's whole group, newest first; side conversations,
    which are not the shop's word to a customer, left out.
    """
    group = people.group_of(customer_id)
    return by_recency(Conversation.objects.filter(customer_id__in=group, is_side=False))


@dataclass(frozen=True, slots=True)
class Past:
    """How many conversations a customer had: real ones, answered ones, suspected ones."""

    contacts: int
    answered: int
    suspected: int


def past_of(customer_id: int) -> Past:
    """Return what became of a customer's earlier conversations."""
    found = Conversation.objects.filter(customer_id=customer_id).aggregate(
        contacts=Count("id", filter=Q(is_suspect=False)),
        answered=Count("id", filter=Q(last_outbound_at__isnull=False)),
        suspected=Count("id", filter=Q(is_suspect=True)),
    )
    return Past(**found)


def search(agent: Agent, text: str, *, at: datetime, limit: int = 50) -> Found:
    """Find by number, address, telephone, name, words and filters (`de:marta estado:abierta`),
    only what the agent may see; see `search_among`.
    """
    number = text.strip().lstrip("#")
    if number.isdecimal() and len(number) < 13:
        # The number of what has become part of another one leads to that one.
        text = text.replace(number, str(matters.survivor_of(int(number))))
    return search_among(visible_to(agent), text, agent=agent, at=at, limit=limit)


def quickly_found(agent: Agent, text: str, *, limit: int) -> list[int]:
    """Return conversations by number, customer or (the beginnings of) words of their subjects,
    only what the agent may see, the latest first: for a list that comes while one types.
    """
    return quickly_among(visible_to(agent).filter(is_suspect=False), text, limit=limit)


def exported_conversations() -> QuerySet[Conversation]:
    """Return every conversation in the order of their numbers, for whoever may read all."""
    return Conversation.objects.order_by("id")


def exported_messages() -> QuerySet[Message]:
    """Return every message, oldest first, without what only searching needs."""
    return Message.objects.defer("search").order_by("id")
