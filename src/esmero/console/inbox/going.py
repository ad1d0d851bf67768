"""All of a list, not only its page: for many at once, for counting, and for what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from esmero.console.inbox.cursors import cursor_of
from esmero.console.inbox.lists import PRESSING, listing, read
from esmero.console.inbox.places import BY_PROMISE, DRAFTS, FOUND_MOST, SEARCH, Place, resolved
from esmero.conversations import queries as conversations

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent


def ids_of(place: Place, agent: Agent, *, at: datetime, most: int) -> list[int]:
    """Return every conversation of a list (not only of its page), in its order."""
    place = resolved(place, agent)
    if place.list is SEARCH:
        return conversations.search(agent, place.words, at=at, limit=FOUND_MOST).ids
    if place.list is DRAFTS:
        return [draft.conversation_id for draft in conversations.drafts_of(agent)[:most]]
    found = listing(place, at)(agent, at=at)
    return list(found.order_by("-last_message_at", "-id").values_list("id", flat=True)[:most])


def count_of(place: Place, agent: Agent, *, at: datetime, most: int) -> int:
    """Return how many are in a list, counted up to `most`."""
    return len(ids_of(place, agent, at=at, most=most))


def next_in(place: Place, agent: Agent, current: Conversation, *, at: datetime) -> int | None:
    """Return what comes after a conversation in a list, else what comes first in it.

    To be asked before something is done to `current`: its place in the order is its own row's.
    """
    if place.list in (SEARCH, DRAFTS):
        return None
    pressing = place.order == BY_PROMISE and current.chip in PRESSING and current.chip_at
    moment = current.chip_at if pressing and current.chip_at else current.last_message_at
    kind = "p" if pressing else "r"
    for where in (place.at(cursor_of(kind, moment, current.pk)), place.at("")):
        for row in read(where, agent, at=at).rows:
            if row.id != current.pk:
                return row.id
    return None
