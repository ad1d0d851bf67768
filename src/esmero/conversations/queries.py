"""Reads of conversations. One door: what an agent may see is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Count, F, Q, QuerySet

from esmero.conversations.enums import Direction, State
from esmero.conversations.models import (
    Attachment,
    Closure,
    Conversation,
    Draft,
    DraftFile,
    Message,
    Participant,
    Snooze,
)
from esmero.conversations.reads import customers as customers
from esmero.conversations.reads import live as live
from esmero.conversations.reads import presence as presence
from esmero.conversations.reads.given_back import GivenBack as GivenBack
from esmero.conversations.reads.given_back import given_back as given_back
from esmero.conversations.reads.outside import MailFacts as MailFacts
from esmero.conversations.reads.outside import by_tokens as by_tokens
from esmero.conversations.reads.outside import conversation_by_link as conversation_by_link
from esmero.conversations.reads.outside import link_of as link_of
from esmero.conversations.reads.outside import mail_facts as mail_facts
from esmero.conversations.reads.outside import shown_messages as shown_messages
from esmero.conversations.reads.searching import Found as Found
from esmero.conversations.reads.searching import search_among
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

# -- the door -----------------------------------------------------------------


def visible_to(agent: Agent) -> QuerySet[Conversation]:
    """Return the conversations that an agent may see: those of her departments, and her own."""
    departments = people.department_ids_of(agent)
    if departments is None:
        return Conversation.objects.all()
    return Conversation.objects.filter(
        Q(department_id__in=departments) | Q(department=None) | Q(owner_agent=agent)
    )


def conversation_for(agent: Agent, conversation_id: int) -> Conversation:
    """Return a conversation with its people. Raises NotFound, also when it may not be seen."""
    found = _seen_one(agent.pk, people.department_ids_of(agent), conversation_id)
    if not found:
        raise NotFound(ref=ref("conversation", conversation_id))
    return cast(Conversation, found[0])


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
    return (
        Conversation.objects.select_related("customer", "department", "owner_agent")
        .filter(pk=conversation_id)
        .first()
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


def suspects_older_than(moment: datetime) -> QuerySet[Conversation]:
    """Return suspected conversations without a message since a moment."""
    return Conversation.objects.filter(is_suspect=True, last_message_at__lt=moment)


# -- one thread ---------------------------------------------------------------


def messages_of(conversation_id: int) -> QuerySet[Message]:
    """Return the messages of a conversation in their order."""
    return (
        Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
        .select_related("author_agent", "author_customer")
        .defer("search")
        .order_by("at", "id")
    )


def attachments_of(message_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Return the files of messages, by message."""
    files: dict[int, list[Attachment]] = {}
    for file in _attachments(list(message_ids)):
        files.setdefault(file.message_id, []).append(file)
    return files


@composed
def _attachments(message_ids: list[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message_id__in=message_ids).order_by("id")


def attachment(token: str) -> Attachment | None:
    """Return a file with its message and conversation; whether it may be seen, the caller asks."""
    return (
        Attachment.objects.select_related("message", "message__conversation", "blob")
        .filter(token=token)
        .first()
    )


def message(message_id: int) -> Message | None:
    """Return a message with its conversation and authors."""
    return (
        Message.objects.select_related(
            "conversation", "conversation__customer", "author_agent", "author_customer"
        )
        .defer("search")
        .filter(pk=message_id)
        .first()
    )


def newest_inbound_id(conversation_id: int) -> int | None:
    """Return the id of the newest message of a customer."""
    return (
        Message.objects.filter(conversation_id=conversation_id, direction=Direction.IN.value)
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )


def newest_id(conversation_id: int) -> int | None:
    """Return the id of the newest message of all."""
    found = _newest_ids(conversation_id)
    return found[0] if found else None


@composed
def _newest_ids(conversation_id: int) -> QuerySet[Message, int]:
    found = Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
    return found.order_by("-id").values_list("id", flat=True)[:1]


def newest_unseen_id(conversation_id: int, *, seen: int, agent_id: int) -> int | None:
    """Return the newest message after `seen` that is not this agent's own: a customer's, a
    colleague's reply or note.
    """
    return (
        Message.objects.filter(conversation_id=conversation_id, id__gt=seen, is_withdrawn=False)
        .exclude(author_agent_id=agent_id)
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )


def last_inbound(conversation_id: int) -> Message | None:
    """Return the newest message of a customer."""
    return (
        messages_of(conversation_id).filter(direction=Direction.IN.value).order_by("at", "id")
    ).last()


def thread_line(conversation_id: int) -> list[str]:
    """Return the Message-IDs that lead to the customer's last mail, that one last (RFC 5322)."""
    rows = _last_named(conversation_id)
    if not rows or not rows[0][1]:
        return []
    references, message_id = rows[0]
    return list(dict.fromkeys([*references.split(), message_id]))


@composed
def _last_named(conversation_id: int) -> QuerySet[Message, tuple[str, str]]:
    found = Message.objects.filter(conversation_id=conversation_id, direction=Direction.IN.value)
    return found.order_by("-at", "-id").values_list("references", "message_id")[:1]


def draft_of(conversation_id: int, agent: Agent, mode: str) -> Draft | None:
    """Return what an agent has begun to write here."""
    return Draft.objects.filter(conversation_id=conversation_id, agent=agent, mode=mode).first()


def own_drafts(conversation_id: int, agent: Agent) -> QuerySet[Draft]:
    """Return what an agent has begun here, reply and note."""
    return Draft.objects.filter(conversation_id=conversation_id, agent=agent)


def draft_files(draft: Draft) -> QuerySet[DraftFile]:
    """Return the files that wait with a draft."""
    return DraftFile.objects.filter(draft=draft).select_related("blob").order_by("id")


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
    """Return every conversation of a customer's whole group, newest first."""
    return by_recency(Conversation.objects.filter(customer_id__in=people.group_of(customer_id)))


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


def search(agent: Agent, words: str, *, limit: int = 50) -> Found:
    """Find by number, address or words, only what the agent may see; see `search_among`."""
    return search_among(visible_to(agent), words, limit=limit)


def exported_conversations() -> QuerySet[Conversation]:
    """Return every conversation in the order of their numbers, for whoever may read all."""
    return Conversation.objects.order_by("id")


def exported_messages() -> QuerySet[Message]:
    """Return every message, oldest first, without what only searching needs."""
    return Message.objects.defer("search").order_by("id")
