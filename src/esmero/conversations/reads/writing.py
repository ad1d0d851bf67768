"""Reads for whoever writes: drafts shared, saved answers, mentions, what the check knows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from esmero.conversations.enums import Check, Delivery, Direction, Level
from esmero.conversations.models import (
    CheckLevel,
    Conversation,
    Draft,
    DraftShare,
    DraftTurn,
    KnownWord,
    Mention,
    Message,
    Participant,
    SavedAnswer,
)
from esmero.kernel.composed import composed
from esmero.kernel.text import fold
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent


def may_see(agent_id: int, conversation: Conversation) -> bool:
    """Say whether a member may see a conversation, as `queries.visible_to` would."""
    agent = people.agent(agent_id)
    if agent is None:
        return False
    departments = people.department_ids_of(agent)
    return (
        departments is None
        or conversation.department_id is None
        or conversation.department_id in departments
        or conversation.owner_agent_id == agent_id
    )


def colleagues_who_see(conversation: Conversation, but: int) -> list[Agent]:
    """Return the active members who may see a conversation, by name, without one of them."""
    department_id = conversation.department_id
    found = people.seeing_department(department_id, also=conversation.owner_agent_id)
    return [one for one in found if one.pk != but]


# -- drafts -------------------------------------------------------------------


@composed
def shared_with(agent_id: int, conversation_id: int) -> QuerySet[Draft]:
    """Return the drafts of a conversation that colleagues have shown to an agent."""
    mine = DraftShare.objects.filter(agent_id=agent_id).values("draft_id")
    found = Draft.objects.filter(conversation_id=conversation_id, pk__in=mine)
    return found.select_related("agent", "last_agent").order_by("-updated_at")


def draft_version(draft_id: int) -> int:
    """Return how often a draft was saved."""
    return Draft.objects.filter(pk=draft_id).values_list("version", flat=True).first() or 0


def shares_of(draft_id: int) -> QuerySet[DraftShare]:
    """Return with whom a draft is shared."""
    return DraftShare.objects.filter(draft_id=draft_id).select_related("agent").order_by("at")


def turns_of(draft_id: int, *, most: int = 5) -> QuerySet[DraftTurn]:
    """Return how those before left a shared draft, newest first."""
    found = DraftTurn.objects.filter(draft_id=draft_id).select_related("agent")
    return found.order_by("-at", "-id")[:most]


@composed
def shown_to(agent_id: int, department_ids: list[int] | None) -> QuerySet[DraftShare]:
    """Return the drafts that an agent was asked to look at, newest first."""
    found = DraftShare.objects.filter(agent_id=agent_id).exclude(draft__last_agent_id=agent_id)
    if department_ids is not None:
        found = found.filter(
            Q(draft__conversation__department_id__in=department_ids)
            | Q(draft__conversation__department=None)
            | Q(draft__conversation__owner_agent_id=agent_id)
        )
    return found.select_related("draft", "by_agent", "draft__conversation").order_by("-at")[:10]


@composed
def stopped_of(agent_id: int) -> QuerySet[Draft]:
    """Return an agent's replies that did not leave because the customer wrote first."""
    found = Draft.objects.filter(agent_id=agent_id, stopped_at__isnull=False)
    return found.select_related("conversation", "conversation__customer").order_by("-stopped_at")[
        :10
    ]


# -- mentions -----------------------------------------------------------------


@composed
def mentions_of(agent_id: int, department_ids: list[int] | None) -> QuerySet[Mention]:
    """Return an agent's open mentions where she may see the conversation, newest first."""
    found = Mention.objects.filter(agent_id=agent_id, ended_at=None)
    if department_ids is not None:
        found = found.filter(
            Q(conversation__department_id__in=department_ids)
            | Q(conversation__department=None)
            | Q(conversation__owner_agent_id=agent_id)
        )
    found = found.select_related("conversation", "by_agent", "message").defer("message__search")
    return found.order_by("-at", "-id")[:20]


@composed
def open_mentions_in(agent_id: int, conversation_id: int) -> QuerySet[Mention]:
    """Return an agent's open mentions in one conversation."""
    found = Mention.objects.filter(
        agent_id=agent_id, conversation_id=conversation_id, ended_at=None
    )
    return found.select_related("by_agent").order_by("at")


# -- saved answers ------------------------------------------------------------


def saved_answers() -> QuerySet[SavedAnswer]:
    """Return every saved answer, by title."""
    found = SavedAnswer.objects.select_related("department", "changed_by")
    return found.order_by("title", "id")


def saved_answer(answer_id: int) -> SavedAnswer | None:
    """Return one."""
    return SavedAnswer.objects.filter(pk=answer_id).first()


