"""Telling members of the team by mail, several things in one mail, none of them twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from esmero.channels.actions import outbox
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery, Mailbox
from esmero.kernel import jobs
from esmero.kernel.transactions import action

if TYPE_CHECKING:
    from esmero.people.models import Agent
    from esmero.promises.models import Promise

# What is said within this time goes in one mail.
GATHERED = timedelta(seconds=60)
# The same stage of the same matter is not said again so soon.
AGAIN_AFTER = timedelta(hours=24)
ITEMS_MOST = 50


@action
def tell_team(
    *,
    template: str,
    agents: Iterable[Agent],
    promise: Promise,
    at: datetime,
    waits: timedelta = GATHERED,
) -> int:
    """Let agents know about a promise and return how many will hear of it.

    One mail gathers what comes within `waits`; nobody hears twice in a day of the same stage
    (`template`) of the same matter.
    """
    told = 0
    for agent in agents:
        told += _tell(template, agent, promise, at=at, waits=waits)
    return told


def _tell(
    template: str, agent: Agent, promise: Promise, *, at: datetime, waits: timedelta
) -> bool:
    counted_to = f"team:{agent.pk}"
    mine = Delivery.objects.filter(counted_to=counted_to, template=template).exclude(
        state=DeliveryState.CANCELLED.value
    )
    item = {"subject": promise.subject_ref, "promise": promise.pk}
    already = mine.filter(
        created_at__gt=at - AGAIN_AFTER,
        context__items__contains=[{"subject": promise.subject_ref}],
    )
    if already.exists():
        return False
    waiting = (
        mine.select_for_update()
        .filter(state=DeliveryState.QUEUED.value, attempts=0, not_before__gt=at)
        .order_by("id")
        .first()
    )
    if waiting is not None and len(waiting.context["items"]) < ITEMS_MOST:
        waiting.context = {**waiting.context, "items": [*waiting.context["items"], item]}
        waiting.save(update_fields=["context"])
        return True
    tell_member(
        template=template, agent=agent, context={"items": [item]}, at=at, not_before=at + waits
    )
    return True


@action
def tell_member(
    *,
    template: str,
    agent: Agent,
    context: dict[str, Any],
    at: datetime,
    not_before: datetime | None = None,
) -> int:
    """Let one member have a mail of ours, not before a moment; return the delivery's id."""
    box = Mailbox.objects.filter(is_active=True).order_by("id").first()
    row = Delivery.objects.create(
        mailbox=box,
        template=template,
        context={"to_name": agent.name, "agent": agent.pk, **context},
        language=agent.language,
        is_automatic=True,
        recipients=[agent.email],
        # Not counted by address: the limit for automatic mail is about strangers' machines.
        counted_to=f"team:{agent.pk}",
        message_header=outbox.new_message_id(0, outbox.domain_of(box)),
        created_at=at,
        not_before=not_before or at,
    )
    jobs.wake_after_commit("deliveries")
    return row.pk
