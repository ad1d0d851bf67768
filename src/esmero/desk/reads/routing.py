"""What rules and distribution need to know."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet

from esmero.conversations import queries as conversations
from esmero.desk.enums import Share
from esmero.desk.models import AgentWork, DepartmentWork, Macro, Returned, Rule
from esmero.desk.rules.acts import Act, read_acts
from esmero.desk.rules.choosing import Candidate, Need
from esmero.desk.rules.conditions import Facts
from esmero.desk.rules.running import RuleCard
from esmero.kernel import events
from esmero.kernel.refs import id_of, ref
from esmero.people import queries as people
from esmero.promises import queries as promises

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

_KEEP_SECONDS = 2.0
WAITING_MOST = 20
CAPACITY = 20
_kept: tuple[float, list[RuleCard]] | None = None
_kept_shared: tuple[float, bool] | None = None


def acts_of(raw: Iterable[Mapping[str, Any]]) -> list[Act]:
    """Return the acts of a row; what a later version wrote and this one does not know is none."""
    found = []
    for one in raw:
        try:
            found += read_acts([one])
        except ValueError:
            continue
    return found


def card_of(rule: Rule) -> RuleCard:
    """Return a rule as it is run."""
    return RuleCard(rule.pk, rule.name, rule.conditions, acts_of(rule.acts), rule.ends)


def rules_on() -> list[RuleCard]:
    """Return the rules that are on, in order; at most two seconds old."""
    global _kept
    if _kept is not None and time.monotonic() - _kept[0] < _KEEP_SECONDS:
        return _kept[1]
    found = [card_of(rule) for rule in Rule.objects.filter(is_on=True).order_by("position", "id")]
    _kept = (time.monotonic(), found)
    return found


def forget() -> None:
    """Drop what this process keeps (after a change, and between tests)."""
    global _kept, _kept_shared
    _kept = _kept_shared = None


def routes_anything() -> bool:
    """Say whether anything is done by itself with what arrives; at most two seconds old."""
    global _kept_shared
    if rules_on():
        return True
    if _kept_shared is not None and time.monotonic() - _kept_shared[0] < _KEEP_SECONDS:
        return _kept_shared[1]
    found = DepartmentWork.objects.exclude(share=Share.OFF.value).exists()
    _kept_shared = (time.monotonic(), found)
    return found


def macro_acts() -> dict[int, list[Act]]:
    """Return the acts of every macro that is offered."""
    return {
        pk: acts_of(acts)
        for pk, acts in Macro.objects.filter(retired_at=None).values_list("id", "acts")
    }


def facts_of(conversation: Conversation, *, at: datetime) -> Facts:
    """Return what the rules may ask of a conversation; its first message says the rest."""
    first = conversations.messages_of(conversation.pk).first()
    customer_id = conversation.customer_id
    is_new = bool(customer_id) and conversations.past_of(customer_id or 0).contacts <= 1
    return Facts(
        mailbox_id=id_of(conversation.inbox_ref, "mailbox"),
        channel=conversation.channel,
        department_id=conversation.department_id,
        kind=conversation.kind,
        language=conversation.language,
        sender=first.from_address if first else "",
        subject=conversation.subject,
        text=first.text if first else "",
        has_files=bool(first and first.has_files),
        is_new=is_new,
        is_open_hours=is_open(conversation.department_id, at=at),
        tag_ids=frozenset(conversation.tag_ids),
        priority=conversation.priority,
        owner_id=conversation.owner_agent_id,
    )


def is_open(department_id: int | None, *, at: datetime) -> bool:
    """Say whether a department works at a moment."""
    return promises.is_open(department_id, at=at)


def frames_ahead(
    department_id: int | None, *, at: datetime, days: int = 14
) -> list[tuple[datetime, datetime]]:
    """Return a department's opening hours from today on, aware, on its own clock."""
    calendar = promises.house(at=at).calendar(department_id)
    today = at.astimezone(calendar.tz).date()
    found = []
    for ahead in range(days):
        day: date = today + timedelta(days=ahead)
        midnight = datetime.combine(day, clock_time.min)
        for frame in calendar.frames_on(day):
            opens = midnight + timedelta(minutes=frame.start)
            closes = midnight + timedelta(minutes=frame.closes)
            found.append((opens.replace(tzinfo=calendar.tz), closes.replace(tzinfo=calendar.tz)))
    return found


