"""A customer's history a page at a time, newest first, by keyset: the cursor is an event's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.console.history import Line, line_of, seen_by
from esmero.console.history.names import Names
from esmero.kernel import events
from esmero.kernel.refs import ref

if TYPE_CHECKING:
    from esmero.people.models import Agent

PAGE = 30
LOOKED_AT_MOST = 5
"""Times that a page goes on looking when what it found may not be seen."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a history."""

    id: int
    at: datetime
    line: Line
    who: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first; `following` is the cursor of what came before them, 0 at the end."""

    moments: list[Moment]
    following: int = 0


def history_of(group: list[int], agent: Agent, *, before: int = 0) -> Page:
    """Return a page of the history of a customer's whole group, as an agent may see it."""
    refs = [ref("customer", pk) for pk in group]
    found: list[Moment] = []
    cursor = before
    for _ in range(LOOKED_AT_MOST):
        rows = events.before(refs, cursor, limit=PAGE * 2)
        told = seen_by(agent, rows)
        names = Names(told)
        for event in told:
            line = line_of(event, names)
            if line is not None and len(found) <= PAGE:
                found.append(Moment(event.id, event.at, line, names.actor(event)))
        if len(rows) < PAGE * 2:
            cursor = 0
            break
        cursor = rows[-1].id
        if len(found) > PAGE:
            break
    if len(found) > PAGE:
        found = found[:PAGE]
        cursor = found[-1].id
    return Page(sorted(found, key=lambda one: (one.at, one.id), reverse=True), cursor)
