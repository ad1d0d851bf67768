"""What somebody who is away gave back, for whoever it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from esmero.console.inbox.lists import Row
from esmero.console.inbox.lists import rows_of as list_rows
from esmero.console.today import reads
from esmero.conversations import queries as conversations
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Returned:
    """What somebody who is away gave back and still waits: under a title, some rows."""

    title: str
    rows: list[Row]
    more: int


def returned(agent: Agent, *, since: datetime, at: datetime) -> list[Returned]:
    """Return what was given back since a moment and concerns me: what nobody took yet or I have
    now, and what was mine and is with others. One query, four where something was given back.
    """
    whose: dict[int, int] = {}
    for given in conversations.given_back(since=since):
        for pk in given.conversation_ids:
            whose.setdefault(pk, given.agent_id)
    if not whose:
        return []
    found = reads.still_active(sorted(whose), agent.pk, people.department_ids_of(agent))
    groups: dict[int, list[Any]] = {}
    for one in found:
        was, owner = whose[one["id"]], one["owner_agent_id"]
        mine_again = was == agent.pk and owner == agent.pk
        if not mine_again and (owner in (None, agent.pk) or was == agent.pk):
            groups.setdefault(was, []).append(one)
    names = people.agent_names(groups)
    shown = reads.GIVEN_BACK_SHOWN
    return [
        Returned(
            title=gettext("Handed on while you were away")
            if was == agent.pk
            else gettext("What %(name)s looked after") % {"name": names.get(was, "")},
            rows=list_rows(rows[:shown], agent, at=at),
            more=max(0, len(rows) - shown),
        )
        for was, rows in groups.items()
    ]
