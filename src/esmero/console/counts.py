"""How much waits where: every number of the rail and the lists by one query.

Each is counted up to MOST only, from its index: nobody acts differently on 412, and counting it
would cost the more the worse the day is.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Value

from esmero.conversations import queries as conversations
from esmero.kernel.composed import composed
from esmero.notices import queries as notices
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.people.models import Agent

MOST = 100


def counters(agent: Agent, *, at: datetime, with_lists: bool) -> dict[str, int]:
    """Return `today` (my promises due until midnight), `inbox` (mine that wait for our answer) and
    `bell` (what I was told and have not seen), and with the lists `mias`, `sin-dueno` and
    `sospechosos`; each at most MOST. One query.
    """
    names = [
        "today",
        "inbox",
        "bell",
        *(["mias", "sin-dueno", "sospechosos"] if with_lists else []),
    ]
    found = Counter(
        _waiting(agent.pk, people.department_ids_of(agent), at, tomorrow(at), with_lists)
    )
    return {name: found[name] for name in names}


@composed
def _waiting(
    agent_id: int,
    department_ids: list[int] | None,
    at: datetime,
    until: datetime,
    with_lists: bool,
) -> QuerySet[Any]:
    agent = people.stand_in(agent_id, department_ids)
    mine = conversations.mine(agent, at=at)
    asked: dict[str, QuerySet[Any]] = {
        "today": promises.open_promises(owner_agent_id=agent_id)
        .select_related(None)
        .filter(due_at__lt=until),
        "inbox": mine.filter(awaits_reply_since__isnull=False),
        "bell": notices.unseen(agent_id),
    }
    if with_lists:
        asked |= {
            "mias": mine,
            "sin-dueno": conversations.unowned(agent, at=at),
            "sospechosos": conversations.suspects(agent),
        }
    pieces = [
        found.order_by()
        .annotate(which=Value(name, output_field=CharField()))
        .values_list("which", flat=True)[:MOST]
        for name, found in asked.items()
    ]
    return pieces[0].union(*pieces[1:], all=True)


def tomorrow(at: datetime) -> datetime:
    """Return when today ends, in the shop's zone."""
    zone = the_shop().zone
    day = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, tzinfo=zone)