def fitting_answers(
    agent: Agent, *, language: str, words: str = "", most: int = 8
) -> list[SavedAnswer]:
    """Return the saved answers that an agent may use, those in `language` first, then the most
    used.

    Each of `words` has to begin a word of title, tags or text, accents and case ignored.
    """
    departments = people.department_ids_of(agent)
    found = SavedAnswer.objects.all()
    if departments is not None:
        found = found.filter(Q(department_id__in=departments) | Q(department=None))
    wanted = fold(words).split()
    chosen = []
    for one in found.order_by("-uses", "title", "id"):
        heads = fold(f"{one.title} {one.tags}").replace("/", " ").split()
        if all(any(head.startswith(word) for head in heads) for word in wanted):
            chosen.append((one.language not in {"", language}, 0, one))
        elif len("".join(wanted)) > 2:
            body = fold(one.text).split()
            if all(any(w.startswith(word) for w in [*heads, *body]) for word in wanted):
                chosen.append((one.language not in {"", language}, 1, one))
    chosen.sort(key=lambda each: each[:2])
    return [one for *_, one in chosen[:most]]


# -- the reply check ----------------------------------------------------------


def check_levels() -> dict[Check, Level]:
    """Return what findings do in this shop where that is not the usual."""
    known = {one.value for one in Check}
    return {Check(code): Level(level) for code, level in _levels() if code in known}


@composed
def _levels() -> QuerySet[CheckLevel, Any]:
    return CheckLevel.objects.values_list("code", "level")


def known_words() -> QuerySet[KnownWord]:
    """Return the words that the shop calls right, in the order of the alphabet."""
    return KnownWord.objects.select_related("by_agent").order_by("word")


def words_known() -> set[str]:
    """Return those words alone."""
    return set(_words())


@composed
def _words() -> QuerySet[KnownWord, str]:
    return KnownWord.objects.values_list("word", flat=True)


def unanswered(conversation_id: int) -> list[Message]:
    """Return what a customer wrote since the last reply that left, in order; at most ten."""
    last = next(iter(_left_last_at(conversation_id)), None)
    return _came_in(conversation_id, last)[::-1]


@composed
def _left_last_at(conversation_id: int) -> QuerySet[Message, datetime]:
    found = Message.objects.filter(
        conversation_id=conversation_id,
        direction=Direction.OUT.value,
        is_withdrawn=False,
        delivery__in=[Delivery.SENT.value, Delivery.UNCERTAIN.value],
    )
    return found.order_by("-at").values_list("at", flat=True)[:1]


@composed
def _came_in(conversation_id: int, since: datetime | None) -> QuerySet[Message]:
    found = Message.objects.filter(
        conversation_id=conversation_id, direction=Direction.IN.value, is_withdrawn=False
    ).defer("search", "html", "references")
    if since is not None:
        found = found.filter(at__gt=since)
    return found.order_by("-at", "-id")[:10]


def people_in(conversation_id: int) -> tuple[set[str], set[str]]:
    """Return (addresses, names) of everybody who wrote or was written to in a conversation."""
    addresses: set[str] = set()
    names: set[str] = set()
    for direction, name, address, to, cc, bcc in _written_between(conversation_id):
        pairs = [(name, address)]
        # Whom we wrote to by mistake does not belong here because of it.
        if direction == Direction.IN.value:
            pairs += [*to, *cc, *bcc]
        for one in pairs:
            if len(one) == 2 and one[1]:
                names.add(str(one[0]))
                addresses.add(people.normalise_email(str(one[1])))
    for pk, customer_name in _taking_part(conversation_id):
        names.add(customer_name)
        group = people.group_of(pk)
        addresses |= {one.value for one in people.addresses_of_group(group)}
    return addresses, {name for name in names if name}


@composed
def _written_between(conversation_id: int) -> QuerySet[Message, Any]:
    found = Message.objects.filter(conversation_id=conversation_id, is_withdrawn=False)
    found = found.exclude(direction=Direction.NOTE.value).order_by("-id")
    return found.values_list("direction", "from_name", "from_address", "to", "cc", "bcc")[:200]


@composed
def _taking_part(conversation_id: int) -> QuerySet[Participant, Any]:
    found = Participant.objects.filter(conversation_id=conversation_id)
    return found.values_list("customer_id", "customer__name")


def is_first_reply(conversation: Conversation, *, before: datetime) -> bool:
    """Say whether nobody of the team has ever written to this conversation's customer."""
    if conversation.customer_id is None:
        return True
    return not _written_to(people.group_of(conversation.customer_id), before)


@composed
def _written_to(customer_ids: list[int], before: datetime) -> QuerySet[Message, int]:
    found = Message.objects.filter(
        conversation__customer_id__in=customer_ids,
        direction=Direction.OUT.value,
        is_withdrawn=False,
        at__lt=before,
    )
    return found.values_list("id", flat=True)[:1]
