"""The numbers of the rail and the lists, kept by what happens instead of counted again.

Each process counts once what stands in which list, when it begins to listen; then every event
moves a conversation from the facts that it had to those that it has. `console.counts` says the
same to a page that is made (up to MOST, as here), and a test holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from esmero.console.counts import MOST, tomorrow
from esmero.conversations import queries as conversations
from esmero.kernel.refs import id_of
from esmero.live.tail import Fresh
from esmero.promises import queries as promises

Facts = conversations.live.Facts
_Key = tuple[str, int | None, int | None]  # list, owner, department


class Kept:
    """What is counted, in memory."""

    def __init__(self) -> None:
        self.facts: dict[int, Facts] = {}
        self._counts: Counter[_Key] = Counter()
        self._today: dict[int, int] = {}  # a promise that is due until midnight: its owner
        self._owed: Counter[int] = Counter()
        self._until: datetime | None = None

    def load(self, *, at: datetime) -> None:
        """Count once."""
        self.facts = dict(conversations.live.all_facts())
        self._counts = Counter(key for facts in self.facts.values() for key in _keys(facts))
        self._until = None
        self.turn_day(at=at)

    def take(self, ids: Iterable[int], now: Mapping[int, Facts]) -> None:
        """Move conversations to the facts that they have now; those without any are gone."""
        for pk in ids:
            before, after = self.facts.pop(pk, None), now.get(pk)
            if before is not None:
                self._counts.subtract(_keys(before))
            if after is not None and (after.is_active or after.is_suspect):
                self.facts[pk] = after
                self._counts.update(_keys(after))

    def turn_day(self, *, at: datetime) -> None:
        """Read what is due until midnight, once a day."""
        until = tomorrow(at)
        if until == self._until:
            return
        self._until = until
        self._today = dict(promises.live.owed_until(until))
        self._owed = Counter(self._today.values())

    def take_promises(self, fresh: Iterable[Fresh], *, at: datetime) -> None:
        """Look again at the promises to which something happened."""
        ids = {pk for one in fresh for ref in one.topics if (pk := id_of(ref, "promise"))}
        if not ids:
            return
        self.turn_day(at=at)
        assert self._until is not None  # noqa: S101  turned above
        now = promises.live.owed_among(ids, self._until)
        for pk in ids:
            before, after = self._today.pop(pk, None), now.get(pk)
            if before is not None:
                self._owed[before] -= 1
            if after is not None:
                self._today[pk] = after
                self._owed[after] += 1

    def counts_of(
        self, agent_id: int, departments: Collection[int] | None, *, at: datetime
    ) -> dict[str, int]:
        """Return what somebody's pages show, each at most MOST."""
        found = {"today": self._owed[agent_id], "inbox": 0, "mias": 0}
        found |= {"sin-dueno": 0, "sospechosos": 0}
        for (name, owner, department), count in self._counts.items():
            if name in ("mias", "inbox"):
                found[name] += count if owner == agent_id else 0
            elif (
                departments is None
                or department is None
                or owner == agent_id
                or department in departments
            ):
                found[name] += count
        return {name: min(MOST, count) for name, count in found.items()}


def _keys(facts: Facts) -> list[_Key]:
    """Return in which numbers a conversation counts."""
    owner, department = facts.owner_agent_id, facts.department_id
    if facts.is_suspect:
        return [("sospechosos", owner, department)]
    if not facts.is_active or facts.is_snoozed:
        return []
    if owner is None:
        return [("sin-dueno", None, department)]
    found: list[_Key] = [("mias", owner, None)]
    if facts.awaits_reply:
        found.append(("inbox", owner, None))
    return found
