"""Who of the team may listen, and what each is told: ids and codes of what she may see.

The access check is the door of conversations in the form that needs no query for each listener
(`conversations.queries.live.may_see`); who a listener is, is asked again before each message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from esmero.console.accounts.store import SessionStore
from esmero.console.live.kept import Kept
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Doing
from esmero.kernel.clock import now
from esmero.kernel.refs import id_of
from esmero.live.ports import Said
from esmero.live.tail import Fresh
from esmero.people import queries as people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.people.models import Agent

PRESENCE = "presence"
_CODES = {Doing.LOOKS: "l", Doing.WRITES: "w"}
Facts = queries.live.Facts


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody of the team at a stream: what she may see, and what lets her in."""

    id: int
    departments: frozenset[int] | None
    session_key: str
    password: str

    def sees(self, facts: Facts | None) -> bool:
        """Say whether she may see a conversation."""
        return facts is not None and queries.live.may_see(self.id, self.departments, facts)


class TeamSurface:
    """The console's part of the live updates (`live.ports.Surface`)."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._counts: dict[int, dict[str, int]] = {}

    # -- who --

    def enter(self, session_key: str) -> Listener | None:
        """Return who a session lets in."""
        request = HttpRequest()
        request.session = SessionStore(session_key)
        if SESSION_KEY not in request.session:
            return None
        agent = get_user(request)
        if not agent.is_authenticated or not agent.is_active:
            return None
        return _listener(agent, session_key, people.department_ids_of(agent))

    def still(self, readers: Sequence[Listener]) -> list[Listener | None]:
        """Return each as she is now: three queries for all of them."""
        alive = set(_alive({r.session_key for r in readers}, datetime.now(UTC)))
        agents = {a.pk: a for a in people.active_among(sorted({r.id for r in readers}))}
        places = people.departments_among(agents.values())
        found: list[Listener | None] = []
        for reader in readers:
            agent = agents.get(reader.id)
            if (
                agent is None
                or agent.password != reader.password
                or reader.session_key not in alive
            ):
                found.append(None)
            else:
                found.append(_listener(agent, reader.session_key, places[agent.pk]))
        return found

    # -- what --

    def begin(self) -> None:
        """Count once what stands in the lists; from then on the events keep the counts."""
        self._kept.load(at=now())
        self._counts = {}

    def greeting(self, reader: Listener) -> Said:
        """Return her counts, and who is where."""
        counts = self._kept.counts_of(reader.id, reader.departments, at=now())
        self._counts[reader.id] = counts
        there = queries.presence.present_anywhere(at=now())
        facts = queries.live.facts_of(there)
        here = {pk: _there(who) for pk, who in there.items() if reader.sees(facts.get(pk))}
        return {"me": reader.id, "counts": counts, "here": here}

    def told(self, fresh: Sequence[Fresh], readers: Sequence[Listener]) -> list[Said]:
        """Return the changed conversations that each may see or could see before, and her counts
        where they have changed.
        """
        subjects = [(one, _conversation_of(one)) for one in fresh]
        ids = {pk for _, pk in subjects if pk is not None}
        before = {pk: self._kept.facts.get(pk) for pk in ids}
        after = queries.live.facts_of(ids)
        self._kept.take(ids, after)
        self._kept.take_promises(fresh, at=now())
        said: list[Said] = []
        for reader in readers:
            news = [
                entry
                for one, pk in subjects
                if pk is not None
                and (entry := _entry(one, pk, reader, before[pk], after.get(pk))) is not None
            ]
            mine: dict[str, Any] = {"news": news} if news else {}
            counts = self._kept.counts_of(reader.id, reader.departments, at=now())
            if counts != self._counts.get(reader.id):
                mine["counts"] = counts
            said.append(mine)
        for reader, hers in zip(readers, said, strict=True):
            if "counts" in hers:
                self._counts[reader.id] = hers["counts"]
        return said

    def heard(self, topics: Collection[str], readers: Sequence[Listener]) -> list[Said]:
        """Return who is now in the conversations of which the windows say so."""
        ids = {pk for topic in topics if (pk := id_of(topic, PRESENCE)) is not None}
        if not ids:
            return [{} for _ in readers]
        there = queries.presence.present_in(ids, at=now())
        facts = queries.live.facts_of(ids)
        said: list[Said] = []
        for reader in readers:
            here = {pk: _there(there[pk]) for pk in ids if reader.sees(facts.get(pk))}
            said.append({"here": here} if here else {})
        return said

    # -- the streams themselves --

    def keep(self, lines: Collection[str], *, at: datetime) -> None:
        """Let what their windows show count on; forget those of streams that are silent."""
        conversations.keep_presence(lines=lines, at=at)
        conversations.forget_silent(at=at)
        self._kept.turn_day(at=at)

    def left(self, line: str, *, at: datetime) -> None:
        """The windows of a stream are gone."""
        conversations.leave_line(line=line, at=at)


def _listener(agent: Agent, session_key: str, departments: Iterable[int] | None) -> Listener:
    return Listener(
        id=agent.pk,
        departments=None if departments is None else frozenset(departments),
        session_key=session_key,
        password=agent.password,
    )


def _alive(keys: set[str], at: datetime) -> QuerySet[Session, Any]:
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=at)
    return found.values_list("session_key", flat=True)


def _conversation_of(fresh: Fresh) -> int | None:
    return next((pk for ref in fresh.topics if (pk := id_of(ref, "conversation"))), None)


def _entry(
    fresh: Fresh, pk: int, reader: Listener, before: Facts | None, after: Facts | None
) -> dict[str, Any] | None:
    """Return what one listener is told of one event, None when it is none of hers."""
    event = fresh.event
    if after is None or not reader.sees(after):
        return {"e": event.id, "c": pk, "gone": 1} if reader.sees(before) else None
    entry: dict[str, Any] = {
        "e": event.id,
        "c": pk,
        "k": event.kind.partition(".")[2] if event.kind.startswith("conv") else event.kind,
        "o": after.owner_agent_id or 0,
    }
    if before is not None and before.owner_agent_id != after.owner_agent_id:
        entry["w"] = before.owner_agent_id or 0
    actor = id_of(event.actor, "agent")
    if actor:
        entry["a"] = actor
    for name in ("message_id", "asked_agent_id", "outcome"):
        if event.data.get(name):
            entry[name] = event.data[name]
    return entry


def _there(who: dict[int, Doing]) -> list[list[Any]]:
    return [[agent_id, _CODES[doing]] for agent_id, doing in sorted(who.items())]