def work_of(agent_id: int) -> AgentWork:
    """Return how somebody works; unsaved, as everybody begins, when nobody has said."""
    return AgentWork.objects.filter(agent_id=agent_id).first() or AgentWork(agent_id=agent_id)


def department_work(department_id: int | None) -> DepartmentWork:
    """Return how a department works; unsaved, with everything off, when nobody has said."""
    if department_id is None:
        return DepartmentWork()
    found = DepartmentWork.objects.filter(department_id=department_id).first()
    return found or DepartmentWork(department_id=department_id)


def gives_back(department_id: int | None) -> bool:
    """Say whether slow owners of this department give back."""
    return department_work(department_id).gives_back


def candidates(department_id: int, *, at: datetime) -> list[Candidate]:
    """Return who of a department is there now, with what each has: three queries."""
    away = people.absent_agent_ids(at=at)
    ids = [one.pk for one in people.members_of(department_id) if one.pk not in away]
    works = {work.agent_id: work for work in AgentWork.objects.filter(agent_id__in=ids)}
    loads = loads_of(ids, at=at)
    found = []
    for pk in ids:
        work = works.get(pk) or AgentWork(agent_id=pk)
        found.append(
            Candidate(
                id=pk,
                load=loads.get(pk, 0),
                capacity=work.capacity,
                languages=frozenset(work.languages),
                lines=frozenset(work.line_ids),
                writes=work.writes,
                speaks=work.speaks,
            )
        )
    return found


def loads_of(agent_ids: Iterable[int], *, at: datetime) -> dict[int, int]:
    """Return how many open conversations in sight each of these agents owns, in one query."""
    found = conversations.in_sight(
        conversations.owned_open().filter(owner_agent_id__in=list(agent_ids)), at=at
    )
    counted = found.order_by().values_list("owner_agent_id").annotate(n=Count("id"))
    return dict(counted)


def waiting_in(department_id: int, *, at: datetime) -> list[int]:
    """Return the unowned open conversations of a department, the most pressing first."""
    found = conversations.in_sight(
        conversations.unowned_open().filter(department_id=department_id), at=at
    )
    return list(found.order_by("chip_at", "id").values_list("id", flat=True)[:WAITING_MOST])


def need_of(conversation: Conversation) -> Need:
    """Return what a conversation asks of whoever answers it."""
    tags = conversations.order.tags_by_id()
    lines = {pk for pk in conversation.tag_ids if pk in tags and tags[pk].is_line}
    return Need(
        language=conversation.language[:2],
        lines=frozenset(lines),
        is_spoken=conversation.kind == "call",
    )


def gave_back(conversation_id: int) -> set[int]:
    """Return who gave this conversation back before."""
    return set(
        Returned.objects.filter(conversation_id=conversation_id).values_list("agent_id", flat=True)
    )


def owned_since(conversation_id: int) -> datetime | None:
    """Return when a conversation got its present owner, as its history says."""
    for event in reversed(events.history_of(ref("conversation", conversation_id))):
        if event.kind == "conversation.assigned":
            return event.at
    return None


def is_writing(conversation_id: int, agent_id: int, *, since: datetime) -> bool:
    """Say whether somebody has typed a reply here since a moment, or has one on its way."""
    agent = people.stand_in(agent_id, None)
    drafts = conversations.own_drafts(conversation_id, agent)
    if drafts.filter(mode="reply", updated_at__gte=since).exclude(text="").exists():
        return True
    return (
        conversations.messages_of(conversation_id)
        .filter(author_agent_id=agent_id, delivery__in=["held", "sending"])
        .exists()
    )


def returned_ids(*, since: datetime) -> QuerySet[Returned, int]:
    """Return the conversations that an owner had to give back since a moment, the latest first."""
    found = Returned.objects.filter(at__gte=since).order_by("-at", "-id")
    return found.values_list("conversation_id", flat=True)
