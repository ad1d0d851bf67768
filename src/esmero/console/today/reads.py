"""What Today reads, composed once (see kernel.composed)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from esmero.channels import queries as channels
from esmero.console.inbox.lists import FIELDS, PAGE
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip, State
from esmero.desk import queries as desk
from esmero.kernel.composed import composed
from esmero.knowledge import queries as knowledge
from esmero.people import queries as people
from esmero.promises import queries as promises

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.channels.models import Delivery, RawMail
    from esmero.conversations.models import Consultation, Conversation, SideConversation
    from esmero.knowledge.models import Article
    from esmero.people.models import Absence, Agent, Department
    from esmero.promises.models import Promise

TODOS_MOST = 40
SETTLED_MOST = 60
UNOWNED_SHOWN = 5
TEAM_SHOWN = 8
GIVEN_BACK_SHOWN = 5
BATCH_SHOWN = 50
TROUBLED_SHOWN = 5
RETURNED_MOST = 200
QUARANTINED_MOST = 100
ASKED_SHOWN = 10


@composed
def owed_by(agent_id: int) -> QuerySet[Promise, Any]:
    """What somebody owes, the nearest first: one more than is shown."""
    found = promises.open_promises(owner_agent_id=agent_id)
    return found.values(
        "id", "kind", "subject_ref", "customer_id", "customer__name", "made_at", "due_at"
    )[: TODOS_MOST + 1]


@composed
def broken_of(agent_id: int, at: datetime) -> QuerySet[Conversation, Any]:
    """Her conversations whose time has passed."""
    found = conversations.mine(people.stand_in(agent_id, None), at=at)
    found = found.filter(Q(chip=Chip.BROKEN.value) | Q(chip=Chip.OPEN.value, chip_at__lt=at))
    return found.order_by("chip_at", "id").values(
        "id", "subject", "excerpt", "customer__name", "chip_at", "chip_made_at"
    )[:PAGE]


@composed
def overdue_reviews(agent_id: int, today: date) -> QuerySet[Article, Any]:
    """Her articles whose review day has passed without a review."""
    found = knowledge.pages.overdue_reviews(agent_id, today=today)
    return found.values("id", "review_on")[:TODOS_MOST]


@composed
def settled_by(agent_id: int, since: datetime, until: datetime) -> QuerySet[Promise]:
    """What of hers ended in [since, until)."""
    return promises.persons.ended_of(agent_id, since=since, until=until)[:SETTLED_MOST]


@composed
def subjects_of(
    ids: list[int], agent_id: int, department_ids: list[int] | None
) -> QuerySet[Conversation, Any]:
    """What a line says of these conversations, as far as she may see them."""
    seen = conversations.visible_to(people.stand_in(agent_id, department_ids))
    return seen.filter(pk__in=ids).values("id", "subject", "excerpt")


@composed
def pressing(
    agent_id: int, department_ids: list[int] | None, at: datetime
) -> QuerySet[Conversation, Any]:
    """What nobody owns and is due first."""
    found = conversations.unowned(people.stand_in(agent_id, department_ids), at=at)
    found = found.filter(chip__in=[Chip.OPEN.value, Chip.BROKEN.value])
    return found.order_by("chip_at", "id").values(*FIELDS)[:UNOWNED_SHOWN]


@composed
def failed_of(agent_id: int, at: datetime) -> QuerySet[Conversation, Any]:
    """Her conversations in which something did not arrive."""
    found = conversations.mine(people.stand_in(agent_id, None), at=at).filter(has_failure=True)
    return found.order_by("-last_message_at", "-id").values(*FIELDS)[:UNOWNED_SHOWN]


@composed
def returned_since(since: datetime) -> QuerySet[Any, int]:
    """The conversations that an owner had to give back since a moment, the latest first."""
    return desk.returned_ids(since=since)[:RETURNED_MOST]


@composed
def unanswered(
    ids: list[int], agent_id: int, department_ids: list[int] | None, at: datetime
) -> QuerySet[Conversation, Any]:
    """Which of these are still nobody's.

    By their numbers: asked for together with who gave them back, all that nobody owns is read.
    """
    found = conversations.unowned(people.stand_in(agent_id, department_ids), at=at)
    found = found.filter(pk__in=ids)
    return found.order_by("chip_at", "id").values(*FIELDS)[:UNOWNED_SHOWN]


@composed
def still_active(
    ids: list[int], agent_id: int, department_ids: list[int] | None
) -> QuerySet[Conversation, Any]:
    """Those of some conversations that she may see and that are not resolved."""
    seen = conversations.visible_to(people.stand_in(agent_id, department_ids))
    found = seen.filter(pk__in=ids).exclude(state=State.RESOLVED.value)
    return found.order_by(F("chip_at").asc(nulls_last=True), "id").values(*FIELDS)


@composed
def team() -> QuerySet[Agent, Any]:
    """The numbers and names of the team, one more than is shown."""
    return people.team().values_list("id", "name")[: TEAM_SHOWN + 1]


@composed
def absences(at: datetime) -> QuerySet[Absence]:
    """Who is away or will be."""
    return people.absences(at=at)


@composed
def batch(since: datetime) -> QuerySet[Delivery]:
    """The late notices that wait for a supervisor."""
    return channels.late_batch().filter(created_at__gte=since)[:BATCH_SHOWN]


@composed
def troubled(since: datetime) -> QuerySet[Delivery]:
    """Mails whose fate is unknown or that failed."""
    return channels.troubled().filter(created_at__gte=since)[:TROUBLED_SHOWN]


@composed
def quarantined() -> QuerySet[RawMail, Any]:
    """The ids of mails that could not be filed, as many as are counted."""
    return channels.quarantine().values_list("id", flat=True)[:QUARANTINED_MOST]


@composed
def departments() -> QuerySet[Department]:
    """The departments that are open."""
    return people.departments()


@composed
def asked_of(agent_id: int) -> QuerySet[Consultation]:
    """The questions of colleagues that wait for her or her department."""
    asked = conversations.matters.asked_of(people.stand_in(agent_id, None))
    return asked[:ASKED_SHOWN]


@composed
def unread_sides(agent_id: int) -> QuerySet[SideConversation]:
    """Where somebody outside has written in her conversations."""
    return conversations.matters.unread_sides(people.stand_in(agent_id, None))[:ASKED_SHOWN]
