"""Whom something concerns, as numbers of members."""

from __future__ import annotations

import time
from collections.abc import Iterable

from esmero.conversations import queries as conversations
from esmero.conversations.enums import State
from esmero.notices.enums import Kind
from esmero.notices.models import Preferences
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.promises import queries as promises
from esmero.promises.enums import State as PromiseState

_KEEP_SECONDS = 2.0
_kept: tuple[float, bool] | None = None


def forget() -> None:
    """Drop what this process keeps (after a change, and between tests)."""
    global _kept
    _kept = None


def wants_unowned() -> bool:
    """Say whether anybody wants to hear of what nobody owns; at most two seconds old."""
    global _kept
    if _kept is not None and time.monotonic() - _kept[0] < _KEEP_SECONDS:
        return _kept[1]
    chosen = Preferences.objects.filter(channels__has_key=Kind.UNOWNED.value)
    found = chosen.exclude(**{f"channels__{Kind.UNOWNED.value}": ""}).exists()
    _kept = (time.monotonic(), found)
    return found


def one(agent_id: int | None) -> list[int]:
    """Return a list of her, or of nobody."""
    return [agent_id] if agent_id is not None else []


def owner_of(conversation_id: int) -> list[int]:
    """Return whose it is, unless it is resolved or suspected by now."""
    facts = conversations.live.facts_of([conversation_id]).get(conversation_id)
    return one(facts.owner_agent_id) if facts is not None and facts.is_active else []


def near(conversation_id: int) -> list[int]:
    """Return the members of its department (without one: everybody) when nobody owns it."""
    row = conversations.conversation(conversation_id)
    if row is None or row.owner_agent_id is not None or row.is_suspect or row.is_history:
        return []
    if row.is_side or row.state != State.OPEN.value:
        return []
    found = people.members_of(row.department_id) if row.department_id else people.team()
    return [member.pk for member in found]


def asked(agent_id: int | None, department_id: int | None) -> list[int]:
    """Return who is asked: she, or a department."""
    if agent_id is not None:
        return [agent_id]
    return [m.pk for m in people.members_of(department_id)] if department_id is not None else []


def asker_of(consultation_id: int) -> list[int]:
    """Return who asked, if it is still open to her."""
    row = conversations.matters.consultation(consultation_id)
    return one(row.asked_by_agent_id) if row is not None else []


def of_side(side_id: int, conversation_id: int) -> list[int]:
    """Return whom an answer from outside concerns: the owner, who opened it, who follows."""
    side = conversations.matters.side(side_id)
    opener = one(side.opened_by_agent_id) if side is not None else []
    return [*owner_of(conversation_id), *opener, *following(conversation_id, but=())]


def writer_of(message_id: int) -> list[int]:
    """Return who wrote a reply, else whose conversation it is."""
    row = conversations.message(message_id)
    if row is None:
        return []
    return one(row.author_agent_id) or owner_of(row.conversation_id)


def owner_of_promise(promise_id: int, *, is_over: bool) -> list[int]:
    """Return whose word it is, while it can be kept or (`is_over`) when it was broken."""
    row = promises.promise(promise_id)
    wanted = PromiseState.BROKEN if is_over else PromiseState.OPEN
    return one(row.owner_agent_id) if row is not None and row.state == wanted.value else []


def following(conversation_id: int, *, but: Iterable[int]) -> list[int]:
    """Return who follows a conversation, without those whom it concerns otherwise."""
    return sorted(set(conversations.order.followers_of(conversation_id)) - set(but))


def administrators() -> list[int]:
    """Return the administrators."""
    return [one.pk for one in people.team().filter(role=Role.ADMIN.value)]
