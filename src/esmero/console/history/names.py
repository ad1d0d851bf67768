"""Names that sentences need, fetched together."""

from __future__ import annotations

from collections.abc import Iterable

from esmero.kernel.events import Happened
from esmero.kernel.refs import id_of
from esmero.people import queries as people


class Names:
    """The members of the team who did something in these events."""

    def __init__(self, events: Iterable[Happened]) -> None:
        found = {id_of(event.actor, "agent") for event in events}
        self._agents = people.agent_names(pk for pk in found if pk)

    def actor(self, event: Happened) -> str:
        """Return who did it, empty for the system or the customer."""
        return self._agents.get(id_of(event.actor, "agent") or 0, "")
