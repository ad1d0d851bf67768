"""What a surface brings: who may listen, and what of an event each listener is told.

Everything but `enter` is called by the hub's thread alone, so that nothing in it needs a lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from esmero.live.tail import Fresh

Said = Mapping[str, Any]
"""What one listener is told: names to plain values, one message. Ids and codes only."""


class Reader(Protocol):
    """Somebody who listens."""

    @property
    def id(self) -> int:
        """Whose stream it is."""


class Surface(Protocol):
    """The team's pages, or later those of somebody else."""

    def enter(self, session_key: str) -> Reader | None:
        """Return who a session lets in, None for nobody. Called by any thread."""

    def begin(self) -> None:
        """Read what is kept in memory; also after a lost connection."""

    def still(self, readers: Sequence[Any]) -> list[Any | None]:
        """Return each as she is now, None for who may not listen any more."""

    def told(self, fresh: Sequence[Fresh], readers: Sequence[Any]) -> list[Said]:
        """Return what each is told of these events; nothing of what she may not see."""

    def heard(self, topics: Collection[str], readers: Sequence[Any]) -> list[Said]:
        """Return what each is told of these woken topics, which no event stands for."""

    def greeting(self, reader: Any) -> Said:
        """Return what somebody is told who begins to listen."""

    def keep(self, lines: Collection[str], *, at: datetime) -> None:
        """These streams are open still; called every ten seconds, also without any."""

    def left(self, line: str, *, at: datetime) -> None:
        """A stream ended at `at` and was not opened again since."""
